"""Where the judgement of many series runs, and what of it is kept.

`explained_events`: a `JudgedHistory` -> the same, with the causes of its events.
`parallel`: in this process, on local processes, on a Dask cluster. `kept_results`: what was found
in series before. `kept_judgement`: the last judgement as a whole.
"""
