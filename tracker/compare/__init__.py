"""From two commits to a `Comparison`: measured in rounds, judged while it goes on.

1. `measurer`: what measuring one turn takes and gives; `asv_turns`, `harness_turns` do it.
2. `parts`, `rounds`: into what a turn is divided, and who runs when in a round.
3. `ledger`: the readings of all rounds. `decisions`, `machine_noise`: ledger -> `tracker.paired`.
4. `session`: rounds until all is decided, within the budget -> `Measured`.
5. `notes`, `assemble`: `Measured` -> `tracker.model.comparison.Comparison`.
6. `comparison`: the whole of it, from names of commits to the file's content.
"""
