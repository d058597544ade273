"""From a `JudgedHistory` to the files that the site draws. Pure: a plan of bytes, no writing.

1. `schema`: every type of every file, one version; `json_schema` prints it for the front end.
2. `series`, `series_packs`, `series_table`, `commits`, `changes`, `events`, `run_files`,
   `libraries`, `chart_matrix`, `badges`, `pull_request_score`: judged values -> short columns, by
   `rounding` and `sparklines`; `table_parts`: a large table -> its parts.
3. `index`: the first file, which names the others; `newest_commit_answer`: the sentence on top;
   `guarantees`: what the libraries promise.
4. `build`: all of it -> `SitePlan`, a list of paths and of how their bytes are made (`encoding`).
"""
