"""The steps of a series beside those of its controls: which are its own, and how sure they are."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.judge import policy
from tracker.judge.candidates import Candidate, are_near, of_series
from tracker.judge.contrasts import step_size
from tracker.judge.control_means import prior_of_mean
from tracker.judge.controls import Taken
from tracker.judge.difference_in_differences import rest_of_step
from tracker.judge.noise_priors import NOTHING_KNOWN, Prior
from tracker.judge.single_series import OwnStep
from tracker.model import Floats, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the controls of a series did, and what is known of its noise and of theirs.

    Attributes:
        priors: of the series, of its own controls, of the mean of all.
    """

    taken: Taken
    priors: tuple[Prior, Prior, Prior]


def companies(
    series: Sequence[Series],
    are_controls: Sequence[bool],
    taken: Mapping[int, Taken],
    priors: Mapping[int, Prior],
) -> dict[int, Company]:
    """Return the company of each series with controls; long series tell their noise themselves."""
    controls: dict[tuple[str, str], list[Prior]] = {}
    for number, prior in priors.items():
        if are_controls[number]:
            controls.setdefault(_metric_of(series[number]), []).append(prior)
    found = {}
    for number, one in taken.items():
        known = (NOTHING_KNOWN, NOTHING_KNOWN, NOTHING_KNOWN)
        theirs = controls.get(_metric_of(series[number]))
        is_short = int(np.isfinite(series[number].values).sum()) <= policy.SHORT_SERIES
        if is_short and theirs and number in priors:
            variance = float(np.mean([prior.variance for prior in theirs]))
            common = replace(theirs[0], variance=variance)
            known = (priors[number], common, prior_of_mean(theirs))
        found[number] = Company(taken=one, priors=known)
    return found


def _metric_of(one: Series) -> tuple[str, str]:
    return one.key.machine, one.metric.name


def steps_beside(
    number: int,
    one: Series,
    steps: Sequence[OwnStep],
    company: Company | None,
    beside: Sequence[OwnStep] | None,
) -> list[Candidate]:
    """Return what one series shows beside its controls, and what it shares with them.

    Args:
        number: of the series.
        one: the series.
        steps: of it as measured.
        company: its controls.
        beside: the steps of what it does not share with them.
    """
    measured = of_series(number, steps)
    if company is None or beside is None:
        return measured
    own = of_series(number, beside)
    gone = [c for c in measured if not any(are_near(c, other) for other in own)]
    return weigh_beside(one, [*own, *gone], company, gone)


def weigh_beside(
    one: Series, steps: Iterable[Candidate], company: Company, gone: Sequence[Candidate] = ()
) -> list[Candidate]:
    """Return the *steps* of a series with what its controls say of each, without what they explain.

    Those that are *gone* are not seen any more once what is shared is taken out.
    """
    ordered = sorted(steps, key=lambda each: each.index)
    edges = [0, *(each.index for each in ordered), one.values.size]
    points = int(np.isfinite(one.values).sum())
    judged = []
    for i, step in enumerate(ordered):
        bounds = (edges[i], step.index, edges[i + 2])
        weighed = _beside(one, step, company, bounds, is_gone=step in gone)
        is_weaker = weighed.p_value > step.p_value
        if weighed.is_shared or not is_weaker or weighed.p_value * points <= policy.SUSPICION:
            judged.append(weighed)
    return judged


def _beside(
    one: Series, step: Candidate, company: Company, bounds: tuple[int, int, int], *, is_gone: bool
) -> Candidate:
    """Return a step with what the controls say of it.

    Args:
        one: the series.
        step: of it.
        company: its controls.
        bounds: first point of the levels before and after, and after that.
        is_gone: whether it is not seen any more once that is taken out.
    """
    taken = company.taken
    logs = np.log(one.values) - taken.course
    rest = rest_of_step(logs, taken.left, bounds, company.priors)
    if is_gone and _is_shared(one, taken.course, step.index):
        return replace(step, is_shared=True)
    if rest is None or not (is_gone or rest.share):
        return step
    p_value = max(step.p_value, rest.p_value)
    return replace(step, p_value=p_value, is_shared=rest.is_shared and p_value > step.p_value)


def _is_shared(one: Series, course: Floats, index: int) -> bool:
    """Say whether the controls explain most of a step of what was measured."""
    kept = np.isfinite(one.values)
    logs = np.log(one.values[kept])
    rank = int(kept[:index].sum())
    step, shared = (step_size(x, rank) for x in (logs, course[kept]))
    rest = step - shared
    return shared * step > 0 and abs(rest) < max(math.log1p(one.metric.floor), abs(step) / 2)
