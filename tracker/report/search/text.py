"""The text of `tracker bisect`: the answer first, then what it rests on."""

from collections.abc import Iterator

from tracker.report.escape import clean
from tracker.search.answer import Outcome
from tracker.search.finding import Difference, Finding, Suspect
from tracker.units import change, count, exact, pair, share

# The most commits of a set that are listed.
LISTED = 12


def render(finding: Finding) -> str:
    """The whole answer, each line ended."""
    return "".join(f"{line}\n" for line in _lines(finding))


def _lines(finding: Finding) -> Iterator[str]:
    yield _headline(finding)
    if finding.answer.outcome is not Outcome.COMMIT:
        yield from (_suspect(suspect, finding) for suspect in _most_probable(finding))
        rest = len(finding.suspects) - LISTED
        if rest > 0:
            yield f"  and {count(rest, 'commit')} more"
    if finding.ends is not None:
        yield f"ends      {finding.label} {_difference(finding.ends, finding)}"
    checks = finding.checks
    if checks.verified is not None:
        again = {True: "", False: "; NOT seen again", None: "; not yet clear"}[checks.confirmed]
        yield f"parent    {_difference(checks.verified, finding)}{again}"
    if checks.without is not None:
        yield f"reverted  {_difference(checks.without, finding)}, on top of the bad end"
    yield _effort(finding)


def _headline(finding: Finding) -> str:
    answer, sure = finding.answer, _sure(finding)
    match answer.outcome:
        case Outcome.COMMIT:
            return f"The culprit is {_name(finding.suspects[0])} ({sure})."
        case Outcome.RANGE:
            return (
                f"The culprit is one of these {len(finding.suspects)}, between which nothing can "
                f"be measured ({sure}):"
            )
        case Outcome.TWO_STEPS:
            return f"There is more than one step ({sure}); they are in:"
        case Outcome.NONE:
            return f"Nothing to find: {finding.reason or 'there is no step between the ends'}."
    if not finding.suspects:
        return f"Cannot tell: {finding.reason}."
    few = f"one of these {len(finding.suspects)} of {count(finding.commits, 'commit')}"
    if len(finding.suspects) == 1:
        few = "perhaps this one"
    return f"Not yet one commit: {few} ({sure}); {finding.reason or 'go on'}:"


def _sure(finding: Finding) -> str:
    """How sure the answer is, and by what."""
    if not finding.counted:
        return f"{share(finding.answer.probability)} sure"
    if not finding.tolerance:
        return "counted, certain"
    tolerance = float(f"{finding.tolerance:.2g}")
    return f"counted, equal within {exact(tolerance, finding.metric.unit)}"


def _most_probable(finding: Finding) -> list[Suspect]:
    """The listed suspects, in the order of the line."""
    ranked = sorted(finding.suspects, key=lambda suspect: -suspect.probability)[:LISTED]
    return [suspect for suspect in finding.suspects if suspect in ranked]


def _suspect(suspect: Suspect, finding: Finding) -> str:
    if suspect.step is not None:
        return f"  {_name(suspect)}: {_difference(suspect.step, finding)}"
    if finding.counted:
        return f"  {_name(suspect)}"
    return f"  {_name(suspect)} ({share(suspect.probability)})"


def _name(suspect: Suspect) -> str:
    return f"{suspect.sha[:10]} {clean(suspect.subject, 80)}".rstrip()


def _difference(measured: Difference, finding: Finding) -> str:
    before, after = _both(measured, finding)
    text = f"{before} -> {after}"
    if measured.before > 0 and measured.after > 0:
        text += f" ({change(measured.after / measured.before)}"
        if measured.ratio_low is not None and measured.ratio_high is not None:
            text += f", {change(measured.ratio_low)} to {change(measured.ratio_high)}"
        text += ")"
    if measured.pairs == 1:
        return text
    times = f"counted {measured.pairs} times" if finding.counted else count(measured.pairs, "pair")
    return f"{text}, {times}"


def _both(measured: Difference, finding: Finding) -> tuple[str, str]:
    unit = finding.metric.unit
    if finding.counted:
        return exact(measured.before, unit), exact(measured.after, unit)
    return pair(measured.before, measured.after, unit)


def _effort(finding: Finding) -> str:
    text = f"{count(finding.measurements, 'measurement')} of {count(finding.commits, 'commit')}"
    if finding.counted:
        text += ", all counted"
    if finding.unusable:
        text += f"; {count(finding.unusable, 'commit')} cannot be built or measured"
    return f"{text}."
