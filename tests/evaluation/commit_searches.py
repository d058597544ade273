"""How often `tracker bisect` is right, and after how many measurements: simulated searches.

    python -m tests.evaluation.commit_searches [--searches 500] [--histories 200] [--write]

The code that searches is the product's own, from the pairs of the ends to the check beside the
parent; only the laboratory is simulated. Noise is normal with standard deviation 1, every round
has a level of its own (standard deviation 1), a share of the values is disturbed (a Cauchy tail
five times as wide, mostly upwards), a share of the commits does not build. Beside it a classic
bisect that repeats every measurement 15 times, beside an end as we do, and compares medians; it
builds everything and takes it for given that the ends differ. A run is one measurement of one
commit, of an end as well.

The bound is a search that takes for given that the ends differ, knows the step and the noise,
builds everything, checks nothing, and stops at 95 % for one commit: nothing that compares values
only within rounds can do with much less.
"""

import math
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import check_markers, write_table
from tracker.bisect import noisy
from tracker.bisect.state import MeasuredRound, State
from tracker.model import Better, Metric, Tier
from tracker.search.answer import Outcome
from tracker.search.choice import next_round
from tracker.search.ends import Ends
from tracker.search.likelihood import Grid
from tracker.search.policy import DEFAULT
from tracker.search.posterior import posterior
from tracker.search.rounds import Round

SIZE = 0.02
"""One standard deviation of the noise, in logarithms."""
ROW = "bench.time_it"
TIME = Metric(
    name="time",
    unit="s",
    better=Better.LOWER,
    floor=0.0,
    gates=True,
    tier=Tier.PRIMARY,
    description="",
)
FURTHEST = 1e4
"""Standard deviations that an outlier lies off at most: a value is a finite time."""
UNBUILDABLE, OUTLIERS, DRIFT = 0.2, 0.05, 1.0
NEARLY = 1.001
"""A grid has neighbours; these are as good as the value itself."""
ONE_STEP = replace(DEFAULT, none=1e-9, two_steps=0.0)
REPEATS = 15
SECTION = "commit searches"
COLUMNS = (
    "step / noise",
    "announced",
    "right when announced",
    "runs, median",
    "commits in the set after a third, median",
    "it holds the culprit",
    "classic, right",
    "classic, runs",
    "bound, runs, median",
)
LEVELS = (4.0, 2.0, 1.0)


@dataclass(slots=True)
class SimulatedLaboratory:
    """Measures commits that are not there: the part of `Laboratory` that a search uses.

    Attributes:
        culprit: position of the only step, None for none.
        step: its size, in standard deviations of the noise.
        budget_s: the most runs.
        unbuildable: share of the commits between the ends.
    """

    rng: np.random.Generator
    bad: int
    culprit: int | None
    step: float
    budget_s: float
    state: State = field(init=False)
    runs: int = 0
    say: Callable[[str], None] = field(default=lambda _: None)
    unbuildable: float = UNBUILDABLE
    _broken: set[int] = field(init=False)

    def __post_init__(self) -> None:
        """Choose what does not build."""
        self.state = State(good="g", bad="b", asked="", metrics={ROW: TIME})
        between = range(1, self.bad)
        self._broken = {place for place in between if self.rng.random() < self.unbuildable}

    @property
    def usable(self) -> set[int]:
        """Positions that are not known not to build."""
        return set(range(1, self.bad)) - self.state.unusable.keys()

    @property
    def ready(self) -> set[int]:
        """Building costs no run."""
        return self.usable

    @property
    def left_s(self) -> float:
        """Runs that are left."""
        return self.budget_s - self.runs

    @property
    def has_time(self) -> bool:
        """Whether any are."""
        return self.left_s > 0

    def name(self, position: int) -> str:
        """What nobody reads."""
        return f"{position}"

    def measure(self, positions: Sequence[int]) -> bool:
        """One round; a commit that does not build is found before anything runs."""
        for place in positions:
            if place in self._broken:
                self.state.unusable[place] = "it does not build"
                return False
        drawn = np.clip(self.draw(positions), -FURTHEST, FURTHEST)
        values = tuple(math.exp(SIZE * value) for value in drawn.tolist())
        self.state.rounds.append(MeasuredRound(positions=tuple(positions), values={ROW: values}))
        return True

    def draw(self, positions: Sequence[int]) -> list[float]:
        """Values of a round, in standard deviations of the noise."""
        level = DRIFT * self.rng.standard_normal()
        self.runs += len(positions)
        return [level + self._own(place) for place in positions]

    def _own(self, place: int) -> float:
        step = self.step if self.culprit is not None and place >= self.culprit else 0.0
        value = step + float(self.rng.standard_normal())
        if self.rng.random() < OUTLIERS:
            value += 5 * abs(float(self.rng.standard_cauchy())) * float(self.rng.choice((1, 1, -1)))
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """How one search went.

    Attributes:
        sure: it named a commit, or a range that does not build, with 95 %, and saw the step again
            beside the parent.
        right: what it named holds the culprit.
        runs: all, of the ends and of the check too.
        early: size of the set of 95 % after a third of the classic runs, and whether it was right.
    """

    sure: bool
    right: bool
    runs: int
    early: tuple[int, bool]


def search(seed: int, *, step: float, commits: int, budget: int) -> Searched:
    """One search for a culprit at a random place."""
    rng = np.random.default_rng([seed, round(100 * step)])
    culprit = int(rng.integers(1, commits + 1)) if step else None
    laboratory = SimulatedLaboratory(rng, commits, culprit, step, budget)
    if noisy.confirm_ends(laboratory, ROW, DEFAULT) is not Ends.DIFFER:
        return Searched(sure=False, right=False, runs=laboratory.runs, early=(commits, True))
    prior = np.full(commits, 1 / commits)
    laboratory.budget_s = max(classic_runs(commits) // 3, laboratory.runs)
    early = noisy.search(laboratory, ROW, prior, DEFAULT).answer
    laboratory.budget_s = budget
    found = noisy.search(laboratory, ROW, prior, DEFAULT).answer
    return Searched(
        sure=found.outcome in {Outcome.COMMIT, Outcome.RANGE},
        right=culprit in found.commits,
        runs=laboratory.runs,
        early=(len(early.commits), culprit in early.commits),
    )


def classic_runs(commits: int) -> int:
    """Runs of a classic bisect: both ends, and every probe beside an end, REPEATS times."""
    return 2 * REPEATS * (1 + math.ceil(math.log2(commits)))


def classic(seed: int, *, step: float, commits: int) -> bool:
    """Whether a classic bisect names the culprit."""
    rng = np.random.default_rng([seed, round(100 * step)])
    culprit = int(rng.integers(1, commits + 1))
    laboratory = SimulatedLaboratory(rng, commits, culprit, step, math.inf)

    def difference(place: int) -> float:
        pairs = [laboratory.draw([0, place]) for _ in range(REPEATS)]
        return statistics.median(value - end for end, value in pairs)

    half, good, bad = difference(commits) / 2, 0, commits
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (good, middle) if difference(middle) > half else (middle, bad)
    return bad == culprit


def bound(seed: int, *, step: float, commits: int) -> int:
    """Runs of a search that knows the step and the noise, until it is sure of one commit."""
    rng = np.random.default_rng([seed, round(100 * step)])
    laboratory = SimulatedLaboratory(
        rng, commits, int(rng.integers(1, commits + 1)), step, math.inf
    )
    grid = Grid(
        step=step,
        scale=1.0,
        sizes=(step / NEARLY, step * NEARLY),
        scales=(1 / NEARLY, NEARLY),
        outliers=OUTLIERS,
    )
    prior = np.full(commits, 1 / commits)
    rounds: list[Round] = []
    while True:
        belief = posterior(rounds, prior, grid, ONE_STEP)
        if belief.main.max() >= ONE_STEP.confidence:
            return laboratory.runs
        end = 0 if len(rounds) % 2 else commits
        places = next_round(belief, range(1, commits), ONE_STEP, end=end)
        rounds.append(Round(positions=places, values=tuple(laboratory.draw(places))))


def table(
    searches: int, commits: int, levels: Sequence[float] = LEVELS, processes: int | None = None
) -> str:
    """The table of all levels, in Markdown."""
    lines = [
        f"| {' | '.join(COLUMNS)} |",
        "|---:" * len(COLUMNS) + "|",
    ]
    with multiprocessing.Pool(processes) as pool:
        for step in levels:
            ways = (partial(search, budget=600), classic, bound)
            done, old, least = (
                pool.map(partial(way, step=step, commits=commits), range(searches), chunksize=5)
                for way in ways
            )
            lines.append(_row(step, done, (old, least), commits))
            sys.stderr.write(f"{lines[-1]}\n")
    return "\n".join(lines)


def _row(
    step: float,
    done: Sequence[Searched],
    others: tuple[Sequence[bool], Sequence[int]],
    commits: int,
) -> str:
    old, least = others
    sure = [each for each in done if each.sure]
    cells = (
        f"{step:g}",
        f"{len(sure) / len(done):.1%}",
        f"{statistics.fmean(each.right for each in sure):.1%}",
        f"{statistics.median(each.runs for each in sure):.0f}",
        f"{statistics.median(each.early[0] for each in done):.0f}",
        f"{statistics.fmean(each.early[1] for each in done):.1%}",
        f"{statistics.fmean(old):.1%}",
        f"{classic_runs(commits)}",
        f"{statistics.median(least):.0f}",
    )
    return f"| {' | '.join(cells)} |"


def accusations(searches: int, commits: int, processes: int | None = None) -> int:
    """How many of the histories without any change have a commit announced."""
    with multiprocessing.Pool(processes) as pool:
        one = partial(search, step=0.0, commits=commits, budget=200)
        return sum(each.sure for each in pool.map(one, range(searches), chunksize=5))


def main() -> None:
    """Print the tables; write them into RESULTS.md when asked to."""
    parser = command_line("tests.evaluation.commit_searches", __doc__)
    parser.add_argument("--searches", type=int, default=500)
    parser.add_argument("--histories", type=int, default=200, help="without any change")
    parser.add_argument("--commits", type=int, default=64)
    parser.add_argument("--processes", type=int, help="of the simulation (default: one a core)")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        check_markers(SECTION)
    began = time.monotonic()
    text = (
        f"{options.searches} searches a level among {options.commits} commits, "
        f"{UNBUILDABLE:.0%} of which do not build, {OUTLIERS:.0%} outliers.\n\n"
        f"{table(options.searches, options.commits, processes=options.processes)}\n\n"
        f"In {options.histories} histories without a change a commit was announced "
        f"{accusations(options.histories, options.commits, options.processes)} times.\n\n"
        f"({(time.monotonic() - began) / 60:.0f} minutes)\n"
    )
    sys.stdout.write(text)
    if options.write:
        write_table(SECTION, text)


if __name__ == "__main__":
    main()
