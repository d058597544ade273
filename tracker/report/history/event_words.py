"""Events in words, before anybody decides how they look."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tracker import units
from tracker.model import EventKind, Fate, Verdict
from tracker.report.history.bisect_offer import Offer, offer_search
from tracker.report.history.listed_changes import ListedChange, ListedEvent
from tracker.report.history.overview import Overview, label_commit, label_day

_SHOWN = 2  # members of an event that are shown with their values
_FEW_OVER = 3  # events that are over, on a first screen
_ENDED = {Fate.UNDONE: "undone by now", Fate.UNMEASURED: "no longer measured"}
_LEAST_P = 1e-9  # below this nobody asks for more


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWords:
    """What is said of one series of an event; `name` and `place` are foreign text.

    Attributes:
        name: of the benchmark, with its parameters.
        values: before and after, and the size of the change.
        place: what of its machine and environment the event does not say for all; "" for nothing.
    """

    name: str
    values: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWords:
    """What is said of one event; `surroundings`, `commit`, `place` and `subject` are foreign text.

    Attributes:
        title: what happened, how large, to how many.
        surroundings: what else changed there.
        commit: at which it was first seen, and between which it lies; `when` says how long ago.
        place: machine and environment, as far as all of its series share them; "" for nothing.
        members: the largest.
        reasons: why it is believed, and what is known besides.
        triage: what somebody has decided about it.
        offer: the search for its commit, None where that is known.
    """

    title: str
    surroundings: tuple[str, ...]
    commit: str
    when: str
    place: str
    subject: str
    members: tuple[MemberWords, ...]
    reasons: str
    triage: str
    offer: Offer | None


def describe_event(row: ListedEvent, overview: Overview) -> EventWords:
    """Put one event of *overview* into words."""
    event = row.event
    places = [_place(one) if overview.places else () for one in row.members]
    shared = set(places[0]).intersection(*places)
    return EventWords(
        title=f"{_what(row)}: {_size(row)} in {_how_many(row)}",
        surroundings=event.surroundings,
        commit=_where(row),
        when=f"{label_day(row.commit)}, {_since(row)}",
        place=", ".join(part for part in places[0] if part in shared),
        subject=row.commit.subject,
        members=tuple(
            MemberWords(
                name=_name(one),
                values=_values(one),
                place=", ".join(part for part in place if part not in shared),
            )
            for one, place in zip(row.members[:_SHOWN], places, strict=False)
        ),
        reasons=_reasons(row),
        triage=_triage(row),
        offer=offer_search(row, overview),
    )


def describe_split(row: ListedChange) -> str:
    """Say which part of a change its controls share; "" where there is none."""
    change, shared = row.judged.change, row.judged.shared
    if not (change.ratio > 0 and shared > 0) or abs(math.log(shared)) < _LEAST_SHARED:
        return ""
    rest = units.change(change.ratio / shared)
    machine = f"{units.change(shared)} shared with the controls (machine)"
    whose = "the commit's" if row.judged.kind is EventKind.COMMIT else "the rest"
    return f" measured, {machine}, {rest} {whose}"


_LEAST_SHARED = 0.005


def describe_small(overview: Overview) -> str:
    """Say how many changes are too small to matter, "" for none."""
    if not overview.small:
        return ""
    return f"{units.count(overview.small, 'change')} below the floor of the metric"


def _what(row: ListedEvent) -> str:
    event = row.event
    if event.kind is EventKind.MEASURING:
        return f"the measuring changed, {event.direction} since"
    if event.kind is EventKind.MACHINE:
        return _of_machine(row)
    if event.kind is EventKind.EXCURSION:
        return f"{event.direction} for a commit or two, and back"
    if event.verdict is Verdict.SUSPECTED:
        return f"suspected, {event.direction}"
    return str(event.direction)


def _of_machine(row: ListedEvent) -> str:
    direction = row.event.direction
    if all(one.judged.verdict is Verdict.NO_CHANGE for one in row.members):
        return f"the machine, {direction}: the controls moved"
    if _has_control(row):
        return f"looks like the machine, {direction}: the controls moved there, too"
    if _alternates(row):
        return f"looks like machines of several speeds, {direction}: values go to and fro"
    does = "speeds everything up" if direction is Verdict.BETTER else "slows everything"
    return f"looks like the machine, or a change that {does}, {direction}"


def _has_control(row: ListedEvent) -> bool:
    """Say whether a control is among the members, or stands beside one."""
    return any(
        one.judged.shared > 0 or one.judged.verdict is Verdict.NO_CHANGE for one in row.members
    )


def _alternates(row: ListedEvent) -> bool:
    """Say whether most members go to and fro between their levels."""
    return 2 * sum(one.judged.alternates for one in row.members) > len(row.members)


def _size(row: ListedEvent) -> str:
    ratios = [r.judged.change.ratio for r in row.members if r.judged.change.ratio > 0]
    if not ratios:
        change = row.members[0].judged.change
        return units.step(change.before, change.after, row.members[0].series.metric.unit)
    if len(ratios) == 1:
        return units.change(ratios[0])
    low, high = map(units.change, (min(ratios), max(ratios)))
    if low == high:
        return low
    return f"{units.change(row.event.ratio)} ({low} .. {high})"


def _how_many(row: ListedEvent) -> str:
    series, benchmarks = len(row.members), row.benchmarks
    text = units.count(series, "series")
    if benchmarks != series:
        text += f" of {units.count(benchmarks, 'benchmark')}"
    timed = (one.series for one in row.members if not one.series.metric.is_counted)
    machines = len({series.key.machine for series in timed})
    return text + (f" on {machines} machines" if machines > 1 else "")


def _where(row: ListedEvent) -> str:
    if row.earliest == row.latest:
        return label_commit(row.commit)
    span = f"{label_commit(row.earliest)} .. {label_commit(row.latest)}"
    return f"{label_commit(row.commit)} ({span})"


def _since(row: ListedEvent) -> str:
    event = row.event
    since = units.since(event.points_since, "measured commit")
    if event.kind is EventKind.EXCURSION:
        return since
    ended = _ENDED.get(event.fate)
    return f"{since}, {ended}" if ended else since


def _name(row: ListedChange) -> str:
    key = row.series.key
    return ".".join(key.benchmark.split(".")[-2:]) + key.label[len(key.benchmark) :]


def _place(row: ListedChange) -> tuple[str, ...]:
    """Return machine and environment; what is counted is at home on any machine."""
    key = row.series.key
    return (key.environment,) if row.series.metric.is_counted else (key.machine, key.environment)


def _values(row: ListedChange) -> str:
    change, unit = row.judged.change, row.series.metric.unit
    before, after = units.pair(change.before, change.after, unit)
    size = units.step(change.before, change.after, unit)
    return f"{before} -> {after} ({size}{describe_split(row)})"


def _reasons(row: ListedEvent) -> str:
    event = row.event
    sure = sum(one.judged.verdict is event.direction for one in row.members)
    counted = sum(one.series.metric.is_counted for one in row.members)
    parts = []
    if counted:
        share = "" if counted == len(row.members) else f"{counted:,} of {len(row.members):,} "
        parts.append(f"{share}counted, no clock involved")
    if event.p_value >= 0:
        shown = "< 1e-9" if event.p_value < _LEAST_P else f"= {event.p_value:.1g}"
        parts.append(f"p {shown}")
    if event.verdict is Verdict.SUSPECTED:
        parts.append(_settles(row))
    elif event.kind is EventKind.EXCURSION and _is_of_one_machine(row):
        parts.append("one machine alone, perhaps its doing")
    elif sure < len(row.members) and event.kind is EventKind.COMMIT:
        parts.append(f"{sure:,} of {len(row.members):,} sure by themselves")
    return "; ".join(parts)


def _is_of_one_machine(row: ListedEvent) -> bool:
    return len({one.series.key.machine for one in row.members}) == 1


def _settles(row: ListedEvent) -> str:
    event = row.event
    if _alternates(row):
        return "measuring both sides on one machine would settle it"
    if event.kind is EventKind.MEASURING:
        return "measure the commits on both sides again, alike, to know"
    if event.kind is EventKind.MACHINE and _has_control(row):
        return "measuring both sides again would settle it"
    if event.kind is EventKind.MACHINE:
        return "a control or another machine would tell"
    return "more commits at the new level would settle it"


def _triage(row: ListedEvent) -> str:
    rules = Counter(one.rule.sentence for one in row.members if one.rule is not None)
    if not rules:
        return ""
    sentence, count = rules.most_common(1)[0]
    return sentence if count == len(row.members) else f"{sentence} (of {count:,} series)"


def listed(overview: Overview) -> Sequence[ListedEvent]:
    """Return the events that somebody may act on, without those that were silenced."""
    return [row for row in overview.events if not row.is_silenced]


def first_screen(events: Sequence[ListedEvent], limit: int) -> Sequence[ListedEvent]:
    """Return at most *limit* of *events*, and of those that are over a few."""
    lasting = sum(not row.is_over for row in events)
    return events[: min(limit, lasting + _FEW_OVER)]
