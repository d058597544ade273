"""A comparison for the terminal, pure."""

from collections.abc import Callable, Iterator, Sequence

from tracker import units
from tracker.model import Verdict
from tracker.model.comparison import Comparison, Conclusion, Reproduction, Row, Side, Unpaired
from tracker.model.effect_size import effect_over_noise
from tracker.report.comparison.comment_sections import by_reason
from tracker.report.comparison.row_choice import first_of_each, repeated
from tracker.report.escape import clean, clean_reason
from tracker.report.explanation import explanation_lines

MOST_ROWS = 20

_HEADLINES = {
    Conclusion.FINE: "FINE",
    Conclusion.REGRESSION: "REGRESSION",
    Conclusion.CANNOT_TELL: "CANNOT TELL",
    Conclusion.FAILED: "FAILED",
}
_CHECKS = {
    Reproduction.CONFIRMED: "reproduced with fresh processes",
    Reproduction.NOT_REPRODUCED: "not reproduced with fresh processes",
    Reproduction.NOT_MEASURED: "not measured again",
}
_SECTIONS = (
    (Verdict.WORSE, "worse"),
    (Verdict.BETTER, "better"),
    (Verdict.CANNOT_TELL, "cannot tell"),
)


def render(comparison: Comparison) -> str:
    """Return the report: conclusion, what was compared, what changed, what is open."""
    return "\n".join([*_head(comparison), *_sections(comparison), *_tail(comparison)]) + "\n"


def _head(comparison: Comparison) -> Iterator[str]:
    headline = _HEADLINES[comparison.conclusion]
    yield f"{clean(comparison.project)}: {headline} - {clean(comparison.reason)}"
    yield _side("base", comparison.base)
    yield _side("head", comparison.head)
    noise = comparison.noise[0] if comparison.noise else None
    floor = "unknown" if noise is None or noise.relative is None else units.share(noise.relative)
    yield (
        f"{units.count(comparison.rounds, 'round')} in {_minutes(comparison.measured_s)} of "
        f"{_minutes(comparison.settings.budget_s)}; noise floor (base against base) {floor}; "
        f"chance of a false alarm at most {units.share(comparison.settings.alpha)}"
    )
    cpu = comparison.head.facts.get("cpu", "unknown CPU")
    yield f"machine {clean(comparison.machine)}, {clean(cpu)}"


def _side(name: str, side: Side) -> str:
    chosen = f" ({clean(side.remark, 60)})" if side.has_remark else ""
    line = f"{name} {side.sha[:8]} {clean(side.subject, 60)}{chosen}"
    return line if side.failure is None else f"{line}\n     {clean_reason(side.failure, 400)}"


def _sections(comparison: Comparison) -> Iterator[str]:
    counted = [row for row in comparison.rows if row.counted]
    timed = [row for row in comparison.rows if not row.counted]
    if counted:
        yield f"\n== counted per task, without a clock{_scenarios(counted)}"
        yield from _rows(counted, _counted_row)
    yield from _not_timed(comparison)
    if counted and timed:
        yield f"\n== timed{_scenarios(timed)}"
    if timed or not counted:
        yield from _rows(timed, _row)
    yield from _why(comparison)


def _why(comparison: Comparison) -> Iterator[str]:
    lines = explanation_lines(comparison.explanation, clean) if comparison.explanation else []
    if lines:
        yield "\n== why"
        yield from (f"  {line}" for line in lines)


def _scenarios(rows: Sequence[Row]) -> str:
    names = list(dict.fromkeys(row.scenario for row in rows))
    return f": {names[0]}" if len(names) == 1 else f": {len(names)} scenarios"


def _not_timed(comparison: Comparison) -> Iterator[str]:
    for why, names in by_reason({one.scenario: one.reason for one in comparison.not_timed}).items():
        yield f"\nnot timed ({clean(why)}; --time all does): {clean(', '.join(names), 400)}"
    for why, names in by_reason(comparison.not_counted).items():
        yield f"not counted: {clean(', '.join(names), 200)}: {clean_reason(why, 200)}"


def _rows(all_rows: Sequence[Row], show: Callable[[Row], Iterator[str]]) -> Iterator[str]:
    for verdict, title in _SECTIONS:
        rows = [row for row in all_rows if row.verdict is verdict]
        if not rows:
            continue
        rows.sort(key=lambda row: (not row.gates, -effect_over_noise(row.ratio, row.noise_floor)))
        yield f"\n{title} ({len(rows)})"
        shown = first_of_each(rows, lambda row: repeated(row, gates=row.gates))[:MOST_ROWS]
        yield from (line for row in shown for line in show(row))
        if len(rows) > len(shown):
            yield f"  ... and {len(rows) - len(shown)} more in the file"
    unchanged = sum(row.verdict is Verdict.NO_CHANGE for row in all_rows)
    yield f"\nno change ({unchanged})"


def _counted_row(row: Row) -> Iterator[str]:
    base, head = units.pair(row.base.median, row.head.median, row.unit)
    change = f"  {units.change(row.ratio)}" if row.ratio is not None else ""
    gates = "" if row.gates else "  (does not gate)"
    yield f"  {clean(row.scenario)} {clean(row.metric)}: {base} -> {head}{change}{gates}"


def _row(row: Row) -> Iterator[str]:
    yield f"  {_name(row)}{'' if row.gates else '  (does not gate)'}"
    base, head = units.pair(row.base.median, row.head.median, row.unit)
    interval = ""
    if row.ratio is not None and row.low is not None and row.high is not None:
        ends = f"{units.change(row.low)} to {units.change(row.high)}"
        interval = f"  {units.change(row.ratio)} ({ends})"
    yield f"    {base} -> {head}{interval}"
    yield f"    {_explain(row)}"


def _name(entry: Row | Unpaired) -> str:
    params = " ".join(f"{name}={value}" for name, value in entry.params)
    return clean(f"{entry.benchmark} {params}".strip())


def _explain(row: Row) -> str:
    if row.verdict is not Verdict.CANNOT_TELL:
        checked = f"; {_CHECKS[row.check]}" if row.gates else ""
        return f"{clean(row.reason)}{checked}"
    parts = [clean(row.reason)]
    if row.minimum_detectable_effect is not None:
        parts.append(f"could detect {units.share(row.minimum_detectable_effect)}")
    if row.rounds_to_settle is not None:
        parts.append(f"about {units.count(row.rounds_to_settle, 'more round')} would decide it")
    return "; ".join(parts)


def _tail(comparison: Comparison) -> Iterator[str]:
    for title, entries in (
        ("new", comparison.new),
        ("vanished", comparison.vanished),
        ("failed", comparison.failed),
    ):
        for entry in entries[:MOST_ROWS]:
            where = f" in {entry.side}: {clean_reason(entry.reason, 400)}" if entry.reason else ""
            yield f"{title}: {_name(entry)}{where}"
    for control in comparison.controls:
        if control.moved:
            ends = f"{units.change(control.low)} to {units.change(control.high)}"
            yield (
                f"control {clean(control.library)} moved in {clean(control.metric)}: "
                f"{units.change(control.ratio)} ({ends})"
            )
    for difference in comparison.differences:
        base, head = (clean(text or "absent") for text in (difference.base, difference.head))
        yield f"differs: {clean(difference.fact)}: {base} -> {head}"
    yield from (f"note: {clean(note, 400)}" for note in comparison.notes)


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60:02} s"
