"""What differs, of every kind, named first; and nothing where nothing differs."""

import msgspec
import pytest

from tests.support.explained import (
    BASE,
    COMMANDS,
    SCENARIO,
    USUAL,
    cost,
    counts,
    edited,
    why,
)
from tests.support.profiles import profiles, usual
from tracker.explain.explained_share import TimedChange
from tracker.explain.explaining import CountedCommit, Findings, explain
from tracker.model.explanation import Cause, CauseKind, CodeState

ACK = '        await self.client.lrem("q", 1, task)\n'


def replaced(*costs: tuple[object, ...]):
    """The usual costs, with these instead of those of the same functions, or beside them."""
    names = {one[2] for one in costs}
    return (*(one for one in USUAL if one[2] not in names), *costs)


def first(*args, **options) -> Cause:
    """The likeliest cause."""
    return why(*args, **options).scenarios[0].causes[0]


def test_a_command_is_named_with_its_sender():
    """One more command per task, the function that sends it, and the lines that come with it."""
    commands = {**COMMANDS, "worker": {**COMMANDS["worker"], "exists": 1.0}}
    head = counts(
        replaced(cost("Driver.ack", 2, 2), cost("Client.execute", 169, 80, file="redis/client.py")),
        commands,
        broker_commands_per_task=4.0,
    )
    base = counts(broker_commands_per_task=3.0)
    found = first(base, head, edited(ACK, ACK + '        await self.client.exists("x")\n'))
    assert (found.kind, found.name, found.base, found.head) == (CauseKind.COMMAND, "exists", 0, 1)
    assert [(one.function, one.code) for one in found.senders] == [
        ("Driver.ack", CodeState.CHANGED)
    ]
    assert found.senders[0].place == "lib/driver.py:5"
    assert found.beside == {"redis": 69}


def test_a_command_that_an_unchanged_helper_sends_is_its_callers_change():
    """Where the sender is as it was, the changed function that calls it stands before it."""
    commands = {"worker": {"lrem": 1.0, "lmove": 0.0}, "producer": {"lpush": 1.0}}
    head = counts(replaced(cost("run", 1)), commands, broker_commands_per_task=2.0)
    base = counts(broker_commands_per_task=3.0)
    found = first(base, head, edited("    return inner()", "    return task.take() and inner()"))
    assert [one.function for one in found.senders] == ["run", "Driver.take"]
    assert [one.code for one in found.senders] == [CodeState.CHANGED, CodeState.UNCHANGED]


@pytest.mark.parametrize(
    ("kind", "statement", "lines", "calls", "allocations"),
    [
        (CauseKind.FUNCTION, "for i in range(30):\n            i += 1", 61, 2, 0),
        (CauseKind.C_CODE, 'sha256(b"x" * 100_000)', 2, 2, 0),
        (CauseKind.WAITING, "await asyncio.sleep(0.1)", 2, 2, 0),
        (CauseKind.WAITING, "lock.acquire()", 2, 2, 0),
        (CauseKind.ALLOCATION, "x = [Box() for _ in many]", 2, 300, 300),
    ],
)
def test_a_function_is_named_with_what_it_does(kind, statement, lines, calls, allocations):
    """A loop, a call into C, waiting and allocating are told apart."""
    head = counts(
        replaced(cost("Driver.ack", lines, calls)), allocations_per_task=500.0 + allocations
    )
    found = first(
        counts(allocations_per_task=500.0), head, edited(ACK, f"        {statement}\n{ACK}")
    )
    assert (found.kind, found.name, found.code) == (kind, "Driver.ack", CodeState.CHANGED)


def test_what_a_timer_counts_is_not_taken_for_what_a_call_does():
    """Locks of a connection that polls, counted a few hundredths more: the call is still C."""
    locks = cost("Lock.acquire", 17.8, 2, file="asyncio/locks.py")
    more = (*locks[:4], 1.025, 18.2, *locks[6:])
    head = counts((*replaced(cost("Driver.ack", 2, 2)), more), allocations_per_task=512.0)
    base = counts((*USUAL, locks), allocations_per_task=500.0)
    found = first(base, head, edited(ACK, f"        crc32(b'x' * 100_000)\n{ACK}"))
    assert (found.kind, found.calls) == (CauseKind.C_CODE, ("crc32",))


def test_a_lock_that_a_call_takes_each_time_is_waiting():
    """A helper's own lock, under any name, and no call of the library's that says so."""
    lock = cost("Lock.acquire", 3, 1, file="asyncio/locks.py")
    head = counts((*replaced(cost("Driver.ack", 2, 2)), lock))
    found = first(counts(), head, edited(ACK, f"        self.guard()\n{ACK}"))
    assert found.kind is CauseKind.WAITING


def test_a_function_that_runs_much_python_does_not_wait_beside_a_lock():
    """Where much is rewritten, a lock somewhere says nothing of each function that calls."""
    lock = cost("Lock.acquire", 3, 1, file="asyncio/locks.py")
    sent = cost("Client.execute", 200, 80, file="redis/client.py")
    head = counts((*replaced(cost("Driver.ack", 12, 5), sent), lock))
    found = first(counts(), head, edited(ACK, f"        self.client.incr(1)\n{ACK}"))
    assert found.kind is CauseKind.FUNCTION


def test_a_function_that_only_one_side_has_is_added_or_removed():
    """It is told apart from one that was changed, and one without a source from both."""
    moved = "    async def ack(self, task):\n"
    renamed = edited(moved, moved.replace("ack", "ack_nowait"))
    head = counts((*(one for one in USUAL if one[2] != "Driver.ack"), cost("Driver.ack_nowait", 1)))
    causes = why(counts(), head, renamed).scenarios[0].causes
    assert {one.name: one.code for one in causes} == {
        "Driver.ack_nowait": CodeState.ADDED,
        "Driver.ack": CodeState.REMOVED,
    }
    made = counts((*USUAL, cost("Box.__init__", 9)))
    last = why(counts(), made, edited(ACK, ACK + ACK)).scenarios[0].causes[-1]
    assert (last.name, last.code) == ("Box.__init__", CodeState.UNKNOWN)


def test_changed_functions_stand_before_those_that_run_more_often():
    """The caller that was changed is the cause; what it calls more often follows."""
    head = counts(replaced(cost("run", 3), cost("Driver.take", 20)))
    found = why(counts(), head, edited("    return inner()", "    inner()\n    return inner()"))
    names = [(one.name, one.code) for one in found.scenarios[0].causes]
    assert names == [("run", CodeState.CHANGED), ("Driver.take", CodeState.UNCHANGED)]


def test_another_version_of_a_package_is_named():
    """Where no code of the library differs, the package whose code runs more lines is first."""
    head = counts(replaced(cost("Client.execute", 130, 50, file="redis/client.py")))
    found = first(counts(), head, packages=({"redis": "7.1"}, {"redis": "8.0"}))
    assert (found.kind, found.name) == (CauseKind.DEPENDENCY, "redis 7.1 -> 8.0")
    assert (found.base, found.head) == (100, 130)


def test_what_the_start_imports_is_named():
    """More modules at the start, and the import that brought them."""
    base, head = counts(start_modules=600.0), counts(start_modules=650.0)
    found = first(base, head, "import xml.dom\n" + BASE)
    assert (found.kind, found.name) == (CauseKind.IMPORT, "xml.dom")
    assert found.place == "lib/driver.py:1"


def test_equal_code_says_nothing_whatever_the_counts():
    """Counts that race may differ between runs of the same code: that is no explanation."""
    noisy = counts(replaced(cost("Driver.ack", 7), cost("run", 4)))
    assert why(counts(), noisy).scenarios == ()


def polled(times: int):
    """What a timer that fired so many more times in forty tasks adds to each task."""
    share = times / 40
    loop = cost("Driver.poll", 7 * share, 1)
    beneath = [cost(f"Pool.get_{i}", 9 * share, 1, file="redis/pool.py") for i in range(2)]
    return [(*one[:4], share, *one[5:]) for one in (loop, *beneath)]


def test_what_a_timer_runs_is_no_cause():
    """Once more in forty tasks: nothing of equal code whose sources are unknown is told."""
    base, head = counts((*USUAL, *polled(1))), counts((*USUAL, *polled(2)))
    assert why(base, head, None).scenarios == ()
    source = edited(ACK, ACK + "        more()\n")
    head = counts((*replaced(cost("Driver.ack", 2, 2)), *polled(2)))
    (cause,) = why(base, head, source).scenarios[0].causes
    assert (cause.name, cause.beside) == ("Driver.ack", {})


def test_a_version_that_runs_no_python_is_named_where_something_moved():
    """A package in C: instructions say that it costs more, no line says so."""
    versions = ({"msgspec": "0.22"}, {"msgspec": "0.19"})
    base, head = counts(instructions_per_task=9e5), counts(instructions_per_task=1e6)
    found = first(base, head, packages=versions)
    assert (found.kind, found.name) == (CauseKind.DEPENDENCY, "msgspec 0.22 -> 0.19")
    assert found.base == found.head
    assert why(base, base, packages=versions).scenarios == ()


def test_a_function_whose_count_scatters_is_not_blamed():
    """A difference within its own spread names nobody."""
    head = counts(
        replaced(cost("run", 2.5, spread=0.5), cost("Driver.ack", 9)), round_trips_per_task=2.0
    )
    found = why(counts(round_trips_per_task=2.0), head, edited(ACK, ACK + "        more()\n"))
    assert [one.name for one in found.scenarios[0].causes] == ["Driver.ack"]


def test_what_no_task_ran_is_told():
    """A changed function that is in no count cannot be cleared."""
    found = why(counts(), counts(), BASE + "\n\ndef rare():\n    return 1\n")
    assert found.scenarios == ()
    assert found.not_run == ("rare (lib/driver.py:19)",)


def slower(ratio: float, low: float, high: float) -> Findings:
    """What a clock found of the workers' CPU."""
    change = TimedChange(
        scenario="basic_throughput", metric="cpu_per_kilotask", ratio=ratio, low=low, high=high
    )
    return Findings(timed=(change,))


def test_the_share_of_the_time_has_an_interval():
    """105 to 126 lines of everything, 20 % more, of 25 % more CPU: about four fifths."""
    head = counts(replaced(cost("Driver.ack", 22, 2)))
    source = edited(ACK, ACK + "        for i in many:\n            i += 1\n")
    share = why(counts(), head, source, findings=slower(1.25, 1.2, 1.3)).scenarios[0].share
    assert share is not None
    assert share.value == pytest.approx(0.8)
    assert share.low < share.value < share.high <= 1


def test_without_an_interval_no_share_is_told():
    """A suspected change may have none; where it holds "no change", anything is a share."""
    head = counts(replaced(cost("Driver.ack", 22, 2)))
    source = edited(ACK, ACK + "        for i in many:\n            i += 1\n")
    nan = float("nan")
    assert why(counts(), head, source, findings=slower(1.25, nan, nan)).scenarios[0].share is None
    share = why(counts(), head, source, findings=slower(1.25, 0.9, 1.6)).scenarios[0].share
    assert share is not None
    assert (share.low, share.high) == (0.0, 1.0)


def test_time_that_no_count_explains_is_said_to_be_unexplained():
    """A call into C moves two lines and a quarter of the time: nearly nothing is accounted for."""
    head = counts(replaced(cost("Driver.ack", 2, 2)))
    source = edited(ACK, ACK + '        sha256(b"x")\n')
    found = why(counts(), head, source, findings=slower(1.25, 1.2, 1.3)).scenarios[0]
    assert found.share is not None
    assert found.share.high < 0.1
    assert found.causes[0].kind is CauseKind.C_CODE


def test_a_clock_alone_leaves_the_changed_functions_that_run():
    """No count moved, but the clock did: what was changed and runs is named."""
    found = why(
        counts(), counts(), edited("take(self)", "take(self, n=1)"), findings=slower(1.3, 1.2, 1.4)
    )
    assert [(one.name, one.code) for one in found.scenarios[0].causes] == [
        ("Driver.take", CodeState.CHANGED)
    ]


SHA = edited(ACK, f'        sha256(b"x" * 100_000)\n{ACK}')


def sampled(**times_us: float) -> Findings:
    """What a profiler saw, with other times of functions in head."""
    more_cpu_us = times_us.pop("more_cpu_us", 0.0)
    both = profiles(usual(), usual(**times_us), more_cpu_us=more_cpu_us)
    return Findings(profiles={SCENARIO: both})


def test_a_call_into_c_is_priced_by_the_profiler():
    """Two lines that take 40 us: named by counting, priced by sampling."""
    head = counts(replaced(cost("Driver.ack", 2, 2)))
    found = first(
        counts(), head, SHA, findings=sampled(**{"Driver.ack": 100.0, "more_cpu_us": 40.0})
    )
    assert (found.kind, found.name) == (CauseKind.C_CODE, "Driver.ack")
    assert found.sampled is not None
    assert found.sampled.low < 40e-6 < found.sampled.high


def test_a_call_that_takes_no_cpu_turns_out_to_wait():
    """Nothing in its name says so."""
    head = counts(replaced(cost("Driver.ack", 2, 2)))
    found = first(counts(), head, SHA, findings=sampled(**{"Driver.ack": 600.0}))
    assert (found.kind, found.sampled is not None) == (CauseKind.WAITING, True)


def test_another_pattern_of_a_regular_expression_is_found_by_sampling_alone():
    """No count moves, and the function that matches it is as it was; its module is not."""
    findings = sampled(**{"Driver.take": 500.0, "more_cpu_us": 300.0})
    found = first(counts(), counts(), f'PATTERN = "(a+)+b"\n{BASE}', findings=findings)
    assert (found.kind, found.name) == (CauseKind.C_CODE, "Driver.take")
    assert (found.code, found.unit) == (CodeState.UNCHANGED, "s")
    assert found.place == "lib/driver.py:10"


def test_an_unchanged_function_is_not_blamed_beside_a_changed_one():
    """A busy machine takes the processor away where a function wakes the broker."""
    head = counts(replaced(cost("Driver.ack", 2, 2)))
    (found,) = (
        why(counts(), head, SHA, findings=sampled(**{"Driver.take": 500.0})).scenarios[0].causes
    )
    assert (found.name, found.sampled) == ("Driver.ack", None)


def test_equal_code_says_nothing_whatever_was_sampled():
    """Known to be equal: nothing; unknown, and sampled alike: nothing either."""
    assert why(counts(), counts(), findings=sampled(run=900.0)).scenarios == ()
    assert why(counts(), counts(), None, findings=sampled()).scenarios == ()


def test_lines_that_a_clock_moved_are_not_told_with_what_another_process_did():
    """The producer's function changed; the worker's polls came 70 lines a task dearer, or not.

    As from AsyncTasQ 1.3.0 to 1.4.0: 2,894 lines a task and 2,823 with a spread of 57, while no
    function of the worker moved by more than its own spread.
    """
    polls = {"file": "redis/client.py", "spread": 57.0}
    base = counts(
        (*USUAL, cost("Driver.send", 221, role="producer"), cost("Client.poll", 71, **polls))
    )
    head = counts(
        (*USUAL, cost("Driver.send", 230, role="producer"), cost("Client.poll", 0, **polls))
    )
    inexact = {
        side: msgspec.structs.replace(
            one,
            metrics={
                name: msgspec.structs.replace(metric, spread=30.0 * (name == "all_lines_per_task"))
                for name, metric in one.metrics.items()
            },
        )
        for side, one in (("base", base), ("head", head))
    }
    sending = BASE + "\n\ndef send():\n    pass\n"
    found = why(inexact["base"], inexact["head"], sending).scenarios[0]
    assert {cause.role for cause in found.causes} == {"producer"}
    assert "all_lines_per_task" not in {one.metric for one in found.moved}


def test_the_scenario_in_which_most_of_the_cost_is_new_is_explained_first():
    """Ten lines more in both: beside 100 lines of redis they are more than beside 5,000."""
    redis = "redis/client.py"
    sides = []
    for more in (0, 10):
        own = replaced(cost("Driver.ack", 1 + more))
        busy = (*(one for one in own if one[2] == "Driver.ack"), cost("f", 5000, 1, file=redis))
        sides.append({"busy": counts(busy), "idle": counts(own)})
    base, head = (CountedCommit(sha="a" * 40, counts=each, packages={}) for each in sides)
    assert [one.scenario for one in explain("lib", base, head, None).scenarios] == ["idle", "busy"]
