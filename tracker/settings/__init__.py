"""What the user decides, as frozen values. Pure: the text comes from whoever reads files.

1. `file`: the text of `tracker.toml` or `pyproject.toml` -> one table of settings;
   `asv_regressions`: what asv.conf.json says of regressions; `durations`: `15m` -> seconds.
2. `directions`: `[[metrics]]` -> rules that say which way of a benchmark is good.
3. `gates`: `[gates]` -> which changes may fail a pull request.
4. `checks`: `[check]` -> what passes without a good result.
5. `commands`: `[command]` -> who may order a measurement.
6. `triage`: the triage file -> decisions about changes, with reason, author and expiry.
"""
