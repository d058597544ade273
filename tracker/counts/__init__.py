"""Counted costs, compared without a clock. Pure.

1. `count_changes`: one metric's samples on both sides -> `CountChange`, exact where counts are.
2. `instruments`: a metric -> what in the harness counts it.
3. `count_steps`: the counts of one metric at each commit of a history -> its steps.
4. `focus`: the changes of all scenarios -> which scenarios deserve the clock, and why not others.
"""
