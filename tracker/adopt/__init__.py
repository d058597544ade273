"""How a repository comes to be tracked.

1. `tracked`: a checkout -> `Tracked`, the configuration to measure with and the repository.
2. `layout`: a clone -> `Layout`, what there is; `source`: this installation -> `Source`, to pin.
3. `files`: both -> the files that `tracker init` writes.
4. `checks`: a clone and this machine -> `Diagnosis`, each with advice, for `tracker doctor`.
5. `noise`: base against base on this machine -> `Prediction`, the smallest change to be found.
"""
