"""What makes one scenario cost more or less: commands, packages, functions; the likeliest first."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tracker.explain.broker_commands import command_causes
from tracker.explain.cause_kinds import kind_of
from tracker.explain.function_changes import (
    FunctionChange,
    compare_functions,
    lines_by_package,
    own_moves,
    package_of,
    package_of_distribution,
)
from tracker.explain.pricing import only_sampled, significant, with_price
from tracker.explain.scenario_sides import ROLES, Sides
from tracker.explain.source_code import MODULE, FunctionName
from tracker.model.counts import unpack_functions
from tracker.model.explanation import (
    MAX_CAUSES,
    Cause,
    CauseKind,
    CodeState,
    OtherVersion,
    fitting,
)


def find_causes(sides: Sides) -> tuple[Cause, ...]:
    """Return what costs more or less in a scenario.

    Raises:
        msgspec.MsgspecError: the counts of the functions are damaged.
    """
    changes = _changes(sides)
    commands = [cause for role in ROLES for cause in command_causes(sides, changes, role)]
    packages = [cause for role in ROLES for cause in _packages(sides, changes, role)]
    senders = {(sender.function, cause.role) for cause in commands for sender in cause.senders}
    functions = sorted(
        (
            cause
            for role in ROLES
            for cause in _functions(sides, changes, role)
            if (cause.name, cause.role) not in senders
        ),
        key=_by_size,
    )
    own_code_differs = any(cause.code.differs for cause in functions) or any(
        sender.code.differs for cause in commands for sender in cause.senders
    )
    ranked = (
        [*commands, *functions, *packages]
        if own_code_differs
        else [*packages, *_imports(sides), *commands, *functions]
    )
    return tuple(_with_beside(ranked[:MAX_CAUSES], changes, sides.versions))


def find_unpriced(sides: Sides) -> tuple[Cause, ...]:
    """Return what differs and runs in a scenario although no count of it moved.

    Raises:
        msgspec.MsgspecError: the counts of the functions are damaged.
    """
    changes = _changes(sides)
    functions = [
        _function(sides, changes, one)
        for one in changes
        if one.head.own and one.head.starts and sides.code and sides.code.differs(one.name)
    ]
    packages = [_package_cause(name, other) for name, other in sides.versions.items()]
    return tuple([*functions, *packages][:MAX_CAUSES])


def _changes(sides: Sides) -> list[FunctionChange]:
    return compare_functions(
        unpack_functions(sides.base.functions), unpack_functions(sides.head.functions)
    )


def _packages(sides: Sides, changes: Sequence[FunctionChange], role: str) -> Iterator[Cause]:
    """Packages of another version whose code runs another number of lines."""
    moved = lines_by_package(changes, role)
    for name, other in sides.versions.items():
        package = package_of_distribution(name)
        if package in moved:
            base, head = (
                sum(getattr(one, side).lines for one in changes if _is_of(one, package, role))
                for side in ("base", "head")
            )
            yield _package_cause(name, other, role, base, head)


def _package_cause(
    name: str, other: OtherVersion, role: str = "worker", base: float = 0.0, head: float = 0.0
) -> Cause:
    return Cause(
        kind=CauseKind.DEPENDENCY,
        role=role,
        name=fitting(f"{name} {other.base} -> {other.head}"),
        place="",
        unit="lines",
        base=base,
        head=head,
        code=CodeState.UNKNOWN,
    )


def _is_of(change: FunctionChange, package: str, role: str) -> bool:
    return change.role == role and package_of(change.head.file) == package


def _functions(sides: Sides, changes: Sequence[FunctionChange], role: str) -> Iterator[Cause]:
    """Those whose counts moved, with their time where a profiler saw another one; then others."""
    moved = [
        one
        for one in own_moves(changes, role)
        if not one.of_a_timer or (sides.code and sides.code.differs(one.name))
    ]
    names = {one.name for one in moved}
    samples = [one for one in sides.sampled if one.role == role]
    suspects = significant(
        [one for one in samples if one.name in names or _may_differ(sides, one.name)]
    )
    for one in moved:
        yield with_price(_function(sides, changes, one), suspects.pop(one.name, None))
    for name, priced in (suspects or (significant(samples) if not moved else {})).items():
        place = sides.code.place(name) if sides.code else name[0]
        state = sides.code.state(name) if sides.code else CodeState.UNKNOWN
        yield only_sampled(priced, place, state)


def _may_differ(sides: Sides, name: FunctionName) -> bool:
    """Whether a function, or what stands around it in its file, is known to differ.

    Where others do, the time of one that does not is the scheduler's doing: a busy machine takes
    the processor away where a function wakes somebody else.
    """
    code = sides.code
    return code is not None and (code.differs(name) or code.differs((name[0], MODULE)))


def _by_size(cause: Cause) -> tuple[bool, float, float]:
    """Changed functions first; those whose time was seen, then those with the most lines."""
    time = cause.sampled.head - cause.sampled.base if cause.sampled else 0.0
    return not cause.code.differs, -abs(time), -abs(cause.head - cause.base)


def _function(sides: Sides, changes: Sequence[FunctionChange], one: FunctionChange) -> Cause:
    code = sides.code
    new_calls = code.new_calls(one.name) if code else ()
    kind = kind_of(one, new_calls, changes, sides.more_allocations(one.role))
    if kind is CauseKind.C_CODE and one.role in sides.waiting:
        kind = CauseKind.WAITING  # a call that no count prices, and no CPU time either
    return Cause(
        kind=kind,
        role=one.role,
        name=fitting(one.head.function),
        place=fitting(code.place(one.name) if code else one.head.file),
        unit="lines",
        base=one.base.lines,
        head=one.head.lines,
        code=code.state(one.name) if code else CodeState.UNKNOWN,
        calls=tuple(fitting(call) for call in new_calls if call)[:MAX_CAUSES],
    )


def _imports(sides: Sides) -> Iterator[Cause]:
    """Modules that only head imports, where starting costs more."""
    base, head = (side.metrics.get("start_modules") for side in (sides.base, sides.head))
    if base is None or head is None or sides.code is None or head.value <= base.value:
        return
    for name in sides.code.new_imports():
        places = [key for key, one in sides.code.head.items() if name in one.imported]
        yield Cause(
            kind=CauseKind.IMPORT,
            role="worker",
            name=fitting(name),
            place=sides.code.place(places[0]) if places else "",
            unit="modules",
            base=base.value,
            head=head.value,
            code=CodeState.CHANGED,
        )


def _with_beside(
    causes: Sequence[Cause],
    changes: Sequence[FunctionChange],
    versions: Mapping[str, OtherVersion],
) -> Iterator[Cause]:
    """Say with the first cause of each role which lines of other packages come with it."""
    upgraded = {package_of_distribution(name) for name in versions}
    named: set[str] = set()
    for cause in causes:
        if cause.role in named or cause.kind is CauseKind.DEPENDENCY:
            yield cause
            continue
        named.add(cause.role)
        lines = lines_by_package(changes, cause.role)
        beside = {fitting(name): more for name, more in lines.items() if name not in upgraded}
        yield msgspec.structs.replace(cause, beside=beside)
