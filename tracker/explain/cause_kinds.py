"""What a function that costs more does: it waits, allocates, calls into C, or runs more Python."""

from collections.abc import Sequence

from tracker.explain.function_changes import STANDARD_LIBRARY, FunctionChange, package_of
from tracker.model.explanation import CauseKind

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
"""More Python lines than that, each time the function runs, are no call into C, and no waiting,
unless the standard library runs them: its event loop and its locks are written in Python."""

COMES_WITH = 0.5
"""More starts, or lines for each start, per run of a function that come with what it does. What
timers drive, such as the locks of a connection that polls, is counted a few hundredths off."""

MANY_ALLOCATIONS = 20.0
"""Allocations per added line from which objects, not lines, are what was added: one call into C,
such as `zlib.compress`, makes a dozen for itself."""


def kind_of(
    one: FunctionChange,
    new_calls: Sequence[str],
    changes: Sequence[FunctionChange],
    allocations: float,
) -> CauseKind:
    """Say what a function that differs does more.

    Args:
        one: the function.
        new_calls: what it calls in head and not in base.
        changes: all functions, of either role.
        allocations: more of them per task in head.
    """
    risen = [other for other in changes if other is not one and _comes_with(one, other)]
    waits = any(
        other.head.function == "sleep" or other.head.file in WAITING_FILES for other in risen
    )
    work = one.lines + sum(other.lines for other in risen if not _is_standard(other))
    few = work <= FEW_LINES * max(one.head.starts, 1.0)
    if WAITING_CALLS & {*new_calls} or (waits and new_calls and few):
        return CauseKind.WAITING
    lines = one.lines + sum(other.lines for other in risen)
    if new_calls and allocations > MANY_ALLOCATIONS * max(lines, 1.0):
        return CauseKind.ALLOCATION
    in_python = {other.head.function.rpartition(".")[2] for other in risen}
    in_c = {*new_calls} - in_python - CHEAP_CALLS
    if in_c and one.calls > 0 and lines <= FEW_LINES * max(one.head.starts, 1.0):
        return CauseKind.C_CODE
    return CauseKind.FUNCTION


def _is_standard(one: FunctionChange) -> bool:
    return package_of(one.head.file) == STANDARD_LIBRARY


def _comes_with(one: FunctionChange, other: FunctionChange) -> bool:
    """Whether *other* runs more because of *one*."""
    if other.role != one.role or not other.moved or other.lines <= 0:
        return False
    least = COMES_WITH * one.head.starts
    if other.starts >= least:
        return True
    if other.base.starts <= 0:
        return False
    for_each_start = other.base.lines / other.base.starts
    return other.head.lines - for_each_start * other.head.starts >= least
