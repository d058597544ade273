"""Which compiled functions execute most of what a task executes more or less."""

from collections.abc import Iterable, Mapping

from tracker.counts.count_changes import CountChange
from tracker.explain.scenario_sides import Sides
from tracker.model.counts import CompiledCost, unpack_compiled
from tracker.model.explanation import Compiled, fitting

EXECUTED = {"instructions_per_task": "worker", "enqueue_instructions_per_task": "producer"}
"""The metrics that compiled functions add up to, and whose they are."""

INTERPRETER = "_PyEval_EvalFrameDefault"
"""CPython's loop that runs bytecode: where most is new in it, the new work is Python."""

MOST_TOLD = 3
MOST_OF_IT = 0.5
"""So few functions must hold so much of a difference to be named."""

type Key = tuple[str, str]
"""Object and symbol."""


def moved_most(change: CountChange, sides: Sides) -> tuple[Compiled, ...]:
    """Return the few functions that hold most of *change*, the largest first; none else.

    None where the interpreter's own loop is among them, or one has no name: what Python does more
    is told by its own functions.

    Raises:
        msgspec.MsgspecError: the counts of the functions are damaged.
    """
    role = EXECUTED.get(change.metric.name)
    if role is None or not change.moved:
        return ()
    base, head = (
        _by_key(unpack_compiled(side.compiled), role) for side in (sides.base, sides.head)
    )
    whole = change.head - change.base
    largest = sorted({**base, **head}, key=lambda key: -_part(key, base, head) / whole)
    told = largest[:MOST_TOLD]
    while told and sum(_part(key, base, head) for key in told[:-1]) / whole >= MOST_OF_IT:
        told.pop()
    held = sum(_part(key, base, head) for key in told) / whole
    if held < MOST_OF_IT or any(symbol in {INTERPRETER, ""} for _, symbol in told):
        return ()
    return tuple(
        Compiled(
            object=fitting(key[0]),
            symbol=fitting(key[1]),
            base=base.get(key, 0.0),
            head=head.get(key, 0.0),
        )
        for key in told
    )


def _by_key(costs: Iterable[CompiledCost], role: str) -> dict[Key, float]:
    return {(one.object, one.symbol): one.instructions for one in costs if one.role == role}


def _part(key: Key, base: Mapping[Key, float], head: Mapping[Key, float]) -> float:
    return head.get(key, 0.0) - base.get(key, 0.0)
