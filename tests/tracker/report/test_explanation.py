"""An explanation in words: at most five lines, and harmless in Markdown."""

import re

from tests.support.explained import BASE, COMMANDS, SCENARIO, USUAL, cost, counts, edited, why
from tests.support.profiles import profiles, usual
from tracker.explain.attribution import Corners
from tracker.explain.explained_share import TimedChange
from tracker.explain.explaining import Findings
from tracker.model.counts import Counts
from tracker.model.explanation import Stage, StageName
from tracker.report.escape import code
from tracker.report.explanation import MOST_LINES, event_lines, explanation_lines

ACK = '        await self.client.lrem("q", 1, task)\n'


def with_exists() -> Counts:
    """One more command, and many more functions."""
    costs = (*USUAL[1:], cost("Driver.ack", 2, 2), *(cost(f"more_{i}", i) for i in range(1, 9)))
    commands = {**COMMANDS, "worker": {**COMMANDS["worker"], "exists": 1.0}}
    return counts(costs, commands, round_trips_per_task=3.0)


def lines(name=str) -> list[str]:
    """The lines about it."""
    source = edited(ACK, ACK + '        await self.client.exists("x")\n') + "\ndef rare(): ...\n"
    return explanation_lines(why(counts(round_trips_per_task=2.0), with_exists(), source), name)


def test_it_is_told_in_five_lines():
    """What moved, what did it, by whom, and what nothing can be said of."""
    told = lines()
    assert len(told) == MOST_LINES
    assert told[0] == (
        "Why (basic_throughput): round trips per task 2.00 to 3.00; own Python lines per task "
        "5.0 to 42.0; Python lines per task, all packages 105 to 142."
    )
    assert told[1] == (
        "Worker: exists 0 to 1 commands a task, by Driver.ack (lib/driver.py:5, changed)."
    )
    assert told[3] == (
        "7 more functions, commands or packages moved: more_7 0 to 7 lines, more_6 0 to 6 lines, "
        "more_5 0 to 5 lines and 4 others."
    )
    assert told[4] == "Cannot be cleared: no task ran 1 changed function: rare (lib/driver.py:19)."


def test_five_lines_are_enough_for_everything_at_once():
    """Split, stages, share and what no task ran: the likeliest cause still has its line."""
    stage = Stage(name=StageName.WAIT, base=1.0, head=2.0, low=0.9, high=1.1, floor=0.1, cpu=0.0)
    timed = TimedChange(scenario=SCENARIO, metric="cpu_per_kilotask", ratio=1.5, low=1.4, high=1.6)
    corners = Corners(base_code=counts(round_trips_per_task=2.0), head_code=with_exists())
    findings = Findings(timed=(timed,), stages={SCENARIO: (stage,)}, corners={SCENARIO: corners})
    source = edited(ACK, ACK + '        await self.client.exists("x")\n') + "\ndef rare(): ...\n"
    packages = ({"redis": "7"}, {"redis": "8"})
    whole = why(
        counts(round_trips_per_task=2.0),
        with_exists(),
        source,
        packages=packages,
        findings=findings,
    )
    head, cause, split, time, not_run = explanation_lines(whole, str)
    assert head.startswith("Why")
    assert cause.startswith("Worker: exists 0 to 1 commands a task")
    assert cause.endswith("more functions, commands or packages moved.")
    assert split.startswith("Of Python lines")
    assert time.startswith("A task waits 1.00 s")
    assert "The counts account for" in time
    assert not_run.startswith("Cannot be cleared")


def test_names_are_written_as_the_caller_wants_them():
    """In Markdown every name from a stranger's sources is code."""
    assert "`exists` 0 to 1 commands a task, by `Driver.ack` (`lib/driver.py:5`" in lines(code)[1]


def test_nothing_is_said_of_equal_code():
    """No line at all."""
    assert explanation_lines(why(counts(), counts()), str) == []


def test_an_event_asks_only_for_what_moved():
    """What no task ran is no part of an event."""
    assert event_lines(why(counts(), counts(), BASE + "\ndef rare(): ...\n"), str) == []


def test_what_was_sampled_is_told_with_its_share():
    """A call into C that no line prices: its time, and how much of the change that is."""
    costs = (*USUAL[1:], cost("Driver.ack", 2, 2))
    source = edited(ACK, ACK + '        sha256(b"x")\n')
    timed = TimedChange(
        scenario=SCENARIO, metric="cpu_per_kilotask", ratio=1.3, low=1.27, high=1.33, base=0.6
    )
    both = profiles(usual(), usual(**{"Driver.ack": 120.0}), more_cpu_us=60.0)
    findings = Findings(timed=(timed,), profiles={SCENARIO: both})
    told = explanation_lines(why(counts(), counts(costs), source, findings=findings), str)
    assert told[1].startswith(
        "Worker: Driver.ack (lib/driver.py:5, changed) calls sha256, which runs no Python: +"
    )
    assert re.search(r" us\) a task, sampled, \d+ % \(\d+ to \d+ %\) of the change of", told[1])
    assert re.search(r", what was sampled for \d+ %; not explained: \d+ %, which", told[2])
