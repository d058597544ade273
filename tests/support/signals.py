"""Synthetic series with known answers, shared by the tests of the detector."""

import numpy as np
import numpy.typing as npt

from tracker.model import Better, Commit, History, Metric, Series, SeriesKey, Tier

type Floats = npt.NDArray[np.float64]

TIME = Metric(
    name="time",
    unit="s",
    better=Better.LOWER,
    floor=0.03,
    gates=True,
    tier=Tier.PRIMARY,
    description="",
)


def noisy(n: int, seed: int, noise: float = 0.01, steps: dict[int, float] | None = None) -> Floats:
    """Positive values around 1 with normal noise, and relative steps at the given indices."""
    rng = np.random.default_rng(seed)
    logs = noise * rng.standard_normal(n)
    for index, ratio in (steps or {}).items():
        logs[index:] += np.log(ratio)
    return np.exp(logs)


def series(values: Floats, name: str, metric: Metric = TIME, library: str = "") -> Series:
    """One series over consecutive commits, on machine m and environment e."""
    n = len(values)
    return Series(
        key=SeriesKey(benchmark=name, params=(), machine="m", environment="e"),
        metric=metric,
        scenario="",
        library=library,
        version="1",
        positions=np.arange(n),
        values=np.asarray(values, dtype=np.float64),
        low=np.full(n, np.nan),
        high=np.full(n, np.nan),
        samples=np.empty(0),
        offsets=np.zeros(n + 1, dtype=np.int64),
    )


def history(*members: Series, environments=(), project: str = "p") -> History:
    """A history that holds *members*."""
    n = max((int(s.positions[-1]) + 1 for s in members if s.positions.size), default=0)
    return History(
        project=project,
        commits=tuple(
            Commit(sha=f"{i:040x}", date_ms=i, author="", subject="", tags=()) for i in range(n)
        ),
        series=members,
        environments=environments,
        excluded=(),
        show_commit_url="",
    )
