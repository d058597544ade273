"""From both sides' counts, the clock's findings and the sources to one explanation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from tracker.counts.count_changes import CountChange, compare_counts
from tracker.counts.focus import OWN_PYTHON
from tracker.explain.attribution import Corners, attribute
from tracker.explain.causes import find_causes, find_unpriced
from tracker.explain.compiled_functions import moved_most
from tracker.explain.explained_share import TimedChange, share_of
from tracker.explain.pricing import Priced, priced
from tracker.explain.sampled_functions import Profiles, sampled_changes
from tracker.explain.scenario_sides import ROLES, Sides
from tracker.explain.source_code import MODULE, CodeChange
from tracker.explain.task_stages import waiting_roles
from tracker.model import Verdict
from tracker.model.catalogue import METRICS
from tracker.model.counts import Counts, unpack_functions
from tracker.model.explanation import (
    MAX_CAUSES,
    MAX_SCENARIOS,
    VERSION,
    Explanation,
    Moved,
    OtherVersion,
    ScenarioExplanation,
    Stage,
    fitting,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCommit:
    """One commit.

    Attributes:
        counts: scenario to what was counted.
        packages: installed package to its version, the library left out.
    """

    sha: str
    counts: Mapping[str, Counts]
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is known already.

    Attributes:
        timed: what a clock found worse or better.
        counted: scenario to what became of its counts; others are judged here.
        stages: scenario to where the time of its tasks changed.
        corners: scenario to what each commit costs with the other's packages.
        profiles: scenario to where a profiler saw both sides.
        absent: instrument that was asked and could not work, to why.
    """

    timed: Sequence[TimedChange] = ()
    counted: Mapping[str, Sequence[CountChange]] = field(default_factory=dict)
    stages: Mapping[str, Sequence[Stage]] = field(default_factory=dict)
    corners: Mapping[str, Corners] = field(default_factory=dict)
    profiles: Mapping[str, Profiles] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)


NOTHING_FOUND = Findings()


def explain(
    library: str,
    base: CountedCommit,
    head: CountedCommit,
    code: CodeChange | None,
    findings: Findings = NOTHING_FOUND,
) -> Explanation:
    """Say why *head* differs from *base*; equal code with equal packages differs in nothing.

    Args:
        library: the one that is measured.
        base: one commit.
        head: the other one.
        code: the sources of both, None where they cannot be read.
        findings: what was found by the clock, or by counting more than once.

    Raises:
        msgspec.MsgspecError: the counts of the functions are damaged.
    """
    versions = _other_versions(base.packages, head.packages)
    same = are_same(base, head, code)
    scenarios = [name for name in head.counts if name in base.counts and not same]
    explained: list[ScenarioExplanation] = []
    for name in scenarios:
        changes = findings.counted.get(name) or _judge(base, head, name)
        stages = tuple(findings.stages.get(name, ()))
        timed = [each for each in findings.timed if each.scenario == name]
        sides = Sides(
            base=base.counts[name],
            head=head.counts[name],
            code=code,
            versions=versions,
            waiting=waiting_roles(stages),
            sampled=_priced(findings.profiles.get(name), timed, stages),
        )
        one = _explain(name, sides, changes, timed, stages)
        if one is not None:
            corners = findings.corners.get(name)
            attribution = attribute(sides, corners) if corners else None
            explained.append(replace(one, attribution=attribution))
    explained.sort(key=_weight, reverse=True)
    return Explanation(
        version=VERSION,
        library=library,
        base=base.sha,
        head=head.sha,
        scenarios=tuple(explained[:MAX_SCENARIOS]),
        code_known=code is not None,
        not_run=tuple(_not_run(code, base, head))[:MAX_CAUSES],
        versions=dict(list(versions.items())[:MAX_CAUSES]),
        absent={name: fitting(reason) for name, reason in findings.absent.items()},
    )


def are_same(base: CountedCommit, head: CountedCommit, code: CodeChange | None) -> bool:
    """Whether the code is known to be equal, with equal packages: nothing can differ."""
    return code is not None and not code.changed() and base.packages == head.packages


def _priced(
    profiles: Profiles | None, timed: Sequence[TimedChange], stages: Sequence[Stage]
) -> Sequence[Priced]:
    if profiles is None:
        return ()
    changes = [one for role in ROLES for one in sampled_changes(profiles, role)]
    return tuple(priced(changes, timed, stages))


def _explain(
    name: str,
    sides: Sides,
    changes: Sequence[CountChange],
    timed: Sequence[TimedChange],
    stages: tuple[Stage, ...],
) -> ScenarioExplanation | None:
    causes = find_causes(sides)
    roles = {cause.role for cause in causes}
    moved = [change for change in changes if change.moved and not _is_a_clocks(change, roles)]
    if not causes:
        if not timed and not stages and not any(map(_matters, moved)):
            return None
        causes = find_unpriced(sides)
    return ScenarioExplanation(
        scenario=fitting(name),
        moved=tuple(
            Moved(
                metric=change.metric.name,
                unit=change.metric.unit,
                base=change.base,
                head=change.head,
                compiled=moved_most(change, sides),
            )
            for change in moved
        ),
        timed=tuple(fitting(one.metric) for one in timed)[:MAX_CAUSES],
        causes=causes,
        share=share_of(timed, changes),
        stages=stages,
    )


def _is_a_clocks(change: CountChange, roles: Collection[str]) -> bool:
    """Whether lines that are not exact moved, and nothing of *roles* did that runs them.

    What a clock drives moves them in all functions alike, each within its own spread.
    """
    role = "producer" if change.metric.name.startswith("enqueue_") else "worker"
    is_python = change.metric.unit in {"lines", "calls"}
    return is_python and change.tolerance > 0 and role not in roles


def _matters(change: CountChange) -> bool:
    """Whether it asks for an explanation even where no function, command or package moved."""
    return change.metric.gates and change.verdict is not Verdict.NO_CHANGE


def _weight(one: ScenarioExplanation) -> tuple[bool, bool, float]:
    """How far a scenario differs: the clock's findings first, then what gates, then its size.

    Own Python alone says nothing of the size: what all of a task costs did not move with it.
    """
    whole = [each for each in one.moved if each.metric not in OWN_PYTHON]
    sizes = [abs(each.head / each.base - 1) if each.base else 1.0 for each in whole]
    gates = any(METRICS[each.metric].gates for each in one.moved)
    return bool(one.timed or one.stages), gates, max(sizes, default=0.0)


def _judge(base: CountedCommit, head: CountedCommit, scenario: str) -> list[CountChange]:
    one, other = (side.counts[scenario].metrics for side in (base, head))
    names = [name for name in METRICS if name in one and name in other]
    return [compare_counts(METRICS[name], one[name], other[name]) for name in names]


def _other_versions(base: Mapping[str, str], head: Mapping[str, str]) -> dict[str, OtherVersion]:
    """Packages of another version; one that only one side knows of is "absent" in the other."""
    return {
        fitting(name): OtherVersion(
            base=fitting(base.get(name, "absent")), head=fitting(head.get(name, "absent"))
        )
        for name in sorted({*base, *head})
        if base.get(name) != head.get(name)
    }


def _not_run(code: CodeChange | None, base: CountedCommit, head: CountedCommit) -> Iterator[str]:
    """Functions that differ, and that no task of any scenario ran on either side."""
    if code is None:
        return
    counted = [counts for side in (base, head) for counts in side.counts.values()]
    runs = {
        (one.file, one.function) for each in counted for one in unpack_functions(each.functions)
    }
    for name in code.changed() if runs else ():
        if name not in runs and name[1] != MODULE:
            yield fitting(f"{name[1]} ({code.place(name)})")
