"""Measures turns with our own harness: one long-living process, a line of JSON each way per turn.

The harness keeps one broker for its whole life and starts fresh worker processes for every turn.
It runs in its own locked environment, never in ours: files and lines are the seam.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tracker.compare.harness_process import HarnessDiedError, HarnessProcess
from tracker.compare.measurer import Answer, Label, Reading, RowKey, Turn
from tracker.compare.turn_parts import Parts, summarise
from tracker.model import Metric, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessSetup:
    """How to start the harness, and what runs in it.

    Attributes:
        root: folder that holds asv.conf.json and benchmarks/.
        command: the harness; it is given `--lines`.
        project: the tracked library.
        pythons: interpreters of base and head.
        control: library that no commit changes, "" for none.
        size: quick or full.
        describe: (benchmark, unit) to what it measures.
        parts: into what a turn is divided.
    """

    root: Path
    command: tuple[str, ...]
    project: str
    pythons: Mapping[Label, str]
    control: str
    size: str
    describe: Callable[[str, str], Metric]
    parts: Parts

    def ask_of(self, side: Label, scenario: str, seed: int) -> dict[str, object]:
        """What every request for a side of *scenario* says."""
        return {
            "label": side.value,
            "library": self.project,
            "python": self.pythons[side],
            "scenario": scenario,
            "size": self.size,
            "seed": seed,
        }


@dataclass(slots=True)
class HarnessMeasurer:
    """Measures turns with one harness."""

    setup: HarnessSetup
    _harness: HarnessProcess = field(init=False)

    def __post_init__(self) -> None:
        """Nothing runs yet."""
        self._harness = HarnessProcess(self.setup.command, self.setup.root)

    def measure(self, turn: Turn) -> Answer:
        """Measure one turn of its scenario with fresh workers."""
        try:
            return self._read(turn, self._harness.ask(self._request(turn)))
        except (HarnessDiedError, ValueError, LookupError) as error:
            self._harness.stop(at_once=True)
            return Answer(outcome=Outcome.FAILED, reason=str(error), readings=(), facts={})

    def _request(self, turn: Turn) -> dict[str, object]:
        return {
            "label": turn.label.value,
            "library": self.setup.control if turn.is_control else self.setup.project,
            "python": None if turn.is_control else self.setup.pythons[turn.side],
            "scenario": turn.scenario,
            "size": self.setup.size,
            "seed": turn.seed,
            **asdict(self.setup.parts),
        }

    def _read(self, turn: Turn, answer: Mapping[str, Any]) -> Answer:
        outcome = Outcome(answer["outcome"])
        values = [
            (value, self.setup.describe(value["benchmark"], value["unit"]))
            for value in answer.get("values", ())
            if value["samples"]
        ]
        readings = tuple(
            Reading(
                key=RowKey(
                    scenario=turn.scenario,
                    benchmark=value["benchmark"],
                    params=tuple((str(name), str(text)) for name, text in value["params"]),
                ),
                metric=metric,
                library=self.setup.control if turn.is_control else self.setup.project,
                value=summarise(value["samples"], metric),
                samples=tuple(value["samples"]),
            )
            for value, metric in values
        )
        facts = (
            {} if turn.is_control else {str(k): str(v) for k, v in answer.get("facts", {}).items()}
        )
        return Answer(
            outcome=outcome, reason=str(answer.get("reason", "")), readings=readings, facts=facts
        )

    def __enter__(self) -> Self:
        """The harness starts with the first turn."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the harness."""
        self._harness.stop(at_once=kind is not None)
