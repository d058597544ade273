"""What a search for a commit found, in plain words. Pure.

`text`: `tracker.search.finding.Finding` -> what `tracker bisect` prints.
"""
