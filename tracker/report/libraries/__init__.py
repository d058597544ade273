"""The libraries side by side, from run records. Pure.

1. `effect`: two sets of runs -> ratio of their medians, with an interval.
2. `comparison`: run records -> a table of libraries, per scenario and metric.
"""
