"""Run records to run files, and the table of them.

A record is the JSON that the harness writes (docs/measuring.md); it comes here as plain values
and is taken apart with care, because a folder may hold records of other versions.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from tracker.model.catalogue import METRICS
from tracker.site_data.columns import number
from tracker.site_data.run_values import Curve, RunFile, RunSample, RunTable
from tracker.site_data.schema import SCHEMA_VERSION

type Json = Mapping[str, object]

CURVES = {
    "depth": ("queue depth", "tasks"),
    "throughput": ("throughput", "tasks/s"),
    "cpu_percent": ("cpu", "%"),
    "memory_bytes": ("memory", "B"),
    "broker_backlog": ("broker backlog", "tasks"),
}
# Units of what only run records hold.
RECORD_UNITS = {"broker_cpu_per_kilotask": "s", "broker_memory_peak": "B", "foreign_cpu": "cores"}
_TEXT_LIMIT = 2_000
_PERCENT_PER_MS = 100 / 1000
_EXACT = 2**53  # what a browser can count to


def run_table(runs: Iterable[tuple[RunFile, str]], shas: Sequence[str]) -> RunTable:
    """Return which runs there are; runs of commits outside the history are left out."""
    positions = {sha: i for i, sha in enumerate(shas)}
    known = [(run, name, positions[run.sha]) for run, name in runs if run.sha in positions]
    known.sort(key=lambda k: (k[0].scenario, k[0].library, k[0].machine, k[0].environment, k[2]))
    return RunTable(
        scenario=[run.scenario for run, _, _ in known],
        library=[run.library for run, _, _ in known],
        machine=[run.machine for run, _, _ in known],
        environment=[run.environment for run, _, _ in known],
        position=[position for _, _, position in known],
        outcome=[run.outcome for run, _, _ in known],
        file=[name for _, name, _ in known],
    )


def run_file(record: Json) -> RunFile:
    """Return the file of one record; what a record lacks is shown as absent."""
    runs = [_sample(run) for run in _list(record, "runs")]
    quantiles, latencies = _distribution(_table(record, "histogram"))
    validation = _table(record, "validation")
    return RunFile(
        schema_version=SCHEMA_VERSION,
        scenario=_text(record, "scenario"),
        library=_text(record, "library"),
        machine=_text(record, "machine"),
        environment=_text(record, "environment"),
        sha=_text(record, "commit"),
        outcome=_text(record, "outcome"),
        reason=_text(record, "reason"),
        facts=_facts(record),
        units=_units(record, runs),
        runs=runs,
        histogram=_histogram(quantiles, latencies),
        percentiles=_curve("latency", "s", quantiles, list(latencies)),
        curves=_curves(_table(record, "curves")),
        throughput_cv=_float(validation.get("throughput_cv")),
        grade=_text(validation, "grade"),
        warnings=_texts(validation, "warnings"),
    )


def _facts(record: Json) -> list[list[str]]:
    support = _table(record, "support")
    facts = {
        "size": _text(record, "size"),
        "scenario version": _text(record, "scenario_version"),
        "harness version": _text(record, "harness_version"),
        "support": " ".join((_text(support, "level"), _text(support, "reason"))).strip(),
        **{str(key): str(value) for key, value in _table(record, "facts").items()},
        **{str(key): str(value) for key, value in _table(record, "library_versions").items()},
    }
    return [[key, value[:_TEXT_LIMIT]] for key, value in facts.items() if value]


def _sample(run: Json) -> RunSample:
    figures: dict[str, float | None] = {}
    for phase in _list(run, "phases"):
        for name, value in _table(phase, "metrics").items():
            if figures.get(str(name)) is None:
                figures[str(name)] = _float(value)
    return RunSample(
        variant=_text(run, "variant"),
        round=_whole(run.get("round")),
        generation=_whole(run.get("generation")),
        outlier=run.get("outlier") is True,
        warmup=_text(_table(run, "warmup"), "verdict"),
        figures=figures,
        warnings=_texts(run, "warnings"),
    )


def _units(record: Json, runs: Sequence[RunSample]) -> dict[str, str]:
    """Return the unit of each figure, in the order of the catalogue, then of the record."""
    metrics = _table(record, "metrics")
    names = dict.fromkeys(name for run in runs for name in run.figures)
    order = [name for name in METRICS if name in names]
    order += [name for name in names if name not in METRICS]

    def unit(name: str) -> str:
        stated = metrics.get(name)
        if isinstance(stated, Mapping):
            return _text(stated, "unit")
        return METRICS[name].unit if name in METRICS else RECORD_UNITS.get(name, "")

    return {name: unit(name) for name in order}


def _distribution(histogram: Json) -> tuple[list[float], list[float]]:
    """Return quantiles and latencies of the ready-made percentile curve, ascending."""
    points: dict[float, float] = {}
    for pair in _items(histogram, "curve"):
        if isinstance(pair, Sequence) and not isinstance(pair, str) and len(pair) == 2:  # noqa: PLR2004
            quantile, latency = _float(pair[0]), _float(pair[1])
            if quantile is not None and latency is not None and 0 <= quantile <= 1:
                points[quantile] = latency
    quantiles = sorted(points)
    return quantiles, [points[quantile] for quantile in quantiles]


def _histogram(quantiles: Sequence[float], latencies: Sequence[float]) -> Curve | None:
    """Return how densely tasks lie between each recorded latency and the one before; 0 at first.

    In percent of all tasks per millisecond: a share per second means nothing to a reader.
    """
    ends: list[float] = []
    shares: list[float | None] = []
    points = zip(quantiles, latencies, strict=True)
    for (low_q, low), (high_q, high) in pairwise(points):
        if high > low and high_q > low_q:
            if not ends:
                ends, shares = [_short(low)], [0.0]
            ends.append(_short(high))
            shares.append(_short((high_q - low_q) / (high - low) * _PERCENT_PER_MS))
    return _curve("tasks per millisecond of latency", "%", ends, shares)


def _curves(curves: Json) -> list[Curve]:
    """Return each curve at the times at which it was sampled; they differ in their rates."""
    times = [_float(time) for time in _items(curves, "time_s")]
    made: list[Curve] = []
    for key, (name, unit) in CURVES.items():
        pairs = zip(times, map(_float, _items(curves, key)), strict=False)
        points = [(time, value) for time, value in pairs if time is not None and value is not None]
        if points:
            x, y = ([p[0] for p in points], [p[1] for p in points])
            made.append(Curve(name=name, unit=unit, x=x, y=list(y)))
    return made


def _curve(name: str, unit: str, x: list[float], y: Sequence[float | None]) -> Curve | None:
    if not x or len(x) != len(y):
        return None
    return Curve(name=name, unit=unit, x=x, y=list(y))


def _short(value: float) -> float:
    return number(value) or 0.0


def _float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return number(float(value))
    except OverflowError:  # an integer beyond all floats
        return None


def _whole(value: object) -> int:
    return value if type(value) is int and abs(value) < _EXACT else 0


def _text(table: Json, key: str) -> str:
    value = table.get(key)
    return "" if value is None else str(value)[:_TEXT_LIMIT]


def _texts(table: Json, key: str) -> list[str]:
    return [str(item)[:_TEXT_LIMIT] for item in _items(table, key)]


def _table(table: Json, key: str) -> Json:
    value = table.get(key)
    return value if isinstance(value, Mapping) else {}


def _items(table: Json, key: str) -> Sequence[object]:
    value = table.get(key)
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _list(table: Json, key: str) -> list[Json]:
    return [item for item in _items(table, key) if isinstance(item, Mapping)]
