"""A machine that never existed: a whole comparison in milliseconds, with known truth."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import numpy as np

from tracker.compare.measurer import Answer, Label, Reading, RowKey, Turn
from tracker.model import Outcome
from tracker.model.catalogue import METRICS

LEVELS = {"throughput": 1800.0, "cpu_per_kilotask": 0.45, "memory_peak": 7e7, "latency_p50": 0.05}


@dataclass
class FakeMachine:
    """Clock, noise and truth of all measurers that `open` gives.

    Attributes:
        effects: metric to head / base ratio, applied to head's turns.
        noise: metric to relative noise of a run.
        shares: ratio that every turn on head's side has in common, controls included.
        failing: (label, scenario) to reason; cut_off: whether that was for want of time.
        raising: (label, metric) to the share of its turns in which it raises.
        unsupported: scenario to reason.
        unconfirmed: whether effects vanish in the second measurer.
        turn_s: seconds that a turn takes.
        slow: scenario to how many times longer its turns take.
        disturbed: the turn of a label, counted from 1, that takes three times as long.
    """

    effects: Mapping[str, float] = field(default_factory=dict)
    noise: Mapping[str, float] = field(default_factory=dict)
    shares: float = 1.0
    failing: Mapping[tuple[Label, str], str] = field(default_factory=dict)
    cut_off: bool = False
    raising: Mapping[tuple[Label, str], float] = field(default_factory=dict)
    unsupported: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: bool = False
    turn_s: float = 5.0
    slow: Mapping[str, float] = field(default_factory=dict)
    disturbed: tuple[Label, int] | None = None
    seed: int = 1
    now_s: float = 0.0
    opened: int = 0
    turns: list[Turn] = field(default_factory=list)
    only_head: Callable[[str], bool] = lambda _: False
    params: tuple[tuple[str, str], ...] = (("tasks", "1000"),)

    def clock(self) -> float:
        """Seconds; moves only while a turn runs."""
        return self.now_s

    def count(self, label: Label) -> int:
        """How many turns of *label* were measured."""
        return sum(turn.label is label for turn in self.turns)

    def count_in(self, scenario: str, label: Label) -> int:
        """The same in one scenario."""
        return sum(turn.label is label and turn.scenario == scenario for turn in self.turns)

    def open(self) -> "FakeMeasurer":
        """A measurer with fresh servers."""
        self.opened += 1
        return FakeMeasurer(self, np.random.default_rng([self.seed, self.opened]), self.opened)


@dataclass
class FakeMeasurer:
    """Answers turns from the machine's truth."""

    machine: FakeMachine
    rng: np.random.Generator
    number: int

    def measure(self, turn: Turn) -> Answer:
        """One reading per metric of LEVELS."""
        machine = self.machine
        machine.now_s += machine.turn_s * machine.slow.get(turn.scenario, 1.0)
        machine.turns.append(turn)
        why = machine.unsupported.get(turn.scenario)
        if why:
            return Answer(outcome=Outcome.UNSUPPORTED, reason=why, readings=(), facts={})
        reason = machine.failing.get((turn.label, turn.scenario))
        if reason:
            return Answer(
                outcome=Outcome.FAILED,
                reason=reason,
                readings=(),
                facts={},
                is_cut_off=machine.cut_off,
            )
        names = [name for name in LEVELS if turn.label is Label.HEAD or not machine.only_head(name)]
        readings = tuple(self._reading(turn, name) for name in names)
        facts = {"broker": "fake 1.0"}
        return Answer(outcome=Outcome.MEASURED, reason="", readings=readings, facts=facts)

    def _reading(self, turn: Turn, name: str) -> Reading:
        machine = self.machine
        value = LEVELS[name] * np.exp(self.rng.normal(0, machine.noise.get(name, 0.01)))
        if machine.disturbed == (turn.label, machine.count(turn.label)):
            value *= 1 / 3 if name == "throughput" else 3
        if turn.label is Label.HEAD and not (machine.unconfirmed and self.number > 1):
            value *= machine.effects.get(name, 1.0)
        if turn.label in {Label.HEAD, Label.CONTROL_HEAD}:
            value *= machine.shares
        share = machine.raising.get((turn.label, name), 0.0)
        raises = share > 0 and self.rng.random() < share
        control = turn.label in {Label.CONTROL_BASE, Label.CONTROL_HEAD}
        return Reading(
            key=RowKey(
                scenario=turn.scenario,
                benchmark=f"{turn.scenario}.Burst.track_{name}",
                params=machine.params,
            ),
            metric=METRICS[name],
            library="celery" if control else "asynctasq",
            value=math.nan if raises else float(value),
            failure="it raised" if raises else "",
        )

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
