"""Which stages a comparison's rows name."""

from msgspec.structs import replace

from tests.support.comparison_examples import comparison, row
from tracker.compare.explaining import changed_stages, unexplained
from tracker.model import Verdict
from tracker.model.comparison import Row
from tracker.model.explanation import Explanation, ScenarioExplanation, Share, StageName


def timed(metric: str, ratio: float, verdict: Verdict = Verdict.NO_CHANGE) -> Row:
    """A row of *metric*, with the level of another that is timed."""
    like = "throughput" if metric.endswith("rate") else "latency_p50"
    return replace(row(like, ratio=ratio, verdict=verdict), metric=metric)


def test_a_latency_that_changed_is_told_by_stages():
    """Latency is worse: the wait took longer, execution did not."""
    rows = (
        row("latency_p50", ratio=1.3, verdict=Verdict.WORSE),
        timed("wait_p50", 1.3),
        timed("execution_p50", 1.0),
        row("cpu_per_kilotask", ratio=1.0),
    )
    (found,) = changed_stages(comparison(rows, "")).values()
    assert {one.name: one.moved for one in found} == {
        StageName.WAIT: True,
        StageName.EXECUTION: False,
    }
    assert found[0].waits


def test_cpu_alone_asks_for_no_stage():
    """What the CPU costs is told by functions; and where the clock found nothing, nothing is."""
    rows = (row("cpu_per_kilotask", ratio=1.3, verdict=Verdict.WORSE), timed("wait_p50", 1.3))
    assert changed_stages(comparison(rows, "")) == {}
    assert changed_stages(comparison((timed("wait_p50", 1.3),), "")) == {}


def accounted(share: float | None) -> Explanation:
    """An explanation of the rows' scenario, whose counts account for so much."""
    found = (
        None
        if share is None
        else Share(metric="cpu_per_kilotask", ratio=1.3, value=share, low=share, high=share)
    )
    scenario = row("cpu_per_kilotask", ratio=1.3).scenario
    one = ScenarioExplanation(scenario=scenario, moved=(), timed=(), causes=(), share=found)
    return Explanation(
        version=1, library="lib", base="a", head="b", scenarios=(one,), code_known=True
    )


def test_what_counts_leave_unexplained_is_sampled():
    """Worse by the clock, and no count says why; nothing else needs a profiler."""
    worse = comparison((row("cpu_per_kilotask", ratio=1.3, verdict=Verdict.WORSE),), "")
    assert unexplained(accounted(0.2), worse) == accounted(0.2).scenarios[0].scenario
    assert unexplained(accounted(None), worse) == accounted(None).scenarios[0].scenario
    assert unexplained(accounted(0.95), worse) == ""
    better = comparison((row("cpu_per_kilotask", ratio=0.7, verdict=Verdict.BETTER),), "")
    assert unexplained(accounted(0.2), better) == ""
    same = comparison((row("cpu_per_kilotask", ratio=1.0),), "")
    assert unexplained(accounted(0.2), same) == ""
