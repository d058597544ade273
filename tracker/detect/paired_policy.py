"""The thresholds of a comparison of base and head, and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedPolicy:
    """How sure a verdict must be.

    A change is announced when the rounds discover it at `screen_alpha` over all gating rows and
    fresh workers show it again at `confirm_alpha`: an unchanged comparison raises an alarm with
    probability at most their product.

    Attributes:
        screen_alpha: false discovery rate of the first look, over all gating rows together.
        confirm_alpha: chance that an unchanged row is seen "again" by fresh workers.
        interval_alpha: 1 - confidence of the intervals that are shown and that say "no change".
        fewest_rounds: rounds before anything is decided.
        fewest_confirming: the same for measuring again.
        margin: "no change" means that the interval lies within this relative change, or within
            the metric's own floor when that is larger.
        max_rounds: rounds after which a row is left undecided.
        unsteady_alpha: base against base may not differ at this level.
    """

    screen_alpha: float = 0.1
    confirm_alpha: float = 0.1
    interval_alpha: float = 0.05
    fewest_rounds: int = 6
    fewest_confirming: int = 4
    margin: float = 0.05
    max_rounds: int = 60
    unsteady_alpha: float = 0.02

    @property
    def alpha(self) -> float:
        """The chance of a false alarm in a comparison without any change."""
        return self.screen_alpha * self.confirm_alpha


DEFAULT = PairedPolicy()
