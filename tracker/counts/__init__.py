"""Counted costs, compared without a clock. Pure.

1. `judging`: the samples of one metric on both sides -> `CountChange`, exact where counts are.
2. `steps`: the counts of one metric at each commit of a history -> its steps.
3. `focus`: the changes of all scenarios -> which scenarios deserve the clock, and why not others.
"""
