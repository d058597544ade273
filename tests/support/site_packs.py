"""What the packs of a published site hold, for tests that look for a series of some kind."""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import msgspec
from isal import igzip

from tracker.site_data.schema import PackedSeries, SeriesPack


def packed_series(site: Path) -> Iterator[tuple[PackedSeries, list[int]]]:
    """Give every series of the *site*, with the positions of its points."""
    for path in sorted((site / "data/series").iterdir()):
        pack = msgspec.json.decode(igzip.decompress(path.read_bytes()), type=SeriesPack)
        for one in pack.series:
            yield one, list(accumulate(pack.axes[one.axis]))


def failures(site: Path) -> dict[str, set[int]]:
    """Return the positions at which each series failed, by its id; the order is that of the ids."""
    found = {
        one.id: {positions[point] for point in accumulate(one.outcomes.get("failed", ()))}
        for one, positions in packed_series(site)
    }
    return dict(sorted(found.items()))


def first_failure(site: Path) -> tuple[str, int]:
    """Return the id of a series that failed somewhere, and the first position at which it did."""
    return next((name, min(where)) for name, where in failures(site).items() if where)
