"""What a series looks like around its levels: the rest, and the noise that is learnt from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.detect.density import Density, learn, residuals
from tracker.detect.noise import Noise
from tracker.detect.placement import Innovations
from tracker.model import Floats


@dataclass(frozen=True)
class Fit:
    """The residuals of a series around the levels between some cuts."""

    rest: Floats
    level: Noise

    @cached_property
    def shape(self) -> Density:
        """The density of the residuals."""
        return learn(self.rest, self.level.scale)

    @cached_property
    def news(self) -> Innovations:
        """The residuals without their memory."""
        return Innovations.learn(self.rest, self.level)


class Fits:
    """The fits of one series: judging it comes back to the same cuts, and learns from each once."""

    def __init__(self, x: Floats, level: Noise) -> None:
        """Take the series *x*, and the noise of one of its points."""
        self.x = x
        self.level = level
        self._known: dict[tuple[int, ...], Fit] = {}

    def around(self, cuts: Sequence[int]) -> Fit:
        """Return the fit whose levels begin at *cuts*, ascending, and at the first point."""
        key = tuple(cuts)
        fit = self._known.get(key)
        if fit is None:
            fit = self._known[key] = Fit(residuals(self.x, list(cuts)), self.level)
        return fit
