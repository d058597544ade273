"""Shards: everything once, about equally long, always the same."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.suite.shards import split

names = st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True, min_size=1, max_size=20)
lengths = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.floats(0.1, 1000))


@given(names, lengths, st.integers(1, 30))
def test_every_scenario_is_in_exactly_one_shard(scenarios, durations, shards):
    """Nothing is lost, nothing is measured twice, no shard is empty."""
    parts = split(scenarios, durations, shards)
    assert sorted(name for part in parts for name in part.scenarios) == sorted(scenarios)
    assert len(parts) == min(shards, len(scenarios))
    assert all(part.scenarios for part in parts)


@given(names, lengths, st.integers(1, 8), st.randoms())
def test_order_of_the_input_does_not_matter(scenarios, durations, shards, random):
    """The matrix of two runs is the same."""
    shuffled = random.sample(scenarios, len(scenarios))
    assert split(scenarios, durations, shards) == split(shuffled, durations, shards)


@given(names, lengths, st.integers(1, 8))
def test_no_shard_is_longer_than_the_average_and_one_scenario(scenarios, durations, shards):
    """The bound of greedy longest-first."""
    parts = split(scenarios, durations, shards)
    singles = [split([name], durations, 1)[0].seconds for name in scenarios if name in durations]
    total = sum(part.seconds for part in parts)
    longest = max([*singles, 1.0, *(p.seconds for p in parts if len(p.scenarios) == 1)])
    assert max(part.seconds for part in parts) <= total / len(parts) + longest + 0.5
