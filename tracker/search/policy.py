"""The thresholds of a search for a commit, and nothing else."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPolicy:
    """How sure a search must be, and what it takes for possible beforehand.

    Attributes:
        confidence: probability with which the culprit is in the set that is named.
        ends_alpha: chance of taking ends for different that are not, whenever measuring stops.
        verify_alpha: the same of a culprit and its parent, measured again beside each other.
        two_steps: probability, beforehand, that the ends differ by two steps instead of one.
        none: the same of no step at all, after the ends were found to differ.
        outliers: share of measurements that say nothing, being disturbed.
        probes: measurements of a round beside that of an end.
        least_share: share of the prior that all commits have alike, whatever else speaks for one.
    """

    confidence: float = 0.95
    ends_alpha: float = 0.005
    verify_alpha: float = 0.1
    two_steps: float = 0.05
    none: float = 0.02
    outliers: float = 0.1
    probes: int = 4
    least_share: float = 0.5


DEFAULT = SearchPolicy()

VERIFY = replace(DEFAULT, ends_alpha=DEFAULT.verify_alpha)
"""For a culprit beside its parent."""
