"""A history that was measured for real, in one small file: values and repeats of every series."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tracker.history.load import Source, read_history
from tracker.model import Commit, Floats, History, Series, SeriesKey
from tracker.model.catalogue import METRICS

DIGITS = 5

type Packed = Mapping[
    str, Mapping[str, list[list[float]]]
]  # library, metric, commit: value, repeats


def pack(source: Source, path: Path) -> None:
    """Write what *source* holds of each library and metric, commit by commit."""
    packed: dict[str, dict[str, list[list[float]]]] = {}
    for one in read_history(source).series:
        if np.isfinite(one.values).all():
            points = zip(one.values, np.split(one.samples, one.offsets[1:-1]), strict=True)
            packed.setdefault(one.library, {})[one.metric.name] = [
                [float(f"{number:.{DIGITS}g}") for number in (value, *repeats)]
                for value, repeats in points
            ]
    path.write_text(json.dumps(packed, separators=(",", ":")) + "\n", encoding="utf-8")


def unpack(path: Path) -> History:
    """The history that `pack` wrote, of AsyncTasQ in one scenario on one machine."""
    packed: Packed = json.loads(path.read_text(encoding="utf-8"))
    series = [
        _series(library, metric, points)
        for library, metrics in packed.items()
        for metric, points in metrics.items()
    ]
    commits = max(one.values.size for one in series)
    return History(
        project="asynctasq",
        commits=tuple(
            Commit(sha=f"{i + 1:040x}", date_ms=i, author="", subject="", tags=(f"c{i + 1}",))
            for i in range(commits)
        ),
        series=tuple(series),
        environments=(),
        excluded=(),
        show_commit_url="",
    )


def _series(library: str, metric: str, points: list[list[float]]) -> Series:
    n = len(points)
    repeats: list[Floats] = [np.array(point[1:]) for point in points]
    return Series(
        key=SeriesKey(
            benchmark=f"basic_throughput.BasicThroughput.track_{metric}",
            params=(("library", repr(library)),),
            machine="study",
            environment="uv-py3.13",
        ),
        metric=METRICS[metric],
        scenario="basic_throughput",
        library=library,
        version="1",
        positions=np.arange(n),
        values=np.array([point[0] for point in points]),
        low=np.full(n, math.nan),
        high=np.full(n, math.nan),
        samples=np.concatenate(repeats),
        offsets=np.concatenate([[0], np.cumsum([each.size for each in repeats])]),
    )
