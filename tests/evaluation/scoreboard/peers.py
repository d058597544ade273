"""The peers, through their own released packages, in the shape of our detector.

Each takes values and repeats and returns the index of the first commit after each change. All
but ours need the commits that were not measured left out.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache, wraps

import numpy as np

type Values = Sequence[float]
type Samples = Sequence[Sequence[float]]
type Detector = Callable[[Values, Samples], list[int]]


def _measured_only(function: Detector) -> Detector:
    @wraps(function)
    def wrapped(values: Values, samples: Samples) -> list[int]:
        kept = [i for i, v in enumerate(values) if math.isfinite(v)]
        found = function([values[i] for i in kept], [samples[i] for i in kept])
        return [kept[int(i)] for i in found]

    return wrapped


def tracker(values: Values, samples: Samples) -> list[int]:
    """Return what this project finds."""
    from tracker.detect import find_changes

    return [change.index for change in find_changes(values, samples)]


@cache
def _asv_weight(repeats: tuple[float, ...]) -> float | None:
    from asv._stats import get_weight
    from asv_runner.statistics import quantile_ci

    low, high = quantile_ci(list(repeats), 0.5, alpha_min=0.99)[1]
    weight: float | None = get_weight({"ci_99_a": low, "ci_99_b": high})
    return weight


@_measured_only
def asv(values: Values, samples: Samples) -> list[int]:
    """The step detection of asv, with the weights that asv itself takes from the repeats."""
    from asv.step_detect import detect_steps

    weights = [_asv_weight(tuple(s)) for s in samples]
    return [step[0] for step in detect_steps(list(values), weights)[1:]]


@_measured_only
def otava(values: Values, samples: Samples) -> list[int]:
    """Apache Otava with its defaults."""
    from otava.analysis import compute_change_points

    points, _ = compute_change_points(list(values), window_len=50, max_pvalue=0.001)
    return [point.index for point in points]


def _penalised(values: Values, kernel: str, penalty: float) -> list[int]:
    import ruptures

    y = np.asarray(values)
    noise = float(np.median(np.abs(np.diff(y)))) * 1.4826 / math.sqrt(2) or 1.0
    model = ruptures.KernelCPD(kernel=kernel, min_size=2).fit((y / noise).reshape(-1, 1))
    cuts: list[int] = model.predict(pen=penalty * math.log(y.size))
    return cuts[:-1]


@_measured_only
def pelt(values: Values, samples: Samples) -> list[int]:
    """ruptures, PELT with squared error and the penalty of BIC."""
    return _penalised(values, "linear", 2.0)


@_measured_only
def kcpd(values: Values, samples: Samples) -> list[int]:
    """ruptures, kernel change points (rbf)."""
    return _penalised(values, "rbf", 1.0)


DETECTORS: dict[str, Detector] = {
    "tracker": tracker,
    "asv": asv,
    "otava": otava,
    "pelt": pelt,
    "kcpd": kcpd,
}
