"""Reads and writes for an import: `import_files` finds and reads, `results_tree` adds to a tree."""
