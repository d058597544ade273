"""Simulated suites: how often the judgement of a whole history is right.

    python -m tests.evaluation.suites [--repeats 20] [--write]

Noise, repeats, what metrics and libraries share, and what load does to each are those of the
recorded history without changes (`recorded_histories.py`): AsyncTasQ with Celery beside it, two
cores, quick size, two endless loops during a third of the commits. A suite is made of scenarios
with five metrics each. A regression is planted in one scenario at one commit: cost per task,
throughput and latency move, memory does not.

Prints, for each length, with and without controls: false events per 100 commits of a history
without any change, and the share of planted regressions that is found (as "worse", in brackets at
least suspected) within one commit of its place; and what asv's step detection does with the same
series: steps that are at most a commit apart are one event.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import click
import numpy as np

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import check_markers, write_table
from tests.evaluation.scoreboard.peers import asv
from tracker.judge import judge
from tracker.model import (
    Commit,
    Event,
    EventKind,
    Floats,
    History,
    JudgedHistory,
    Series,
    SeriesKey,
    Verdict,
)
from tracker.model.catalogue import METRICS

SECTION = "suites"
LEAST_COMMITS = 2_000  # that false events are counted in
ASV_COMMITS = 400
REPEATS = 6
LENGTHS = (6, 10, 20, 50, 200)
SIZES = (0.1, 0.25, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """One metric, on the logarithmic scale.

    Attributes:
        machine: -1 or 1 where a slower machine lowers or raises it, 0 for neither.
        tracked: standard deviation between commits of the tracked library, on a quiet machine.
        control: of the control.
        loaded: how many times that it is under load.
        of_machine: part of the variance that both libraries share.
        of_run: part that all metrics of one commit share.
        repeats: standard error of a commit's value by its repeats.
        shift: what load does to the tracked library.
        control_shift: and to the control.
        effect: exponent with which a slower program shows in it.
    """

    machine: int
    tracked: float
    control: float
    loaded: float
    of_machine: float
    of_run: float
    repeats: float
    shift: float
    control_shift: float
    effect: float


RECORDED = {
    "throughput": Noise(
        machine=-1, tracked=0.113, control=0.245, loaded=1.2, of_machine=0.6, of_run=0.2,
        repeats=0.05, shift=-0.30, control_shift=0.18, effect=-0.8,
    ),
    "cpu_per_kilotask": Noise(
        machine=1, tracked=0.037, control=0.060, loaded=1.0, of_machine=0.3, of_run=0.2,
        repeats=0.04, shift=0.0, control_shift=-0.09, effect=1.0,
    ),
    "enqueue_rate": Noise(
        machine=-1, tracked=0.159, control=0.089, loaded=1.2, of_machine=0.6, of_run=0.2,
        repeats=0.11, shift=-0.39, control_shift=-0.35, effect=-0.2,
    ),
    "latency_p50": Noise(
        machine=1, tracked=0.013, control=0.137, loaded=1.2, of_machine=0.4, of_run=0.2,
        repeats=0.018, shift=0.02, control_shift=-0.23, effect=0.3,
    ),
    "memory_mean": Noise(
        machine=0, tracked=0.001, control=0.001, loaded=1.0, of_machine=0.0, of_run=0.0,
        repeats=0.0005, shift=0.0, control_shift=0.0, effect=0.0,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a suite is like.

    Attributes:
        commits: measured, one after the other.
        scenarios: of five metrics each.
        control: whether another library is measured beside.
        loaded: whether the machine is busy during the middle third.
        size: how much slower a program gets, 0.25 for 25 %; 0 for no change.
        place: first commit of the slower program, 0 for the middle.
        metrics: of each scenario.
        between: how many times noisier than that commits are, while their repeats stay as they are.
        uneven: standard deviation, from series to series, of the logarithm of that.
    """

    commits: int
    scenarios: int = 6
    control: bool = True
    loaded: bool = False
    size: float = 0.0
    place: int = 0
    metrics: Mapping[str, Noise] = field(default_factory=lambda: RECORDED)
    between: float = 1.0
    uneven: float = 0.0

    @property
    def at(self) -> int:
        """First slower commit."""
        return self.place or self.commits // 2


def make_suite(plan: Plan, seed: int) -> History:
    """Return a simulated history; the first scenario is the one that gets slower."""
    rng = np.random.default_rng(seed)
    third = plan.commits // 3
    busy = np.zeros(plan.commits, dtype=np.bool_)
    if plan.loaded:
        busy[third : 2 * third] = True
    members: list[Series] = []
    for number in range(plan.scenarios):
        size = plan.size if number == 0 else 0.0
        members += _scenario(plan, f"scenario_{number}", size, busy, rng)
    return History(
        project="p",
        commits=tuple(
            Commit(sha=f"{i:040x}", date_ms=i, author="", subject="", tags=())
            for i in range(plan.commits)
        ),
        series=tuple(members),
        environments=(),
        excluded=(),
        show_commit_url="",
    )


def _scenario(
    plan: Plan, name: str, size: float, busy: np.ndarray, rng: np.random.Generator
) -> Iterator[Series]:
    n = plan.commits
    machine = rng.standard_normal(n)
    for library in ("p", "celery") if plan.control else ("p",):
        run = rng.standard_normal(n)
        slower = np.where(np.arange(n) >= plan.at, np.log1p(size), 0.0) if library == "p" else 0.0
        for metric, noise in plan.metrics.items():
            is_tracked = library == "p"
            scale = plan.between * (noise.tracked if is_tracked else noise.control)
            if plan.uneven:
                scale *= math.exp(rng.normal(0, plan.uneven))
            rest = np.sqrt(1 - noise.of_machine - noise.of_run)
            sign = noise.machine or 1
            logs = (
                scale
                * np.where(busy, noise.loaded, 1.0)
                * (
                    sign * np.sqrt(noise.of_machine) * machine
                    + sign * np.sqrt(noise.of_run) * run
                    + rest * rng.standard_normal(n)
                )
            )
            logs += np.where(busy, noise.shift if is_tracked else noise.control_shift, 0.0)
            yield _series(name, library, metric, logs + noise.effect * slower, noise, rng)


def _series(  # noqa: PLR0917 - the parts of one series
    scenario: str,
    library: str,
    metric: str,
    logs: Floats,
    noise: Noise,
    rng: np.random.Generator,
) -> Series:
    n = logs.size
    spread = noise.repeats * np.sqrt(REPEATS)
    samples = np.exp(np.repeat(logs, REPEATS) + rng.normal(0, spread, n * REPEATS))
    return Series(
        key=SeriesKey(
            benchmark=f"{scenario}.Scenario.track_{metric}",
            params=(("library", repr(library)),),
            machine="m",
            environment="e",
        ),
        metric=METRICS[metric],
        scenario=scenario,
        library=library,
        version="1",
        positions=np.arange(n),
        values=np.exp(logs),
        low=np.full(n, np.nan),
        high=np.full(n, np.nan),
        samples=samples,
        offsets=np.arange(0, n * REPEATS + 1, REPEATS),
    )


def blamed(judged: JudgedHistory) -> list[Event]:
    """Return the sure events that name a commit."""
    return [
        event
        for event in judged.events
        if event.kind is EventKind.COMMIT and event.verdict is not Verdict.SUSPECTED
    ]


def is_found(judged: JudgedHistory, plan: Plan, *, sure: bool = True) -> bool:
    """Say whether the planted regression is told, within a commit of its place."""
    return any(
        abs(event.position - plan.at) <= 1
        and event.direction is Verdict.WORSE
        and (event.verdict is Verdict.WORSE or not sure)
        and any(
            "scenario_0." in judged.series[m.series].series.key.benchmark for m in event.members
        )
        for event in judged.events
    )


def false_events(plan: Plan, repeats: int, seed: int = 0) -> float:
    """Return how many sure events histories without any change have, per 100 commits."""
    counts = [len(blamed(judge(make_suite(plan, seed + i)))) for i in range(repeats)]
    return 100 * sum(counts) / (repeats * plan.commits)


def share_found(plan: Plan, repeats: int, seed: int = 10_000) -> tuple[float, float]:
    """Return the share of planted regressions that is told as sure, and at least as suspected."""
    judged = [judge(make_suite(plan, seed + i)) for i in range(repeats)]
    return (
        sum(is_found(one, plan) for one in judged) / repeats,
        sum(is_found(one, plan, sure=False) for one in judged) / repeats,
    )


def asv_places(history: History, scenario: str = "") -> list[int]:
    """Return where asv's step detection sees the tracked library change, in any metric."""
    cuts = sorted(
        index
        for one in history.series
        if one.library == history.project and one.scenario.startswith(scenario)
        for index in asv(one.values.tolist(), np.split(one.samples, one.offsets[1:-1].tolist()))
    )
    return [cut for i, cut in enumerate(cuts) if not i or cut > cuts[i - 1] + 1]


def asv_false_events(plan: Plan, repeats: int, seed: int = 0) -> float:
    """Return the same of asv as `false_events`."""
    counts = [len(asv_places(make_suite(plan, seed + i))) for i in range(repeats)]
    return 100 * sum(counts) / (repeats * plan.commits)


def asv_share_found(plan: Plan, repeats: int, seed: int = 10_000) -> float:
    """Return the share of planted regressions that asv sees within a commit, whatever way."""
    found = [asv_places(make_suite(plan, seed + i), "scenario_0") for i in range(repeats)]
    return sum(any(abs(cut - plan.at) <= 1 for cut in cuts) for cuts in found) / repeats


def main() -> None:
    """Print the table."""
    parser = command_line("tests.evaluation.suites", __doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    options = parser.parse_args()
    if options.write:
        check_markers(SECTION)
    sizes = [f"+{size:.0%}" for size in SIZES]
    titles = ("commits", "control", "load", "false events / 100 commits", *sizes)
    titles += ("asv: false / 100", *(f"asv: {size}" for size in sizes))
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for commits in LENGTHS:
        for control in (True, False):
            for loaded in (False, True):
                plan = Plan(commits=commits, control=control, loaded=loaded)
                lines.append(_row(plan, options.repeats))
                click.echo(lines[-1], err=True)
    table = "\n".join(lines)
    click.echo(table)
    if options.write:
        write_table(SECTION, table)


def _row(plan: Plan, repeats: int) -> str:
    cells = [f"{false_events(plan, max(repeats, LEAST_COMMITS // plan.commits)):.2f}"]
    for size in SIZES:
        sure, suspected = share_found(replace(plan, size=size), repeats)
        cells.append(f"{sure:.0%} ({suspected:.0%})")
    cells.append(f"{asv_false_events(plan, max(4, ASV_COMMITS // plan.commits)):.1f}")
    cells += [f"{asv_share_found(replace(plan, size=size), repeats):.0%}" for size in SIZES]
    words = ("yes" if plan.control else "no", "a third" if plan.loaded else "none")
    return f"| {plan.commits} | {' | '.join((*words, *cells))} |"


if __name__ == "__main__":
    main()
