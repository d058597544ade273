"""Other tools' results in, and a history out.

1. `formats`: a file (`Document`) is recognised and parsed into `ImportedRun`s of `Measurement`s
   (`measurement`), in `base_units`.
2. `placer`: each run gets its commit, date, machine and environment (`Origin`).
3. `result_file`, `benchmark_list`: the runs become files of asv's format that only gain;
   `safe_names` makes names that asv and file systems can live with.
4. `tidy_table`, `parquet`: a `History` becomes rows. `commit_results`: or what each commit has on
   each machine, which `asv_documents` and `bencher_documents` make files of.

What reads and writes files is in `files`.
"""
