"""Every adapter against its real broker: what all promise, and what is known of each library."""

import json

import pytest

from benchmarks.harness.shared.registry import LIBRARIES

TASKS = 60
CONCURRENCY = 4
ONE_READ = 100
"""Entries that Taskiq reads from its stream at once (its default)."""

# Tasks that a killed worker takes along, until the library gives them back (if it ever does):
# those in progress, and those that it had fetched ahead.
TAKEN_ALONG = {
    "asynctasq": CONCURRENCY,  # stay in the list `processing`
    "taskiq": ONE_READ + 2 * CONCURRENCY,  # claimed back after 10 minutes
    "dramatiq": 2 * CONCURRENCY,  # two messages a thread, with those in progress; moved back later
    "huey": CONCURRENCY,  # at most once: lost
    "celery": 5 * CONCURRENCY,  # four a place ahead, back after an hour; those in progress lost
    "rq": CONCURRENCY,  # stay in the registry of started jobs
    "arq": CONCURRENCY,  # run again when their key `in-progress` has expired, after 310 s
    "procrastinate": CONCURRENCY,  # stay `doing`; retrying stalled jobs is the user's own task
}

# Of these, the ones that the broker has forgotten, because they are acknowledged before they run;
# Celery also does so for those that its pool has accepted and not begun.
LOST = dict.fromkeys(LIBRARIES, 0) | {"huey": CONCURRENCY, "celery": 2 * CONCURRENCY}

# Tasks that a worker which was stopped gracefully keeps from its successor: read and not begun.
KEPT_FROM_THE_NEXT = dict.fromkeys(LIBRARIES, 0) | {
    "taskiq": ONE_READ,
    "rq": CONCURRENCY,
    "dramatiq": 2 * CONCURRENCY,  # its consumer's cache, when it stops while handing that over
}

# What becomes of an idle worker whose broker is restarted.
AFTER_A_RESTART = dict.fromkeys(LIBRARIES, "survives") | {"asynctasq": "dies", "arq": "dies"}


@pytest.mark.slow
@pytest.mark.parametrize("library", LIBRARIES)
def test_an_adapter_keeps_the_contract(library: str, run_harness):
    """Every task exactly once; depth read; emptied; a graceful stop; a crash; a restart."""
    done = run_harness("tests.benchmarks.contract.exercise", library)
    assert done.returncode == 0, done.stderr[-2000:]
    facts = json.loads(done.stdout)
    check_exactly_once(facts["exactly_once"])
    check_stop(facts["exactly_once"], library)
    check_crash(facts["crash"], library)
    assert facts["outage"]["worker"] == AFTER_A_RESTART[library]


def check_exactly_once(run: dict) -> None:
    """All ran once, the depth is right with and without workers, and emptying empties."""
    assert (run["done"], run["attempts"], run["backlog_after"]) == (TASKS, TASKS, 0)
    assert run["backlog_without_workers"] == run["backlog_still_held"] + TASKS
    assert run["backlog_after_clear"] == 0


def check_stop(run: dict, library: str) -> None:
    """SIGTERM in the middle cuts nothing off and loses nothing; the next worker goes on."""
    assert set(run["exit_codes"]) == {0}
    assert run["cut_off"] == 0
    assert run["left_over"] > 0, "the worker was stopped in the middle"
    assert run["backlog_of_left_over"] == run["left_over"]
    assert run["run_by_the_next"] + run["backlog_still_held"] == run["left_over"]
    assert run["backlog_still_held"] <= KEPT_FROM_THE_NEXT[library]


def check_crash(crash: dict, library: str) -> None:
    """A killed worker takes along what it had; of that, the broker forgets what is listed."""
    assert crash["doubled"] == 0
    assert crash["done_before"] < crash["tasks"] - TAKEN_ALONG[library], "killed in the middle"
    missing = crash["tasks"] - crash["done"]
    assert missing <= TAKEN_ALONG[library]
    assert missing - crash["still_held"] <= LOST[library]
