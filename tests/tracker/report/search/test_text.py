"""What `tracker bisect` prints."""

from dataclasses import replace

from tests.support.signals import TIME
from tracker.model.catalogue import METRICS
from tracker.report.search.text import render
from tracker.search.answer import Answer, Outcome
from tracker.search.finding import Checks, Difference, Finding, Suspect

FOUND = Finding(
    metric=TIME,
    label="bench.time_work",
    answer=Answer(outcome=Outcome.COMMIT, commits=(3,), probability=0.973),
    suspects=(Suspect(sha="c" * 40, subject="Sum twice", probability=0.973),),
    ends=Difference(before=0.01, after=0.012, ratio_low=1.1, ratio_high=1.3, pairs=8),
    checks=Checks(
        verified=Difference(before=0.01, after=0.0119, ratio_low=1.12, ratio_high=1.25, pairs=6),
        confirmed=True,
    ),
    unusable=1,
    commits=16,
    measurements=44,
    counted=False,
    reason="",
)


def test_a_culprit_is_named_with_what_it_rests_on():
    """The answer, the ends, the parent, and what it took."""
    assert render(FOUND) == (
        "The culprit is cccccccccc Sum twice (97.3 % sure).\n"
        "ends      bench.time_work 10.0 ms -> 12.0 ms (+20.0 %, +10.0 % to +30.0 %), 8 pairs\n"
        "parent    10.0 ms -> 11.9 ms (+19.0 %, +12.0 % to +25.0 %), 6 pairs\n"
        "44 measurements of 16 commits; 1 commit cannot be built or measured.\n"
    )


def test_a_set_is_listed_with_the_probability_of_each():
    """What is not sure is never called the culprit."""
    suspects = tuple(
        Suspect(sha=f"{i:040x}", subject=f"S{i}", probability=0.5 / (i + 1)) for i in range(20)
    )
    answer = Answer(outcome=Outcome.OPEN, commits=tuple(range(1, 21)), probability=0.96)
    open_ = replace(
        FOUND, answer=answer, suspects=suspects, checks=Checks(), reason="the budget is used"
    )
    text = render(open_)
    assert text.startswith(
        "Not yet one commit: one of these 20 of 16 commits (96.0 % sure); the budget is used:\n"
    )
    assert "  0000000000 S0 (50.0 %)\n" in text
    assert "and 8 commits more" in text
    assert "culprit" not in text


def test_a_hostile_subject_is_one_plain_line():
    """Escapes and newlines of a commit do not reach the terminal."""
    evil = Suspect(sha="c" * 40, subject="a\n\x1b[31mb", probability=1.0)
    text = render(replace(FOUND, suspects=(evil,)))
    assert "\x1b" not in text
    assert len(text.splitlines()) == 4


COUNTED = replace(
    FOUND,
    metric=METRICS["round_trips_per_task"],
    label="basic_throughput.BasicThroughput.track_round_trips_per_task",
    answer=Answer(outcome=Outcome.COMMIT, commits=(3,), probability=1.0),
    suspects=(Suspect(sha="c" * 40, subject="Ask twice", probability=1.0),),
    ends=Difference(before=3.0, after=4.05, ratio_low=None, ratio_high=None, pairs=1),
    checks=Checks(
        verified=Difference(before=3.0, after=4.0, ratio_low=None, ratio_high=None, pairs=2),
        confirmed=True,
        without=Difference(before=4.05, after=3.0, ratio_low=None, ratio_high=None, pairs=1),
    ),
    unusable=0,
    measurements=11,
    counted=True,
    tolerance=0.0812345,
)


def test_counts_are_written_as_they_are():
    """To the last digit, with the tolerance that they were told apart by."""
    name = "basic_throughput.BasicThroughput.track_round_trips_per_task"
    assert render(COUNTED) == (
        "The culprit is cccccccccc Ask twice (counted, equal within 0.081 round trips).\n"
        f"ends      {name} 3 round trips -> 4.05 round trips (+35.0 %)\n"
        "parent    3 round trips -> 4 round trips (+33.3 %), counted 2 times\n"
        "reverted  4.05 round trips -> 3 round trips (-25.9 %), on top of the bad end\n"
        "11 measurements of 16 commits, all counted.\n"
    )


def test_only_what_is_exact_is_certain():
    """A tolerance of zero."""
    assert "Ask twice (counted, certain).\n" in render(replace(COUNTED, tolerance=0.0))


def test_each_of_two_counted_steps_has_its_size():
    """A commit of a range that cannot be split has none."""
    step = Difference(before=3.0, after=4.0, ratio_low=None, ratio_high=None, pairs=1)
    suspects = (
        Suspect(sha="a" * 40, subject="One", probability=1.0, step=step),
        Suspect(sha="b" * 40, subject="Two", probability=1.0),
    )
    answer = replace(COUNTED.answer, outcome=Outcome.TWO_STEPS, commits=(3, 7))
    text = render(replace(COUNTED, answer=answer, suspects=suspects, checks=Checks()))
    assert "  aaaaaaaaaa One: 3 round trips -> 4 round trips (+33.3 %)\n" in text
    assert "  bbbbbbbbbb Two\n" in text
