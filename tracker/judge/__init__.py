"""From a `History` to a `JudgedHistory`: events, and where every series stands. Pure.

1. `gathering`: series -> all evidence: of `tracker.detect` for each series, by few commits
   (`windows`, `sharing`), of whole `scenarios` -> `candidates`, each weighed by the noise around it
   (`loudness`) and with what its `controls` share taken out (`beside`). What is `counted` by
   `tracker.counts` is sure at once, and takes no part in the rest of 1 to 3.
2. `places`: candidates -> places, by votes.
3. `decisions`, `multiplicity`: places -> which are sure, and which series of them.
4. `levels`, `meaning`, `environments`: a candidate -> a change as measured, its direction, and what
   else changed there (`drafts`); what the controls say there (`witnesses`).
5. `events`, `machine`, `excursions`, `newest`: changes -> events, and what each is put down to.
6. `standing`: the changes of a series -> where it stands, by the clock of `timeline`.
7. `history`: all of it joined, `judge(History) -> JudgedHistory`; `starts`: the same from the first
   commit that the project wants judged.

`policy` holds every constant, with its reason.
"""

from tracker.judge.gathering import JudgeSeries, SeriesTask, judge_series
from tracker.judge.history import judge
from tracker.judge.policy import DEFAULT, Policy

__all__ = ["DEFAULT", "JudgeSeries", "Policy", "SeriesTask", "judge", "judge_series"]
