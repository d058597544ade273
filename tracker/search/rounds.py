"""What a search measures: rounds, in each of which some commits ran one after the other."""

import math
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Measurements that are compared with each other and not with those of other rounds.

    Attributes:
        positions: of the commits, 0 for the good end, n for the bad one; may repeat.
        values: one a position; logarithms where the metric has ratios.
    """

    positions: tuple[int, ...]
    values: tuple[float, ...]

    def value_at(self, position: int) -> float | None:
        """The first value at *position*, None where it was not measured."""
        pairs = zip(self.positions, self.values, strict=True)
        return next((value for place, value in pairs if place == position), None)

    def in_logs(self) -> Self:
        """The same with the logarithms of its values, which are positive."""
        return replace(self, values=tuple(map(math.log, self.values)))
