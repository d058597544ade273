"""The sides of an explanation from run records, without measuring anything."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracker.explain.attribution import Corners
from tracker.explain.explaining import CountedCommit
from tracker.explain.task_stages import TIMES, Timing, beside, stages_of, timing_of
from tracker.model.counts import Counts
from tracker.model.explanation import Stage
from tracker.model.run_record import RunRecord

SHORTEST_HASH = 7


def recorded_sides(
    records: Iterable[RunRecord], library: str, base: str, head: str
) -> tuple[CountedCommit, CountedCommit] | None:
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
    best: tuple[CountedCommit, CountedCommit] | None = None
    for python in sorted({one.counts.python for one in counted if one.counts}):
        own = [one for one in counted if one.counts and one.counts.python == python]
        sides = _side(own, base), _side(own, head)
        if _common(sides) > (_common(best) if best else 0):
            best = sides
    return best


def _side(records: Iterable[RunRecord], sha: str) -> CountedCommit:
    own = [one for one in records if one.commit == sha]
    return CountedCommit(
        sha=sha,
        counts={one.scenario: one.counts for one in own if one.counts},
        packages={name: version for one in own for name, version in _packages(one).items()},
    )


def _common(sides: tuple[CountedCommit, CountedCommit]) -> int:
    base, head = sides
    return len(base.counts.keys() & head.counts.keys())


def recorded_commits(records: Iterable[RunRecord], library: str, name: str) -> tuple[str, ...]:
    """Return the commits of *library* that *name* may be: the beginning of a hash, or a version."""
    own = {one.commit: one.version for one in records if one.library == library and one.commit}
    by_hash = [sha for sha in own if len(name) >= SHORTEST_HASH and sha.startswith(name.lower())]
    by_version = [sha for sha, version in own.items() if version == name.removeprefix("v")]
    return tuple(sorted(by_hash or by_version))


def recorded_pythons(
    records: Iterable[RunRecord], library: str, *commits: str
) -> tuple[frozenset[str], ...]:
    """Return the Python versions with which each of *commits* of *library* was counted."""
    own = [one for one in records if one.library == library]
    return tuple(
        frozenset(one.counts.python for one in own if one.commit == sha and one.counts)
        for sha in commits
    )


def recorded_packages(records: Iterable[RunRecord], library: str, sha: str) -> dict[str, str]:
    """Return the versions that a commit of *library* was last measured with, itself left out."""
    own = [one for one in records if one.library == library and one.commit == sha]
    newest = max(own, key=lambda one: one.finished_at_ms, default=None)
    return _packages(newest) if newest else {}


def recorded_corners(
    records: Iterable[RunRecord], library: str, base: CountedCommit, head: CountedCommit
) -> dict[str, Corners]:
    """Return what each commit was counted to cost with the other's packages, by scenario."""
    if base.packages == head.packages:
        return {}
    by_scenario: tuple[dict[str, Counts], dict[str, Counts]] = ({}, {})
    wanted = ((base.sha, head.packages), (head.sha, base.packages))
    for one in sorted(records, key=lambda one: one.finished_at_ms):
        for corner, (sha, packages) in zip(by_scenario, wanted, strict=True):
            if one.library == library and one.commit == sha and _packages(one) == packages:
                corner.update({one.scenario: one.counts} if one.counts else {})
    return {
        name: Corners(base_code=by_scenario[0][name], head_code=by_scenario[1][name])
        for name, counts in head.counts.items()
        if all(name in one and one[name].python == counts.python for one in by_scenario)
    }


def _packages(record: RunRecord) -> dict[str, str]:
    return {
        name: version for name, version in record.library_versions.items() if name != record.library
    }


def recorded_stages(
    records: Iterable[RunRecord], library: str, base: str, head: str
) -> dict[str, tuple[Stage, ...]]:
    """Return where the time of a task changed, by scenario, read from the runs of two commits.

    Runs of two machines, environments or sizes are never joined. The commits were measured at
    different times, so that only controls beside both can tell the machine from the code: without
    any nothing is said.
    """
    runs = [one for one in records if one.outcome == "measured" and one.commit in {base, head}]
    pairs: defaultdict[tuple[str, ...], dict[str, dict[str, RunRecord]]]
    pairs = defaultdict(lambda: defaultdict(dict))
    for one in sorted(runs, key=lambda one: one.finished_at_ms):
        where = (one.scenario, one.machine, one.environment, one.size)
        pairs[where][one.library][one.commit] = one
    by_scenario: dict[str, tuple[Stage, ...]] = {}
    for (scenario, *_), libraries in pairs.items():
        timings = {
            name: _timings(both[base], both[head])
            for name, both in libraries.items()
            if both.keys() == {base, head}
        }
        own = timings.pop(library, {})
        if stages := stages_of(_beside_controls(own, list(timings.values()))):
            by_scenario[scenario] = stages
    return by_scenario


def _timings(base: RunRecord, head: RunRecord) -> dict[str, Timing]:
    timings = (timing_of(name, base.samples_of(name), head.samples_of(name)) for name in TIMES)
    return {one.metric: one for one in timings if one is not None}


def _beside_controls(
    own: Mapping[str, Timing], controls: Sequence[Mapping[str, Timing]]
) -> Iterator[Timing]:
    for metric, timing in own.items():
        if others := [one[metric] for one in controls if metric in one]:
            yield beside(timing, others)
