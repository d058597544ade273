"""The plainest face of the detector: indices in, indices out."""

from collections.abc import Sequence

from tracker.detect.steps import find_changes
from tracker.model import Floats


def detect(
    values: Sequence[float] | Floats, samples: Sequence[Sequence[float]] | None = None
) -> list[int]:
    """Return the index of the first commit after each change."""
    return [change.index for change in find_changes(values, samples)]
