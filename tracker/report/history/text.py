"""The report of a history for the terminal: values in, text out."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from tracker import units
from tracker.model import EventKind, Exclusion, Outcome, Verdict
from tracker.report.escape import clean, clean_reason, shorten, shorten_apart
from tracker.report.explanation import event_lines
from tracker.report.history.event_words import (
    EventWords,
    describe_event,
    describe_small,
    describe_split,
    first_screen,
    listed,
)
from tracker.report.history.failures import FailureGroup, join_failures
from tracker.report.history.listed_changes import ListedChange, ListedEvent
from tracker.report.history.overview import Overview, label_commit, label_day
from tracker.report.history.standing_series import ListedSeries

WORDS = {
    Verdict.WORSE: "worse",
    Verdict.BETTER: "better",
    Verdict.SUSPECTED: "suspected",
    Verdict.NO_CHANGE: "no change",
    Verdict.CANNOT_TELL: "cannot tell",
}
_WIDTH = 70
_LONG = 200
_COMMAND = 400  # what is copied is not cut, unless its names are hostile
_ROWS = 40  # of what was left out, beside a list of all changes
LIMIT = 8
_SMALL = 40  # series that are all listed; of more, and of what else there is, only...
_FEW = 3


def render_text(overview: Overview, limit: int | None = None) -> str:
    """Write one screen: what happened, most urgent first, what failed, where the series stand.

    Args:
        overview: of the history.
        limit: rows of each list, None for what suits a screen; the JSON has all.
    """
    is_small = len(overview.standing) <= _SMALL
    few = limit or (LIMIT if is_small else _FEW)
    return _join(
        _head(overview),
        _events(overview, limit),
        _failures(overview, few),
        _standing(overview, limit or (_SMALL if is_small else _FEW)),
        _excluded(overview.excluded, few),
        _foot(overview),
    )


def render_changes(overview: Overview) -> str:
    """Write every change point, and what was left out."""
    rows = len(overview.changes)
    return _join(
        _head(overview),
        _changes(overview, rows),
        _excluded(overview.excluded, _ROWS),
        _foot(overview),
    )


def head_line(overview: Overview) -> str:
    """Return the one line that matters most."""
    counts = [
        f"{overview.verdicts[verdict]:,} {WORDS[verdict]}"
        for verdict in Verdict
        if overview.verdicts.get(verdict)
    ]
    total = sum(overview.verdicts.values())
    return f"{', '.join(counts) or 'nothing judged'} (of {total:,} series)"


def describe_change(row: ListedChange) -> str:
    """Return the size of a change in words: change, interval, verdict, status."""
    change, unit = row.judged.change, row.series.metric.unit
    size = units.step(change.before, change.after, unit)
    if change.ratio_low < change.ratio_high:
        size += f" ({units.change(change.ratio_low)} .. {units.change(change.ratio_high)})"
    known = "counted" if row.series.metric.is_counted else change.status.value
    return f"{size}{describe_split(row)} {_judged(row)}, {known}"


def _judged(row: ListedChange) -> str:
    """Return the verdict on a change, and why where it is none."""
    judged, metric = row.judged, row.series.metric
    if judged.kind is EventKind.MEASURING:
        return "since the measuring changed"
    if judged.kind is EventKind.MACHINE:
        is_control = judged.verdict is Verdict.NO_CHANGE
        return "of the machine: controls moved" if is_control else "looks like the machine"
    if judged.verdict is Verdict.NO_CHANGE:
        return f"below the floor of {units.share(metric.floor)}"
    return WORDS[judged.verdict]


def describe_where(row: ListedChange) -> str:
    """Return the commit of a change and, when it may lie elsewhere, between which it lies."""
    if row.earliest == row.latest:
        return label_commit(row.commit)
    span = f"{label_commit(row.earliest)} .. {label_commit(row.latest)}"
    return f"{label_commit(row.commit)} ({span})"


def describe_standing(row: ListedSeries, write: Callable[[str], str] = clean) -> str:
    """Return the verdict on a series, with the commit since which it stands, made harmless."""
    word = WORDS[row.judged.verdict]
    if row.since is None or row.judged.verdict is not Verdict.WORSE:
        return word
    return f"{word}, standing since {write(label_commit(row.since))}"


def describe_notes(row: ListedChange) -> list[str]:
    """Return what else is to be said of a change, each a sentence without full stop."""
    notes = [f"environment changed there: {text}" for text in row.judged.environment_changes]
    if row.rule is not None:
        notes.append(row.rule.sentence)
    return notes


def describe_silenced(overview: Overview) -> str:
    """Return how many changes are not listed, as the end of a title; "" for none."""
    count = sum(row.is_silenced and not row.judged.change.is_withdrawn for row in overview.changes)
    return f"; {count:,} silenced and not listed" if count else ""


def _join(*sections: Sequence[str]) -> str:
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _head(overview: Overview) -> list[str]:
    project = clean(overview.project) or "history"
    measured = overview.measured
    first, last = (clean(label_commit(each)) for each in (measured.first, measured.last))
    return [
        f"{project}: {head_line(overview)}",
        (
            f"{units.count(measured.count, 'measured commit')} "
            f"from {label_day(measured.first)} ({first}) to {label_day(measured.last)} "
            f"({last}), {units.count(overview.points, 'value')}"
        ),
    ]


def _events(overview: Overview, limit: int | None) -> list[str]:
    events, silenced = listed(overview), describe_silenced(overview)
    small = describe_small(overview)
    if not events:
        return [f"No events{silenced}." + (f" {small}." if small else "")]
    lines = [f"{units.count(len(events), 'event')}, what to act on first{silenced}"]
    shown = events[:limit] if limit else first_screen(events, LIMIT)
    for number, row in enumerate(shown, 1):
        lines += _event(number, describe_event(row, overview))
        lines += [f"     {line}" for line in _why(overview, row)]
    lines += _more_events(events[len(shown) :])
    return [*lines, f"  and {small}"] if small else lines


def _event(number: int, words: EventWords) -> list[str]:
    indent = "     "
    first = f"; {clean('; '.join(words.surroundings), 160)}" if words.surroundings else ""
    subject = f": {clean(words.subject, _WIDTH)}" if words.subject else ""
    comma = "," if words.place else ""
    lines = [
        f" {number:>2}. {words.title}{first}",
        f"{indent}at {clean(words.commit)}, {words.when}{comma}{_on(words.place)}{subject}",
    ]
    names = shorten_apart([clean(one.name) for one in words.members], _WIDTH)
    lines += [
        f"{indent}{name}: {one.values}{_on(one.place)}"
        for name, one in zip(names, words.members, strict=True)
    ]
    tail = "; ".join(filter(None, (words.reasons, clean(words.triage))))
    lines += [f"{indent}{tail}"] if tail else []
    if words.offer is not None:
        lines += [
            f"{indent}{words.offer.sentence}",
            f"{indent}  {clean(words.offer.command, _COMMAND)}",
        ]
    return lines


def _on(place: str) -> str:
    return f" on {shorten(clean(place, len(place)), _WIDTH)}" if place else ""


def _more_events(rest: Sequence[ListedEvent]) -> list[str]:
    if not rest:
        return []
    over = sum(row.is_over for row in rest)
    which = f" ({over:,} of them over)" if 0 < over < len(rest) else ", over" if over else ""
    return [f"  ... and {len(rest):,} more{which}: --limit or --since shows others"]


def _why(overview: Overview, row: ListedEvent) -> list[str]:
    explanation = overview.explanations.get(row.number)
    return event_lines(explanation, partial(clean, limit=_LONG)) if explanation else []


def _changes(overview: Overview, limit: int) -> list[str]:
    listed = overview.listed_changes
    silenced = describe_silenced(overview)
    if not listed:
        return [f"No changes{silenced}."]
    lines = [f"Changes ({len(listed):,}), newest first{silenced}"]
    for row in listed[:limit]:
        change, unit = row.judged.change, row.series.metric.unit
        lines.append(f"  {clean(_place(row, overview))}")
        lines.append(
            f"    {units.quantity(change.before, unit)} -> {units.quantity(change.after, unit)}  "
            f"{describe_change(row)}"
        )
        subject = f": {clean(row.commit.subject)}" if row.commit.subject else ""
        lines.append(
            f"    at {clean(describe_where(row))}, {label_day(row.commit)}, "
            f"{units.since(change.points_since, 'measured commit')}{subject}"
        )
        lines += [f"    {clean(note)}" for note in describe_notes(row)]
    return lines + _more(len(listed), limit)


def _place(row: ListedChange, overview: Overview) -> str:
    key = row.series.key
    where = f" on {key.machine}, {key.environment}" if overview.places else ""
    return f"{row.series.key.label}{where}"


def _failures(overview: Overview, limit: int) -> list[str]:
    rows = join_failures(overview.failures)
    failed = [row for row in rows if row.outcome is Outcome.FAILED]
    other = [row for row in rows if row.outcome is Outcome.UNSUPPORTED]
    return [
        *_failure_list("Failed", failed, overview, limit),
        *_failure_list("Not supported or skipped", other, overview, limit),
    ]


def _failure_list(
    title: str, rows: Sequence[FailureGroup], overview: Overview, limit: int
) -> list[str]:
    if not rows:
        return []
    lines = [f"{title} ({units.count(sum(row.cells for row in rows), 'value')})"]
    for row in rows[:limit]:
        where = f" on {row.machine}, {row.environment}" if overview.places else ""
        lines.append(
            f"  {clean(label_commit(row.commit))}  {clean(row.what + where)}: "
            f"{clean_reason(row.reason)} [{units.count(row.cells, 'value')}{_at_commits(row)}]"
        )
    return lines + _more(len(rows), limit)


def _at_commits(row: FailureGroup) -> str:
    return f" at {row.commits:,} commits" if row.commits > 1 else ""


def _standing(overview: Overview, limit: int) -> list[str]:
    if not overview.standing:
        return []
    rows = overview.standing
    shared = _shared_note(rows)
    table = _table([_standing_columns(row, with_notes=not shared) for row in rows[:limit]])
    lines = [
        "Where the series stand: newest value, difference from the one before, commit, verdict"
    ]
    place = ""
    for row, line in zip(rows, table, strict=False):
        here = f"on {row.judged.series.key.machine}, {row.judged.series.key.environment}:"
        if overview.places and here != place:
            lines.append(f"  {clean(here, _WIDTH * 2)}")
            place = here
        lines.append(f"  {line}" if overview.places else line)
    lines += _more(len(rows), limit)
    return [*lines, f"  all: {clean(shared)}"] if shared else lines


def _shared_note(rows: Sequence[ListedSeries]) -> str:
    """Return what is noted of every one of several series, "" when they differ."""
    notes = {"; ".join(row.judged.notes) for row in rows}
    return notes.pop() if len(notes) == 1 and len(rows) > 1 else ""


def _standing_columns(row: ListedSeries, *, with_notes: bool) -> tuple[str, ...]:
    series = row.judged.series
    notes = "; ".join(row.judged.notes) if with_notes else ""
    return (
        clean(series.key.label),
        units.quantity(row.value, series.metric.unit),
        units.step(row.previous, row.value, series.metric.unit),
        clean(label_commit(row.commit)),
        describe_standing(row) + (f" ({clean(notes)})" if notes else ""),
    )


def _excluded(excluded: Sequence[Exclusion], limit: int) -> list[str]:
    if not excluded:
        return []
    lines = [f"Left out ({sum(row.count for row in excluded):,})"]
    lines += [
        f"  {clean(row.what)}: {row.count:,} x {clean(row.why)} (first: {clean(row.example)})"
        for row in excluded[:limit]
    ]
    return lines + _more(len(excluded), limit)


def _foot(overview: Overview) -> list[str]:
    return [
        f"Expected false ones among the sure events: {overview.expected_false_alarms:.2g}.",
        *(clean(note, 400) for note in overview.notes),
    ]


def _more(total: int, limit: int, how: str = "--format json lists all") -> list[str]:
    return [f"  ... and {total - limit:,} more: {how}"] if total > limit else []


def _table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Align *rows* in columns; the first is cut to a bearable width."""
    listed_rows = list(rows)
    names = shorten_apart([row[0] for row in listed_rows], _WIDTH)
    cut = [(name, *row[1:]) for name, row in zip(names, listed_rows, strict=True)]
    widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cut
    ]
