"""A git repository of a library's releases, from the package registry.

1. `registry`: name -> its source distributions, downloaded and verified.
2. `archive`: a distribution -> its files, without unpacking it to disk.
3. `repository`: distributions -> one commit and one tag each.
"""
