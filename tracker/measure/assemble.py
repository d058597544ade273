"""From a finished session to the comparison that reports are made from."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from tracker.detect.noise_floor import noise_floor
from tracker.detect.paired import locate
from tracker.detect.paired_verdict import PairedVerdict, is_certain, withdraw
from tracker.measure.judging import control_ratios, shifts_of
from tracker.measure.ledger import Ledger
from tracker.measure.measurer import Label, RowKey
from tracker.measure.session import CHANGES, Measured, Plan
from tracker.model import Floats, Verdict
from tracker.report import comparison as file

SAMPLES_KEPT = 100
TEXT = 4_000
NAME = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a comparison says besides its rows."""

    project: str
    base: file.Side
    head: file.Side
    machine: str
    control: str
    size: str
    asked_scenarios: tuple[str, ...]
    started_ms: int
    prepared_s: float
    notes: tuple[str, ...] = ()


def assemble(context: Context, plan: Plan, measured: Measured) -> file.Comparison:
    """Make the file's content from what *measured* holds."""
    rows = tuple(_rows(plan, measured))
    failed = tuple(_failed(measured.first))
    sides = {
        label: _with_facts(side, measured.first.facts.get(label, {}))
        for label, side in ((Label.BASE, context.base), (Label.HEAD, context.head))
    }
    base, head = sides[Label.BASE], sides[Label.HEAD]
    conclusion = file.conclude(head, rows, failed)
    logs = measured.first.logs.values()
    return file.Comparison(
        version=file.VERSION,
        project=context.project[:NAME],
        conclusion=conclusion,
        reason=_reason(conclusion, head, rows, failed),
        base=base,
        head=head,
        machine=context.machine[:NAME],
        differences=_differences(base.facts, head.facts),
        settings=file.Settings(
            budget_s=plan.budget_s,
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
        aa_rounds=_aa_rounds(measured.first),
        noise=tuple(_noise(measured.first)),
        controls=tuple(_controls(context.control, plan, measured.first)),
        rows=rows,
        new=tuple(_only(measured.first, Label.HEAD, Label.BASE)),
        vanished=tuple(_only(measured.first, Label.BASE, Label.HEAD)),
        failed=failed,
        expected_false_alarms=plan.policy.alpha if rows else 0.0,
        notes=(*context.notes, *_notes(plan, measured)),
    )


def _rows(plan: Plan, measured: Measured) -> Iterator[file.Row]:
    shifts = shifts_of(measured.first, plan.policy)
    divided_out = {metric for metric, shift in shifts.items() if shift.divide_out}
    for key, verdict in measured.verdicts.items():
        metric = measured.first.metrics[key]
        pairs = [ledger.paired(key, Label.BASE, Label.HEAD) for ledger in _ledgers(measured)]
        base, head = (np.concatenate(side) for side in zip(*pairs, strict=True))
        final, check = _confirmed(key, verdict, plan, measured)
        known = final.low is not None and final.high is not None
        yield file.Row(
            benchmark=key.benchmark[:NAME],
            scenario=key.scenario[:NAME],
            library=measured.first.libraries[key],
            metric=metric.name,
            params=key.params,
            unit=metric.unit,
            better=metric.better,
            gates=metric.gates,
            floor=metric.floor,
            base=_summary(base),
            head=_summary(head),
            ratio=final.ratio if known else None,
            low=final.low if known else None,
            high=final.high if known else None,
            p_value=final.p_value if known else None,
            noise_floor=final.noise_floor,
            verdict=final.verdict,
            minimum_detectable_effect=final.minimum_detectable_effect,
            rounds=len(base),
            rounds_to_settle=final.rounds_to_settle,
            check=check,
            control_divided_out=metric.name in divided_out,
            reason=final.reason[:TEXT],
        )


def _ledgers(measured: Measured) -> tuple[Ledger, Ledger]:
    return measured.first, measured.again


def _confirmed(
    key: RowKey, verdict: PairedVerdict, plan: Plan, measured: Measured
) -> tuple[PairedVerdict, file.Check]:
    """Apply what fresh workers said; without them only overwhelming evidence stands."""
    if verdict.verdict not in CHANGES or not measured.first.metrics[key].gates:
        return verdict, file.Check.NOT_MEASURED
    seen = measured.checks.get(key)
    if seen:
        return verdict, file.Check.CONFIRMED
    if seen is False:
        reason = "established at first, but fresh workers did not show it again"
        return withdraw(verdict, reason), file.Check.NOT_REPRODUCED
    gating = sum(measured.first.metrics[other].gates for other in measured.verdicts)
    if is_certain(verdict.log_e, gating, plan.policy):
        return verdict, file.Check.NOT_MEASURED
    reason = "established at first, but there was no time to be sure with fresh workers"
    return withdraw(verdict, reason), file.Check.NOT_MEASURED


def _summary(values: Floats) -> file.Summary:
    if not len(values):
        return file.Summary(median=0.0, q25=0.0, q75=0.0, cv=None, n=0)
    q25, median, q75 = (float(q) for q in np.quantile(values, (0.25, 0.5, 0.75)))
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else None
    return file.Summary(
        median=median,
        q25=q25,
        q75=q75,
        cv=abs(spread / mean) if spread is not None and mean else None,
        n=len(values),
        samples=tuple(float(value) for value in values[:SAMPLES_KEPT]),
    )


def _noise(ledger: Ledger) -> Iterator[file.NoiseFloor]:
    """Base against base: over all gating metrics, then per metric."""
    pairs: dict[str, list[Floats]] = {}
    for key in ledger.rows():
        ratios = ledger.log_ratios(key, Label.BASE, Label.AGAIN)
        pairs.setdefault(ledger.metrics[key].name, []).append(ratios)
    gating = {ledger.metrics[key].name for key in ledger.rows() if ledger.metrics[key].gates}
    joined = {name: np.concatenate(parts) for name, parts in pairs.items()}
    everything = np.concatenate([joined[name] for name in gating] or [np.zeros(0)])
    for name, ratios in (("all", everything), *sorted(joined.items())):
        yield file.NoiseFloor(metric=name, relative=noise_floor(ratios), pairs=len(ratios))


def _aa_rounds(ledger: Ledger) -> int:
    counts: dict[str, int] = {}
    for key in ledger.rows():
        pairs = len(ledger.paired(key, Label.BASE, Label.AGAIN)[0])
        counts[key.scenario] = max(counts.get(key.scenario, 0), pairs)
    return sum(counts.values())


def _controls(library: str, plan: Plan, ledger: Ledger) -> Iterator[file.ControlRatio]:
    shifts = shifts_of(ledger, plan.policy)
    for metric, ratios in sorted(control_ratios(ledger).items()):
        shift = shifts.get(metric)
        if shift is None or not math.isfinite(shift.high):
            continue
        centre = locate(ratios).centre
        yield file.ControlRatio(
            library=library,
            scenario="all",
            metric=metric,
            ratio=math.exp(centre),
            low=math.exp(shift.low),
            high=math.exp(min(shift.high, 50.0)),
            moved=shift.moved,
            divided_out=shift.divide_out != 0,
        )


def _only(ledger: Ledger, present: Label, absent: Label) -> Iterator[file.Unpaired]:
    for key in ledger.rows():
        if ledger.has(key, present) and not ledger.has(key, absent):
            yield file.Unpaired(
                benchmark=key.benchmark[:NAME],
                scenario=key.scenario[:NAME],
                library=ledger.libraries[key],
                params=key.params,
                side=present.value,
                reason="",
            )


def _failed(ledger: Ledger) -> Iterator[file.Unpaired]:
    for scenario, log in ledger.logs.items():
        sides = [label for label in (Label.BASE, Label.HEAD) if label in log.failures]
        if log.unsupported or (log.rounds and not log.given_up):
            continue
        both = len(sides) != 1
        reasons = "; ".join(dict.fromkeys(log.failures[label] for label in sides))
        yield file.Unpaired(
            benchmark=scenario[:NAME],
            scenario=scenario[:NAME],
            library="",
            params=(),
            side="both" if both else sides[0].value,
            reason=(reasons or "the budget was used before its turn")[:TEXT],
        )


def _with_facts(side: file.Side, facts: Mapping[str, str]) -> file.Side:
    joined = {**side.facts, **{name[:NAME]: text[:TEXT] for name, text in facts.items()}}
    return msgspec.structs.replace(side, facts=dict(sorted(joined.items())[:100]))


def _differences(base: Mapping[str, str], head: Mapping[str, str]) -> tuple[file.Difference, ...]:
    return tuple(
        file.Difference(fact=name, base=base.get(name), head=head.get(name))
        for name in sorted(base.keys() | head.keys())
        if base.get(name) != head.get(name)
    )


def _reason(
    conclusion: file.Conclusion,
    head: file.Side,
    rows: Sequence[file.Row],
    failed: Sequence[file.Unpaired],
) -> str:
    gating = [row for row in rows if row.gates]
    counts = Counter(row.verdict for row in gating)
    if conclusion is file.Conclusion.REGRESSION:
        return f"{counts[Verdict.WORSE]} of {len(gating)} gating metrics are worse"
    if conclusion is file.Conclusion.FINE:
        return f"none of {len(gating)} gating metrics is worse"
    if conclusion is file.Conclusion.FAILED:
        return _reason_of_failure(head, failed)
    if not gating:
        return "no gating metric was measured on both sides"
    undecided = counts[Verdict.CANNOT_TELL]
    open_rows = f"{undecided} of {len(gating)} gating metrics are undecided" if undecided else ""
    not_measured = f"{len(failed)} scenarios could not be measured" if failed else ""
    return ", ".join(filter(None, (open_rows, not_measured)))


def _reason_of_failure(head: file.Side, failed: Sequence[file.Unpaired]) -> str:
    if head.failure is not None:
        return "head could not be measured at all"
    count = sum(entry.side == "head" for entry in failed)
    return f"{count} scenarios fail in head and not in base"


def _notes(plan: Plan, measured: Measured) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for scenario, reason in measured.stopped.items():
        reasons.setdefault(reason, []).append(scenario)
    for reason, scenarios in reasons.items():
        shown = ", ".join(scenarios[:10]) + (" and more" if len(scenarios) > 10 else "")  # noqa: PLR2004
        yield f"stopped because {reason}: {shown}"[:TEXT]
    for scenario, log in measured.first.logs.items():
        if log.failures and not log.given_up:
            sides = "; ".join(f"{label}: {why}" for label, why in log.failures.items())
            count = log.attempts - log.rounds
            yield f"{count} of {log.attempts} rounds of {scenario} failed; the last: {sides}"[:TEXT]
        if log.unsupported:
            yield f"{scenario} is not supported: {log.unsupported}"[:TEXT]
    if not plan.controls:
        yield "no control library ran beside base and head"
