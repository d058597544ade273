"""Which stages a comparison's rows name, and when it has its commits sampled."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support.comparison_examples import comparison, row
from tests.support.explained import BASE, SCENARIO, USUAL, cost, counts, edited
from tests.support.git import commit, git
from tests.support.profiles import profiles, usual
from tracker.asv.builds import Build
from tracker.compare.counting import Counted
from tracker.compare.explaining import (
    Sampling,
    changed_stages,
    explain_comparison,
    unexplained,
)
from tracker.compare.measurer import Label
from tracker.compare.sampling import NotSampled, Sampled
from tracker.counts.focus import CountedScenario
from tracker.model import Verdict
from tracker.model.comparison import Row
from tracker.model.explanation import (
    CauseKind,
    Explanation,
    ScenarioExplanation,
    Share,
    StageName,
)
from tracker.report.explanation import absent_lines


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


@pytest.fixture
def builds(tmp_path: Path) -> dict[Label, Build]:
    """A library of one file at two commits: `ack` makes one more call in the second."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/__init__.py").touch()
    found = {}
    call = '        await self.client.lrem("q", 1, task)\n'
    for label, text in (
        (Label.BASE, BASE),
        (Label.HEAD, edited(call, f'        sha256(b"x")\n{call}')),
    ):
        (tmp_path / "lib/driver.py").write_text(text, encoding="utf-8")
        sha = commit(tmp_path, str(label))
        found[label] = Build(
            sha=sha,
            subject="",
            remark="",
            python="",
            env_vars={},
            packages={},
            repository=str(tmp_path),
            failure=None,
        )
    return found


def explained(
    builds: dict[Label, Build], sampled: Sampled, *, always: bool = True
) -> tuple[Explanation, list[str]]:
    """The explanation when sampling gives *sampled*, and the scenarios that were sampled."""
    asked: list[str] = []

    def sample(scenario: str) -> Sampled:
        asked.append(scenario)
        return sampled

    more = (*USUAL[1:], cost("Driver.ack", 2, 2))
    counted = Counted(
        scenarios={SCENARIO: CountedScenario(changes=())},
        absent={},
        counts={(SCENARIO, Label.BASE): counts(), (SCENARIO, Label.HEAD): counts(more)},
    )
    whole = replace(comparison((), ""), project="lib")
    found = explain_comparison(whole, counted, builds, Sampling(sample=sample, always=always))
    assert found is not None
    return found, asked


def test_a_scenario_is_sampled_where_that_is_asked_for(builds):
    """The cause that counting names gets its time."""
    both = profiles(usual(), usual(**{"Driver.ack": 160.0}), more_cpu_us=100.0)
    found, asked = explained(builds, both)
    assert asked == [SCENARIO]
    cause = found.scenarios[0].causes[0]
    assert (cause.name, cause.kind) == ("Driver.ack", CauseKind.C_CODE)
    assert cause.sampled is not None
    assert explained(builds, both, always=False)[1] == []


def test_without_a_profiler_the_rest_is_told_with_the_reason(builds):
    """Named and not priced."""
    found, _ = explained(builds, NotSampled(reason="py-spy not found"))
    assert found.absent == {"sampling": "py-spy not found"}
    assert found.scenarios[0].causes[0].sampled is None
    assert list(absent_lines(found.absent)) == ["Missing: sampling (py-spy not found)."]


def test_equal_code_is_not_sampled(builds):
    """Nothing could differ."""
    same = dict.fromkeys(Label, builds[Label.BASE])
    found, asked = explained(same, NotSampled(reason="never asked"))
    assert (found.scenarios, found.absent, asked) == ((), {}, [])
