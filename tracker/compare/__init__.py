"""From two commits to a `Comparison`: counted, then measured in rounds, judged while it goes on.

1. `counting`: base and head -> counts of every scenario, by several harnesses (`harness_pool`,
   `harness_process`); `counted_rows`: these -> rows that need no clock.
2. `measurer`: what measuring one turn takes and gives; `asv_turns`, `harness_turns` do it.
3. `turn_parts`, `round_order`: into what a turn is divided, and who runs when in a round.
4. `ledger`: the readings of all rounds. `decisions`, `machine_noise`: ledger -> `tracker.paired`;
   `failing_rounds`: what to think of rows that fail in some rounds.
5. `session`: rounds until all is decided, within the budget -> `Measured`.
6. `comparison_notes`, `assembly`: `Measured` -> `tracker.model.comparison.Comparison`.
7. `explaining`: comparison and counts -> `tracker.model.explanation.Explanation`; `sampling`
   samples what they leave unexplained, `corners` counts each commit with the packages of both.
8. `suite_state`: what of the suite is measured. `comparison`: the whole of it, from names of
   commits to the file's content.
"""
