"""From a `JudgedHistory` to the files that the site draws. Pure: a plan of bytes, no writing.

1. `schema`: every type of every file, one version; `json_schema` prints it for the front end.
2. `series`, `table`, `commits`, `changes`, `runs`, `libraries`, `badges`, `score`: judged
   values -> columns.
3. `index`: the first file, which names the others.
4. `build`: all of it -> `SitePlan`, a list of paths and of how their bytes are made.
"""
