"""What a search for a commit found, in plain words: what `tracker bisect` prints."""
