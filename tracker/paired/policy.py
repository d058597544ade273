"""The thresholds of a comparison of base and head, and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedPolicy:
    """How sure a verdict must be.

    A row that the rounds discover at `screen_alpha` is measured again with fresh processes. It is
    announced when these show it too and the evidence of both together reaches `alpha`. Evidence
    from separate rounds multiplies, so an unchanged comparison raises an alarm with probability
    at most `alpha`, whenever measuring stops.

    Attributes:
        alpha: chance of any false alarm in a comparison without any change.
        screen_alpha: false discovery rate, over all gating rows, of what is measured again.
        least_again: e-value that fresh workers alone must show, in the same direction.
        interval_alpha: 1 - confidence of the intervals that are shown and that say "no change".
        fewest_rounds: rounds before anything is decided.
        fewest_confirming: the same for measuring again.
        most_confirming: rounds of measuring again, or twice the first ones if these are more, after
            which a change counts as not seen. With 8 a planted 10 % of throughput was dropped in
            half of the comparisons, most of the budget unspent; a chance find is refuted sooner.
        margin: "no change" means that the interval lies within this relative change, or within
            the metric's own floor when that is larger.
        max_rounds: rounds after which a row is left undecided.
        out_of_reach: where scenarios are measured one after the other, one is left when all that is
            open in it needs so many times the rounds that the budget still has for it.
        unsteady_alpha: base against base may not differ at this level.
    """

    alpha: float = 0.01
    screen_alpha: float = 0.1
    least_again: float = 2.0
    interval_alpha: float = 0.05
    fewest_rounds: int = 6
    fewest_confirming: int = 4
    most_confirming: int = 32
    margin: float = 0.05
    max_rounds: int = 200
    out_of_reach: float = 2.0
    unsteady_alpha: float = 0.02


DEFAULT = PairedPolicy()
