"""The table of 20,000 tasks beside published figures."""

import pytest


@pytest.mark.slow
def test_the_published_table_is_printed_for_the_chosen_libraries(run_harness):
    """Two libraries, few tasks: a row each, fastest first, with ranks and the published seconds."""
    done = run_harness(
        "benchmarks.harness.published", "--tasks", "100", "--libraries", "huey,rq"
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    _, _, first, second = done.stdout.splitlines()
    assert first.startswith("| huey | 3.62 |")
    assert second.startswith("| rq | 51.05 |")
    assert "| 1 / 1 |" in first
    assert "| 2 / 2 |" in second
