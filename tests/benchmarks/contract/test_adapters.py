"""Every adapter against its real broker: what all promise, and what is known of each library."""

import json

import pytest

from benchmarks.harness.registry import LIBRARIES

TASKS = 60
CONCURRENCY = 4

# Tasks that a killed worker may take along, until the library gives them back (if it ever does):
# those in progress, and those that it had fetched ahead.
TAKEN_ALONG = {
    "asynctasq": CONCURRENCY,  # stay in the list `processing`
    "taskiq": TASKS,  # one read of the stream takes up to 100; claimed back after 10 minutes
    "dramatiq": 3 * CONCURRENCY,  # two messages a thread ahead; moved back by its maintenance
    "huey": CONCURRENCY,  # at most once: lost
    "celery": 5 * CONCURRENCY,  # early acknowledgement; four a place ahead, back after an hour
    "rq": CONCURRENCY,  # stay in the registry of started jobs
    "arq": CONCURRENCY,  # run again when their key `in-progress` has expired, after 310 s
    "procrastinate": CONCURRENCY,  # stay `doing`; retrying stalled jobs is the user's own task
}

# What becomes of an idle worker whose broker is restarted.
AFTER_A_RESTART = dict.fromkeys(LIBRARIES, "survives") | {"asynctasq": "dies", "arq": "dies"}


@pytest.mark.slow
@pytest.mark.parametrize("library", LIBRARIES)
def test_an_adapter_keeps_the_contract(library: str, run_harness):
    """Every task exactly once; depth read; emptied; a graceful stop; a crash; a restart."""
    done = run_harness("benchmarks.harness.lab.contract", library)
    assert done.returncode == 0, done.stderr[-2000:]
    facts = json.loads(done.stdout)

    run = facts["exactly_once"]
    assert (run["done"], run["attempts"], run["backlog_after"]) == (TASKS, TASKS, 0)
    assert set(run["exit_codes"]) == {0}, "SIGTERM is a graceful stop"
    assert run["cut_off"] == 0, "what had begun has ended"
    assert run["backlog_of_left_over"] == run["left_over"], "the rest is still queued"
    assert run["backlog_without_workers"] == run["left_over"] + TASKS
    assert run["backlog_after_clear"] == 0

    crash = facts["crash"]
    assert crash["doubled"] == 0
    assert crash["done"] >= TASKS - TAKEN_ALONG[library]

    assert facts["outage"]["worker"] == AFTER_A_RESTART[library]
