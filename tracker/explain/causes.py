"""What makes one scenario cost more or less: commands, packages, functions; the likeliest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from tracker.explain.functions import (
    FunctionChange,
    compare_functions,
    lines_by_package,
    own_moves,
    package_of,
)
from tracker.explain.source_code import MODULE, CodeChange, FunctionName
from tracker.model.counts import Counts, unpack_functions
from tracker.model.explanation import MAX_CAUSES, Cause, CauseKind, Sender

ROLES = ("worker", "producer")
SAME_COMMANDS = 0.05
"""Of one command per task: idle polls, which a clock drives, leave less than that in a count."""

WAITING_CALLS = frozenset({"sleep", "wait", "wait_for", "acquire", "select"})
WAITING_FILES = frozenset({"asyncio/locks.py", "threading.py"})
CHEAP_CALLS = frozenset(
    {
        *("range", "len", "isinstance", "getattr", "hasattr", "type", "super", "iter", "next"),
        *("enumerate", "zip", "int", "str", "bool", "float", "list", "dict", "set", "tuple"),
        *("append", "get", "items", "keys", "values", "add", "pop"),
    }
)
"""Builtins that every line of Python may call: they are no work in C by themselves."""

FEW_LINES = 6
"""More Python lines than that are no call into C."""

MANY_ALLOCATIONS = 3.0
"""Allocations per added line from which objects, not lines, are what was added."""

MOST_SENDERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One scenario as both commits ran it.

    Attributes:
        code: the sources of both, None where they are not known.
        versions: package to its version in base and in head, where they differ.
    """

    base: Counts
    head: Counts
    code: CodeChange | None
    versions: Mapping[str, tuple[str, str]]


def find_causes(sides: Sides) -> tuple[Cause, ...]:
    """Return what differs in a scenario.

    Raises:
        msgspec.MsgspecError: the counts of the functions are damaged.
    """
    changes = compare_functions(
        unpack_functions(sides.base.functions), unpack_functions(sides.head.functions)
    )
    commands = [cause for role in ROLES for cause in _commands(sides, changes, role)]
    packages = [cause for role in ROLES for cause in _packages(sides, changes, role)]
    told = {(sender.function, cause.role) for cause in commands for sender in cause.senders}
    functions = sorted(
        (
            cause
            for role in ROLES
            for cause in _functions(sides, changes, role)
            if (cause.name, cause.role) not in told
        ),
        key=lambda cause: (not cause.changed, -abs(cause.head - cause.base)),
    )
    own_code_differs = any(cause.changed for cause in functions) or any(
        sender.changed for cause in commands for sender in cause.senders
    )
    ranked = (
        [*commands, *functions, *packages]
        if own_code_differs
        else [*packages, *commands, *functions]
    )
    found = ranked or [*_imports(sides), *_unpriced(sides, changes)]
    return tuple(_with_beside(found[:MAX_CAUSES], changes, sides.versions))


def _commands(sides: Sides, changes: Sequence[FunctionChange], role: str) -> Iterator[Cause]:
    base, head = (side.commands.get(role, {}) for side in (sides.base, sides.head))
    moves = {name: head.get(name, 0.0) - base.get(name, 0.0) for name in {*base, *head}}
    for name in sorted(moves, key=lambda name: (-abs(moves[name]), name)):
        if abs(moves[name]) > SAME_COMMANDS:
            yield Cause(
                kind=CauseKind.COMMAND,
                role=role,
                name=name[:300],
                place="",
                unit="commands",
                base=base.get(name, 0.0),
                head=head.get(name, 0.0),
                changed=None,
                senders=_senders(sides.code, changes, role, name, gone=moves[name] < 0),
            )


def _senders(
    code: CodeChange | None,
    changes: Sequence[FunctionChange],
    role: str,
    command: str,
    *,
    gone: bool,
) -> tuple[Sender, ...]:
    """The functions that run per task and name the command; those that differ, where any does."""
    if code is None:
        return ()
    functions = code.base if gone else code.head
    runs = {
        one.name: one
        for one in changes
        if one.role == role and one.head.own and (one.base if gone else one.head).starts
    }
    names = {command.lower(), command.upper()}
    senders = [
        name
        for name in runs
        if name in functions and names & {*functions[name].called, *functions[name].texts}
    ]
    chosen = [name for name in senders if code.differs(name)]
    if not chosen:
        chosen = [*_callers(code, runs, senders), *senders]
    return tuple(
        Sender(function=name[1], place=code.place(name), changed=code.differs(name))
        for name in chosen[:MOST_SENDERS]
    )


def _callers(
    code: CodeChange, runs: Iterable[FunctionName], senders: Iterable[FunctionName]
) -> list[FunctionName]:
    """Functions that run, that differ, and that call the senders in base or head."""
    wanted = {name[1].rpartition(".")[2] for name in senders}
    calls = {name: {*code.called(name)} for name in runs if code.differs(name)}
    return [name for name, called in calls.items() if wanted & called]


def _packages(sides: Sides, changes: Sequence[FunctionChange], role: str) -> Iterator[Cause]:
    """Packages of another version whose code runs another number of lines."""
    moved = lines_by_package(changes, role)
    for name, (base, head) in sides.versions.items():
        package = _package(name)
        if package in moved:
            lines = [
                sum(getattr(one, side).lines for one in changes if _is_of(one, package, role))
                for side in ("base", "head")
            ]
            yield Cause(
                kind=CauseKind.DEPENDENCY,
                role=role,
                name=f"{name} {base} -> {head}"[:300],
                place="",
                unit="lines",
                base=lines[0],
                head=lines[1],
                changed=None,
            )


def _is_of(change: FunctionChange, package: str, role: str) -> bool:
    return change.role == role and package_of(change.head.file) == package


def _functions(sides: Sides, changes: Sequence[FunctionChange], role: str) -> Iterator[Cause]:
    for one in own_moves(changes, role):
        new_calls = sides.code.new_calls(one.name) if sides.code else ()
        yield Cause(
            kind=_kind(one, new_calls, changes, _allocations(sides, role)),
            role=role,
            name=one.head.function[:300],
            place=sides.code.place(one.name) if sides.code else one.head.file[:300],
            unit="lines",
            base=one.base.lines,
            head=one.head.lines,
            changed=sides.code.differs(one.name) if sides.code else None,
            calls=_named(new_calls),
        )


def _named(calls: Sequence[str]) -> tuple[str, ...]:
    return tuple(call[:300] for call in calls if call)[:MAX_CAUSES]


def _kind(
    one: FunctionChange,
    new_calls: Sequence[str],
    changes: Sequence[FunctionChange],
    allocations: float,
) -> CauseKind:
    others = [other for other in changes if other.role == one.role and other is not one]
    risen = [other for other in others if other.moved and other.lines > 0]
    waits = any(
        other.head.function == "sleep" or other.head.file in WAITING_FILES for other in risen
    )
    if WAITING_CALLS & {*new_calls} or (waits and new_calls):
        return CauseKind.WAITING
    lines = one.lines + sum(other.lines for other in risen)
    if new_calls and allocations > MANY_ALLOCATIONS * max(lines, 1.0):
        return CauseKind.ALLOCATION
    in_python = {other.head.function.rpartition(".")[2] for other in risen}
    in_c = {*new_calls} - in_python - CHEAP_CALLS
    if in_c and one.calls > 0 and lines <= FEW_LINES:
        return CauseKind.C_CODE
    return CauseKind.FUNCTION


def _allocations(sides: Sides, role: str) -> float:
    """More allocations per task in head."""
    name = "allocations_per_task" if role == "worker" else "enqueue_allocations_per_task"
    base, head = (side.metrics.get(name) for side in (sides.base, sides.head))
    return head.value - base.value if base and head else 0.0


def _imports(sides: Sides) -> Iterator[Cause]:
    """Modules that only head imports, where starting costs more."""
    base, head = (side.metrics.get("start_modules") for side in (sides.base, sides.head))
    if base is None or head is None or sides.code is None:
        return
    for name in sides.code.new_imports():
        places = [key for key, one in sides.code.head.items() if name in one.imported]
        yield Cause(
            kind=CauseKind.IMPORT,
            role="worker",
            name=name[:300],
            place=sides.code.place(places[0]) if places else "",
            unit="modules",
            base=base.value,
            head=head.value,
            changed=True,
        )


def _unpriced(sides: Sides, changes: Sequence[FunctionChange]) -> Iterator[Cause]:
    """Functions that differ and run, although no count of lines moved; else what starting runs."""
    if sides.code is None:
        return
    for one in changes:
        if one.head.own and one.head.starts and sides.code.differs(one.name):
            new_calls = sides.code.new_calls(one.name)
            yield Cause(
                kind=_kind(one, new_calls, changes, _allocations(sides, one.role)),
                role=one.role,
                name=one.head.function[:300],
                place=sides.code.place(one.name),
                unit="lines",
                base=one.base.lines,
                head=one.head.lines,
                changed=True,
                calls=_named(new_calls),
            )
    if not changes:
        for name in sides.code.changed():
            if name[1] == MODULE:
                yield Cause(
                    kind=CauseKind.IMPORT,
                    role="worker",
                    name=name[0][:300],
                    place=sides.code.place(name),
                    unit="modules",
                    base=0.0,
                    head=0.0,
                    changed=True,
                )


def _with_beside(
    causes: Sequence[Cause],
    changes: Sequence[FunctionChange],
    versions: Mapping[str, tuple[str, str]],
) -> Iterator[Cause]:
    """Say with the first cause of each role which lines of other packages come with it."""
    upgraded = {_package(name) for name in versions}
    told: set[str] = set()
    for cause in causes:
        if cause.role in told or cause.kind is CauseKind.DEPENDENCY:
            yield cause
            continue
        told.add(cause.role)
        lines = lines_by_package(changes, cause.role)
        beside = {name[:300]: more for name, more in lines.items() if name not in upgraded}
        yield msgspec.structs.replace(cause, beside=beside)


def _package(distribution: str) -> str:
    """The package that a distribution most likely installs."""
    return distribution.lower().replace("-", "_")
