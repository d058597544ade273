"""An explanation in at most five lines: what moved, what did it, how much of the time that is.

Foreign text (functions, files, commands) is written by the caller's *name*: as code in Markdown,
cleaned in a terminal.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from tracker import units
from tracker.explain.explaining import CountedCommit
from tracker.explain.function_changes import STANDARD_LIBRARY
from tracker.model.catalogue import CPU_TIMES, METRICS
from tracker.model.explanation import (
    Attribution,
    Cause,
    CauseKind,
    CodeState,
    Effect,
    Explanation,
    Moved,
    ScenarioExplanation,
    Sender,
    Share,
    Stage,
    StageName,
)
from tracker.model.metric_titles import metric_title

MOST_LINES = 5
MOST_NAMES = 3
ALL = 0.9
"""Share from which on nothing is left to explain."""

_HARDLY_SAID = frozenset(
    {
        *("calls_per_task", "enqueue_calls_per_task"),
        *("start_lines", "start_modules", "start_instructions"),
    }
)
"""Metrics that say what others say, or that are `cold_start`'s; named where nothing else moved."""

_MOST_MOVED = 3

type Name = Callable[[str], str]


def event_lines(explanation: Explanation, name: Name) -> list[str]:
    """Return the lines without what no task ran: of an event only what moved is asked."""
    return (
        explanation_lines(replace(explanation, not_run=()), name) if explanation.scenarios else []
    )


def explanation_lines(explanation: Explanation, name: Name) -> list[str]:
    """Return the lines; none where nothing differs and nothing is left unmeasured."""
    first, *others = explanation.scenarios or (None,)
    tail = list(_not_run(explanation, name))
    if first is None:
        return tail
    timed = " ".join([*_stages(first.stages), *_share(first.share, first.causes)])
    tail = [*_attribution(first.attribution, name), *([timed] if timed else ()), *tail]
    causes = _fitting(first.causes, MOST_LINES - 1 - len(tail), name)
    return [_head(first, others, name), *(causes or [_no_cause(first, explanation)]), *tail]


def _fitting(causes: Sequence[Cause], room: int, name: Name) -> list[str]:
    """As many *causes* as there is room for, one at least; how many others, and the first of them."""
    if len(causes) <= room:
        return [_cause(cause, name) for cause in causes]
    kept = max(room - 1, 1)
    lines, rest = [_cause(cause, name) for cause in causes[:kept]], causes[kept:]
    what = units.agree(len(rest), "function, command or package", "functions, commands or packages")
    more = f"{len(rest)} more {what} moved"
    if room <= 1:
        return [f"{lines[0]} {more}."]
    named = ", ".join(_brief(cause, name) for cause in rest[:MOST_NAMES])
    others = units.count(len(rest) - MOST_NAMES, "other") if len(rest) > MOST_NAMES else ""
    return [*lines, f"{more}: {named}{f' and {others}' if others else ''}."]


def _brief(cause: Cause, name: Name) -> str:
    """A cause by its name, with what it costs where that differs."""
    priced = cause.base != cause.head and cause.kind is not CauseKind.IMPORT
    return f"{name(cause.name)} {_change(cause)}" if priced else name(cause.name)


def missing_lines(
    explanation: Explanation, sides: Iterable[CountedCommit], clone: str
) -> Iterator[str]:
    """Say what *explanation* of *sides* had to do without; *clone* is "" where there is none."""
    if not explanation.code_known:
        why = f"{clone} lacks them" if clone else "there is no local clone: name one by --repo"
        lost = "which functions differ, who sends a command, what no task ran"
        yield f"Missing: the sources ({why}), so {lost}."
    absent: dict[str, str] = {}
    for side in sides:
        for counts in side.counts.values():
            absent |= counts.absent
    yield from absent_lines(absent)


def absent_lines(absent: Mapping[str, str]) -> Iterator[str]:
    """Say which instruments could not work, and why."""
    if absent:
        instruments = "; ".join(f"{instrument} ({reason})" for instrument, reason in absent.items())
        yield f"Missing: {instruments}."


def other_interpreter_lines(base: Collection[str], head: Collection[str]) -> Iterator[str]:
    """Say that two commits were counted by interpreters whose counts cannot be compared."""
    if base and head and not set(base) & set(head):
        one, other = (" and ".join(sorted(side)) for side in (base, head))
        yield (
            f"Recorded counts are of {one} in base and {other} in head: what differs between them "
            f"may be the interpreter's, so both were counted again with one."
        )


def _head(first: ScenarioExplanation, others: Sequence[ScenarioExplanation], name: Name) -> str:
    alike = f", and {units.count(len(others), 'more scenario')}" if others else ""
    return f"Why ({name(first.scenario)}{alike}): {_moved(first)}."


def _moved(scenario: ScenarioExplanation) -> str:
    moved = [one for one in scenario.moved if one.metric not in _HARDLY_SAID] or scenario.moved
    largest = sorted(moved, key=lambda one: (not METRICS[one.metric].gates, -_size(one)))
    texts = [_move(one) for one in largest[:_MOST_MOVED]]
    clock = ", though the clock differs" if scenario.timed or scenario.stages else ""
    return "; ".join(texts) if texts else f"no count moved{clock}"


def _size(one: Moved) -> float:
    return abs(math.log(one.head / one.base)) if one.base > 0 and one.head > 0 else math.inf


def _move(one: Moved) -> str:
    base, head = units.pair(one.base, one.head, one.unit)
    in_title = one.unit.replace(" ", "_") in one.metric
    texts = [text.split()[0] if in_title else text for text in (base, head)]
    return f"{_inline(one.metric)} {texts[0]} to {texts[1]}"


def _inline(metric: str) -> str:
    """The title of a metric within a sentence."""
    title = metric_title(metric)
    return title if title.startswith("Python") else f"{title[0].lower()}{title[1:]}"


def _cause(cause: Cause, name: Name) -> str:
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


def _sampled(cause: Cause) -> str:
    """The time that a profiler saw more of, and how much of the change that is."""
    sample = cause.sampled
    if sample is None:
        return ""
    more = _added(Effect(value=sample.head - sample.base, low=sample.low, high=sample.high), "s")
    ends = f"{_percent(sample.share_low)} to {_percent(sample.share_high)} %"
    of_change = f"the change of {_change_of(sample.of)}"
    whole = "what was sampled" if sample.of == "sampled" else of_change
    return f": {more} a task, sampled, {_percent(sample.share)} % ({ends}) of {whole}"


def _change_of(what: str) -> str:
    return _inline(what) if what in METRICS else what


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


def _no_cause(first: ScenarioExplanation, explanation: Explanation) -> str:
    if not explanation.code_known:
        return "No function of the library moved; the sources could not be read."
    if first.moved:
        return "No function of the library moved: what did it is outside its Python code."
    return "Nothing that this scenario runs was changed: doubt the machine."


def _attribution(split: Attribution | None, name: Name) -> Iterator[str]:
    """Whose the difference is: in percent where both pull one way, else what each adds."""
    if split is None:
        return
    more = f" and {len(split.names) - 1} more" if len(split.names) > 1 else ""
    packages = f"{name(split.names[0])}{more}" if split.names else "the packages"
    whole = split.head - split.base
    parts = [(split.packages, packages), (split.code, "the code")]
    parts.sort(key=lambda part: -abs(part[0].value))
    if all(effect.value * whole >= 0 for effect, _ in parts):
        texts = [f"{_part(effect, whole)} from {who}" for effect, who in parts]
    else:
        texts = [f"{_added(effect, split.unit)} by {who}" for effect, who in parts]
    yield f"Of {_inline(split.metric)}, {' and '.join(texts)}."


def _part(effect: Effect, whole: float) -> str:
    shares = sorted(_percent(end / whole) for end in (effect.low, effect.high))
    return f"{_percent(effect.value / whole)} % ({shares[0]} to {shares[1]} %)"


def _added(effect: Effect, unit: str) -> str:
    low, value, high = (
        f"{'-' if number < 0 else '+'}{units.quantity(abs(number), unit if unit == 's' else '')}"
        for number in (effect.low, effect.value, effect.high)
    )
    return f"{value} ({low} to {high})" + ("" if unit == "s" else f" {unit}")


_WHERE = {
    StageName.SENDING: "in sending",
    StageName.WAIT: "between send and start",
    StageName.EXECUTION: "in execution",
    StageName.TURNOVER: "per task of a burst",
}
_MOST_STAGES = 2


def _stages(stages: Sequence[Stage]) -> Iterator[str]:
    """Where a task takes another time that is not the CPU's, the largest first; and where not."""
    moved = sorted((one for one in stages if one.moved), key=lambda one: -abs(one.difference))
    names = {one.name for one in moved}
    slower = [one for one in moved if one.waits or one.cpu is None]
    if StageName.EXECUTION in names:  # a burst takes longer because its tasks do
        slower = [one for one in slower if one.name is not StageName.TURNOVER]
    if not slower:
        return
    sentence = ", ".join(_stage(one) for one in slower[:_MOST_STAGES])
    same = [one.name.value for one in stages if one.same_beside(slower[0]) and not one.moved]
    rest = f"; {' and '.join(same)} {'is' if len(same) == 1 else 'are'} the same" if same else ""
    yield f"A task {sentence}{rest}{_blamed({one.name.value for one in slower}, same)}."


def _stage(one: Stage) -> str:
    base, head = sorted((abs(one.low), abs(one.high)))
    low, high = units.pair(base, head, "s")
    size = units.quantity(abs(one.difference), "s")
    verb, more = "waits" if one.waits else "takes", "longer" if one.difference > 0 else "less"
    return f"{verb} {size} ({low} to {high}) {more} {_WHERE[one.name]}"


def _blamed(stages: Collection[str], same: Collection[str]) -> str:
    """What the stages have in common: fetching is a part of wait, and of the turnover."""
    if stages == {StageName.WAIT, StageName.TURNOVER}:
        return ": fetching is in both"
    if stages != {StageName.TURNOVER}:
        return ""
    return ": to acknowledge" if StageName.WAIT in same else ": to acknowledge or to fetch"


def _share(share: Share | None, causes: Sequence[Cause]) -> Iterator[str]:
    if share is None:
        return
    measured = f"{units.change(share.ratio)} of {_inline(share.metric)}"
    reach = f"{_percent(share.low)} to {_percent(share.high)} %"
    line = f"The counts account for {_percent(share.value)} % ({reach}) of the measured {measured}"
    sampled_share = sum(_seen_share(cause) for cause in causes if cause.kind in _UNPRICED)
    if sampled_share:
        line = f"{line}, what was sampled for {_percent(min(sampled_share, 1 - share.value))} %"
    if share.value + sampled_share >= ALL:
        yield f"{line}."
        return
    why = ", which no line prices" if any(cause.kind in _UNPRICED for cause in causes) else ""
    yield f"{line}; not explained: {100 - _percent(share.value + sampled_share)} %{why}."


_UNPRICED = {CauseKind.C_CODE, CauseKind.WAITING, CauseKind.ALLOCATION}


def _seen_share(cause: Cause) -> float:
    """The share of CPU time that a profiler alone can tell."""
    seen = cause.sampled
    return seen.share if seen and seen.of in CPU_TIMES else 0.0


def _percent(share: float) -> int:
    return round(share * 100)


def _not_run(explanation: Explanation, name: Name) -> Iterator[str]:
    names = explanation.not_run
    if names:
        shown = ", ".join(name(one) for one in names[:MOST_NAMES])
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        functions = units.count(len(names), "changed function")
        yield f"Cannot be cleared: no task ran {functions}: {shown}{more}."
