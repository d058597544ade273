"""What a search for a commit found, and when a history asks for one: plain words.

1. `text`: a `Finding` -> what `tracker bisect` prints.
2. `offer`: a change between two measured commits far apart -> the command that finds its commit.
"""
