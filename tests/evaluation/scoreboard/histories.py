"""Benchmark histories with known truth: a level path, times noise, seen through repeated runs.

A history is composed of a *path* (what the code does), a *weather* (what the machine does from
commit to commit) and a *run* (what one repeat adds). Step sizes are multiples of the noise, so a
cell of the table means the same for quiet and for loud benchmarks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]

REPEATS = 8
NOISE = 0.02  # standard deviation of one commit, relative
LENGTHS = (30, 100, 400)
STEPS = (1.5, 3.0, 6.0)  # in units of the noise


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSeries:
    """A history, what is true of it, and the cell of the table that it belongs to."""

    values: list[float]
    samples: list[list[float]]
    truth: list[int]
    path: str
    weather: str
    n: int
    step: float


def _normal(rng: np.random.Generator, n: int) -> Floats:
    return rng.standard_normal(n)


def _skewed(rng: np.random.Generator, n: int) -> Floats:
    """Gamma of shape 0.8: most runs near the best time, a long tail of slow ones."""
    return (rng.gamma(0.8, size=n) - 0.8) / np.sqrt(0.8)


def _spiky(rng: np.random.Generator, n: int) -> Floats:
    """Normal, with one commit in thirty far off, mostly slow."""
    far = (rng.random(n) < 1 / 30) * rng.uniform(4, 15, n) * np.where(rng.random(n) < 0.8, 1, -1)
    return rng.standard_normal(n) + far


def _two_modes(rng: np.random.Generator, n: int) -> Floats:
    """Two memory layouts, drawn anew for each build."""
    return np.where(rng.random(n) < 0.35, 1.3, -0.7) + 0.3 * rng.standard_normal(n)


def _wandering(rng: np.random.Generator, n: int) -> Floats:
    """The machine's state decays slowly: first-order autoregressive, 0.5."""
    out = np.empty(n)
    state = rng.standard_normal()
    for i in range(n):
        out[i] = state
        state = 0.5 * state + np.sqrt(0.75) * rng.standard_normal()
    return out


WEATHERS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "normal": _normal,
    "skewed": _skewed,
    "spiky": _spiky,
    "two_modes": _two_modes,
    "wandering": _wandering,
}
PATHS = ("none", "one", "several", "undone", "newest", "ramp", "spikes")


def _path(rng: np.random.Generator, path: str, n: int, step: float) -> tuple[Floats, list[int]]:
    """Return log levels in noise units, and the first index after each change."""
    level = np.zeros(n)
    edge = max(6, n // 8)
    sign = rng.choice((-1.0, 1.0))
    if path == "one":
        truth = [int(rng.integers(edge, n - edge))]
    elif path == "several":
        count = 2 if n < 100 else 4
        truth = [int(c) + int(rng.integers(-2, 3)) for c in np.linspace(0, n, count + 2)[1:-1]]
    elif path == "undone":
        first = int(rng.integers(6, n - 16))
        truth = [first, first + int(rng.integers(6, 10))]
    elif path == "newest":
        truth = [n - int(rng.integers(3, 6))]
    else:
        truth = []
    signs = {"undone": (sign, -sign)}.get(path, [rng.choice((-1.0, 1.0)) for _ in truth])
    for at, way in zip(truth, signs, strict=True):
        level[at:] += step * way
    if path == "ramp":
        level += sign * 3 * np.clip((np.arange(n) - n / 4) / (n / 2), 0, 1)
    if path == "spikes":
        level[rng.choice(n, 1 + n // 50, replace=False)] += rng.uniform(6, 20)
    return level, truth


def make(path: str, weather: str, n: int, step: float, seed: int) -> SimulatedSeries:
    """Return one history; the same arguments always give the same."""
    rng = np.random.default_rng(
        [seed, n, PATHS.index(path), list(WEATHERS).index(weather), round(step * 10)]
    )
    level, truth = _path(rng, path, n, step)
    shared = rng.choice((0.5, 0.97))  # share of the variance that all repeats of a commit have
    between = np.sqrt(shared) * WEATHERS[weather](rng, n)
    within = np.sqrt((1 - shared) * REPEATS) * rng.standard_normal((n, REPEATS)) / 1.25
    table = 0.003 * np.exp(NOISE * (level[:, None] + between[:, None] + within))
    missing = rng.random(n) < (0.15 if seed % 4 == 0 else 0.0)
    measured = np.flatnonzero(~missing)
    return SimulatedSeries(
        values=[
            float("nan") if gone else float(v)
            for v, gone in zip(np.median(table, axis=1), missing, strict=True)
        ],
        samples=[[] if gone else row.tolist() for row, gone in zip(table, missing, strict=True)],
        truth=sorted(
            {int(measured[np.searchsorted(measured, t)]) for t in truth if t <= measured[-1]}
        ),
        path=path,
        weather=weather,
        n=n,
        step=step,
    )


def all_of_them(repeats: int, seed: int = 20_000) -> Iterator[SimulatedSeries]:
    """Give every cell of the table *repeats* times."""
    for n in LENGTHS:
        for weather in WEATHERS:
            for path in PATHS:
                for step in STEPS if path not in {"none", "ramp", "spikes"} else (0.0,):
                    for turn in range(repeats * (3 if path == "none" else 1)):
                        yield make(path, weather, n, step, seed + turn)
