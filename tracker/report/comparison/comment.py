"""The comment on a pull request, pure: a ruling in, Markdown out.

A clean run is one line, with the notes on it. Otherwise: verdict, confidence and action; what was
compared; counts; the rows that matter; what is new, gone or failed; then everything else, folded.
What does not fit is left out in a fixed order and said to be left out. Foreign text appears only
through `escape.code`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tracker.model import Verdict
from tracker.report.comparison.comment_sections import (
    MAX_NAMES,
    compared,
    details,
    differences,
    further_names,
    method,
    not_timed,
    unpaired,
    why,
)
from tracker.report.comparison.comment_tables import counts, table
from tracker.report.comparison.headline import headline
from tracker.report.comparison.pull_verdicts import hide, verdicts_of
from tracker.report.comparison.row_choice import first_of_each, repeated
from tracker.report.comparison.ruling import RuledRow, Ruling
from tracker.report.escape import clean, code
from tracker.report.links import RunLinks
from tracker.settings.triage import Action

MARKER = "<!-- asynctasq-tracker:comparison"
# GitHub takes 65,536 characters of a comment, 65,535 of a check run, and 1 MiB of a job summary.
# Whether it counts characters or bytes is not said; bytes are never fewer.
MAX_COMMENT = 60_000
MAX_SUMMARY = 900_000
MAX_ROWS = 10
_QUIET = {Verdict.NO_CHANGE, Verdict.CANNOT_TELL}  # the latter where a count settles it
MAX_NOTES = 5
NO_LINKS = RunLinks()


@dataclass(frozen=True, slots=True)
class _Section:
    """A piece of the comment; what has the highest *weight* is left out first, 0 never."""

    weight: int
    label: str
    text: str


def render(
    ruling: Ruling, *, key: str = "default", limit: int = MAX_COMMENT, links: RunLinks = NO_LINKS
) -> str:
    """Return the whole comment, in at most *limit* bytes.

    Args:
        ruling: what to say.
        key: tells several comments on one pull request apart.
        limit: see `MAX_COMMENT` and `MAX_SUMMARY`.
        links: where to look further.
    """
    marker = f"{MARKER} key={_key(key)} head={ruling.comparison.head.sha} -->"
    hidden = hide(verdicts_of(ruling))
    if _is_clean(ruling):
        parts = _clean_parts(ruling, links)
    else:
        parts = [*_parts(ruling), _Section(2, "links", links.line)]
    return _fit([_Section(0, "", marker), *parts, _Section(0, "", hidden)], limit)


def render_unmeasured(
    sha: str, text: str, *, key: str = "default", links: RunLinks = NO_LINKS
) -> str:
    """Return the comment for a run that left no result: what happened, and what to do."""
    marker = f"{MARKER} key={_key(key)} head={sha} -->"
    told = f"### ❔ {text} Read the log of {code(sha[:9])}, and run it again. {links.line}"
    return f"{marker}\n\n{told.rstrip()}\n"


def own_marker(key: str = "default") -> str:
    """Return how every comment of this *key* starts."""
    return f"{MARKER} key={_key(key)} "


def render_summary(ruling: Ruling, *, limit: int = MAX_SUMMARY, links: RunLinks = NO_LINKS) -> str:
    """Return the report for a job summary or a check run: no markers, all rows that fit."""
    return _fit([*_parts(ruling), _Section(2, "links", links.line)], limit)


def _key(key: str) -> str:
    """Return *key* as it stands in the marker: no two are one, and none ends the marker."""
    return quote(key, safe="").replace("-", "%2D") or "default"


def _clean_parts(ruling: Ruling, links: RunLinks) -> list[_Section]:
    """One line, and what the reader cannot know from it: remarks on this very run."""
    comparison = ruling.comparison
    sides = f"Base {code(comparison.base.sha[:9])}, head {code(comparison.head.sha[:9])}."
    line = f"{headline(ruling)} {sides} {links.line}".rstrip()
    notes = [f"- Note: {code(note, 300)}" for note in comparison.notes[:MAX_NOTES]]
    return [
        _Section(0, "", line),
        _Section(2, "what was not timed", not_timed(comparison)),
        _Section(2, "what no task ran", why(comparison)),
        _Section(3, "notes", "\n".join(notes)),
    ]


def _parts(ruling: Ruling) -> list[_Section]:
    comparison = ruling.comparison
    parts = [_Section(0, "", headline(ruling)), _Section(0, "", compared(comparison))]
    if _is_clean(ruling):
        return [*parts, _Section(3, "how it was measured", method(comparison))]
    parts.append(_Section(0, "", counts(ruling) if _has_entries(ruling) else ""))
    parts.append(_Section(1, "why", why(comparison)))
    parts += _row_sections(ruling)
    parts.append(_Section(4, "further names", further_names(comparison)))
    parts.append(_Section(5, "differences of the environment", differences(comparison)))
    parts.append(_Section(3, "how it was measured", method(comparison)))
    return parts


def _is_clean(ruling: Ruling) -> bool:
    comparison = ruling.comparison
    quiet = all(not r.fails and not r.is_open and r.row.verdict in _QUIET for r in ruling.rows)
    alone = comparison.new or comparison.vanished or comparison.failed
    return bool(ruling.rows) and quiet and not alone and comparison.head.failure is None


def _has_entries(ruling: Ruling) -> bool:
    comparison = ruling.comparison
    return bool(ruling.rows or comparison.new or comparison.vanished or comparison.failed)


def _row_sections(ruling: Ruling) -> list[_Section]:
    """The rows in two sections, what was counted and what was timed, and what people decided."""
    unruled = [r for r in ruling.rows if r.rule is None]
    counted = [r for r in unruled if r.row.counted]
    names = unpaired(ruling.comparison, MAX_NAMES)
    # Only names made of nothing but punctuation, which take six characters each, get this long.
    parts = [_Section(1, "names of what failed, vanished or is new", names)]
    parts += _section_parts(ruling, counted, "Counted, without a clock")
    parts.append(_Section(2, "what was not timed", not_timed(ruling.comparison)))
    parts += _section_parts(ruling, _without(unruled, counted), "Timed" if counted else "")
    for weight, action, label in (
        (6, Action.ACCEPT, "accepted by a maintainer"),
        (8, Action.SILENCE, "silenced by a maintainer"),
    ):
        rows = _with_rule(ruling.rows, action)
        parts.append(_Section(weight, f"{label} ({len(rows)})", _fold(label, rows, ruling.site)))
    return parts


def _section_parts(ruling: Ruling, unruled: Sequence[RuledRow], title: str) -> list[_Section]:
    worse = [r for r in unruled if r.fails or r.row.verdict is Verdict.WORSE]
    worse.sort(key=lambda r: (not r.fails, not r.gating))
    rest = _without(unruled, worse)
    undecided = [r for r in rest if r.row.verdict is Verdict.CANNOT_TELL or r.too_noisy]
    undecided.sort(key=lambda r: not r.gating)
    calm = _without(rest, undecided)
    first = worse or undecided
    shown = first_of_each(first, lambda r: repeated(r.row, gates=r.fails or r.gating))[:MAX_ROWS]
    more = _without(first, shown)
    folds = (
        (6, "more that are worse" if worse else "more that are undecided", more),
        (7, "better", [r for r in calm if r.row.verdict is Verdict.BETTER]),
        (8, "cannot tell", undecided if worse else []),
        (9, "no change", [r for r in calm if r.row.verdict is Verdict.NO_CHANGE]),
    )
    heading = f"**{title}**" if title and unruled else ""
    parts = [_Section(0, "", heading), _Section(0, "", table(shown, ruling.site))]
    parts += (
        _Section(w, f"{label} ({len(rows)})", _fold(label, rows, ruling.site))
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


def _fit(parts: Sequence[_Section], limit: int) -> str:
    kept = [part for part in parts if part.text]
    dropped: list[_Section] = []
    text = _join(kept, dropped)
    while len(text.encode()) > limit and any(part.weight for part in kept):
        heaviest = max(kept, key=lambda part: part.weight)
        kept.remove(heaviest)
        dropped.append(heaviest)
        text = _join(kept, dropped)
    return text


def _join(kept: Sequence[_Section], dropped: Sequence[_Section]) -> str:
    texts = [part.text for part in kept]
    if dropped:
        labels = ", ".join(clean(part.label) for part in dropped)
        texts.insert(-1, f"Left out for length: {labels}. The job summary has all of it.")
    return "\n\n".join(texts).strip() + "\n"
