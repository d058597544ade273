"""Score our detector beside its peers: `make score`.

A report counts as right within two measured commits of the truth, once each. The table goes to
stdout as Markdown; `--write` puts it into RESULTS.md, too.
"""

import math
import sys
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import write_table
from tests.evaluation.scoreboard.histories import (
    LENGTHS,
    PATHS,
    WEATHERS,
    SimulatedSeries,
    all_of_them,
    make,
)
from tests.evaluation.scoreboard.peers import DETECTORS, Detector

MARGIN = 2
_CHANGING = ("one", "several", "undone", "newest")
_REPLAYED_BEFORE, _REPLAYED_AFTER = 40, 10


@dataclass(slots=True)
class Tally:
    """Counts of one cell of the table."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    series: int = 0
    points: int = 0

    @property
    def precision(self) -> float:
        """Share of the reports that are right, 1 when there are none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the changes that are reported, 1 when there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Score:
    """All cells of one detector, and what it cost."""

    cells: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    cpu_s: float = 0.0
    delays: list[float] = field(default_factory=list)


def matches(truth: Sequence[int], reports: Sequence[int]) -> int:
    """Count reports within MARGIN of a change, each side used once; both ascend."""
    right = i = j = 0
    while i < len(truth) and j < len(reports):
        if abs(truth[i] - reports[j]) <= MARGIN:
            right, i, j = right + 1, i + 1, j + 1
        elif reports[j] < truth[i]:
            j += 1
        else:
            i += 1
    return right


def count(score: Score, made: SimulatedSeries, reports: Sequence[int]) -> None:
    """Add one history to the cells that it belongs to."""
    kept = [i for i, v in enumerate(made.values) if math.isfinite(v)]
    truth = [bisect_left(kept, t) for t in made.truth]
    found = sorted(bisect_left(kept, r) for r in set(reports))
    right = matches(truth, found)
    names = [made.path]
    if made.path in _CHANGING:
        names += ["all", made.weather, f"n={made.n}"]
    for name in names:
        cell = score.cells[name]
        cell.right += right
        cell.wrong += len(found) - right
        cell.missed += len(truth) - right
        cell.series += 1
        cell.points += len(kept)


def replay(detector: Detector, repeats: int) -> list[float]:
    """Commits from a step to its first report, infinite when there is none within ten."""
    delays = []
    for weather in WEATHERS:
        for turn in range(repeats):
            n = _REPLAYED_BEFORE + _REPLAYED_AFTER
            simulated = make("none", weather, n, 0.0, 50_000 + turn * 4 + 1)
            step = math.exp(0.02 * 4)
            values = [
                v * step if i >= _REPLAYED_BEFORE else v for i, v in enumerate(simulated.values)
            ]
            samples = [
                [x * step for x in s] if i >= _REPLAYED_BEFORE else s
                for i, s in enumerate(simulated.samples)
            ]
            delays.append(_delay(detector, values, samples))
    return delays


def _delay(detector: Detector, values: list[float], samples: list[list[float]]) -> float:
    for end in range(_REPLAYED_BEFORE + 1, len(values) + 1):
        reports = detector(values[:end], samples[:end])
        if any(abs(r - _REPLAYED_BEFORE) <= MARGIN for r in reports):
            return end - _REPLAYED_BEFORE
    return math.inf


def score(detector: Detector, repeats: int) -> Score:
    """Run one detector over everything."""
    total = Score()
    for made in all_of_them(repeats):
        started = time.process_time()
        reports = detector(made.values, made.samples)
        total.cpu_s += time.process_time() - started
        count(total, made, reports)
    total.delays = replay(detector, repeats)
    return total


def table(scores: dict[str, Score]) -> str:
    """Return everything as one Markdown table, a detector per row."""
    heads = ["detector", "P", "R", "F1", *_CHANGING, *WEATHERS, *(f"n={n}" for n in LENGTHS)]
    heads += ["false per 1,000", "per ramp", "per spikes", "delay", "within 5", "us per point"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for name, rows in scores.items():
        cells = rows.cells
        every = cells["all"]
        row = [name, *(f"{x:.2f}" for x in (every.precision, every.recall, every.f1))]
        row += [f"{cells[k].f1:.2f}" for k in (*_CHANGING, *WEATHERS)]
        row += [f"{cells[f'n={n}'].f1:.2f}" for n in LENGTHS]
        row.append(f"{1000 * cells['none'].wrong / cells['none'].points:.2f}")
        row += [f"{cells[k].wrong / cells[k].series:.2f}" for k in ("ramp", "spikes")]
        delays = sorted(rows.delays)
        row.append(f"{delays[len(delays) // 2]:.0f}")
        row.append(f"{sum(d <= 5 for d in delays) / len(delays):.2f}")
        points = sum(cells[path].points for path in PATHS)
        row.append(f"{1e6 * rows.cpu_s / points:.1f}")
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Score the detectors that are named, or all."""
    parser = command_line("tests.evaluation.scoreboard.score", __doc__)
    parser.add_argument("detectors", nargs="*", choices=[*DETECTORS, []], default=[])
    parser.add_argument("--write", action="store_true", help="into RESULTS.md, too")
    parser.add_argument("--repeats", type=int, default=4, help="histories per cell")
    chosen = parser.parse_args(arguments)
    names = chosen.detectors or list(DETECTORS)
    text = table({name: score(DETECTORS[name], chosen.repeats) for name in names})
    print(text)  # noqa: T201
    if chosen.write:
        write_table("scoreboard", text)


if __name__ == "__main__":
    main(sys.argv[1:])
