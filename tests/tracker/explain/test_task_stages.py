"""Where the time of a task changed, read from stamps; and who waits."""

import pytest

from tests.support.explained import USUAL, cost, counts, edited, why
from tests.support.run_records import run_record, typed
from tracker.explain.explaining import Findings
from tracker.explain.recorded_sides import recorded_stages
from tracker.explain.task_stages import Timing, stages_of, timing_of, waiting_roles
from tracker.model.explanation import CauseKind, Stage, StageName
from tracker.model.run_record import RunRecord
from tracker.report.explanation import explanation_lines

ACK = '        await self.client.lrem("q", 1, task)\n'
MS = 1e-3

BASE = {
    "wait_p50": (5.0 * MS, 5.1 * MS, 5.2 * MS),
    "execution_p50": (0.10 * MS, 0.11 * MS, 0.10 * MS),
    "processing_rate": (1000.0, 990.0, 1010.0),
    "cpu_per_kilotask": (0.80, 0.81, 0.80),
}


def slower(**more: float) -> dict[str, tuple[float, ...]]:
    """The samples of head, with so many more seconds per task."""
    return {
        name: tuple(
            1 / (1 / one + more.get(name, 0.0))
            if name.endswith("rate")
            else one + more.get(name, 0)
            for one in samples
        )
        for name, samples in BASE.items()
    }


def stages(head: dict[str, tuple[float, ...]]) -> dict[StageName, Stage]:
    """What two commits' samples say."""
    timings = (timing_of(name, BASE[name], head[name]) for name in BASE)
    return {one.name: one for one in stages_of(one for one in timings if one is not None)}


def told(head: dict[str, tuple[float, ...]]) -> str:
    """The line about it."""
    found = tuple(stages(head).values())
    source = edited(ACK, ACK + "        more()\n")
    whole = why(counts(), counts(), source, findings=Findings(stages={"basic_throughput": found}))
    (line,) = [one for one in explanation_lines(whole, str) if one.startswith("A task")]
    return line


def test_the_stage_that_takes_longer_is_named_and_those_that_do_not():
    """Two ms between send and start; execution and burst are as they were."""
    found = stages(slower(wait_p50=2 * MS))
    assert found[StageName.WAIT].difference == pytest.approx(2 * MS)
    assert found[StageName.WAIT].low < 2 * MS < found[StageName.WAIT].high
    assert [one.name for one in found.values() if one.moved] == [StageName.WAIT]
    assert told(slower(wait_p50=2 * MS)) == (
        "A task waits 2.00 ms (1.77 ms to 2.24 ms) longer between send and start; execution and "
        "turnover are the same."
    )


def test_what_acknowledging_takes_shows_in_the_turnover_alone():
    """A burst that takes 1 ms more for each task, of which the stamps of the task know nothing."""
    line = told(slower(processing_rate=1 * MS))
    assert "waits 1.00 ms" in line
    assert line.endswith("per task of a burst; wait and execution are the same: to acknowledge.")
    unsure = slower(processing_rate=1 * MS) | {"wait_p50": (4 * MS, 5 * MS, 6 * MS)}
    assert told(unsure).endswith("burst; execution is the same: to acknowledge or to fetch.")


def test_what_wait_and_turnover_share_is_fetching():
    """A sleep that blocks the worker before each start is in both."""
    assert told(slower(wait_p50=2 * MS, processing_rate=2 * MS)).endswith(": fetching is in both.")


def test_a_longer_execution_is_not_told_twice():
    """That a burst takes longer because its tasks do is no news."""
    line = told(slower(execution_p50=1 * MS, processing_rate=1 * MS))
    assert "longer in execution" in line
    assert "burst" not in line


def test_what_the_cpu_accounts_for_is_no_waiting():
    """The burst takes 1 ms more, and so does the CPU: functions explain that, not stages."""
    found = stages(slower(processing_rate=1 * MS, cpu_per_kilotask=1.0))
    assert found[StageName.TURNOVER].moved
    assert not found[StageName.TURNOVER].waits
    assert waiting_roles(found.values()) == set()
    whole = why(
        counts(),
        counts(),
        edited(ACK, ACK + "        more()\n"),
        findings=Findings(stages={"basic_throughput": tuple(found.values())}),
    )
    assert not any(line.startswith("A task") for line in explanation_lines(whole, str))


def test_overlapping_samples_say_nothing():
    """As little as 50 us more, where samples of one commit differ by 200 us."""
    assert stages(slower(wait_p50=0.05 * MS)) == {}


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), 0.0, -1.0])
def test_times_that_are_none_cost_themselves_alone(odd: float):
    """A ratio that is no number, or a time that is none, names no stage and ends nothing."""
    fine = Timing(metric="wait_p50", base=1.0, ratio=2.0, low=1.9, high=2.1)
    broken = Timing(metric="execution_p50", base=1.0, ratio=odd, low=odd, high=odd)
    assert [one.name for one in stages_of([fine, broken])] == [StageName.WAIT]
    assert timing_of("wait_p50", (1.0, odd), ()) is None


def test_a_call_that_nothing_prices_waits_where_the_worker_does():
    """No name says that `recv` waits; that the burst takes longer without the CPU does."""
    source = edited(ACK, ACK + "        self.socket.recv(1)\n")
    head = counts(
        (*(one for one in USUAL if one[2] != "Driver.ack"), cost("Driver.ack", 2, 2)),
    )
    waiting = tuple(stages(slower(processing_rate=1 * MS)).values())
    for found, kind in (((), CauseKind.C_CODE), (waiting, CauseKind.WAITING)):
        findings = Findings(stages={"basic_throughput": found})
        whole = why(counts(), head, source, findings=findings)
        (cause,) = whole.scenarios[0].causes
        assert (cause.kind, cause.name) == (kind, "Driver.ack")


def records(head: dict[str, tuple[float, ...]], control: dict[str, tuple[float, ...]] | None):
    """Two commits of `lib` as recorded, and a control beside them."""
    sides: list[RunRecord] = []
    for sha, own, other in (("a" * 40, BASE, BASE), ("b" * 40, head, control)):
        sides.append(typed(run_record("lib", own, commit=sha)))
        if other is not None:
            sides.append(typed(run_record("celery", other, commit=sha)))
    return recorded_stages(sides, "lib", "a" * 40, "b" * 40)


def test_records_of_two_commits_name_the_stage_beside_a_control():
    """The same as from a comparison, as long as the control stood still."""
    (found,) = records(slower(wait_p50=2 * MS), BASE).values()
    assert [one.name for one in found if one.moved] == [StageName.WAIT]


def test_what_the_control_shows_too_is_the_machines():
    """Nothing is said where the control moved as far, or where there is none."""
    assert records(slower(wait_p50=2 * MS), slower(wait_p50=2 * MS)) == {}
    assert records(slower(wait_p50=2 * MS), None) == {}


def test_runs_of_two_machines_are_not_joined():
    """Another machine's time is no difference of commits."""
    sides = [
        typed(run_record(name, samples, commit=sha, machine=machine))
        for sha, machine, samples in (
            ("a" * 40, "one", BASE),
            ("b" * 40, "two", slower(wait_p50=2 * MS)),
        )
        for name in ("lib", "celery")
    ]
    assert recorded_stages(sides, "lib", "a" * 40, "b" * 40) == {}
