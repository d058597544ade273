"""Reads results, commits and run records, and makes the model of them.

1. `config`: options and asv.conf.json -> `Source`, where everything is; `triage_file`: the rules.
2. `asv`: a results tree -> `ResultFiles`; `run_records`: the same tree -> `RunRecord`s.
3. `commits`: git -> `Commit`s; `commit_order`: these and the results -> `Order`, the axis of
   commits.
4. `record_index`: records by machine, environment and commit -> `Records`.
5. `series`: tables by series -> `Series`; `pooled_counts`: counted series of several machines ->
   one each.
6. `load`: all of it, `read_history(Source) -> History`.

`package_sources`: a package at a commit -> its Python sources, to explain a change.
"""

from tracker.history.config import Source, resolve_source
from tracker.history.load import read_history

__all__ = ["Source", "read_history", "resolve_source"]
