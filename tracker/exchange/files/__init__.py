"""The reading and writing of an import: `sources` finds and reads, `store` adds to a tree."""
