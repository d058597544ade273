"""The report of a history as Markdown, for a job summary or a file."""

from collections.abc import Sequence

from tracker import units
from tracker.model import Series
from tracker.model.explanation import Explanation
from tracker.report.escape import clean_reason, code
from tracker.report.explanation import event_lines
from tracker.report.history.event_words import EventWords, describe_event, describe_small, listed
from tracker.report.history.failures import FailureGroup, join_failures
from tracker.report.history.overview import Overview, label_commit
from tracker.report.history.text import (
    LIMIT,
    describe_silenced,
    describe_standing,
    head_line,
)

_COMMAND = 400  # what is copied is not cut, unless its names are hostile


def render_markdown(overview: Overview, limit: int | None = None) -> str:
    """Write the whole report; foreign text only ever appears as code."""
    rows, measured = limit or LIMIT, overview.measured
    sections = (
        [f"## {code(overview.project or 'history')}: {head_line(overview)}"],
        [
            (
                f"{units.count(measured.count, 'measured commit')}, "
                f"{code(label_commit(measured.first))} to {code(label_commit(measured.last))}, "
                f"{units.count(overview.points, 'value')}. "
                f"Expected false ones among the sure events: {overview.expected_false_alarms:.2g}."
            )
        ],
        _events(overview, rows),
        _failures(overview, rows),
        _standing(overview, rows),
        _excluded(overview, rows),
        [f"> {code(note, 400)}" for note in overview.notes],  # a note may name a benchmark
    )
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _events(overview: Overview, limit: int) -> list[str]:
    events, silenced = listed(overview), describe_silenced(overview)
    small = describe_small(overview)
    if not events:
        return [f"No events{silenced}." + (f" {small}." if small else "")]
    head = ("What", "Commit", "Most", "Why")
    cells = [
        _event_cells(describe_event(row, overview), overview.explanations.get(row.number))
        for row in events[:limit]
    ]
    title = f"{units.count(len(events), 'event')}, what to act on first{silenced}"
    return [*_table(title, head, cells, len(events)), *(["", f"And {small}."] if small else [])]


def _event_cells(words: EventWords, explanation: Explanation | None) -> tuple[str, ...]:
    first = "; ".join(map(code, words.surroundings))
    subject = f" {code(words.subject)}" if words.subject else ""
    why = event_lines(explanation, code) if explanation is not None else ()
    return (
        f"**{words.title}**" + (f"; {first}" if first else ""),
        f"{code(words.commit)} {words.when}{_on(words.place)}{subject}",
        "<br>".join(f"{code(one.name)} {one.values}{_on(one.place)}" for one in words.members),
        "<br>".join(filter(None, (_reasons(words), *why))),
    )


def _on(place: str) -> str:
    return f" on {code(place)}" if place else ""


def _reasons(words: EventWords) -> str:
    triage = words.triage and code(words.triage)
    return "; ".join(filter(None, (words.reasons, triage, _offer(words))))


def _offer(words: EventWords) -> str:
    if words.offer is None:
        return ""
    return f"{words.offer.sentence} {code(words.offer.command, _COMMAND)}"


def _name(series: Series, overview: Overview) -> str:
    key = series.key
    return code(key.label) + _place(key.machine, key.environment, overview)


def _place(machine: str, environment: str, overview: Overview) -> str:
    return f" on {code(machine)}, {code(environment)}" if overview.places else ""


def _failures(overview: Overview, limit: int) -> list[str]:
    rows = join_failures(overview.failures)
    if not rows:
        return []
    cells = [
        (
            code(label_commit(row.commit)) + _older(row),
            code(row.what) + _place(row.machine, row.environment, overview),
            row.outcome.value,
            code(clean_reason(row.reason), 240),
            f"{row.cells:,}",
        )
        for row in rows[:limit]
    ]
    total = sum(row.cells for row in rows)
    head = ("Commit", "What", "Outcome", "Reason", "Values")
    return _table(f"Without a value ({total:,})", head, cells, len(rows))


def _older(row: FailureGroup) -> str:
    return f" and {row.commits - 1:,} older" if row.commits > 1 else ""


def _standing(overview: Overview, limit: int) -> list[str]:
    cells = []
    for row in overview.standing[:limit]:
        series = row.judged.series
        cells.append(
            (
                _name(series, overview),
                code(units.quantity(row.value, series.metric.unit)),
                code(label_commit(row.commit)),
                "; ".join([describe_standing(row, code), *map(code, row.judged.notes)]),
            )
        )
    if not cells:
        return []
    head = ("Series", "Now", "Commit", "Verdict")
    return _table("Where the series stand", head, cells, len(overview.standing))


def _excluded(overview: Overview, limit: int) -> list[str]:
    if not overview.excluded:
        return []
    cells = [
        (code(row.what), code(row.why), f"{row.count:,}", code(row.example))
        for row in overview.excluded[:limit]
    ]
    total = sum(row.count for row in overview.excluded)
    head = ("What", "Why", "Count", "First")
    return _table(f"Left out ({total:,})", head, cells, len(overview.excluded))


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> list[str]:
    lines = [f"### {title}", "", _line(head), _line(["---"] * len(head)), *map(_line, rows)]
    if total > len(rows):
        lines += ["", f"... and {total - len(rows):,} more: `--format json` lists all."]
    return lines


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
