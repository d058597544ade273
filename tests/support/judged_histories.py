"""Small judged histories for tests of reports, one per hazard, made by hand."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tracker.model import (
    Change,
    Commit,
    Event,
    EventKind,
    Exclusion,
    Fate,
    History,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Member,
    Outcome,
    Series,
    SeriesKey,
    Status,
    Verdict,
)
from tracker.model.catalogue import METRICS

HOSTILE = "x|y`<script>\x1b[31m\u202e\n# pwned @everyone 🎉"


def make_commits(count: int = 6, *, hostile: bool = False) -> tuple[Commit, ...]:
    """One commit a day; every third is a release."""
    return tuple(
        Commit(
            sha=f"{i + 10:08x}" * 5,
            date_ms=1_767_225_600_000 + i * 86_400_000,
            author="Ada",
            subject=HOSTILE if hostile else f"Change {i}",
            tags=((HOSTILE if hostile else f"v1.{i}.0"),) if i % 3 == 0 else (),
        )
        for i in range(count)
    )


def make_series(values: list[float], *, library: str = "celery", **more: object) -> Series:
    """A throughput series of *values*, NaN where it failed."""
    size = len(values)
    params = (("library", repr(library)),)
    given: dict[str, object] = {
        "key": SeriesKey(
            benchmark="basic_throughput.BasicThroughput.track_throughput",
            params=params,
            machine="box",
            environment="uv-py3.13",
        ),
        "metric": METRICS["throughput"],
        "scenario": "basic_throughput",
        "library": library,
        "version": "1",
        "positions": np.arange(size),
        "values": np.array(values),
        "low": np.full(size, np.nan),
        "high": np.full(size, np.nan),
        "samples": np.zeros(0),
        "offsets": np.zeros(size + 1, dtype=np.int64),
    }
    return Series(**(given | more))


def judge_as(series: Series, verdict: Verdict, *changes: JudgedChange) -> JudgedSeries:
    """A series with *verdict* and *changes*."""
    return JudgedSeries(
        series=series,
        changes=changes,
        verdict=verdict,
        minimum_detectable_effect=math.nan if verdict is Verdict.CANNOT_TELL else 0.04,
        drift=0.0,
        far_out=None,
        standing=changes[-1] if changes else None,
        notes=("needs 5 more points",) if verdict is Verdict.CANNOT_TELL else (),
    )


def make_change(index: int, ratio: float, verdict: Verdict, *facts: str) -> JudgedChange:
    """A confirmed change at *index*, with its interval one step wide to either side."""
    return JudgedChange(
        change=Change(
            index=index,
            earliest=max(0, index - 1),
            latest=index,
            before=5000.0,
            after=5000.0 * ratio,
            ratio=ratio,
            ratio_low=ratio - 0.02,
            ratio_high=ratio + 0.02,
            p_value=1e-9,
            status=Status.CONFIRMED,
            points_since=3,
        ),
        verdict=verdict,
        direction=Verdict.BETTER if ratio > 1 else Verdict.WORSE,
        environment_changes=facts,
    )


def make_judged(
    *series: JudgedSeries,
    excluded: tuple[Exclusion, ...] = (),
    kind: EventKind = EventKind.COMMIT,
    hostile: bool = False,
) -> JudgedHistory:
    """A history of *series* and nothing else unless given."""
    return JudgedHistory(
        history=History(
            project=HOSTILE if hostile else "asynctasq",
            commits=make_commits(hostile=hostile),
            series=tuple(each.series for each in series),
            environments=(),
            excluded=excluded,
            show_commit_url="",
            notes=("No git repository was given.",) if excluded else (),
        ),
        series=series,
        events=make_events(series, kind),
        expected_false_alarms=0.03,
    )


def make_events(
    series: tuple[JudgedSeries, ...], kind: EventKind = EventKind.COMMIT
) -> tuple[Event, ...]:
    """One event for each position and direction of the changes that matter, newest first."""
    groups: dict[tuple[int, Verdict], list[Member]] = {}
    for number, judged in enumerate(series):
        for change in judged.changes:
            if change.verdict is not Verdict.NO_CHANGE:
                place = int(judged.series.positions[change.change.index]), change.direction
                groups.setdefault(place, []).append(Member(series=number, judged=change))
    return tuple(
        Event(
            kind=kind,
            verdict=direction if kind is EventKind.COMMIT else Verdict.SUSPECTED,
            direction=direction,
            position=position,
            earliest=position,
            latest=position,
            members=tuple(members),
            ratio=members[0].judged.change.ratio,
            shared=math.nan,
            p_value=1e-12,
            fate=Fate.STANDS,
            points_since=3,
            surroundings=members[0].judged.environment_changes,
        )
        for (position, direction), members in sorted(groups.items(), reverse=True)
    )


def nothing_changed() -> JudgedHistory:
    """One flat series."""
    return make_judged(judge_as(make_series([5e3] * 6), Verdict.NO_CHANGE))


def one_worse() -> JudgedHistory:
    """A release that costs a fifth of the throughput, and got a new kernel with it."""
    change = make_change(3, 0.8, Verdict.WORSE, "kernel 6.1 -> 6.2")
    return make_judged(
        judge_as(make_series([5e3] * 3 + [4e3] * 3), Verdict.WORSE, change),
        judge_as(make_series([5e3] * 6, library="rq"), Verdict.NO_CHANGE),
    )


UNBUILT = """the commit does not build: Failed to build `asynctasq @ file:///tmp/wheel`
  ├─▶ The build backend returned an error
  ╰─▶ Call to `hatchling.build.build_wheel` failed (exit status: 1)
      [stderr]
      Traceback (most recent call last):
        File "<string>", line 11, in <module>
          wheel_filename = backend.build_wheel("/tmp/wheel", {}, None)
      FileNotFoundError: [Errno 2] No such file or directory: 'README.md'"""
DEAD_WORKER = "the celery worker died (killed by SIGKILL): [INFO] ready. / Killed"
DEAD_BROKER = "the Redis server died (exit code 1): Can't save in background: fork: out of memory"


def failures_and_exclusions() -> JudgedHistory:
    """A commit that does not build, a worker and a broker that die, no such feature, no number."""
    broken = make_series(
        [5e3, math.nan, math.nan, math.nan, 5e3],
        positions=np.array([0, 1, 2, 3, 5]),
        outcomes=dict.fromkeys((1, 2, 3), Outcome.FAILED),
        reasons={1: UNBUILT, 2: DEAD_WORKER, 3: DEAD_BROKER},
    )
    unbuilt = make_series(
        [5e3, math.nan],
        library="rq",
        outcomes={1: Outcome.FAILED},
        reasons={1: UNBUILT},
    )
    missing = make_series(
        [math.nan] * 6,
        library="huey",
        outcomes=dict.fromkeys(range(6), Outcome.UNSUPPORTED),
        reasons=dict.fromkeys(range(6), "huey has no priorities over Redis"),
    )
    return make_judged(
        judge_as(broken, Verdict.CANNOT_TELL),
        judge_as(unbuilt, Verdict.CANNOT_TELL),
        judge_as(missing, Verdict.CANNOT_TELL),
        excluded=(
            Exclusion(what="a.time_x", why="the value is infinite", count=3, example="box/a.json"),
        ),
    )


def machine_shift() -> JudgedHistory:
    """Everything moved at one commit: it looks like the machine, and no commit is blamed."""
    change = replace(make_change(3, 0.8, Verdict.SUSPECTED), kind=EventKind.MACHINE)
    series = (make_series([5e3] * 3 + [4e3] * 3, library=f"lib{i}") for i in range(4))
    judged = [judge_as(each, Verdict.SUSPECTED, change) for each in series]
    return make_judged(*judged, kind=EventKind.MACHINE)


def two_machines() -> JudgedHistory:
    """What is the same on two machines is told apart wherever it stands."""
    key = make_series([]).key
    change = make_change(3, 0.8, Verdict.WORSE)
    series = []
    for machine in ("box", "desk"):
        own = replace(key, machine=machine)
        failed = {"outcomes": {1: Outcome.FAILED}, "reasons": {1: DEAD_WORKER}}
        series.append(make_series([5e3, math.nan, 5e3, 4e3, 4e3, 4e3], key=own, **failed))
    steady, moved = series
    return make_judged(judge_as(steady, Verdict.NO_CHANGE), judge_as(moved, Verdict.WORSE, change))


def hostile_names() -> JudgedHistory:
    """Every text that comes from elsewhere tries to break out of its place."""
    key = SeriesKey(
        benchmark=HOSTILE, params=((HOSTILE, HOSTILE),), machine=HOSTILE, environment=HOSTILE
    )
    series = make_series(
        [5e3, math.nan, 4e3, 4e3, 4e3, 4e3],
        key=key,
        library=HOSTILE,
        outcomes={1: Outcome.FAILED},
        reasons={1: HOSTILE},
    )
    change = make_change(2, 0.8, Verdict.WORSE, HOSTILE)
    return make_judged(
        judge_as(series, Verdict.WORSE, change),
        excluded=(Exclusion(what=HOSTILE, why=HOSTILE, count=1, example=HOSTILE),),
        hostile=True,
    )


def many_rows() -> JudgedHistory:
    """More than any list shows: what is not shown is counted."""
    series = [make_series([5e3] * 3 + [4e3] * 3, library=f"lib{i:03}") for i in range(60)]
    change = make_change(3, 0.8, Verdict.WORSE)
    return make_judged(*(judge_as(each, Verdict.WORSE, change) for each in series))


def no_verdicts() -> JudgedHistory:
    """Changes that are nobody's regression, without git; and what fails at every commit."""
    failing = make_series(
        [math.nan] * 6,
        library="rq",
        outcomes=dict.fromkeys(range(6), Outcome.FAILED),
        reasons=dict.fromkeys(range(6), DEAD_WORKER),
    )
    small = make_change(3, 0.99, Verdict.NO_CHANGE)
    of_a_control = replace(make_change(3, 0.8, Verdict.NO_CHANGE), kind=EventKind.MACHINE)
    judged = make_judged(
        judge_as(failing, Verdict.CANNOT_TELL),
        judge_as(make_series([5e3] * 3 + [4.95e3] * 3), Verdict.NO_CHANGE, small),
        judge_as(make_series([5e3] * 3 + [4e3] * 3), Verdict.NO_CHANGE, of_a_control),
    )
    commits = tuple(replace(commit, subject="", tags=()) for commit in judged.history.commits)
    return replace(judged, history=replace(judged.history, commits=commits))


HISTORIES: dict[str, Callable[[], JudgedHistory]] = {
    "nothing_changed": nothing_changed,
    "one_worse": one_worse,
    "failures_and_exclusions": failures_and_exclusions,
    "machine_shift": machine_shift,
    "two_machines": two_machines,
    "hostile_names": hostile_names,
    "many_rows": many_rows,
    "no_verdicts": no_verdicts,
}
