"""Many simulated comparisons from recorded rounds, judged by us and by others."""

import math
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import numpy as np
from asv.commands.compare import _is_result_better
from asv_runner.statistics import compute_stats

from tests.evaluation.planted.recording import AGAIN, BASE, Measurement, Recording, Value
from tracker.compare.assembly import Context, assemble
from tracker.compare.measurer import Answer, Label, Reading, RowKey, Turn
from tracker.compare.session import Plan, Session
from tracker.model import Better, Outcome, Verdict
from tracker.model.comparison import Comparison, Side
from tracker.paired.policy import DEFAULT
from tracker.settings.directions import describe_metric

# Three copies of the same code.
UNCHANGED = (BASE, AGAIN, "lv00")
NOBODY = Side(sha="0" * 40, subject="", remark="", facts={})


@dataclass
class ReplayMachine:
    """Plays recorded rounds of base and one level in random order, with their own durations.

    Three recorded copies are the same code: which of them is base, base again and (without planted
    work) head is drawn in every round, so that no chance difference between them counts.

    Attributes:
        slower: share by which every metric of head is made worse than it was recorded.
    """

    recording: Recording
    level: str
    rng: np.random.Generator
    unchanged: bool
    slower: float = 0.0
    now_s: float = 0.0
    _seed: int | None = None
    _round: dict[Label, Measurement] = field(default_factory=dict)

    def clock(self) -> float:
        """Seconds of recorded time."""
        return self.now_s

    def open(self) -> Self:
        """Fresh workers are what every recorded turn had anyway."""
        self._seed = None
        return self

    def measure(self, turn: Turn) -> Answer:
        """Answer from a recorded round; all turns of one round come from the same."""
        if turn.seed != self._seed:
            self._seed = turn.seed
            chosen = self.recording.rounds[self.rng.integers(len(self.recording.rounds))]
            names = [str(name) for name in self.rng.permutation(UNCHANGED)]
            names[2] = names[2] if self.unchanged else self.level
            labels = (Label.BASE, Label.AGAIN, Label.HEAD)
            self._round = {label: chosen[name] for label, name in zip(labels, names, strict=True)}
        measured = self._round[turn.label]
        self.now_s += measured.took_s
        factor = 1 + self.slower if turn.label is Label.HEAD else 1.0
        readings = tuple(_reading(turn.scenario, value, factor) for value in measured.values)
        return Answer(outcome=Outcome.MEASURED, reason="", readings=readings, facts={})

    def __enter__(self) -> Self:
        """Nothing to start."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to end."""


def _reading(scenario: str, recorded: Value, factor: float) -> Reading:
    """What was recorded, made worse by the factor."""
    metric = describe_metric(recorded.benchmark, {"unit": recorded.unit}, ())
    return Reading(
        key=RowKey(scenario=scenario, benchmark=recorded.benchmark, params=recorded.params),
        metric=metric,
        library="asynctasq",
        value=recorded.value * (factor if metric.better is Better.LOWER else 1 / factor),
    )


def simulate(machine: ReplayMachine, *, budget_s: float, seed: int) -> Comparison:
    """One whole comparison, its rounds drawn from the recording."""
    plan = Plan(
        scenarios=("recorded",), budget_s=budget_s, seed=seed, policy=DEFAULT, controls=False
    )
    began_s = machine.now_s
    measured = Session(plan, machine.open, machine.clock, lambda _: None).run()
    context = Context(
        project="asynctasq",
        base=NOBODY,
        head=NOBODY,
        machine="replay",
        control="",
        size="",
        asked_scenarios=(),
        started_ms=round(1000 * began_s),
        prepared_s=0.0,
        budget_s=1.0,
    )
    return assemble(context, plan, measured)


def alarms(comparison: Comparison) -> bool:
    """Whether any gating row is called worse."""
    return any(row.gates and row.verdict is Verdict.WORSE for row in comparison.rows)


@dataclass(frozen=True)
class Rival:
    """Judges one side after the other, as `asv continuous` and simple before/after runs do.

    Attributes:
        samples: runs of each side; 1 stands for a whole turn.
        factor: how much worse counts.
        statistics: whether asv's own test of the samples must agree.
    """

    samples: int
    factor: float
    statistics: bool

    def alarms(self, recording: Recording, level: str, rng: np.random.Generator) -> bool:
        """Judge base in some recorded rounds against *level* in the rounds after them."""
        count = len(recording.rounds)
        start = int(rng.integers(count))
        first = recording.rounds[start][BASE]
        turns = -(-self.samples // len(first.values[0].samples))
        sides = [
            [recording.rounds[(start + skip + i) % count][what] for i in range(turns)]
            for what, skip in ((BASE, 0), (level, turns))
        ]
        for i in _gating(first):
            values = [self._samples(side, i) for side in sides]
            if not _lower_is_better(first, i):
                values = [[1 / value for value in side] for side in values]
            if self._is_worse(*values):
                return True
        return False

    def _samples(self, turns: list[Measurement], i: int) -> list[float]:
        parts = [sample for turn in turns for sample in turn.values[i].samples]
        return parts[: self.samples] if self.samples > 1 else [float(np.median(parts))]

    def _is_worse(self, base: list[float], head: list[float]) -> bool:
        """Asv's rule with the direction that asv does not know already applied."""
        one, one_stats = compute_stats(base, 1)
        two, two_stats = compute_stats(head, 1)
        return bool(
            _is_result_better(
                one,
                two,
                (one_stats, base),
                (two_stats, head),
                self.factor,
                use_stats=self.statistics,
            )
        )


def _gating(measured: Measurement) -> list[int]:
    return [
        i
        for i, v in enumerate(measured.values)
        if describe_metric(v.benchmark, {"unit": v.unit}, ()).gates and min(v.samples) > 0
    ]


def _lower_is_better(measured: Measurement, i: int) -> bool:
    value = measured.values[i]
    return describe_metric(value.benchmark, {"unit": value.unit}, ()).better is Better.LOWER


def effect(recording: Recording, level: str, metric: str) -> float:
    """Median ratio of *level* to unchanged code for one metric, over all recorded rounds."""
    ratios = [
        math.log(v.value / b.value)
        for rounds in recording.rounds
        for name in UNCHANGED
        for v, b in zip(rounds[level].values, rounds[name].values, strict=True)
        if v.benchmark.endswith(f"track_{metric}") and v.value > 0 and b.value > 0
    ]
    return math.exp(float(np.median(ratios))) if ratios else math.nan
