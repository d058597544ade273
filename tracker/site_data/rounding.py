"""Numbers as short as a reader needs them: rounded, and samples as whole steps."""

import math

import numpy as np

from tracker.model import Floats, Series
from tracker.site_data.encoding import wholes
from tracker.site_data.schema import Steps, Wholes

DIGITS = 6


def number(value: float, digits: int = DIGITS) -> float | None:
    """Return one rounded number, or None when it is not finite."""
    if not math.isfinite(value):
        return None
    return float("%.*g" % (digits, value))  # noqa: UP031 - an f-string is slower


def sample_columns(series: Series) -> tuple[Steps, Wholes, float]:
    """Return samples as whole steps from the value of their point, their counts, and the step.

    The step is a power of ten, a ten-thousandth of the size of the values: finer than a pixel.
    """
    if not series.samples.size:
        return [], [], 1.0
    counts = series.offsets[1:] - series.offsets[:-1]
    step = _step(series.values)
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.rint((series.samples - np.repeat(series.values, counts)) / step)
    steps[~np.isfinite(steps) | (np.abs(steps) >= 2.0**53)] = np.nan
    same = bool((counts == counts[0]).all())
    return _whole(steps), wholes(counts[:1] if same else counts), step


def _step(values: Floats) -> float:
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if not sizes.size:
        return 1e-9
    return float(10.0 ** (math.floor(math.log10(float(np.median(sizes)))) - 4))


def _whole(steps: Floats) -> Steps:
    if np.isnan(steps).any():
        return [None if math.isnan(step) else int(step) for step in steps.tolist()]
    return wholes(steps.astype(np.int64))
