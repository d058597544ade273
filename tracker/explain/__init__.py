"""Why two commits differ. Pure.

1. `source_code`: the sources of both commits -> `CodeChange`, which functions differ and how.
2. `function_changes`: the functions' costs on both sides -> `FunctionChange`, those that moved.
3. `broker_commands`, `cause_kinds`, `causes`: both in one scenario (`scenario_sides`), with the
   broker's commands and the packages' versions -> `Cause`, the likeliest first.
4. `sampled_functions`, `pricing`: where a profiler saw base and head -> the time of what counts
   cannot price.
5. `compiled_functions`: where most of what is executed more or less is executed;
   `explained_share`: counted and timed change -> how much of the time the counts account for;
   `task_stages`: the stamps' metrics -> where the time of a task changed;
   `attribution`: both commits, each with either one's packages -> what is whose.
6. `explaining`: all scenarios -> `tracker.model.explanation.Explanation`.
7. `recorded_sides`: run records -> both sides; `event_explanation`: an explanation -> its part for
   an event.
"""
