"""Rounds of real measurements of every planted level, recorded once and used many times."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from tracker.compare.harness_turns import HarnessMeasurer, HarnessSetup
from tracker.compare.measurer import Answer, Label, Turn
from tracker.model import Outcome

BASE, AGAIN = "base", "again"


class Value(msgspec.Struct, frozen=True):
    """One number of a turn, and the samples of its parts."""

    benchmark: str
    params: tuple[tuple[str, str], ...]
    unit: str
    value: float
    samples: tuple[float, ...]


class Measurement(msgspec.Struct, frozen=True):
    """One turn: what it measured, and how long that took."""

    took_s: float
    values: tuple[Value, ...]


@dataclass
class Recording:
    """Rounds of base, base again and every level, interleaved in random order."""

    rounds: list[dict[str, Measurement]] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Write all rounds as JSON, whole or not at all."""
        draft = path.with_suffix(".draft")
        draft.write_bytes(msgspec.json.encode(self.rounds))
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read what `save` wrote."""
        return cls(msgspec.json.decode(path.read_bytes(), type=list[dict[str, Measurement]]))


def measure_one(measurer: HarnessMeasurer, turn: Turn, python: str) -> tuple[Answer, float]:
    """Measure *turn* with the library of another interpreter; also return the seconds it took."""
    pythons = {Label.BASE: python, Label.HEAD: python}
    measurer.setup = replace(measurer.setup, pythons=pythons)
    began_s = time.monotonic()
    answer = measurer.measure(turn)
    return answer, time.monotonic() - began_s


def record(
    setup: HarnessSetup,
    pythons: Mapping[str, str],
    scenario: str,
    *,
    minutes: float,
    path: Path,
    say: Callable[[str], None],
) -> None:
    """Measure rounds of everything in *pythons* (what to interpreter) until the time is used.

    The order of a round is random, and the next round reverses it. Every round is saved at once,
    and what is at *path* already is continued.
    """
    recording = Recording.load(path) if path.exists() else Recording()
    rng = random.Random(11 + len(recording.rounds))
    end_s = time.monotonic() + 60 * minutes
    order = list(pythons)
    with HarnessMeasurer(setup) as measurer:
        while not recording.rounds or time.monotonic() < end_s:
            order.reverse()
            if len(recording.rounds) % 2 == 0:
                rng.shuffle(order)
            measured = {}
            for what in order:
                turn = Turn(label=Label.BASE, scenario=scenario, seed=len(recording.rounds))
                answer, took_s = measure_one(measurer, turn, pythons[what])
                if answer.outcome is not Outcome.MEASURED:
                    say(f"{what} failed: {answer.reason}")
                    break
                measured[what] = Measurement(took_s, _values(answer))
            if len(measured) == len(order):
                recording.rounds.append(measured)
                recording.save(path)
            elif not recording.rounds:
                raise SystemExit("the first round failed, see above")
            say(f"round {len(recording.rounds)}, {max(0.0, end_s - time.monotonic()):.0f} s left")


def _values(answer: Answer) -> tuple[Value, ...]:
    return tuple(
        Value(
            reading.key.benchmark,
            reading.key.params,
            reading.metric.unit,
            reading.value,
            reading.samples,
        )
        for reading in answer.readings
    )
