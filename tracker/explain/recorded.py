"""The sides of an explanation from run records, without measuring anything."""

from collections.abc import Iterable

from tracker.explain.explaining import Side
from tracker.model.run_record import RunRecord


def recorded_sides(
    records: Iterable[RunRecord], library: str, base: str, head: str
) -> tuple[Side, Side] | None:
    """Return what was counted of two commits of *library*.

    Counts of two Python versions differ, so both sides are of one: that in which most scenarios
    were counted. A commit that was counted several times goes by its newest record.

    Args:
        records: of any commits and libraries.
        library: the tracked one.
        base: full SHA.
        head: full SHA.

    Returns:
        None where no scenario was counted at both commits with one Python.
    """
    counted = [
        one
        for one in records
        if one.library == library and one.counts and one.commit in {base, head}
    ]
    counted.sort(key=lambda one: one.finished_at_ms)
    best: tuple[Side, Side] | None = None
    for python in sorted({one.counts.python for one in counted if one.counts}):
        own = [one for one in counted if one.counts and one.counts.python == python]
        sides = _side(own, library, base), _side(own, library, head)
        if _common(sides) > (_common(best) if best else 0):
            best = sides
    return best


def _side(records: Iterable[RunRecord], library: str, sha: str) -> Side:
    own = [one for one in records if one.commit == sha]
    return Side(
        sha=sha,
        counts={one.scenario: one.counts for one in own if one.counts},
        packages={
            name: version
            for one in own
            for name, version in one.library_versions.items()
            if name != library
        },
    )


def _common(sides: tuple[Side, Side]) -> int:
    base, head = sides
    return len(base.counts.keys() & head.counts.keys())
