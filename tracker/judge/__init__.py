"""From a `History` to a `JudgedHistory`: events, and where every series stands. Pure.

1. `evidence`: series -> all evidence: of each alone (`single_series`: what `tracker.detect` finds,
   weighed by the noise around it, `local_noise`), by few commits (`short_series`: `courses`,
   `contrasts`, `noise_priors`), of whole scenarios (`joint_evidence`) -> `candidates`, each weighed
   by what its `controls` share (`beside_controls`, `difference_in_differences`). A
   `counted_series` is compared by `tracker.counts`: its steps are sure at once, and take no part
   in the rest of 1 to 3.
2. `place_votes`: candidates -> places; `slips`: what is beside one belongs there, or does not.
3. `decisions`, `multiplicity`: places -> which are sure, and which series of them.
4. `levels`, `relevance`, `environments`: a candidate -> a change as measured, its direction, and
   what else changed there (`drafts`); whether its values go to and fro (`alternation`), and what
   the controls say there (`control_means`).
5. `events`, `event_positions`, `machine_steps`, `excursions`, `newest_value`: changes -> events,
   what each is put down to, and at which commit it is.
6. `standing`: the changes of a series -> where it stands, by the clock of `timeline`, and whether
   it could have shown a change at all (`sensitivity`).
7. `history`: all of it joined, `judge(History) -> JudgedHistory`; `first_judged_commit`: the same
   from the first commit that the project wants judged.

`policy` holds every constant, with its reason.
"""

from tracker.judge.history import judge
from tracker.judge.policy import DEFAULT, Policy
from tracker.judge.single_series import Found, JudgeSeries, SeriesTask, judge_series

__all__ = ["DEFAULT", "Found", "JudgeSeries", "Policy", "SeriesTask", "judge", "judge_series"]
