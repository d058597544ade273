"""From the ledger to verdicts: the seam between measuring and `detect`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tracker.compare.failing_rounds import certain_failures, is_doubtful
from tracker.compare.ledger import Ledger
from tracker.compare.measurer import Label, RowKey
from tracker.model import Floats, Verdict
from tracker.paired.noise_floor import Shift, control_shift
from tracker.paired.policy import PairedPolicy
from tracker.paired.verdict import PairedRow, PairedVerdict, decide_rows, withdraw

type Verdicts = dict[RowKey, PairedVerdict]
type Shifts = Mapping[str, Shift]


def decide(ledger: Ledger, policy: PairedPolicy, *, gating_only: bool = False) -> Verdicts:
    """Judge every row that both sides have; gating rows do not depend on the others.

    Args:
        ledger: what was measured.
        policy: how sure a verdict must be.
        gating_only: leave the others out, which is quicker.
    """
    shifts = shifts_of(ledger, policy)
    keys = [
        key
        for key in ledger.rows()
        if ledger.has(key, Label.BASE)
        and ledger.has(key, Label.HEAD)
        and (ledger.metrics[key].gates or not gating_only)
    ]
    rows = [paired_row(ledger, key, shifts) for key in keys]
    verdicts = dict(zip(keys, decide_rows(rows, policy), strict=True))
    return verdicts | _doubted(ledger, verdicts, policy)


def _doubted(ledger: Ledger, verdicts: Verdicts, policy: PairedPolicy) -> Verdicts:
    """What fails more often in head, and is not worse besides: settled when that is certain."""
    failed = ledger.failed_rounds()
    certain = certain_failures(failed, policy)
    return {
        key: replace(withdraw(verdicts[key], str(failed[key])), settled=key in certain)
        for key in failed.keys() & verdicts.keys()
        if is_doubtful(failed[key]) and verdicts[key].verdict is not Verdict.WORSE
    }


def paired_row(ledger: Ledger, key: RowKey, shifts: Shifts) -> PairedRow:
    """Gather what was measured of one row."""
    metric = ledger.metrics[key]
    base, head = ledger.paired(key, Label.BASE, Label.HEAD)
    return PairedRow(
        metric=metric,
        base=base,
        head=head,
        again=ledger.log_ratios(key, Label.BASE, Label.AGAIN),
        shift=shifts.get(metric.name),
    )


def shifts_of(ledger: Ledger, policy: PairedPolicy) -> dict[str, Shift]:
    """How the controls moved, per metric, over all scenarios together."""
    shifts = {}
    for metric, ratios in _control_ratios(ledger).items():
        shift = control_shift(ratios, policy.interval_alpha)
        if shift is not None:
            shifts[metric] = shift
    return shifts


def _control_ratios(ledger: Ledger) -> dict[str, Floats]:
    """Log ratios of the controls, head's side over base's side, per metric."""
    pooled: dict[str, list[Floats]] = defaultdict(list)
    for key in ledger.rows():
        ratios = ledger.log_ratios(key, Label.CONTROL_BASE, Label.CONTROL_HEAD)
        if len(ratios):
            pooled[ledger.metrics[key].name].append(ratios)
    return {metric: np.concatenate(parts) for metric, parts in pooled.items()}
