"""The thresholds of a search for a commit, and nothing else."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPolicy:
    """How sure a search must be, and what it takes for possible beforehand.

    Attributes:
        confidence: probability with which the culprit is in the set that is named.
        ends_alpha: chance of taking ends for different that are not, whenever measuring stops; of
            all that was measured, for nothing is named before.
        begin_alpha: the same of the ends' own pairs, from which on commits are measured.
        lead: probability from which on a commit is measured beside its parent.
        verify_alpha: as ends_alpha, of a culprit and its parent, measured beside each other.
        two_steps: probability, beforehand, that the ends differ by two steps instead of one.
        none: the same of no step at all.
        outliers: share of measurements that say nothing, being disturbed.
        probes: the most measurements of a round beside that of an end.
        least_share: share of the prior that all commits have alike, whatever else speaks for one.
    """

    confidence: float = 0.95
    ends_alpha: float = 0.005
    begin_alpha: float = 0.05
    lead: float = 0.8
    verify_alpha: float = 0.1
    two_steps: float = 0.05
    none: float = 0.5
    outliers: float = 0.1
    probes: int = 9
    least_share: float = 0.5

    def of_one_in(self, metrics: int) -> "SearchPolicy":
        """The same for the one of so many metrics that differs most."""
        return replace(
            self,
            ends_alpha=self.ends_alpha / max(metrics, 1),
            begin_alpha=self.begin_alpha / max(metrics, 1),
        )


DEFAULT = SearchPolicy()

VERIFY = replace(DEFAULT, begin_alpha=DEFAULT.verify_alpha)
"""For two commits beside each other of which nothing else is known."""
