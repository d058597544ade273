"""The sentences of a comparison: why it ended as it did, and what a reader must know besides."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tracker import units
from tracker.compare.ledger import Ledger
from tracker.compare.measurer import Label, RowKey
from tracker.compare.session import Measured, Plan
from tracker.model import Verdict
from tracker.model import comparison as file

TEXT = 4_000


def reason_of(
    conclusion: file.Conclusion,
    sides: tuple[file.Side, file.Side],
    rows: Sequence[file.Row],
    failed: Sequence[file.Unpaired],
) -> str:
    """Say in one line what the conclusion rests on; *sides* are base and head."""
    base, head = sides
    gating = [row for row in rows if row.gates]
    counts = Counter(row.verdict for row in gating)
    metrics = units.count(len(gating), "gating metric")
    if conclusion is file.Conclusion.REGRESSION:
        return f"{counts[Verdict.WORSE]} of {metrics} got worse"
    if conclusion is file.Conclusion.FINE:
        return f"none of {metrics} got worse"
    if conclusion is file.Conclusion.FAILED:
        return _reason_of_failure(head, failed)
    if base.failure is not None:
        return "neither base nor head can be built" if head.failure else "base cannot be built"
    if not gating:
        return "no gating metric was measured on both sides"
    undecided = counts[Verdict.CANNOT_TELL]
    open_rows = f"{undecided} of {metrics} stayed undecided" if undecided else ""
    not_measured = f"{_name(failed)} could not be measured" if failed else ""
    return ", ".join(filter(None, (open_rows, not_measured)))


def _reason_of_failure(head: file.Side, failed: Sequence[file.Unpaired]) -> str:
    if head.failure is not None:
        return "head could not be measured"
    in_head = [entry for entry in failed if entry.side == "head"]
    return f"{_name(in_head)} cannot be measured in head"


def _failed_rows(ledger: Ledger) -> Iterator[str]:
    """What failed of rows: on both sides, in base only, or in some rounds."""
    if broken := ledger.broken_in_both():
        reason = "; ".join(dict.fromkeys(ledger.broken[broken[0]].values()))
        names = _first_of(broken)
        yield f"not compared, because it fails in base and in head: {names} ({reason})"[:TEXT]
    if mended := ledger.broken_only_in(Label.BASE):
        names, reason = _first_of(list(mended)), next(iter(mended.values()))
        yield f"fails in base, and is measured in head: {names} ({reason})"[:TEXT]
    if failed := ledger.failed_rounds():
        keys = sorted(failed, key=lambda key: failed[key].base - failed[key].head)
        rounds = failed[keys[0]]
        yield f"{_first_of(keys)} {rounds}, most recently: {rounds.reason}"[:TEXT]


def _first_of(keys: Sequence[RowKey]) -> str:
    """The name of the first row, and how many more there are."""
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    return f"{_full_name(keys[0].benchmark, keys[0].params)}{more}"


def _full_name(benchmark: str, params: Iterable[tuple[str, str]]) -> str:
    """Return *benchmark* with its parameters."""
    return " ".join((benchmark, *(f"{name}={value}" for name, value in params)))


def _name(entries: Sequence[file.Unpaired]) -> str:
    """The benchmark alone where it is one, else how many they are."""
    if len(entries) == 1:
        return _full_name(entries[0].benchmark, entries[0].params)
    kind = "scenarios" if all(e.benchmark == e.scenario for e in entries) else "benchmarks"
    return f"{len(entries)} {kind}"


def notes_of(plan: Plan, measured: Measured) -> Iterator[str]:
    """What was left out, what failed on the way, and what was missing."""
    reasons: dict[str, list[str]] = {}
    for scenario, reason in measured.stopped.items():
        reasons.setdefault(reason, []).append(scenario)
    for reason, scenarios in reasons.items():
        shown = ", ".join(scenarios[:10]) + (" and more" if len(scenarios) > 10 else "")  # noqa: PLR2004
        yield f"stopped because {reason}: {shown}"[:TEXT]
    for scenario, log in measured.first.logs.items():
        if log.failures and not log.given_up:
            sides = "; ".join(f"{label}: {why}" for label, why in log.failures.items())
            failed, tried = log.attempts - log.rounds, units.count(log.attempts, "round")
            yield f"{failed} of {tried} of {scenario} failed, most recently: {sides}"[:TEXT]
        if log.control_failure:
            yield f"the control failed in {scenario}: {log.control_failure}"[:TEXT]
        if log.unsupported:
            yield f"{scenario} is not supported: {log.unsupported}"[:TEXT]
    yield from _failed_rows(measured.first)
    if not plan.controls:
        yield "there was no control"
