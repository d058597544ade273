"""Evidence of a change from paired rounds, valid however often it is looked at.

A round gives one difference of logarithms, head minus base. Base and head take turns, so without
a change a difference is as likely positive as negative. Differences are winsorised (Tukey and
McLaughlin, 1963), because a disturbed round on a shared machine is an outlier of any size. From
their mean and spread comes a test martingale for the t statistic: the ratio of its likelihood
under a normal mixture of effects to that under no effect (Lai 1976, doi 10.1214/aos/1176343406;
mixtures: Robbins 1970, doi 10.1214/aoms/1177696786; sequential testing: Wald 1945,
doi 10.1214/aoms/1177731118). By Ville's inequality it reaches 1/alpha at any time with probability
at most alpha; inverted, it gives an interval that holds at all times together (Howard et al. 2021,
doi 10.1214/20-AOS1991). Winsorising makes that an approximation: what it holds is measured in
tests/tracker/paired/test_evidence.py and stated in docs/comparing.md.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from tracker.model import Floats

# Variance of the mixture, in units of the spread of one round: effects of about that size are
# found soonest. Between 0.5 and 2 nothing changes by more than a round.
EFFECT_VARIANCE = 1.0

# A difference further out than this many robust standard deviations counts as if it were there.
CLIP = 2.5

# Resolution: spreads below this are rounding, not evidence (log units, about 0.1 %).
RESOLUTION = 1e-3

# Correlation of neighbouring rounds: counted from so many rounds on, and up to this value.
FEWEST_FOR_CORRELATION = 4
MOST_CORRELATION = 0.6

# Rounds from which on a spread leaves out the outermost.
FEWEST_TO_CUT = 5

# For power statements of 80 %: the normal quantile is 0.84; a spread that is estimated takes more.
POWER_QUANTILE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The middle of paired differences.

    Attributes:
        centre: winsorised mean, log units.
        spread: robust standard deviation of one round, log units, at least RESOLUTION; widened
            where neighbouring rounds are alike, for then n of them are worth fewer.
        n: number of rounds.
    """

    centre: float
    spread: float
    n: int


def locate(differences: Floats) -> Located:
    """Return the middle and the spread of at least two finite *differences*, shape (n,)."""
    n = len(differences)
    middle = float(np.median(differences))
    away = np.abs(differences - middle)
    inner = np.sort(away)[: max(1, n - math.ceil(n / 10))]
    # Each term rescues a case in which the ones before it are far too small: ties, two levels.
    scale = max(
        1.4826 * float(np.median(away)),
        0.75 * float(inner.mean()),
        0.7 * float(np.median(np.abs(differences))),
    )
    reach = CLIP * scale
    clipped = np.clip(differences, middle - reach, middle + reach)
    kept = float(np.mean(away <= reach))
    variance = float(clipped.var(ddof=1)) / kept**2
    centre = float(clipped.mean())
    spread = math.sqrt(variance + RESOLUTION**2) * _stretch(clipped - centre)
    return Located(centre=centre, spread=spread, n=n)


def _stretch(deviations: Floats) -> float:
    """How much wider a mean of rounds spreads because neighbours are alike, at least 1.

    The long-run variance of a series of first order, with the usual correction for the bias of a
    correlation from few values (Marriott and Pope 1954, doi 10.1093/biomet/41.3-4.390).
    """
    n, squares = len(deviations), float(deviations @ deviations)
    if n < FEWEST_FOR_CORRELATION or not squares:
        return 1.0
    correlation = float(deviations[1:] @ deviations[:-1]) / squares + 1 / n
    bounded = min(max(correlation, 0.0), MOST_CORRELATION)
    return math.sqrt((1 + bounded) / (1 - bounded))


def log_evidence(differences: Floats) -> float:
    """Return the log of the e-value against "no change"; 0 or less says nothing.

    Bounded by (n - 1) log 2: n rounds that all agree in sign are worth no more than n - 1 coins.
    """
    n = len(differences)
    if n < 2:  # noqa: PLR2004 - a spread needs two
        return 0.0
    located = locate(differences)
    t_squared = n * (located.centre / located.spread) ** 2
    prior = 1 + n * EFFECT_VARIANCE
    freedom = n - 1
    value = -0.5 * math.log(prior) + 0.5 * n * (
        math.log1p(t_squared / freedom) - math.log1p(t_squared / (prior * freedom))
    )
    return min(value, freedom * math.log(2))


def half_width(n: int, alpha: float) -> float:
    """Return half the width of the interval after *n* rounds, in units of the spread.

    Infinite while so few rounds cannot exclude anything at this *alpha*.
    """
    if n < 2:  # noqa: PLR2004
        return math.inf
    prior = 1 + n * EFFECT_VARIANCE
    growth = (math.sqrt(prior) / alpha) ** (2 / n)
    if growth >= prior:
        return math.inf
    t_squared = (n - 1) * (growth - 1) / (1 - growth / prior)
    return math.sqrt(t_squared / n)


def interval(located: Located, alpha: float) -> tuple[float, float]:
    """Return both ends, in log units, of the interval that holds at all times with 1 - alpha."""
    half = located.spread * half_width(located.n, alpha)
    return located.centre - half, located.centre + half


def detectable(located: Located, alpha: float) -> float:
    """Return the smallest log change that these rounds would have established, 4 times in 5."""
    return located.spread * (
        half_width(located.n, alpha) + POWER_QUANTILE / math.sqrt(max(located.n, 1))
    )


def rounds_needed(
    located: Located, *, alpha: float, margin: float, interval_alpha: float, most: int = 2000
) -> int | None:
    """Return how many rounds in all would decide it, if middle and spread stay as they are.

    Decided means: a change established at *alpha*, or the interval at *interval_alpha* within
    plus or minus *margin*. None when more than *most* would be needed.
    """
    size = abs(located.centre)

    def decided(n: int) -> bool:
        established = located.spread * half_width(n, alpha) <= size
        return established or size + located.spread * half_width(n, interval_alpha) <= margin

    # The width falls with n: once decided, always decided.
    n = bisect_left(range(most + 1), True, lo=max(located.n, 2), key=decided)
    return n if n <= most else None


def log_sign_evidence(signs: Floats) -> float:
    """Return the log e-value that head is above (or below) base, from signs -1, 0, +1 only.

    For metrics that may be zero, where there is no ratio. Ties say nothing. The e-value is the
    uniform mixture over all probabilities of a sign (Robbins 1970).
    """
    up, down = int(np.sum(signs > 0)), int(np.sum(signs < 0))
    n = up + down
    beta = math.lgamma(up + 1) + math.lgamma(down + 1) - math.lgamma(n + 2)
    return beta + n * math.log(2)


def variation(values: Floats) -> float | None:
    """Return the coefficient of variation of rounds, None where there is none.

    The outermost tenth on either side is winsorised, so that one disturbed round does not make a
    side unsteady; the divisor then makes it the usual one for normal noise.
    """
    n = len(values)
    if n < 2:  # noqa: PLR2004
        return None
    cut = math.ceil(n / 10) if n >= FEWEST_TO_CUT else 0
    ordered = np.sort(values)
    inner = np.clip(ordered, ordered[cut], ordered[n - 1 - cut])
    mean, spread = float(inner.mean()), float(inner.std(ddof=1))
    return abs(spread / (1 - 2 * cut / n) / mean) if mean else None
