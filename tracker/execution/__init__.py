"""Where the judgement of many series runs, and what of it is kept.

1. `parallel`: series -> their changes, in this process, on local processes or on a Dask cluster.
2. `kept_results`: the same, but for series that are as they were last time.
3. `explained_events`: a `JudgedHistory` -> the same with the causes of its events.
"""
