"""How a repository comes to be tracked.

1. `tracked`: a checkout -> the configuration to measure with, and the repository that it tracks.
2. `layout`: a clone -> what `tracker init` has to know of it; `files`: that -> the files it writes.
3. `noise`: base against base on this machine -> the smallest change that a comparison would find.
"""
