"""From a finished session to the comparison that reports are made from."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import msgspec
import numpy as np

from tracker.asv.builds import COMPARE_FOLDER
from tracker.compare.comparison_notes import TEXT, notes_of, reason_of
from tracker.compare.counted_rows import counted_rows
from tracker.compare.counting import Counted
from tracker.compare.decisions import shifts_of
from tracker.compare.failing_rounds import certain_failures
from tracker.compare.ledger import Ledger
from tracker.compare.machine_noise import aa_rounds, controls, noise_floors
from tracker.compare.measurer import Label, RowKey
from tracker.compare.session import CHANGES, Measured, Plan
from tracker.model import Floats
from tracker.model import comparison as file
from tracker.paired.evidence import variation
from tracker.paired.policy import PairedPolicy
from tracker.paired.verdict import PairedVerdict, is_certain, withdraw
from tracker.report.escape import shorten

# What the file takes; longer names are other projects'.
SAMPLES_KEPT = 100
NAME = 300
PARAMS = 20
NOTES = 100
_FOLDER_OF_SIDE = re.compile(rf"{re.escape(str(COMPARE_FOLDER))}/(?:base|head)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a comparison says besides its rows; *notes* come before those of what was measured."""

    project: str
    base: file.Side
    head: file.Side
    machine: str
    control: str
    size: str
    asked_scenarios: tuple[str, ...]
    started_ms: int
    prepared_s: float
    budget_s: float
    counted: Counted | None = None
    not_timed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def assemble(context: Context, plan: Plan, measured: Measured) -> file.Comparison:
    """Make the file's content from what *measured* holds."""
    counted = context.counted.scenarios if context.counted else {}
    settled = [name for name, one in counted.items() if not one.reason]
    rows = (*counted_rows(counted, context.project), *_rows(plan, measured))
    failed = (*_failed(measured.first, settled), *_broken(measured.first, plan.policy))
    base = _with_facts(context.base, measured.first.facts.get(Label.BASE, {}))
    head = _with_facts(context.head, measured.first.facts.get(Label.HEAD, {}))
    conclusion = file.conclude(base, head, rows, failed)
    logs = measured.first.logs.values()
    return file.Comparison(
        version=file.VERSION,
        project=context.project[:NAME],
        conclusion=conclusion,
        reason=reason_of(conclusion, (base, head), rows, failed),
        base=base,
        head=head,
        machine=context.machine[:NAME],
        differences=_differences(base.facts, head.facts),
        settings=file.Settings(
            budget_s=context.budget_s,
            size=context.size,
            scenarios=context.asked_scenarios,
            seed=plan.seed,
            alpha=plan.policy.alpha,
            max_rounds=plan.policy.max_rounds,
        ),
        started_ms=context.started_ms,
        prepared_s=context.prepared_s,
        measured_s=measured.measured_s,
        rounds=sum(log.rounds for log in logs),
        aa_rounds=aa_rounds(measured.first),
        noise=tuple(noise_floors(measured.first)),
        controls=tuple(controls(context.control, shifts_of(measured.first, plan.policy))),
        rows=rows,
        new=tuple(_only(measured.first, Label.HEAD, Label.BASE)),
        vanished=tuple(_only(measured.first, Label.BASE, Label.HEAD)),
        failed=failed,
        expected_false_alarms=plan.policy.alpha if rows else 0.0,
        notes=tuple(islice((*context.notes, *notes_of(plan, measured)), NOTES)),
        not_timed=tuple(_not_timed(context, measured)),
        not_counted=_not_counted(context.counted),
    )


def _rows(plan: Plan, measured: Measured) -> Iterator[file.Row]:
    shifts = shifts_of(measured.first, plan.policy)
    divided_out = {metric for metric, shift in shifts.items() if shift.divide_out}
    for key, verdict in measured.verdicts.items():
        metric = measured.first.metrics[key]
        pairs = [ledger.paired(key, Label.BASE, Label.HEAD) for ledger in _ledgers(measured)]
        base, head = (np.concatenate(side) for side in zip(*pairs, strict=True))
        final, check = _confirmed(key, verdict, plan, measured)
        has_interval = final.low is not None and final.high is not None
        yield file.Row(
            benchmark=key.benchmark[:NAME],
            scenario=key.scenario[:NAME],
            library=measured.first.libraries[key],
            metric=metric.name[:NAME],
            params=_params(key),
            unit=metric.unit[:NAME],
            better=metric.better,
            gates=metric.gates,
            floor=metric.floor,
            base=_summary(base),
            head=_summary(head),
            ratio=final.ratio if has_interval else None,
            low=final.low if has_interval else None,
            high=final.high if has_interval else None,
            p_value=final.p_value if has_interval else None,
            noise_floor=final.noise_floor,
            verdict=final.verdict,
            minimum_detectable_effect=final.minimum_detectable_effect,
            rounds=len(base),
            rounds_to_settle=final.rounds_to_settle,
            check=check,
            control_divided_out=metric.name in divided_out,
            reason=final.reason[:TEXT],
        )


def _params(key: RowKey) -> tuple[tuple[str, str], ...]:
    return tuple((name[:NAME], value[:NAME]) for name, value in key.params[:PARAMS])


def _ledgers(measured: Measured) -> tuple[Ledger, Ledger]:
    return measured.first, measured.again


def _confirmed(
    key: RowKey, verdict: PairedVerdict, plan: Plan, measured: Measured
) -> tuple[PairedVerdict, file.Reproduction]:
    """Apply what fresh workers said; without them only overwhelming evidence stands."""
    if verdict.verdict not in CHANGES or not measured.first.metrics[key].gates:
        return verdict, file.Reproduction.NOT_MEASURED
    check = measured.checks.get(key)
    if check:
        return verdict, file.Reproduction.CONFIRMED
    if check is False:
        reason = "seen at first, but not with fresh processes"
        return withdraw(verdict, reason), file.Reproduction.NOT_REPRODUCED
    gating = sum(measured.first.metrics[other].gates for other in measured.verdicts)
    if is_certain(verdict.log_e, gating, plan.policy):
        return verdict, file.Reproduction.NOT_MEASURED
    reason = "seen at first, but there was no time to confirm it with fresh processes"
    return withdraw(verdict, reason), file.Reproduction.NOT_MEASURED


def _summary(values: Floats) -> file.Summary:
    if not len(values):
        return file.Summary(median=0.0, q25=0.0, q75=0.0, cv=None, n=0)
    q25, median, q75 = (float(q) for q in np.quantile(values, (0.25, 0.5, 0.75)))
    return file.Summary(
        median=median,
        q25=q25,
        q75=q75,
        cv=variation(values),
        n=len(values),
        samples=tuple(float(value) for value in values[:SAMPLES_KEPT]),
    )


def _only(ledger: Ledger, present: Label, absent: Label) -> Iterator[file.Unpaired]:
    broken = {**ledger.broken_only_in(Label.HEAD), **ledger.broken_only_in(Label.BASE)}
    for key in ledger.rows():
        if ledger.has(key, present) and not ledger.has(key, absent) and key not in broken:
            yield _unpaired(ledger, key, present)


def _broken(ledger: Ledger, policy: PairedPolicy) -> Iterator[file.Unpaired]:
    """What fails in head only, always or more often; what fails on both sides is noted."""
    often = certain_failures(ledger.failed_rounds(), policy)
    for key, reason in {**ledger.broken_only_in(Label.HEAD), **often}.items():
        yield _unpaired(ledger, key, Label.HEAD, reason)


def _unpaired(ledger: Ledger, key: RowKey, side: Label, reason: str = "") -> file.Unpaired:
    return file.Unpaired(
        benchmark=key.benchmark[:NAME],
        scenario=key.scenario[:NAME],
        library=ledger.libraries[key],
        params=_params(key),
        side=side.value,
        reason=reason[:TEXT],
    )


def _failed(ledger: Ledger, counted: Collection[str]) -> Iterator[file.Unpaired]:
    """What could not be measured; a scenario that was counted need not be timed."""
    for scenario, log in ledger.logs.items():
        sides = [label for label in (Label.BASE, Label.HEAD) if label in log.failures]
        if log.unsupported or (log.rounds and not log.given_up):
            continue
        if scenario in counted and not sides:
            continue
        both = len(sides) != 1
        told = [log.failures[label] for label in sides]
        reasons = "; ".join({_anywhere(reason): reason for reason in told}.values())
        yield file.Unpaired(
            benchmark=scenario[:NAME],
            scenario=scenario[:NAME],
            library="",
            params=(),
            side="both" if both else sides[0].value,
            reason=(reasons or "the budget was used up before it was measured")[:TEXT],
        )


def _anywhere(reason: str) -> str:
    """*reason*, whichever side it is of: each has a folder of its own."""
    return _FOLDER_OF_SIDE.sub(str(COMPARE_FOLDER), reason)


def _not_timed(context: Context, measured: Measured) -> Iterator[file.NotTimed]:
    begun = [name for name, log in measured.first.logs.items() if log.rounds]
    spent = f"the budget went to {', '.join(begun)}" if begun else "counting took the budget"
    reasons = dict(context.not_timed)
    if context.counted is not None:
        reasons |= dict.fromkeys(
            (
                name
                for name, log in measured.first.logs.items()
                if not log.attempts and not context.counted.scenarios[name].reason
            ),
            spent,
        )
    for scenario, reason in reasons.items():
        yield file.NotTimed(scenario=scenario[:NAME], reason=reason[:TEXT])


def _not_counted(counted: Counted | None) -> dict[str, str]:
    if counted is None:
        return {}
    reasons = {name: one.reason for name, one in counted.scenarios.items() if one.reason}
    return {name[:NAME]: why[:TEXT] for name, why in (dict(counted.absent) | reasons).items()}


def _with_facts(side: file.Side, facts: Mapping[str, str]) -> file.Side:
    joined = {**side.facts, **{name[:NAME]: text[:TEXT] for name, text in facts.items()}}
    failure = None if side.failure is None else shorten(side.failure, TEXT)
    return msgspec.structs.replace(side, facts=dict(sorted(joined.items())[:100]), failure=failure)


def _differences(base: Mapping[str, str], head: Mapping[str, str]) -> tuple[file.Difference, ...]:
    return tuple(
        file.Difference(fact=name, base=base.get(name), head=head.get(name))
        for name in sorted(base.keys() | head.keys())
        if base.get(name) != head.get(name)
    )
