"""The table of 20,000 tasks beside published figures."""

import pytest

from tests.evaluation.published import PUBLISHED_S, Line, table


@pytest.mark.slow
def test_the_published_table_is_printed_for_the_chosen_libraries(run_harness):
    """Two libraries, few tasks: a row each, fastest first, with ranks and the published seconds."""
    done = run_harness(
        "tests.evaluation.published", "--tasks", "100", "--libraries", "huey,rq"
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    _, _, first, second = done.stdout.splitlines()
    assert first.startswith("| huey | 3.62 |")
    assert second.startswith("| rq | 51.05 |")
    assert "| 1 / 1 |" in first
    assert "| 2 / 2 |" in second


def test_every_place_that_differs_has_a_remark():
    """In the reverse order of the published one, all but the middle of seven say why."""
    names = sorted(PUBLISHED_S, key=PUBLISHED_S.__getitem__)
    lines = [Line(library=name, seconds=100.0 - place) for place, name in enumerate(names)]
    rows = {
        row.split(" | ")[0].removeprefix("| "): row
        for row in table(lines, 20_000).splitlines()[2:]
    }  # fmt: skip
    middle = names[len(names) // 2]
    assert rows[middle].endswith("| 4 / 4 |  |")
    assert not [name for name in names if name != middle and rows[name].endswith("|  |")]
