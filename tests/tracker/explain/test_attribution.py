"""What of a difference is the code's and what the packages'."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.explained import USUAL, cost, counts, edited, why
from tracker.explain.attribution import Corners, attribute
from tracker.explain.explaining import Findings
from tracker.explain.scenario_sides import Sides
from tracker.model.counts import Counts
from tracker.model.explanation import Attribution, OtherVersion
from tracker.report.explanation import MOST_LINES, explanation_lines

VERSIONS = {
    "redis": OtherVersion(base="7.1", head="8.0"),
    "msgspec": OtherVersion(base="0.19", head="0.22"),
}


def costing(own: float, redis: float) -> Counts:
    """A task that runs so many lines of the library's, and so many of redis."""
    rest = [one for one in USUAL if one[2] not in {"Driver.ack", "Client.execute"}]
    client = cost("Client.execute", redis, 40, file="redis/client.py")
    return counts((*rest, cost("Driver.ack", own), client))


def split(old: Counts, base_code: Counts, head_code: Counts, new: Counts) -> Attribution | None:
    """Split by the four counts."""
    sides = Sides(base=old, head=new, code=None, versions=VERSIONS)
    return attribute(sides, Corners(base_code=base_code, head_code=head_code))


def test_a_package_and_the_code_are_told_apart():
    """92 lines from redis, 8 from the code, and no doubt: neither depends on the other."""
    found = split(costing(1, 100), costing(1, 192), costing(9, 100), costing(9, 192))
    assert found is not None
    assert (found.metric, found.head - found.base) == ("all_lines_per_task", 100)
    assert (found.packages.value, found.code.value) == (92, 8)
    assert found.names == ("redis 7.1 -> 8.0",)
    assert found.packages.low <= 92 <= found.packages.high < 100


def test_changes_that_act_together_are_shared_and_their_interval_says_so():
    """Code that uses what only the later package does: half each, and it may be all or nothing."""
    found = split(costing(1, 100), costing(1, 100), costing(1, 100), costing(1, 200))
    assert found is not None
    assert (found.packages.value, found.code.value) == (50, 50)
    assert found.code.low <= 0
    assert found.code.high >= 100


def test_what_does_not_differ_is_not_split():
    """Neither nothing nor a missing count has parts."""
    same = costing(1, 100)
    assert split(same, same, same, same) is None
    bare = Counts(version=1, python="3.13", metrics={})
    assert split(same, bare, same, costing(1, 200)) is None


@given(st.lists(st.integers(1, 10_000), min_size=4, max_size=4))
def test_the_parts_add_up(lines: list[int]):
    """Whatever was counted, code and packages together are the whole."""
    found = split(*(costing(1, each) for each in lines))
    if found is not None:
        total = found.code.value + found.packages.value
        assert total == pytest.approx(found.head - found.base)
        for effect in (found.code, found.packages):
            assert effect.low <= effect.value <= effect.high


def told(base_code: Counts, head_code: Counts, new: Counts) -> list[str]:
    """The lines about it."""
    ack = '        await self.client.lrem("q", 1, task)\n'
    corners = {"basic_throughput": Corners(base_code=base_code, head_code=head_code)}
    source = edited(ack, f"{ack}        more()\n") + "\ndef rare(): ...\n"
    packages = ({"redis": "7.1"}, {"redis": "8.0"})
    whole = why(costing(1, 100), new, source, packages=packages, findings=Findings(corners=corners))
    return explanation_lines(whole, str)


def test_it_is_told_in_percent_or_in_lines_where_they_pull_apart():
    """One line, within the five."""
    lines = told(costing(1, 192), costing(9, 100), costing(9, 192))
    assert len(lines) <= MOST_LINES
    (line,) = [one for one in lines if one.startswith("Of ")]
    assert line.startswith("Of Python lines per task, all packages, 92 % (")
    assert " from redis 7.1 -> 8.0 and 8 % (" in line
    assert line.endswith(" from the code.")
    (line,) = [
        one
        for one in told(costing(1, 400), costing(0.5, 50), costing(0.5, 350))
        if one.startswith("Of ")
    ]
    assert "+300" in line
    assert "by the code" in line
