"""The counts and tables of the comment, pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tracker import units
from tracker.model import Verdict
from tracker.model.comparison import Reproduction, Row
from tracker.report.comparison.ruling import RuledRow, Ruling
from tracker.report.escape import code
from tracker.report.links import plots_of

_WORDS = {
    Verdict.WORSE: "❌ worse",
    Verdict.BETTER: "✅ better",
    Verdict.NO_CHANGE: "• no change",
    Verdict.CANNOT_TELL: "❔ cannot tell",
}
_HEAD = "| benchmark | base | head | change (interval) | verdict |\n|---|--:|--:|--:|---|"


def counts(ruling: Ruling) -> str:
    """Return one line that accounts for every row and every benchmark without a pair."""
    comparison = ruling.comparison
    decided = Counter(r.row.verdict for r in ruling.rows if r.rule is None)
    parts = [f"{decided[verdict]} {_WORDS[verdict].split(' ', 1)[1]}" for verdict in _WORDS]
    rest = (
        (sum(r.rule is not None for r in ruling.rows), "accepted or silenced"),
        (len(comparison.new), "new"),
        (len(comparison.vanished), "vanished"),
        (len(comparison.failed), "failed"),
        (comparison.left_out, "left out"),
    )
    parts += (f"{count} {label}" for count, label in rest if count)
    return f"**{' · '.join(parts)}**"


def table(rows: Sequence[RuledRow], site: str = "") -> str:
    """Return a table with one line per row; "" for none. Names link to their plots on *site*."""
    return "\n".join((_HEAD, *(_line(row, site) for row in rows))) if rows else ""


def label(row: Row) -> str:
    """Return the name of a row, not yet escaped: scenario[library, parameters] metric."""
    params = [row.library, *(f"{name}={value}" for name, value in row.params)]
    inside = ", ".join(filter(None, params))
    name = (
        f"{row.scenario if row.library else row.benchmark}[{inside}]" if inside else row.benchmark
    )
    return f"{name} {row.metric}" if row.library else name


def _line(ruled: RuledRow, site: str) -> str:
    row = ruled.row
    name = code(label(row))
    plots = plots_of(site, row) if site else ""
    name = f"[{name}]({plots})" if plots else name
    base, head = units.pair(row.base.median, row.head.median, row.unit)
    cells = (name, _value(base), _value(head), _change(row), _verdict(ruled))
    return f"| {' | '.join(cells)} |"


def _value(text: str) -> str:
    """A number and its unit; the unit of a foreign benchmark is foreign text."""
    number, _, unit = text.partition(" ")
    return text if unit in _KNOWN_UNITS else f"{number} {code(unit, 20)}"


_KNOWN_UNITS = frozenset(
    {"s", "ms", "us", "ns", "B", "KiB", "MiB", "GiB", "tasks/s", "tasks", "ratio", "%", ""}
)


def _change(row: Row) -> str:
    if row.ratio is None or row.low is None or row.high is None:
        return "n/a"
    if row.counted:  # its interval is no more than how far equal code scatters
        return units.change(row.ratio)
    interval = f"{units.change(row.low)[:-2]} to {units.change(row.high)}"
    return f"{units.change(row.ratio)} ({interval})"


def _verdict(ruled: RuledRow) -> str:
    return "; ".join(filter(None, (_WORDS[ruled.row.verdict], *_remarks(ruled))))


def _remarks(ruled: RuledRow) -> Iterable[str]:
    row = ruled.row
    if ruled.fails and row.verdict is not Verdict.WORSE:
        yield "❌ head's spread is above the limit"
    elif ruled.too_noisy:
        yield "the spread of base and head is above the limit"
    if row.verdict is Verdict.WORSE:
        yield _CHECKS[row.check]
        yield "" if ruled.fails else "does not gate"
    if row.verdict is Verdict.CANNOT_TELL:
        if row.minimum_detectable_effect is not None:
            yield f"could detect {units.share(row.minimum_detectable_effect)}"
        if row.rounds_to_settle:
            yield f"{units.count(row.rounds_to_settle, 'more round')} would decide it"
    if ruled.rule is not None:
        yield code(ruled.rule.sentence, 200)


_CHECKS = {
    Reproduction.CONFIRMED: "reproduced with fresh processes",
    Reproduction.NOT_REPRODUCED: "not reproduced with fresh processes",
    Reproduction.NOT_MEASURED: "",
}
