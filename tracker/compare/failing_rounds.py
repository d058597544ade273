"""What a row is worth that fails in some rounds: one that fails more often in head is not fine.

A benchmark that hangs or raises now and then leaves rounds in which both sides were measured, and
these say nothing of it.
"""

from collections.abc import Mapping

import numpy as np

from tracker.compare.ledger import FailedRounds
from tracker.compare.measurer import RowKey
from tracker.paired.evidence import log_sign_evidence
from tracker.paired.policy import PairedPolicy
from tracker.paired.verdict import is_certain

FEWEST_MORE = 2
"""Rounds that fail in head and not in base, from which on nothing can be told of a row."""


def is_doubtful(rounds: FailedRounds) -> bool:
    """Whether it failed more often in head, so that what was measured is not all there is."""
    return rounds.head - rounds.base >= FEWEST_MORE


def certain_failures(
    failed: Mapping[RowKey, FailedRounds], policy: PairedPolicy
) -> dict[RowKey, str]:
    """Return what certainly fails more often in head than in base, and how often, with the reason.

    A round that failed on both sides counts for neither; the others are a game of heads and tails
    where the code is equal (`log_sign_evidence`), among all rows that failed at all.
    """
    return {
        key: f"{rounds}: {rounds.reason}"
        for key, rounds in failed.items()
        if is_doubtful(rounds) and is_certain(_log_evidence(rounds), len(failed), policy)
    }


def _log_evidence(rounds: FailedRounds) -> float:
    alone = (rounds.head - rounds.both, rounds.base - rounds.both)
    return log_sign_evidence(np.repeat((1.0, -1.0), alone))
