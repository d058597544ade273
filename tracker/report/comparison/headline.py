"""The first line of a comment, and the title of a check run: verdict, confidence, action."""

import math
from collections.abc import Mapping, Sequence

from tracker import units
from tracker.model import Verdict
from tracker.model.comparison import Comparison, Conclusion, Reproduction
from tracker.report.comparison.ruling import RuledRow, Ruling
from tracker.report.escape import clean_reason, code
from tracker.settings.triage import Action

# More than this is not advised: the measuring job of our workflow ends after 90 minutes.
LONGEST_BUDGET_MIN = 75


def headline(ruling: Ruling) -> str:
    """Return the first visible line of the comment, a Markdown heading."""
    return f"### {title(ruling)}. {_confidence(ruling)} {_action(ruling)}"


def title(ruling: Ruling) -> str:
    """Return the verdict in a few words, free of foreign text."""
    gating = [r for r in ruling.rows if r.gating and r.rule is None]
    match ruling.conclusion:
        case Conclusion.REGRESSION:
            return _regression([r for r in gating if r.fails])
        case Conclusion.FAILED if ruling.comparison.head.failure is not None:
            return "❌ Head could not be measured"
        case Conclusion.FAILED:
            count = len(ruling.failures)
            return f"❌ {count} benchmark{'s' * (count > 1)} of base can no longer be run in head"
        case Conclusion.CANNOT_TELL if not gating:
            return "❔ Cannot tell: no gating metric was measured"
        case Conclusion.CANNOT_TELL:
            return f"❔ Cannot tell: {_open(ruling, gating)}"
        case Conclusion.FINE:
            return _fine(ruling)


def _regression(failing: Sequence[RuledRow]) -> str:
    counted = sum(r.row.counted for r in failing)
    if counted == len(failing):
        return f"❌ Costs more: {_metrics(counted)} worse by counting"
    more = f" ({counted} of them by counting)" if counted else ""
    return f"❌ Performance regression: {_metrics(len(failing))} worse{more}"


def _open(ruling: Ruling, gating: Sequence[RuledRow]) -> str:
    """What is undecided, or else what was not measured at all."""
    undecided = sum(r.is_open for r in gating)
    if undecided:
        return f"{undecided} of {_metrics(len(gating))} undecided"
    count = len(ruling.unmeasured)
    return f"{count} benchmark{'s' * (count > 1)} could not be measured"


def _fine(ruling: Ruling) -> str:
    better = [r.row for r in ruling.rows if r.rule is None and r.row.verdict is Verdict.BETTER]
    faster = any(not row.counted for row in better)
    accepted = sum(r.rule is not None and r.rule.action is Action.ACCEPT for r in ruling.rows)
    kind = "Faster" if faster else "Cheaper"
    text = f"✅ {kind}: {_metrics(len(better))} better" if better else "✅ No regression"
    return f"{text} apart from what was accepted ({accepted})" if accepted else text


def _metrics(count: int) -> str:
    return "1 metric is" if count == 1 else f"{count} metrics are"


def _confidence(ruling: Ruling) -> str:
    comparison = ruling.comparison
    alpha = units.share(comparison.settings.alpha)
    match ruling.conclusion:
        case Conclusion.REGRESSION:
            failing = [r for r in ruling.rows if r.fails and r.rule is None]
            if all(r.row.counted for r in failing):
                return "Counted on both sides, so no noise is involved."
            again = all(r.row.check is Reproduction.CONFIRMED for r in failing if not r.row.counted)
            seen = "Reproduced with fresh processes; the" if again else "The"
            return f"{seen} chance of a false alarm is at most {alpha}."
        case Conclusion.FAILED:
            reason = comparison.head.failure
            return (
                f"{code(clean_reason(reason, 200), 200)}."
                if reason is not None
                else "The reasons are below."
            )
        case _:
            return _power(ruling)


def _power(ruling: Ruling) -> str:
    """What this run could detect: the median over the gating rows."""
    effects = sorted(
        r.row.minimum_detectable_effect
        for r in ruling.rows
        if r.gating and not r.row.counted and r.row.minimum_detectable_effect is not None
    )
    if not effects and any(r.row.counted for r in ruling.rows):
        return "All that a task costs was counted; nothing was timed."
    if not effects:
        return "What this run could detect is unknown."
    median = units.share(effects[len(effects) // 2])
    return f"This run could detect a change of about {median} (median over the gating metrics)."


def _action(ruling: Ruling) -> str:
    match ruling.conclusion:
        case Conclusion.REGRESSION:
            return "Fix it, or accept it with a reason in `.tracker/triage.toml`."
        case Conclusion.FAILED:
            return "Fix that first; speed was not compared."
        case Conclusion.CANNOT_TELL:
            return _remedy(ruling)
        case Conclusion.FINE:
            return "Nothing to do."


def _remedy(ruling: Ruling) -> str:
    undecided = [r for r in ruling.rows if r.gating and r.rule is None and r.is_open]
    further = {
        r.row.scenario: r.row.rounds_to_settle
        for r in sorted(undecided, key=lambda r: r.row.rounds_to_settle or 0)
        if r.row.rounds_to_settle and not r.too_noisy
    }
    if further:
        settled = sum(bool(r.row.rounds_to_settle) and not r.too_noisy for r in undecided)
        whole = settled == len(undecided)
        what = "it" if whole else f"{settled} of them; the others need a quieter machine"
        rounds = f"{units.count(max(further.values()), 'more round')} would decide {what}"
        return f"{_more_time(ruling.comparison, further)}: {rounds}."
    if ruling.unmeasured:
        return "Fix the reasons below, or run it again with a larger `budget`."
    return "Run it again on a quieter machine."


def _more_time(comparison: Comparison, further: Mapping[str, int]) -> str:
    """How to get so many *further* rounds of each scenario: a run begins from the start again."""
    round_s = comparison.measured_s / max(comparison.rounds, 1)
    minutes = math.ceil((comparison.measured_s + round_s * sum(further.values())) / 60)
    if minutes > LONGEST_BUDGET_MIN:
        less = "Run it again with fewer `scenarios` or on a quieter machine"
        return f"{less}; here it would take {minutes} min"
    return f"Run it again with `budget: {minutes}m`"
