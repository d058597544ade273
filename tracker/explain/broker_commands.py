"""Broker commands that are sent more or less often, and the functions that send them."""

from collections.abc import Iterable, Iterator, Sequence

from tracker.explain.function_changes import FunctionChange
from tracker.explain.scenario_sides import Sides
from tracker.explain.source_code import CodeChange, FunctionName
from tracker.model.explanation import Cause, CauseKind, CodeState, Sender, fitting

SAME_COMMANDS = 0.05
"""Of one command per task: idle polls, which a clock drives, leave less than that in a count."""

MOST_SENDERS = 3


def command_causes(sides: Sides, changes: Sequence[FunctionChange], role: str) -> Iterator[Cause]:
    """Yield the commands of *role* that moved, the largest move first."""
    base, head = (side.commands.get(role, {}) for side in (sides.base, sides.head))
    moves = {name: head.get(name, 0.0) - base.get(name, 0.0) for name in {*base, *head}}
    for name in sorted(moves, key=lambda name: (-abs(moves[name]), name)):
        if abs(moves[name]) > SAME_COMMANDS:
            yield Cause(
                kind=CauseKind.COMMAND,
                role=role,
                name=fitting(name),
                place="",
                unit="commands",
                base=base.get(name, 0.0),
                head=head.get(name, 0.0),
                code=CodeState.UNKNOWN,
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
        Sender(function=name[1], place=code.place(name), code=code.state(name))
        for name in chosen[:MOST_SENDERS]
    )


def _callers(
    code: CodeChange, runs: Iterable[FunctionName], senders: Iterable[FunctionName]
) -> list[FunctionName]:
    """Functions that run, that differ, and that call the senders in base or head."""
    wanted = {name[1].rpartition(".")[2] for name in senders}
    calls = {name: {*code.called(name)} for name in runs if code.differs(name)}
    return [name for name, called in calls.items() if wanted & called]
