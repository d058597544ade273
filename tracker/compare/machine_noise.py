"""What the rounds say of the machine itself: base against base, and the controls."""

import math
from collections.abc import Iterator

import numpy as np

from tracker.compare.decisions import Shifts
from tracker.compare.ledger import Ledger
from tracker.compare.measurer import Label
from tracker.model import Floats
from tracker.model import comparison as file
from tracker.paired.noise_floor import noise_floor


def noise_floors(ledger: Ledger) -> Iterator[file.NoiseFloor]:
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


def aa_rounds(ledger: Ledger) -> int:
    """Count the rounds in which base ran twice, over all scenarios."""
    counts: dict[str, int] = {}
    for key in ledger.rows():
        pairs = len(ledger.paired(key, Label.BASE, Label.AGAIN)[0])
        counts[key.scenario] = max(counts.get(key.scenario, 0), pairs)
    return sum(counts.values())


def controls(library: str, shifts: Shifts) -> Iterator[file.ControlRatio]:
    """How the control moved, per metric, where its rounds suffice to say."""
    for metric, shift in sorted(shifts.items()):
        if math.isfinite(shift.high):
            yield file.ControlRatio(
                library=library,
                scenario="all",
                metric=metric,
                ratio=math.exp(shift.located.centre),
                low=math.exp(shift.low),
                high=math.exp(min(shift.high, 50.0)),
                moved=shift.moved,
                divided_out=shift.divide_out != 0,
            )
