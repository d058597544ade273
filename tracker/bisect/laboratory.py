"""Builds and measures rounds of commits within a budget, and keeps what came of it at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tracker.asv.builds import Build
from tracker.bisect.line import LineCommit
from tracker.bisect.measuring import CommitMeasurer
from tracker.bisect.slots import Slots
from tracker.bisect.state import MeasuredRound, State, write_state
from tracker.bisect.target import label_of
from tracker.compare.measurer import Answer, Reading
from tracker.errors import DataError
from tracker.model import Outcome
from tracker.report.escape import clean_reason

REVERTED = -1
"""Position of the bad end with the culprit reverted."""

MAX_REASON = 300

# A round may take so much longer than the longest before it.
CAUTION = 1.2


@dataclass(slots=True, kw_only=True)
class Laboratory:
    """One search while it measures.

    Attributes:
        line: the good end, and all commits to the bad one.
        measurer, scenario: what measures, and what it runs; the search may go over to others.
        budget_s: seconds for everything; clock: seconds of a monotonic clock.
        say: takes a line of progress.
    """

    line: tuple[LineCommit, ...]
    slots: Slots
    measurer: CommitMeasurer
    scenario: str
    state: State
    state_file: Path
    budget_s: float
    clock: Callable[[], float]
    say: Callable[[str], None]
    reverted: str = ""
    _began_s: float = field(init=False)
    _longest_s: float = field(default=0.0, init=False)
    _numbers: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock."""
        self._began_s = self.clock()
        self._numbers = count(len(self.state.rounds))

    @property
    def bad(self) -> int:
        """Position of the bad end."""
        return len(self.line) - 1

    @property
    def usable(self) -> set[int]:
        """Positions between the ends that can be measured, as far as is known."""
        return set(range(1, self.bad)) - self.state.unusable.keys()

    @property
    def ready(self) -> set[int]:
        """Positions that stand built."""
        shas = self.slots.shas
        return {position for position, each in enumerate(self.line) if each.sha in shas}

    @property
    def left_s(self) -> float:
        """Seconds of the budget that are left."""
        return max(0.0, self.budget_s - (self.clock() - self._began_s))

    @property
    def has_time(self) -> bool:
        """Whether a round like those before is affordable."""
        return self.left_s > CAUTION * self._longest_s

    def measure(self, positions: Sequence[int]) -> bool:
        """Measure the commits one after the other, and keep the round; False when one cannot be.

        What cannot be built or measured is kept as such, with the reason.

        Raises:
            DataError: it is an end.
        """
        began_s = self.clock()
        keep = {self._sha(position) for position in positions}
        builds = {}
        for position in dict.fromkeys(positions):
            build = self.slots.build(self._sha(position), self.name(position), keep)
            if build.failure is not None:
                return self.give_up(position, f"it does not build: {build.failure}")
            builds[position] = build
        seed, answers = next(self._numbers), []
        for position in positions:
            answer = self._measure_one(builds[position], seed)
            if answer.outcome is not Outcome.MEASURED:
                return self.give_up(position, answer.reason or answer.outcome.value)
            answers.append(answer)
        self._keep(positions, answers)
        self._longest_s = max(self._longest_s, self.clock() - began_s)
        return True

    def name(self, position: int) -> str:
        """What people call the commit."""
        if position == REVERTED:
            return f"{self.line[-1].sha[:10]} with the culprit reverted"
        return self.line[position].name

    def _sha(self, position: int) -> str:
        return self.reverted if position == REVERTED else self.line[position].sha

    def _measure_one(self, build: Build, seed: int) -> Answer:
        answer = self.measurer.measure(build, self.scenario, seed)
        if answer.outcome is Outcome.FAILED:  # once may be the machine's fault
            answer = self.measurer.measure(build, self.scenario, seed)
        return answer

    def give_up(self, position: int, why: str) -> bool:
        """Keep that a commit cannot be measured; always False.

        Raises:
            DataError: it is an end.
        """
        why = clean_reason(why, MAX_REASON)
        self.say(f"{self.name(position)}: {why}")
        if position in {0, self.bad}:
            which = "good" if position == 0 else "bad"
            raise DataError(
                f"the {which} end, {self.name(position)}, cannot be measured: {why}",
                "choose another end that builds and runs",
            )
        self.state.unusable[position] = why
        self.save()
        return False

    def save(self) -> None:
        """Keep the state as it is."""
        write_state(self.state_file, self.state)

    def _keep(self, positions: Sequence[int], answers: Sequence[Answer]) -> None:
        """Keep the rows that every commit of the round has."""
        rows: list[dict[str, Reading]] = []
        for answer in answers:
            rows.append({label_of(each.key): each for each in answer.readings if not each.failure})
            self.state.metrics.update({label: each.metric for label, each in rows[-1].items()})
        shared = sorted(set.intersection(*(set(row) for row in rows)))
        values = {label: tuple(row[label].value for row in rows) for label in shared}
        spreads = {label: tuple(row[label].spread for row in rows) for label in shared}
        inexact = {label: each for label, each in spreads.items() if any(each)}
        self.state.rounds.append(
            MeasuredRound(positions=tuple(positions), values=values, spreads=inexact)
        )
        self.save()
