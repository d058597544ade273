"""A cause as a sentence: who, where, what it costs a task."""

from tracker.explain.function_changes import STANDARD_LIBRARY
from tracker.model.catalogue import METRICS
from tracker.model.explanation import Cause, CauseKind, CodeState, Effect, Sender
from tracker.report.explanation_words import (
    MOST_NAMES,
    Name,
    inline_title,
    percent,
    with_interval,
)


def cause_sentence(cause: Cause, name: Name) -> str:
    """Who costs more or less, where it stands, and how much a task."""
    who = cause.role.capitalize()
    what = name(cause.name)
    match cause.kind:
        case CauseKind.COMMAND:
            more = f"{_senders(cause, name)}{_beside(cause, name)}"
            return f"{who}: {what} {_change(cause)} a task{more}."
        case CauseKind.DEPENDENCY if cause.base == cause.head:
            return f"{what} runs no Python of a task: counting names it and cannot price it."
        case CauseKind.DEPENDENCY:
            return f"{who}: {what}, {_change(cause)} a task in its code."
        case CauseKind.IMPORT:
            return f"Starting imports {what}{_place(cause.place, cause.code, name)}."
        case _:
            where = _place(cause.place, cause.code, name)
            cost = f"{_cost(cause, name)}{_sampled(cause)}{_beside(cause, name)}"
            return f"{who}: {what}{where} {cost}."


def brief_cause(cause: Cause, name: Name) -> str:
    """A cause by its name, with what it costs where that differs."""
    priced = cause.base != cause.head and cause.kind is not CauseKind.IMPORT
    return f"{name(cause.name)} {_change(cause)}" if priced else name(cause.name)


def _sampled(cause: Cause) -> str:
    """The time that a profiler saw more of, and how much of the change that is."""
    sample = cause.sampled
    if sample is None:
        return ""
    more = with_interval(
        Effect(value=sample.head - sample.base, low=sample.low, high=sample.high), "s"
    )
    ends = f"{percent(sample.share_low)} to {percent(sample.share_high)} %"
    of_change = f"the change of {_change_of(sample.of)}"
    whole = "what was sampled" if sample.of == "sampled" else of_change
    return f": {more} a task, sampled, {percent(sample.share)} % ({ends}) of {whole}"


def _change_of(what: str) -> str:
    return inline_title(what) if what in METRICS else what


def _cost(cause: Cause, name: Name) -> str:
    calls = ", ".join(name(call) for call in cause.calls[:MOST_NAMES])
    match cause.kind:
        case CauseKind.WAITING:
            return f"waits: it calls {calls}" if calls else "waits"
        case CauseKind.C_CODE if not calls:
            return "runs no more Python and takes another time"
        case CauseKind.C_CODE if cause.sampled:
            return f"calls {calls}, which runs no Python"
        case CauseKind.C_CODE:
            return f"calls {calls}, which runs no Python: counting names it and cannot price it"
        case CauseKind.ALLOCATION:
            return f"allocates more: it calls {calls}"
        case _:
            return f"{_change(cause)} a task"


def _change(cause: Cause) -> str:
    return f"{cause.base:g} to {cause.head:g} {cause.unit}"


def _place(place: str, code: CodeState, name: Name) -> str:
    state = f"itself {code}" if code is CodeState.UNCHANGED else code
    parts = ", ".join(filter(None, [name(place) if place else "", state]))
    return f" ({parts})" if parts else ""


def _senders(cause: Cause, name: Name) -> str:
    texts = [_sender(sender, name) for sender in cause.senders]
    return f", by {', '.join(texts)}" if texts else ""


def _sender(sender: Sender, name: Name) -> str:
    return f"{name(sender.function)}{_place(sender.place, sender.code, name)}"


def _beside(cause: Cause, name: Name) -> str:
    parts = [
        f"{_more_lines(lines)} in {package if package == STANDARD_LIBRARY else name(package)}"
        for package, lines in sorted(cause.beside.items(), key=lambda item: -abs(item[1]))
    ]
    return f"; with it {', '.join(parts[:MOST_NAMES])}" if parts else ""


def _more_lines(lines: float) -> str:
    return f"{lines:+g} {'line' if abs(lines) == 1 else 'lines'}"
