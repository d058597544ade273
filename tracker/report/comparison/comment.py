"""The comment on a pull request, pure: a ruling in, Markdown out.

Order: verdict, confidence and action; what was compared; counts; the rows that matter; what is
new, gone or failed; then everything else, folded. What does not fit is left out in a fixed order
and said to be left out. Foreign text appears only through `escape.code`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.model import Verdict
from tracker.report.comparison.headline import headline
from tracker.report.comparison.rows import counts, table
from tracker.report.comparison.ruling import RuledRow, Ruling
from tracker.report.comparison.sections import (
    MAX_NAMES,
    compared,
    details,
    differences,
    further_names,
    method,
    unpaired,
)
from tracker.report.comparison.verdicts import hide, verdicts_of
from tracker.report.escape import clean, code
from tracker.settings.triage import Action

MARKER = "<!-- asynctasq-tracker:comparison"
# GitHub takes 65,536 characters of a comment, 65,535 of a check run, and 1 MiB of a job summary.
# Whether it counts characters or bytes is not said; bytes are never fewer.
MAX_COMMENT = 60_000
MAX_SUMMARY = 900_000
MAX_ROWS = 10


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
    parts = [_Part(0, "", headline(ruling)), _Part(0, "", compared(comparison))]
    if _is_clean(ruling):
        return [*parts, _Part(3, "how it was measured", method(comparison))]
    parts.append(_Part(0, "", counts(ruling)))
    parts += _row_parts(ruling)
    parts.append(_Part(4, "further names", further_names(comparison)))
    parts.append(_Part(5, "differences of the environment", differences(comparison)))
    parts.append(_Part(3, "how it was measured", method(comparison)))
    return parts


def _is_clean(ruling: Ruling) -> bool:
    comparison = ruling.comparison
    quiet = all(
        r.row.verdict is Verdict.NO_CHANGE and not r.fails and not r.too_noisy for r in ruling.rows
    )
    alone = comparison.new or comparison.vanished or comparison.failed
    return bool(ruling.rows) and quiet and not alone and comparison.head.failure is None


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
    names = unpaired(ruling.comparison, MAX_NAMES)
    parts = [_Part(0, "", table(first[:MAX_ROWS], ruling.site))]
    # Only names made of nothing but punctuation, which take six characters each, get this long.
    parts.append(_Part(1, "names of what failed, vanished or is new", names))
    parts += (
        _Part(w, f"{label} ({len(rows)})", _fold(label, rows, ruling.site))
        for w, label, rows in folds
    )
    return parts


def _without(rows: Iterable[RuledRow], others: Iterable[RuledRow]) -> list[RuledRow]:
    gone = {id(row) for row in others}
    return [row for row in rows if id(row) not in gone]


def _with_rule(rows: Iterable[RuledRow], action: Action) -> list[RuledRow]:
    return [r for r in rows if r.rule is not None and r.rule.action is action]


def _fold(label: str, rows: Sequence[RuledRow], site: str) -> str:
    return details(f"{label} ({len(rows)})", table(rows, site)) if rows else ""


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
