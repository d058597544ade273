"""From the rounds of all rows to a verdict for each: what is established, settled, or open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.model import Better, Floats, Metric, Verdict
from tracker.paired import evidence as paired
from tracker.paired.e_values import discoveries
from tracker.paired.noise_floor import Shift, noise_floor
from tracker.paired.policy import PairedPolicy
from tracker.units import count


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRow:
    """What was measured of one metric of one benchmark.

    Attributes:
        base, head: one value a round, shape (n,), same rounds, base unit of the metric.
        again: base against base, log ratios of the rounds in which base ran twice.
        shift: how the controls of this metric moved, None without controls.
    """

    metric: Metric
    base: Floats
    head: Floats
    again: Floats
    shift: Shift | None

    @property
    def has_ratio(self) -> bool:
        """Whether all values are positive, so that there are ratios."""
        return len(self.base) > 0 and bool(np.all(self.base > 0) and np.all(self.head > 0))

    @property
    def differences(self) -> Floats:
        """Log ratios head / base, the controls' shift taken out; signs where no ratio exists."""
        if not self.has_ratio:
            return np.sign(self.head - self.base)
        shift = self.shift.divide_out if self.shift else 0.0
        return np.log(self.head / self.base) - shift


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedVerdict:
    """The judgement of one row; relative numbers are fractions, ratios are head / base.

    Attributes:
        discovered: established at the screening level, over all rows of its kind.
        settled: more rounds would not change the verdict.
        log_e: log of the e-value against no change.
        rounds_to_settle: further rounds that would settle it, None when settled or out of reach.
        rising: whether head's values are the larger ones.
    """

    verdict: Verdict
    discovered: bool
    settled: bool
    log_e: float
    ratio: float | None
    low: float | None
    high: float | None
    noise_floor: float | None
    minimum_detectable_effect: float | None
    rounds_to_settle: int | None
    rising: bool
    reason: str

    @property
    def p_value(self) -> float:
        """A p-value that holds at any number of rounds."""
        return math.exp(-max(self.log_e, 0.0))


def decide_rows(rows: Sequence[PairedRow], policy: PairedPolicy) -> tuple[PairedVerdict, ...]:
    """Judge all rows of a comparison together, gating rows apart from the others."""
    evidence = [_log_evidence(row) for row in rows]
    is_discovery = [False] * len(rows)
    families = {
        gates: [i for i, row in enumerate(rows) if row.metric.gates is gates]
        for gates in (True, False)
    }
    for members in families.values():
        chosen = discoveries([evidence[i] for i in members], policy.screen_alpha)
        for i, discovered in zip(members, chosen, strict=True):
            is_discovery[i] = discovered and len(rows[i].base) >= policy.fewest_rounds
    return tuple(
        _Decision(policy).decide(row, log_e, len(families[row.metric.gates]), discovered=discovered)
        for row, log_e, discovered in zip(rows, evidence, is_discovery, strict=True)
    )


def is_certain(log_e: float, rows: int, policy: PairedPolicy) -> bool:
    """Whether this evidence suffices among *rows* gating rows without any more."""
    return log_e >= math.log(max(rows, 1) / policy.alpha)


def confirms(
    first: PairedVerdict, again: PairedRow, rows: int, policy: PairedPolicy
) -> bool | None:
    """Say whether *again* (fresh workers only) shows the change of *first*; None: not yet clear.

    Args:
        first: the verdict that is in question.
        again: what was measured since.
        rows: gating rows of the comparison.
        policy: how sure to be.
    """
    if len(again.base) < policy.fewest_confirming:
        return None
    log_e = _log_evidence(again)
    same_way = bool(_middle(again) > 0) == first.rising
    if same_way and log_e >= math.log(policy.least_again):
        return True if is_certain(first.log_e + log_e, rows, policy) else None
    if not same_way and log_e >= math.log(policy.least_again):
        return False
    if again.has_ratio and first.ratio is not None:
        low, high = paired.interval(paired.locate(again.differences), policy.interval_alpha)
        if not low <= math.log(first.ratio) / 2 <= high:
            return False
    return None


def withdraw(verdict: PairedVerdict, reason: str) -> PairedVerdict:
    """The verdict of a discovery that did not hold: it cannot be told."""
    return replace(verdict, verdict=Verdict.CANNOT_TELL, settled=False, reason=reason)


def _middle(row: PairedRow) -> float:
    if row.has_ratio and len(row.base) > 1:
        return paired.locate(row.differences).centre
    return float(np.mean(row.differences))


def _log_evidence(row: PairedRow) -> float:
    if row.has_ratio:
        return paired.log_evidence(row.differences)
    return paired.log_sign_evidence(row.differences)


@dataclass(frozen=True, slots=True)
class _Decision:
    policy: PairedPolicy

    def decide(self, row: PairedRow, log_e: float, size: int, *, discovered: bool) -> PairedVerdict:
        n = len(row.base)
        enough = n >= self.policy.fewest_rounds
        empty = PairedVerdict(
            verdict=Verdict.CANNOT_TELL,
            discovered=discovered,
            settled=False,
            log_e=log_e,
            ratio=None,
            low=None,
            high=None,
            noise_floor=noise_floor(row.again),
            minimum_detectable_effect=None,
            rounds_to_settle=None if enough else self.policy.fewest_rounds - n,
            rising=bool(n) and _middle(row) > 0,
            reason=f"only {count(n, 'round')}; {self.policy.fewest_rounds} are needed",
        )
        if not row.has_ratio:
            return self._decide_by_signs(row, empty, size) if enough else empty
        if n < 2:  # noqa: PLR2004 - a spread needs two
            return empty
        measured = self._with_interval(row, empty, size)
        return self._decide(row, measured) if enough else measured

    def _with_interval(self, row: PairedRow, empty: PairedVerdict, size: int) -> PairedVerdict:
        policy = self.policy
        located = paired.locate(row.differences)
        low, high = paired.interval(located, policy.interval_alpha)
        if row.shift and row.shift.divide_out:
            own = row.shift.high - row.shift.located.centre
            half = math.hypot(high - located.centre, own)
            low, high = located.centre - half, located.centre + half
        alpha = policy.screen_alpha / max(size, 1)
        needed = paired.rounds_needed(
            located,
            alpha=alpha,
            margin=math.log1p(self._margin(row)),
            interval_alpha=policy.interval_alpha,
        )
        fewest = max(policy.fewest_rounds, located.n + 1)
        return replace(
            empty,
            ratio=math.exp(located.centre),
            low=_exp(low),
            high=_exp(high),
            minimum_detectable_effect=_finite(paired.detectable(located, alpha)),
            rounds_to_settle=None if needed is None else max(needed, fewest) - located.n,
        )

    def _decide(self, row: PairedRow, measured: PairedVerdict) -> PairedVerdict:
        ratio, low, high = _ends(measured)
        margin = self._margin(row)
        within = low >= 1 / (1 + margin) and high <= 1 + margin
        size = math.expm1(abs(math.log(ratio)))
        if measured.discovered and size >= row.metric.floor:
            return self._announce(row, measured)
        if within:
            reason = f"a change of more than {margin:.0%} is excluded"
            return _settle(measured, Verdict.NO_CHANGE, reason)
        if measured.discovered:
            reason = f"it changed, but by less than {row.metric.floor:.0%}"
            return _settle(measured, Verdict.NO_CHANGE, reason)
        if low > 1 or high < 1:
            reason = "it seems to have changed, but not clearly enough among all rows"
            return replace(measured, reason=reason)
        return replace(
            measured, reason="the interval includes both no change and a change that matters"
        )

    def _announce(self, row: PairedRow, measured: PairedVerdict) -> PairedVerdict:
        policy = self.policy
        if paired.log_evidence(row.again) >= math.log(1 / policy.unsteady_alpha):
            return withdraw(measured, "base against base differs too: the machine is unsteady")
        own = abs(float(np.median(row.again))) if len(row.again) else 0.0
        if abs(math.log(measured.ratio or 1.0)) <= own:
            return withdraw(measured, "not larger than what base against base showed")
        if row.shift and row.shift.divide_out and (measured.low or 0) <= 1 <= (measured.high or 2):
            return withdraw(measured, "the controls moved too, so it may be the machine")
        worse = measured.rising is (row.metric.better is Better.LOWER)
        verdict = Verdict.WORSE if worse else Verdict.BETTER
        return _settle(measured, verdict, "established, and larger than the floor")

    def _decide_by_signs(self, row: PairedRow, empty: PairedVerdict, size: int) -> PairedVerdict:
        if not np.any(row.base != row.head):
            return _settle(empty, Verdict.NO_CHANGE, "the same in every round")
        if empty.discovered:
            worse = empty.rising is (row.metric.better is Better.LOWER)
            verdict = Verdict.WORSE if worse else Verdict.BETTER
            return _settle(empty, verdict, "nearly every round agrees in direction")
        signs = np.sign(row.head - row.base)
        if np.all(signs > 0) or np.all(signs < 0):
            return replace(
                empty,
                reason=f"every round agrees in direction, but {len(signs)} say too little "
                f"among {count(size, 'row')}",
                rounds_to_settle=self._rounds_of_one_sign(len(signs), size),
            )
        return replace(
            empty, reason="not all values are positive, so there is no ratio, and rounds disagree"
        )

    def _rounds_of_one_sign(self, n: int, size: int) -> int | None:
        """How many more rounds that agree would establish a direction among *size* rows."""
        wanted = math.log(size / self.policy.screen_alpha)
        for more in range(1, self.policy.max_rounds - n + 1):
            if paired.log_sign_evidence(np.ones(n + more)) >= wanted:
                return more
        return None

    def _margin(self, row: PairedRow) -> float:
        return max(row.metric.floor, self.policy.margin)


def _settle(measured: PairedVerdict, verdict: Verdict, reason: str) -> PairedVerdict:
    return replace(measured, verdict=verdict, settled=True, rounds_to_settle=None, reason=reason)


def _ends(measured: PairedVerdict) -> tuple[float, float, float]:
    ratio, low, high = measured.ratio, measured.low, measured.high
    return ratio or 1.0, low or 0.0, math.inf if high is None else high


def _exp(log_value: float) -> float | None:
    """None for what is not finite: the interval is open on that side."""
    return math.exp(log_value) if abs(log_value) < 50 else None  # noqa: PLR2004 - beyond any ratio


def _finite(log_effect: float) -> float | None:
    return math.expm1(log_effect) if log_effect < 50 else None  # noqa: PLR2004
