"""An explanation in at most five lines: what moved, what did it, how much of the time that is."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from tracker import units
from tracker.explain.explaining import CountedCommit
from tracker.model.catalogue import METRICS
from tracker.model.explanation import (
    Attribution,
    Cause,
    Effect,
    Explanation,
    Moved,
    ScenarioExplanation,
)
from tracker.report.cause_sentences import brief_cause, cause_sentence
from tracker.report.explanation_words import (
    MOST_NAMES,
    Name,
    inline_title,
    percent,
    with_interval,
)
from tracker.report.time_sentences import share_sentences, stage_sentences

MOST_LINES = 5

_HARDLY_SAID = frozenset(
    {
        *("calls_per_task", "enqueue_calls_per_task"),
        *("start_lines", "start_modules", "start_instructions"),
    }
)
"""Metrics that say what others say, or that are `cold_start`'s; named where nothing else moved."""

_MOST_MOVED = 3


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
    timed = " ".join([*stage_sentences(first.stages), *share_sentences(first.share, first.causes)])
    tail = [*_attribution(first.attribution, name), *([timed] if timed else ()), *tail]
    causes = _fitting(first.causes, MOST_LINES - 1 - len(tail), name)
    return [_head(first, others, name), *(causes or [_no_cause(first, explanation)]), *tail]


def _fitting(causes: Sequence[Cause], room: int, name: Name) -> list[str]:
    """As many *causes* as there is room for, one at least; how many more, and the first of them."""
    if len(causes) <= room:
        return [cause_sentence(cause, name) for cause in causes]
    kept = max(room - 1, 1)
    lines, rest = [cause_sentence(cause, name) for cause in causes[:kept]], causes[kept:]
    what = units.agree(len(rest), "function, command or package", "functions, commands or packages")
    more = f"{len(rest)} more {what} moved"
    if room <= 1:
        return [f"{lines[0]} {more}."]
    named = ", ".join(brief_cause(cause, name) for cause in rest[:MOST_NAMES])
    others = units.count(len(rest) - MOST_NAMES, "other") if len(rest) > MOST_NAMES else ""
    return [*lines, f"{more}: {named}{f' and {others}' if others else ''}."]


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
    return f"Why ({name(first.scenario)}{alike}): {_moved(first, name)}."


def _moved(scenario: ScenarioExplanation, name: Name) -> str:
    moved = [one for one in scenario.moved if one.metric not in _HARDLY_SAID] or scenario.moved
    largest = sorted(moved, key=lambda one: (not METRICS[one.metric].gates, -_size(one)))
    texts = [_move(one, name) for one in largest[:_MOST_MOVED]]
    clock = ", though the clock differs" if scenario.timed or scenario.stages else ""
    return "; ".join(texts) if texts else f"no count moved{clock}"


def _size(one: Moved) -> float:
    return abs(math.log(one.head / one.base)) if one.base > 0 and one.head > 0 else math.inf


def _move(one: Moved, name: Name) -> str:
    base, head = units.pair(one.base, one.head, one.unit)
    in_title = one.unit.replace(" ", "_") in one.metric
    texts = [text.split()[0] if in_title else text for text in (base, head)]
    return f"{inline_title(one.metric)} {texts[0]} to {texts[1]}{_compiled(one, name)}"


def _compiled(one: Moved, name: Name) -> str:
    """Where most of the difference is executed, in words."""
    places = ", ".join(f"{name(each.symbol)} ({name(each.object)})" for each in one.compiled)
    return f", most of it in {places}" if places else ""


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
        texts = [f"{with_interval(effect, split.unit)} by {who}" for effect, who in parts]
    yield f"Of {inline_title(split.metric)}, {' and '.join(texts)}."


def _part(effect: Effect, whole: float) -> str:
    shares = sorted(percent(end / whole) for end in (effect.low, effect.high))
    return f"{percent(effect.value / whole)} % ({shares[0]} to {shares[1]} %)"


def _not_run(explanation: Explanation, name: Name) -> Iterator[str]:
    names = explanation.not_run
    if names:
        shown = ", ".join(name(one) for one in names[:MOST_NAMES])
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        functions = units.count(len(names), "changed function")
        yield f"Cannot be cleared: no task ran {functions}: {shown}{more}."
