"""From two commits to the one between them that changed a metric: measured, searched, verified.

1. `entry`, `line`: names of commits -> the commits between them; and one of them built.
2. `slots`: a few environments, in which the commits of a round stand side by side.
3. `measuring`: one commit measured once, by asv, or timed or counted by our harness (`cells`).
   `recording`: kept as results.
4. `state`: all that was measured, in a file that the next run goes on from; `recorded`: what
   earlier results say of the commits.
5. `laboratory`: builds and measures rounds in budget. `target`, `choosing`: the metric that is
   searched with, named or chosen by counting first.
6. `noisy`, `counted`: rounds -> `tracker.search` -> where to measure next, until it is sure.
7. `bisecting`: the whole of it, from names of commits to a `Finding`.
8. `unasked`: the ranges of a history that are searched without being asked for.
"""
