"""Rows that fail in some rounds: which are doubted, and which certainly fail because of head."""

import pytest

from tracker.compare.failing_rounds import certain_failures, is_doubtful
from tracker.compare.ledger import FailedRounds
from tracker.compare.measurer import RowKey
from tracker.paired.policy import DEFAULT

KEY = RowKey(scenario="s", benchmark="b.time_it", params=())


def failed(head: int, base: int = 0, both: int = 0) -> FailedRounds:
    """So many rounds of 40 failed there."""
    return FailedRounds(rounds=40, base=base, head=head, both=both, reason="it raised")


@pytest.mark.parametrize(
    ("rounds", "doubtful", "certain"),
    [
        (failed(1), False, False),
        (failed(2), True, False),
        (failed(8), True, False),
        (failed(12), True, True),
        (failed(20, base=19), False, False),
        (failed(24, base=12), True, False),
        pytest.param(failed(24, base=12, both=12), True, True, id="both sides, which say nothing"),
    ],
)
def test_only_rounds_that_failed_on_one_side_are_evidence(
    rounds: FailedRounds, *, doubtful: bool, certain: bool
):
    """A dozen in head alone suffice; as many more in head than in base do not."""
    assert is_doubtful(rounds) is doubtful
    assert bool(certain_failures({KEY: rounds}, DEFAULT)) is certain
