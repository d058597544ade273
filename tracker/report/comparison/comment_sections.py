"""The sections of the comment around its tables, pure."""

from collections.abc import Mapping, Sequence

from tracker import units
from tracker.model.comparison import Comparison, ControlRatio, Unpaired
from tracker.report.escape import clean_reason, code
from tracker.report.explanation import explanation_lines
from tracker.settings.durations import write_duration

MAX_NAMES = 20

_HOW = (
    "Base and head were measured in turn in one job, in reversed order every second round. A "
    "change is the paired ratio within a round; its interval is valid after any number of rounds. "
    "Chance of any false alarm in this comparison: at most {alpha}. "
    "Measured for {minutes:.0f} min by the pull request's own code, in a job without rights."
)

_COUNTED = (
    "Counted costs are per task, of bursts under a hook, without a clock: Python lines, "
    "instructions, commands and round trips to the broker. They repeat on any machine, under any "
    "load; what is not exact was counted twice before it is called a change."
)


def compared(comparison: Comparison) -> str:
    """Say what was compared, where, how often, and how noisy it was."""
    base, head = comparison.base, comparison.head
    cpu = head.facts.get("cpu model") or head.facts.get("cpu") or "an unknown CPU"
    noise = next((n.relative for n in comparison.noise if n.metric == "all"), None)
    floor = (
        "unknown noise floor" if noise is None else f"noise floor of this run {units.share(noise)}"
    )
    counted = len({row.scenario for row in comparison.rows if row.counted})
    how = [f"{units.count(counted, 'scenario')} counted"] if counted else []
    if comparison.rounds or not counted:
        again = f"{comparison.aa_rounds} of them base against base; {floor}"
        how.append(f"{units.count(comparison.rounds, 'round')}, {again}")
    chosen = f" ({code(base.remark, 60)})" if base.has_remark else ""
    return (
        f"Base {code(base.sha[:9])}{chosen} against head {code(head.sha[:9])} on "
        f"{code(cpu, 60)}: {', '.join(how)}."
    )


def unpaired(comparison: Comparison, limit: int) -> str:
    """Name what failed, vanished and is new: at most *limit* of each."""
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


def further_names(comparison: Comparison) -> str:
    """Name, folded, what `unpaired` left out; "" for nothing."""
    groups = (comparison.failed, comparison.vanished, comparison.new)
    rest = [entry for entries in groups for entry in entries[MAX_NAMES:]]
    return details(f"more names ({len(rest)})", _names(rest)) if rest else ""


def why(comparison: Comparison) -> str:
    """Why base and head differ, in at most five lines; "" where they do not."""
    explanation = comparison.explanation
    lines = explanation_lines(explanation, code) if explanation is not None else []
    first, *others = lines or [""]
    return "\n".join([first, *(f"- {line}" for line in others)])


def not_timed(comparison: Comparison) -> str:
    """Name the scenarios that were counted only, by reason, and what could not be counted."""
    scenarios = by_reason({one.scenario: one.reason for one in comparison.not_timed})
    lines = [
        f"Not timed, as {code(why, 100)}: {_list(names)} (`--time all` does)."
        for why, names in scenarios.items()
    ]
    lines += [
        f"Not counted: {_list(names)}: {code(clean_reason(why, 200), 200)}."
        for why, names in by_reason(comparison.not_counted).items()
    ]
    return "\n".join(lines)


def by_reason(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the names that share each reason, in their order."""
    names: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        names.setdefault(reason, []).append(name)
    return names


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(code(name, 60) for name in names[:MAX_NAMES]) + more


def differences(comparison: Comparison) -> str:
    """Show, folded, how the surroundings of base and head differ; "" when they do not."""
    if not comparison.differences:
        return ""
    rows = (
        f"| {code(d.fact, 60)} | {_fact(d.base)} | {_fact(d.head)} |"
        for d in comparison.differences
    )
    text = "\n".join(("| | base | head |", "|---|---|---|", *rows))
    return details(f"the environment differs ({len(comparison.differences)})", text)


def method(comparison: Comparison) -> str:
    """Say, folded, how it was measured and how to repeat it."""
    settings = comparison.settings
    moved = [control for control in comparison.controls if control.moved]
    counted = any(row.counted for row in comparison.rows)
    timed = any(not row.counted for row in comparison.rows) or not counted
    lines = [
        *([_COUNTED] if counted else []),
        *(
            [_HOW.format(alpha=units.share(settings.alpha), minutes=comparison.measured_s / 60)]
            if timed
            else []
        ),
        *map(_control, moved[:5]),
        *(f"Note: {code(note, 300)}" for note in comparison.notes[:10]),
        f"Repeat it with {code(_command(comparison))}",
    ]
    return details("how it was measured", "\n".join(f"- {line}" for line in lines))


def details(summary: str, text: str) -> str:
    """Fold *text*, which is Markdown, under *summary*, which is HTML."""
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def _names(entries: Sequence[Unpaired]) -> str:
    return ", ".join(
        code(_unpaired_label(entry))
        + (
            f" in {entry.side}: {code(clean_reason(entry.reason, 200), 200)}"
            if entry.reason
            else ""
        )
        for entry in entries
    )


def _unpaired_label(entry: Unpaired) -> str:
    params = [entry.library, *(f"{name}={value}" for name, value in entry.params)]
    inside = ", ".join(filter(None, params))
    return f"{entry.benchmark}[{inside}]" if inside else entry.benchmark


def _fact(text: str | None) -> str:
    return "unknown" if text is None else code(text, 80)


def _control(control: ControlRatio) -> str:
    corrected = ", and the values are corrected for it" if control.divided_out else ""
    return (
        f"The control {code(control.library, 40)} moved by {units.change(control.ratio)} in "
        f"{code(control.metric, 40)}: the machine changed{corrected}."
    )


def _command(comparison: Comparison) -> str:
    base, head = comparison.base.sha[:12], comparison.head.sha[:12]
    settings = comparison.settings
    budget = write_duration(settings.budget_s)
    return f"tracker compare {base} {head} --size {settings.size} --budget {budget}"
