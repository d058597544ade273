"""The readings of all rounds, and what failed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tracker import units
from tracker.compare.measurer import Answer, Label, Reading, RowKey, Turn
from tracker.model import Floats, Metric, Outcome

# A failed round is measured again; a scenario that fails this often in a row is given up.
PATIENCE = 2


@dataclass(slots=True)
class ScenarioLog:
    """How the rounds of one scenario went.

    Attributes:
        rounds: rounds that count; attempts: all that were begun.
        failures: label to reason, of the last round that failed.
        failed_in_a_row: rounds that failed since the last one that counted.
        control_failure: why the control could not be measured the last time it could not.
        unsupported: why the library does not offer it, on either side; "" when it does.
        round_s: seconds that the last round took.
    """

    rounds: int = 0
    attempts: int = 0
    failures: dict[Label, str] = field(default_factory=dict)
    failed_in_a_row: int = 0
    control_failure: str = ""
    unsupported: str = ""
    round_s: float = 0.0

    @property
    def given_up(self) -> bool:
        """Whether it is measured no further because it fails or is not supported."""
        return self.failed_in_a_row >= PATIENCE or bool(self.unsupported)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRounds:
    """In how many rounds a row failed that both sides could measure in others.

    Attributes:
        rounds: those in which it ran.
        base, head: those in which it failed there; both: on either side.
        reason: of the last one.
    """

    rounds: int
    base: int
    head: int
    both: int
    reason: str

    def __str__(self) -> str:
        """In words, without the reason."""
        rounds = units.count(self.rounds, "round")
        return f"failed in {self.head} of {rounds} of head, {self.base or 'none'} of base"


class Ledger:
    """All that was measured so far. Rounds in which base or head failed do not count.

    `broken` holds single readings that failed in rounds that count: label to reason, of the last.
    """

    def __init__(self, scenarios: Sequence[str]) -> None:
        """Start empty, in the order of *scenarios*."""
        self.broken: dict[RowKey, dict[Label, str]] = defaultdict(dict)
        self.logs = {name: ScenarioLog() for name in scenarios}
        self.metrics: dict[RowKey, Metric] = {}
        self.libraries: dict[RowKey, str] = {}
        self.facts: dict[Label, dict[str, str]] = defaultdict(dict)
        self._values: dict[RowKey, dict[Label, dict[int, float]]] = {}
        self._failed: dict[RowKey, dict[Label, set[int]]] = {}

    def add_round(self, answers: Sequence[tuple[Turn, Answer]], *, took_s: float) -> bool:
        """Add a whole round of one scenario; return whether it counts."""
        log = self.logs[answers[0][0].scenario]
        number, log.attempts, log.round_s = log.attempts, log.attempts + 1, took_s
        for turn, answer in answers:
            self.facts[turn.label].update(answer.facts)
        failures = {
            turn.label: answer.reason or answer.outcome.value
            for turn, answer in answers
            if answer.outcome is not Outcome.MEASURED
        }
        cut_off = next((answer for _, answer in answers if answer.is_cut_off), None)
        if cut_off is not None:
            failures = dict.fromkeys((Label.BASE, Label.HEAD), cut_off.reason)
        for turn, answer in answers:
            if turn.is_control and answer.outcome is Outcome.FAILED:
                log.control_failure = answer.reason
        sides = [answer for turn, answer in answers if turn.label in {Label.BASE, Label.HEAD}]
        if all(answer.outcome is Outcome.UNSUPPORTED for answer in sides):
            log.unsupported = sides[0].reason or "not supported"
            return False
        if {Label.BASE, Label.HEAD} & failures.keys():
            log.failures = failures
            log.failed_in_a_row += 1
            return False
        for turn, answer in answers:
            for reading in answer.readings:
                self._add(turn.label, number, reading)
        log.rounds += 1
        log.failed_in_a_row = 0
        return True

    def _add(self, label: Label, number: int, reading: Reading) -> None:
        if reading.failure:
            self.broken[reading.key][label] = reading.failure
            self._failed.setdefault(reading.key, defaultdict(set))[label].add(number)
        if not np.isfinite(reading.value):
            return
        values = self._values.setdefault(reading.key, defaultdict(dict))
        values[label][number] = reading.value
        if label in {Label.BASE, Label.HEAD}:
            self.metrics[reading.key] = reading.metric
            self.libraries[reading.key] = reading.library

    def rows(self) -> tuple[RowKey, ...]:
        """Return every row that base or head has, in order of appearance."""
        return tuple(self.metrics)

    def has(self, key: RowKey, label: Label) -> bool:
        """Whether *label* was ever read at *key*."""
        return bool(self._values.get(key, {}).get(label))

    def broken_only_in(self, label: Label) -> dict[RowKey, str]:
        """Return what base or head, *label*, never could measure and the other can: why not."""
        other = Label.BASE if label is Label.HEAD else Label.HEAD
        return {
            key: reasons[label]
            for key, reasons in self.broken.items()
            if label in reasons and self.has(key, other) and not self.has(key, label)
        }

    def failed_rounds(self) -> dict[RowKey, FailedRounds]:
        """Return what failed in some rounds, and was measured on either side in others."""
        return {
            key: self._failed_rounds(key)
            for key in self._failed
            if self.has(key, Label.BASE) and self.has(key, Label.HEAD)
            if self._failed[key].keys() & {Label.BASE, Label.HEAD}
        }

    def _failed_rounds(self, key: RowKey) -> FailedRounds:
        failed, values = self._failed[key], self._values[key]
        base, head = failed.get(Label.BASE, set()), failed.get(Label.HEAD, set())
        reasons = self.broken[key]
        return FailedRounds(
            rounds=len({*base, *head, *values[Label.BASE], *values[Label.HEAD]}),
            base=len(base),
            head=len(head),
            both=len(base & head),
            reason=reasons.get(Label.HEAD) or reasons.get(Label.BASE, ""),
        )

    def broken_in_both(self) -> list[RowKey]:
        """Return what neither side could ever measure."""
        return [
            key
            for key in self.broken
            if not self.has(key, Label.BASE) and not self.has(key, Label.HEAD)
        ]

    def paired(self, key: RowKey, first: Label, second: Label) -> tuple[Floats, Floats]:
        """Return the values of the rounds in which both were read, in order."""
        values: Mapping[Label, dict[int, float]] = self._values.get(key, {})
        one, two = values.get(first, {}), values.get(second, {})
        shared = sorted(one.keys() & two.keys())
        return np.array([one[i] for i in shared]), np.array([two[i] for i in shared])

    def log_ratios(self, key: RowKey, first: Label, second: Label) -> Floats:
        """Return log(second / first) of the rounds in which both are positive."""
        one, two = self.paired(key, first, second)
        positive = (one > 0) & (two > 0) if len(one) else np.zeros(0, dtype=bool)
        return np.log(two[positive] / one[positive]) if positive.any() else np.zeros(0)
