"""What the controls of a machine say of a place: whether the machine moved there, and how far.

How a busy machine shows in one library is not what it does to another, and not in the same metrics.
So all metrics of the controls are asked, each over all scenarios together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.judge import policy
from tracker.judge.contrasts import plainest_near
from tracker.judge.courses import Course
from tracker.judge.multiplicity import simes
from tracker.judge.noise_priors import Prior
from tracker.model import Floats, Ints, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlMean:
    """One metric of a machine's controls, the mean of all scenarios.

    Attributes:
        positions: of commits, shape (k,).
        logs: there, shape (k,).
        prior: what is known of their noise.
    """

    machine: str
    positions: Ints
    logs: Floats
    prior: Prior


def average_controls(
    series: Sequence[Series],
    are_controls: Sequence[bool],
    courses: Mapping[int, Course],
    priors: Mapping[int, Prior],
) -> list[ControlMean]:
    """Return the means of the controls among the *courses*."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in courses:
        if are_controls[number]:
            groups[series[number].key.machine, series[number].metric.name].append(number)
    control_means = []
    for (machine, _), members in groups.items():
        positions, logs = _mean(
            [(series[n].positions[courses[n].kept], courses[n].logs) for n in members]
        )
        control_means.append(
            ControlMean(
                machine=machine,
                positions=positions,
                logs=logs,
                prior=prior_of_mean([priors[n] for n in members]),
            )
        )
    return control_means


def machine_reach(control_means: Sequence[ControlMean], position: int) -> dict[str, float]:
    """Return the machines that seem to have moved at *position*, each with the largest step.

    That is the logarithm of a ratio: what is not far larger than the largest step of the controls
    may be the machine's. A metric that moved near by, but clearly at another commit, says nothing.
    """
    steps_of: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in control_means:
        at = int(np.searchsorted(one.positions, position))
        step = plainest_near(one.logs, at, one.prior, policy.MACHINE_SLACK)
        places = policy.MACHINE_SLACK + 1  # neighbouring ones are much alike
        evidence = (min(1.0, places * step.p_value), abs(step.size)) if step else (1.0, 0.0)
        steps_of[one.machine].append(evidence)
    reach = {}
    for machine, steps in steps_of.items():
        if simes(np.array([p for p, _ in steps]), len(steps)) <= policy.MACHINE_DOUBT:
            largest = max(size for p, size in steps if p <= policy.MACHINE_DOUBT)
            reach[machine] = policy.MACHINE_REACH * largest
    return reach


def prior_of_mean(priors: Sequence[Prior]) -> Prior:
    """Return what is known of the noise of a mean: little where several scenarios share some."""
    if len(priors) == 1:
        return priors[0]
    variance = float(np.mean([prior.variance for prior in priors])) / len(priors)
    return Prior(variance=variance, freedom=min(policy.PRIOR_FREEDOM, priors[0].freedom))


def _mean(members: Sequence[tuple[Ints, Floats]]) -> tuple[Ints, Floats]:
    """Return the mean course of those measured at the same commits as the first, less its level."""
    positions, _ = members[0]
    rows = [logs - np.median(logs) for own, logs in members if np.array_equal(own, positions)]
    return positions, np.mean(rows, axis=0)
