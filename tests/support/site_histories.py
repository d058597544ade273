"""Makes judged histories out of nothing but a seed, small and real-looking or large.

The judgement is made here, next to the data, so that the site can be tested without a detector:
where a step was planted, a change is reported.
"""

import hashlib
import math
from dataclasses import dataclass, replace

import numpy as np

from tests.support.judged_histories import make_events
from tracker.model import (
    Better,
    Change,
    Commit,
    Environment,
    Exclusion,
    History,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Outcome,
    Series,
    SeriesKey,
    Status,
    Verdict,
)
from tracker.model.catalogue import METRICS

HOSTILE = '<img src=x onerror="window.hacked=1">\'`|\u202e</script><script>window.hacked=1</script>'
REASON = "worker died: exit code -9 (out of memory)"
LIBRARIES = ("asynctasq", "celery", "taskiq", "dramatiq", "huey", "rq", "arq", "procrastinate")
SCENARIOS = ("basic_throughput", "io_bound", "cpu_bound", "mixed", "serialization", "scalability")
LEVELS = {"tasks/s": 5200.0, "s": 0.012, "B": 9.1e7, "%": 74.0, "ratio": 0.05, "tasks": 4000.0}
_SUBJECTS = (
    "Pool connections per worker", "Send tasks in batches", "Read settings once", "Fix typing",
    "Acknowledge after the task", "Let workers drain before they stop", "Use msgpack for payloads",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large a history is to be."""

    commits: int = 40
    libraries: tuple[str, ...] = LIBRARIES[:3]
    scenarios: tuple[str, ...] = SCENARIOS[:3]
    metrics: tuple[str, ...] = (
        "throughput", "latency_p50", "latency_p99", "cpu_percent", "memory_peak",
    )  # fmt: skip
    machines: tuple[str, ...] = ("runner-a",)
    sizes: tuple[str, ...] = ()
    samples: int = 5
    hostile: bool = False
    seed: int = 7


SMALL = Shape()
LARGE = Shape(
    commits=2000,
    libraries=LIBRARIES,
    scenarios=SCENARIOS,
    metrics=tuple(METRICS)[:16],
    machines=("runner-a", "runner-b"),
    sizes=("1000", "10000"),
    samples=0,
)


def make_commits(shape: Shape) -> tuple[Commit, ...]:
    """Return commits half a day apart, every tenth of them a release."""
    return tuple(
        Commit(
            sha=hashlib.sha1(f"{shape.seed}:{i}".encode(), usedforsecurity=False).hexdigest(),
            date_ms=1_700_000_000_000 + i * 43_200_000,
            author=HOSTILE if shape.hostile and i % 7 == 0 else ("Ada", "Grace", "Linus")[i % 3],
            subject=HOSTILE if shape.hostile and i % 5 == 0 else _SUBJECTS[i % len(_SUBJECTS)],
            tags=(f"v1.{i // 10}.0",) if i % 10 == 9 else (),
        )
        for i in range(shape.commits)
    )


def make_history(shape: Shape = SMALL) -> JudgedHistory:
    """Return a whole judged history of *shape*."""
    rng = np.random.default_rng(shape.seed)
    judged = [
        _one(shape, rng, (scenario, library, metric, machine, size))
        for scenario in shape.scenarios
        for library in shape.libraries
        for metric in shape.metrics
        for machine in shape.machines
        for size in shape.sizes or ("",)
    ]
    environments = tuple(
        Environment(
            machine=machine,
            environment="uv-py3.13",
            position=position,
            facts=(
                ("cpu", "AMD EPYC 7763"),
                ("python", "3.13.1" if position < shape.commits * 2 // 3 else "3.13.2"),
                ("redis", "7.4.1"),
            ),
        )
        for machine in shape.machines
        for position in range(0, shape.commits, 5)
    )
    history = History(
        project=HOSTILE if shape.hostile else "asynctasq",
        commits=make_commits(shape),
        series=tuple(one.series for one in judged),
        environments=environments,
        excluded=(
            Exclusion(what="result", why="other version of the benchmark", count=3, example="a.b"),
        ),
        show_commit_url="https://example.org/asynctasq/commit/",
    )
    return JudgedHistory(
        history=history,
        series=tuple(judged),
        events=make_events(tuple(judged)),
        expected_false_alarms=0.12,
    )


def _one(shape: Shape, rng: np.random.Generator, names: tuple[str, ...]) -> JudgedSeries:
    scenario, library, metric_name, machine, size = names
    metric = METRICS[metric_name]
    n = shape.commits
    level = LEVELS[metric.unit] * float(rng.uniform(0.5, 2.0))
    level *= (float(size) / 1000) ** 0.9 if size and metric.better is Better.LOWER else 1.0
    noise = float(rng.uniform(0.005, 0.03))
    planted = int(rng.integers(n // 3, n - 4)) if rng.random() < 0.3 else None
    ratio = float(rng.choice([0.8, 0.9, 1.12, 1.35]))
    levels = np.full(n, level)
    if planted is not None:
        levels[planted:] *= ratio
    positions = np.arange(n, dtype=np.int64)
    failed = {n // 4, n // 4 + 1} if rng.random() < 0.15 else set()
    failed |= {n - 1} if rng.random() < 0.03 else set()
    values = levels * np.exp(rng.normal(0, noise, n))
    values[list(failed)] = np.nan
    repeats = np.full(n, shape.samples, dtype=np.int64)
    repeats[list(failed)] = 0
    samples = np.repeat(values, repeats) * np.exp(rng.normal(0, noise * 2, int(repeats.sum())))
    params = (("library", repr(HOSTILE if shape.hostile else library)),)
    params += (("tasks", size),) if size else ()
    series = Series(
        key=SeriesKey(
            benchmark=f"{scenario}.{scenario.title().replace('_', '')}.track_{metric_name}",
            params=(*params, ("seed", repr(library))) if shape.hostile else params,
            machine=machine,
            environment="uv-py3.13",
        ),
        metric=metric,
        scenario=scenario,
        library=HOSTILE if shape.hostile else library,
        version="1",
        positions=positions,
        values=values,
        low=values * (1 - 2 * noise),
        high=values * (1 + 2 * noise),
        samples=samples,
        offsets=np.concatenate(([0], np.cumsum(repeats))),
        outcomes=dict.fromkeys(sorted(failed), Outcome.FAILED),
        reasons=dict.fromkeys(sorted(failed), HOSTILE if shape.hostile else REASON),
    )
    changes = (_change(planted, level, ratio, n, series),) if planted is not None else ()
    verdict = changes[-1].verdict if changes else Verdict.NO_CHANGE
    if not changes and rng.random() < 0.08:
        verdict = Verdict.CANNOT_TELL
    return JudgedSeries(
        series=series, changes=changes, verdict=verdict,
        minimum_detectable_effect=noise * 2.5, drift=0.0, far_out=None, notes=(),
    )  # fmt: skip


def _change(at: int, level: float, ratio: float, n: int, series: Series) -> JudgedChange:
    worse = (ratio > 1) == (series.metric.better is Better.LOWER)
    return JudgedChange(
        change=Change(
            index=at, earliest=max(at - 1, 0), latest=min(at + 1, n - 1), before=level,
            after=level * ratio, ratio=ratio, ratio_low=ratio * 0.98, ratio_high=ratio * 1.02,
            p_value=1e-6, status=Status.CONFIRMED if n - at > 5 else Status.SUSPECTED,
            points_since=n - at,
        ),
        verdict=Verdict.WORSE if worse else Verdict.BETTER,
        direction=Verdict.WORSE if worse else Verdict.BETTER,
        environment_changes=("python 3.13.1 -> 3.13.2",) if math.isclose(at, n * 2 // 3) else (),
    )  # fmt: skip


def scaled(judged: JudgedHistory, factor: float) -> JudgedHistory:
    """The same history with every value multiplied: every series file gets a new name."""
    series = tuple(
        replace(one, series=replace(one.series, values=one.series.values * factor))
        for one in judged.series
    )
    return replace(judged, series=series)


def foreign(judged: JudgedHistory) -> JudgedHistory:
    """The same history of another project: benchmarks of one module, no libraries."""
    series = []
    for i, one in enumerate(judged.series):
        key = replace(one.series.key, benchmark=f"suite.Suite.time_{i}", params=(("n", "3"),))
        own = replace(one.series, key=key, scenario="suite", library="")
        series.append(replace(one, series=own))
    return replace(judged, series=tuple(series))


def in_two_environments(judged: JudgedHistory) -> JudgedHistory:
    """The same history twice, the second time under another Python."""
    series = []
    for one in judged.series:
        key = replace(one.series.key, environment="uv-py3.14")
        series.append(replace(one, series=replace(one.series, key=key)))
    return replace(judged, series=(*judged.series, *series))
