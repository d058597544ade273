"""The table of sampled causes counts what was named, and what was given a time."""

from msgspec.structs import replace

from tests.evaluation.causes.plants import Plant
from tests.evaluation.sampled_causes import tally
from tests.support.profiles import profiles, usual
from tracker.explain.pricing import only_sampled, priced
from tracker.explain.sampled_functions import sampled_changes
from tracker.model.explanation import CauseKind, CodeState


def test_a_plant_counts_by_its_kind():
    """Named and timed; named without a time; another one named; nothing found."""
    both = profiles(usual(), usual(run=515.0))
    (seen,) = [
        one for one in priced(sampled_changes(both, "worker"), (), ()) if one.name[1] == "run"
    ]
    timed = only_sampled(seen, "lib/driver.py:1", code=CodeState.CHANGED)
    plant = Plant(kind=CauseKind.WAITING, function="run", answer="run", apply=str)
    rows = [
        (plant, timed),
        (plant, replace(timed, sampled=None)),
        (plant, replace(timed, name="other")),
        (plant, None),
    ]
    assert "| c_code | 0 | 0 | 0 | 0 |\n| waiting | 4 | 2 | 2 | 1 |" in tally(rows)
