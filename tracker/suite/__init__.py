"""The benchmark suite of a project: its scenarios, how long they take, what runs them.

1. `scenarios`: the benchmark folder -> the modules of the suite, read without importing them.
2. `durations`: result files -> seconds per scenario; `shards`: these -> parts of a CI matrix.
3. `harness_environment`: our own harness, where the suite has it, and the servers it needs.
"""
