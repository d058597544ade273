"""Speaks to GitHub.

1. `session`, `api`: requests with patience -> JSON; `actions`: what a job is told.
2. `runs`, `pulls`, `artifacts`, `remote_files`: records -> `MeasuringRun`, `Pull`, `Member`, the
   rules.
3. `reporting`, `posting`: a run -> `checks` (or a commit status), then comments (`sticky_comment`).
4. `sweep`: runs whose checks were left open -> `reporting`.
5. `benchmark_command`: a comment -> a dispatched run.
6. `branch`, `results_files`: the history on its branch; `site_branch`: the site on another.
7. `follow_up`: a history -> what merged pull requests are told.
"""
