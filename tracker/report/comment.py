"""The comment on a pull request, pure: a ruling in, Markdown out.

Order: verdict, confidence and action; what was compared; counts; the rows that matter; what is
new, gone or failed; then everything else, folded. What does not fit is left out in a fixed order
and said to be left out. Foreign text appears only through `escape.code`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker import units
from tracker.model import Verdict
from tracker.report.comment_headline import headline
from tracker.report.comment_rows import counts, table
from tracker.report.comparison import Comparison, ControlRatio, Unpaired
from tracker.report.escape import clean, code
from tracker.report.ruling import RuledRow, Ruling
from tracker.report.triage import Action
from tracker.report.verdicts import hide, verdicts_of

MARKER = "<!-- asynctasq-tracker:comparison"
# GitHub takes 65,536 characters of a comment, 65,535 of a check run, and 1 MiB of a job summary.
# Whether it counts characters or bytes is not said; bytes are never fewer.
MAX_COMMENT = 60_000
MAX_SUMMARY = 900_000
MAX_ROWS = 10
MAX_NAMES = 20

_HOW = (
    "Base and head ran in turn in one job, in reversed order on every second round; a change is "
    "the paired ratio within a round, with an interval that holds at any number of rounds. "
    "Chance of any false alarm in this comparison: at most {alpha}. "
    "Measured for {minutes:.0f} min by the pull request's own code, in a job without rights."
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the comment; what has the highest *weight* is left out first, 0 never."""

    weight: int
    label: str
    text: str


def render(ruling: Ruling, *, key: str = "default", limit: int = MAX_COMMENT) -> str:
    """Return the whole comment, in at most *limit* bytes.

    Args:
        ruling: what to say.
        key: tells several comments on one pull request apart.
        limit: see `MAX_COMMENT` and `MAX_SUMMARY`.
    """
    marker = f"{MARKER} key={_key(key)} head={ruling.comparison.head.sha} -->"
    hidden = hide(verdicts_of(ruling))
    return _fit([_Part(0, "", marker), *_parts(ruling), _Part(0, "", hidden)], limit)


def render_unmeasured(sha: str, run_url: str, *, key: str = "default") -> str:
    """Return the comment for a run that left no result: what happened and what to do."""
    return (
        f"{MARKER} key={_key(key)} head={sha} -->\n\n"
        f"### ❔ Not measured. The measuring job of {code(sha[:9])} ended without a result. "
        f"[Read its log]({run_url}) and run it again.\n"
    )


def own_marker(key: str = "default") -> str:
    """Return how every comment of this *key* starts."""
    return f"{MARKER} key={_key(key)} "


def render_summary(ruling: Ruling, *, limit: int = MAX_SUMMARY) -> str:
    """Return the report for a job summary or a check run: no markers, all rows that fit."""
    return _fit(_parts(ruling), limit)


def _key(key: str) -> str:
    return "".join(c for c in key if c.isalnum() or c in "_.") or "default"


def _parts(ruling: Ruling) -> list[_Part]:
    comparison = ruling.comparison
    parts = [_Part(0, "", headline(ruling)), _Part(0, "", _compared(comparison))]
    if _is_clean(ruling):
        return [*parts, _Part(3, "how it was measured", _method(comparison))]
    parts.append(_Part(0, "", counts(ruling)))
    parts += _row_parts(ruling)
    parts.append(_Part(4, "further names", _further_names(comparison)))
    parts.append(_Part(5, "differences of the environment", _differences(comparison)))
    parts.append(_Part(3, "how it was measured", _method(comparison)))
    return parts


def _is_clean(ruling: Ruling) -> bool:
    comparison = ruling.comparison
    quiet = all(r.row.verdict is Verdict.NO_CHANGE and not r.fails for r in ruling.rows)
    unpaired = comparison.new or comparison.vanished or comparison.failed
    return bool(ruling.rows) and quiet and not unpaired and comparison.head.failure is None


def _row_parts(ruling: Ruling) -> list[_Part]:
    told = [r for r in ruling.rows if r.rule is None]
    worse = [r for r in told if r.fails or r.row.verdict is Verdict.WORSE]
    worse.sort(key=lambda r: not r.fails)
    rest = _without(told, worse)
    undecided = [r for r in rest if r.row.verdict is Verdict.CANNOT_TELL or r.too_noisy]
    undecided.sort(key=lambda r: not r.gating)
    calm = _without(rest, undecided)
    first = worse or undecided
    folds = (
        (6, "more that are worse" if worse else "more that are undecided", first[MAX_ROWS:]),
        (7, "better", [r for r in calm if r.row.verdict is Verdict.BETTER]),
        (8, "cannot tell", undecided if worse else []),
        (6, "accepted by a maintainer", _with_rule(ruling.rows, Action.ACCEPT)),
        (8, "silenced by a maintainer", _with_rule(ruling.rows, Action.SILENCE)),
        (9, "no change", [r for r in calm if r.row.verdict is Verdict.NO_CHANGE]),
    )
    names = _unpaired(ruling.comparison, MAX_NAMES)
    parts = [_Part(0, "", table(first[:MAX_ROWS])), _Part(0, "", names)]
    parts += (_Part(w, f"{label} ({len(rows)})", _fold(label, rows)) for w, label, rows in folds)
    return parts


def _without(rows: Iterable[RuledRow], others: Iterable[RuledRow]) -> list[RuledRow]:
    gone = {id(row) for row in others}
    return [row for row in rows if id(row) not in gone]


def _with_rule(rows: Iterable[RuledRow], action: Action) -> list[RuledRow]:
    return [r for r in rows if r.rule is not None and r.rule.action is action]


def _fold(label: str, rows: Sequence[RuledRow]) -> str:
    return _details(f"{label} ({len(rows)})", table(rows)) if rows else ""


def _details(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def _compared(comparison: Comparison) -> str:
    base, head = comparison.base, comparison.head
    cpu = head.facts.get("cpu model") or head.facts.get("cpu") or "an unknown CPU"
    noise = next((n.relative for n in comparison.noise if n.metric == "all"), None)
    floor = (
        "unknown noise floor" if noise is None else f"noise floor of this run {units.share(noise)}"
    )
    return (
        f"Base {code(base.sha[:9])} ({code(base.remark, 60)}) against head {code(head.sha[:9])} on "
        f"{code(cpu, 60)}: {comparison.rounds} rounds in turn, {comparison.aa_rounds} of them "
        f"with base twice; {floor}."
    )


def _unpaired(comparison: Comparison, limit: int) -> str:
    groups = (
        ("Failed", comparison.failed),
        ("Vanished", comparison.vanished),
        ("New", comparison.new),
    )
    return "\n".join(
        f"- **{label} ({len(entries)}):** {_names(entries[:limit])}"
        + (f" and {len(entries) - limit} more" if len(entries) > limit else "")
        for label, entries in groups
        if entries
    )


def _further_names(comparison: Comparison) -> str:
    groups = (comparison.failed, comparison.vanished, comparison.new)
    rest = [entry for entries in groups for entry in entries[MAX_NAMES:]]
    return _details(f"further names ({len(rest)})", _names(rest)) if rest else ""


def _names(entries: Sequence[Unpaired]) -> str:
    return ", ".join(
        code(_unpaired_label(entry))
        + (f" in {entry.side}: {code(entry.reason, 200)}" if entry.reason else "")
        for entry in entries
    )


def _unpaired_label(entry: Unpaired) -> str:
    params = [entry.library, *(f"{name}={value}" for name, value in entry.params)]
    inside = ", ".join(filter(None, params))
    return f"{entry.benchmark}[{inside}]" if inside else entry.benchmark


def _differences(comparison: Comparison) -> str:
    if not comparison.differences:
        return ""
    rows = (
        f"| {code(d.fact, 60)} | {_fact(d.base)} | {_fact(d.head)} |"
        for d in comparison.differences
    )
    text = "\n".join(("| | base | head |", "|---|---|---|", *rows))
    return _details(f"the environment differs ({len(comparison.differences)})", text)


def _fact(text: str | None) -> str:
    return "unknown" if text is None else code(text, 80)


def _method(comparison: Comparison) -> str:
    settings = comparison.settings
    moved = [control for control in comparison.controls if control.moved]
    lines = [
        _HOW.format(alpha=units.share(settings.alpha), minutes=comparison.measured_s / 60),
        *map(_control, moved[:5]),
        *(f"Note: {code(note, 300)}" for note in comparison.notes[:10]),
        f"To repeat it: {code(_command(comparison))}",
    ]
    return _details("how it was measured", "\n".join(f"- {line}" for line in lines))


def _control(control: ControlRatio) -> str:
    corrected = ", and the rows are corrected by it" if control.divided_out else ""
    return (
        f"The control {code(control.library, 40)} moved by {units.change(control.ratio)} in "
        f"{code(control.metric, 40)}: the machine changed{corrected}."
    )


def _command(comparison: Comparison) -> str:
    base, head = comparison.base.sha[:12], comparison.head.sha[:12]
    settings = comparison.settings
    budget = f"{settings.budget_s / 60:.0f}m"
    return f"tracker compare {base} {head} --size {settings.size} --budget {budget}"


def _fit(parts: Sequence[_Part], limit: int) -> str:
    kept = [part for part in parts if part.text]
    dropped: list[_Part] = []
    text = _join(kept, dropped)
    while len(text.encode()) > limit and any(part.weight for part in kept):
        heaviest = max(kept, key=lambda part: part.weight)
        kept.remove(heaviest)
        dropped.append(heaviest)
        text = _join(kept, dropped)
    return text


def _join(kept: Sequence[_Part], dropped: Sequence[_Part]) -> str:
    texts = [part.text for part in kept]
    if dropped:
        labels = ", ".join(clean(part.label) for part in dropped)
        texts.insert(-1, f"Left out for length: {labels}. The job summary has all of it.")
    return "\n\n".join(texts).strip() + "\n"
