"""From a `JudgedHistory` to the files that the site draws. Pure: a plan of bytes, no writing.

1. `schema`: every type of every file, one version; `json_schema` prints it for the front end.
2. `series`, `packs`, `table`, `commits`, `changes`, `events`, `runs`, `libraries`, `matrix`,
   `badges`, `score`: judged values -> `columns`, short ones; `parts`: of a large table.
3. `index`: the first file, which names the others; `answer`: the sentence on top.
4. `build`: all of it -> `SitePlan`, a list of paths and of how their bytes are made (`encoding`).
"""
