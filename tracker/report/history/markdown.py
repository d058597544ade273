"""The report of a history as Markdown, for a job summary or a file."""

from collections.abc import Sequence

from tracker import units
from tracker.model import Series
from tracker.report.escape import clean_reason, code
from tracker.report.history.failures import FailureRow, join_failures
from tracker.report.history.overview import ChangeRow, Overview, label_commit, label_day
from tracker.report.history.text import (
    WORDS,
    describe_change,
    describe_notes,
    describe_silenced,
    head_line,
)

_ROWS = 40


def render_markdown(overview: Overview) -> str:
    """Write the whole report; foreign text only ever appears as code."""
    sections = (
        [f"## {code(overview.project or 'history')}: {head_line(overview)}"],
        [
            (
                f"{units.count(overview.measured_commits, 'measured commit')}, "
                f"{code(label_commit(overview.first))} to {code(label_commit(overview.newest))}, "
                f"{units.count(overview.points, 'value')}. "
                f"Expected false alarms among the changes: {overview.expected_false_alarms:.2g}."
            )
        ],
        _changes(overview),
        _shifts(overview),
        _failures(overview),
        _standing(overview),
        _excluded(overview),
        [f"> {code(note, 400)}" for note in overview.notes],  # a note may name a benchmark
    )
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _changes(overview: Overview) -> list[str]:
    rows, silenced = overview.listed_changes, describe_silenced(overview)
    if not rows:
        return [f"No changes{silenced}."]
    return _table(
        f"Changes ({len(rows):,}), newest first{silenced}",
        ("Series", "Before", "After", "Change", "Commit", "Also"),
        [_change_cells(row, overview) for row in rows[:_ROWS]],
        len(rows),
    )


def _change_cells(row: ChangeRow, overview: Overview) -> tuple[str, ...]:
    unit, change = row.series.metric.unit, row.judged.change
    subject = f" {code(row.commit.subject)}" if row.commit.subject else ""
    return (
        _name(row.series, overview),
        code(units.quantity(change.before, unit)),
        code(units.quantity(change.after, unit)),
        describe_change(row),
        f"{code(label_commit(row.commit))} {label_day(row.commit)}{subject}",
        "; ".join(code(note) for note in describe_notes(row)),
    )


def _name(series: Series, overview: Overview) -> str:
    key = series.key
    return code(key.label) + _place(key.machine, key.environment, overview)


def _place(machine: str, environment: str, overview: Overview) -> str:
    return f" on {code(machine)}, {code(environment)}" if overview.places else ""


def _shifts(overview: Overview) -> list[str]:
    return [
        f"- The machine {code(shift.machine)} ({code(shift.environment)}) shifted by "
        f"{units.change(shift.ratio)} at {code(label_commit(commit))}, {label_day(commit)}: "
        f"{shift.series_affected:,} series moved together, no commit is blamed."
        for shift, commit in overview.shifts
    ]


def _failures(overview: Overview) -> list[str]:
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
        for row in rows[:_ROWS]
    ]
    total = sum(row.cells for row in rows)
    head = ("Commit", "What", "Outcome", "Reason", "Values")
    return _table(f"Without a value ({total:,})", head, cells, len(rows))


def _older(row: FailureRow) -> str:
    return f" and {row.commits - 1:,} older" if row.commits > 1 else ""


def _standing(overview: Overview) -> list[str]:
    cells = []
    for row in overview.standing[:_ROWS]:
        series = row.judged.series
        cells.append(
            (
                _name(series, overview),
                code(units.quantity(row.value, series.metric.unit)),
                code(label_commit(row.commit)),
                "; ".join([WORDS[row.judged.verdict], *map(code, row.judged.notes)]),
            )
        )
    if not cells:
        return []
    head = ("Series", "Now", "Commit", "Verdict")
    return _table("Where the series stand", head, cells, len(overview.standing))


def _excluded(overview: Overview) -> list[str]:
    if not overview.excluded:
        return []
    cells = [
        (code(row.what), code(row.why), f"{row.count:,}", code(row.example))
        for row in overview.excluded[:_ROWS]
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
