"""Other tools' results in, and a history out.

1. `formats`: a file (`Document`) is recognised and parsed into runs of measurements.
2. `placer`: each run gets its commit, date, machine and environment (`Origin`).
3. `result_file`, `benchmark_list`: the runs become files of asv's format that only gain.
4. `table`, `parquet`, `asv_documents`, `bencher_documents`: a `History` becomes rows or files.

What reads and writes files is in `files`.
"""
