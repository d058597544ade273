"""A cell that was measured again: its record has all runs, as asv has all samples."""

import msgspec

from benchmarks.harness.lab.results.appending import appended
from benchmarks.harness.lab.results.cell_summary import Origin, summarise
from benchmarks.harness.lab.results.record import CellRecord
from tests.support.simulations import Behaviour, simulate

ORIGIN = Origin(
    commit="c" * 40, environment="env", machine="m", started_at_ms=1, finished_at_ms=2, facts={}
)


def measured(commit: str = "c" * 40) -> CellRecord:
    """The record of a simulated cell."""
    (data,), _ = simulate({"lib": Behaviour()})
    return msgspec.structs.replace(summarise(data, ORIGIN), commit=commit)


def test_all_runs_and_samples_are_kept_in_order():
    """Twelve runs of six rounds, twelve samples, and a distribution over all of them."""
    earlier, later = measured(), measured()
    both = appended(earlier, later)
    assert [run.round for run in both.runs] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert [run.index for run in both.runs] == list(range(12))
    samples = both.metrics["throughput"].samples
    assert samples == [
        *earlier.metrics["throughput"].samples,
        *later.metrics["throughput"].samples,
    ]
    assert earlier.histogram
    assert both.histogram
    assert both.histogram.count == 2 * earlier.histogram.count
    assert both.validation.throughput_cv is not None


def test_records_of_two_cells_are_never_joined():
    """Another commit, or a cell that failed, leaves the newer record as it is."""
    later = measured()
    assert appended(measured(commit="d" * 40), later) is later
    failed = msgspec.structs.replace(measured(), outcome="failed", runs=[], metrics={})
    assert appended(failed, later) is later
