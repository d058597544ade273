"""asv's formats, and nothing else: the only room that knows them.

1. `tree`: a folder or fsspec address -> the paths and bytes of a results tree.
2. `result_file`, `benchmarks`: bytes of a result file (v1, v2) -> `ParsedFile`, with its
   `file_facts`: commit and surroundings.
3. `cells`: what a parsed file is: rows, layouts, numpy vectors. `cache` keeps them between calls.
4. `files`: the whole tree -> `ResultFiles`.
5. `columns`: `ResultFiles` -> tables by series.
"""
