"""The file of a comparison: what is written is read, and nothing else is."""

import msgspec
import pytest

from tests.support.comparison_examples import (
    EXAMPLES,
    FILE,
    comparison,
    row,
    side,
    stored,
    unpaired,
)
from tracker.errors import DataError
from tracker.model import Verdict
from tracker.model import comparison as c
from tracker.report.comparison.file import MAX_BYTES, decode, encode


def test_the_stored_file_is_what_its_example_builds():
    """A change of the format shows as a difference of the stored file."""
    assert FILE.read_bytes() == stored("one_regression")


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_written_can_be_read(name: str):
    """Reading what was written gives the same value."""
    whole = EXAMPLES[name]()
    assert decode(encode(whole)) == whole


GOOD = encode(EXAMPLES["clean"]())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cannot be read"),
        (b"{}", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b" " * (MAX_BYTES + 1), "larger"),
        (GOOD.replace(b'"version": 1', b'"version": 2'), "version 2"),
        (GOOD.replace(b'"project"', b'"proyect"'), "cannot be read"),
        (GOOD.replace(b'"version"', b'"extra": 1, "version"'), "cannot be read"),
        (GOOD.replace(b'"rounds": 8', b'"rounds": 1e400'), "cannot be read"),
        (GOOD.replace(b'"rounds": 8', b'"rounds": NaN'), "cannot be read"),
        (GOOD.replace(b'"rounds": 8', b'"rounds": ' + b"9" * 400), "cannot be read"),
        (GOOD.replace(b'"rounds": 8', b'"rounds": -1'), "cannot be read"),
        (GOOD.replace(b'"ratio": 1.0', b'"ratio": 0.0'), "cannot be read"),
        (GOOD.replace(b'"ratio": 1.0', b'"ratio": 9.0'), "interval"),
        (GOOD.replace(b'"Release 1.4.0"', b'"\\ud800"'), "cannot be read"),
        (GOOD.replace(b"Release 1.4.0", b"x" * 5000), "cannot be read"),
        (GOOD.replace(b'"fine"', b'"regression"'), "does not follow"),
        (GOOD.replace(b'"no_change"', b'"worse"', 1), "does not follow"),
        (GOOD.replace(b"5a1e57b0", b"../../x'"), "cannot be read"),
    ],
)
def test_a_damaged_or_hostile_file_is_refused_with_one_line(data: bytes, why: str):
    """Nothing is guessed: a wrong size, type, field, number or conclusion ends in a DataError."""
    with pytest.raises(DataError, match=why) as caught:
        decode(data)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("rows", "failed", "expected"),
    [
        ((row(),), (), c.Conclusion.FINE),
        ((row(verdict=Verdict.BETTER),), (), c.Conclusion.FINE),
        ((row(verdict=Verdict.WORSE),), (), c.Conclusion.REGRESSION),
        ((row(), row(verdict=Verdict.CANNOT_TELL)), (), c.Conclusion.CANNOT_TELL),
        ((), (), c.Conclusion.CANNOT_TELL),
        ((row(),), (unpaired("x.X.track_y", "head", "lost"),), c.Conclusion.FAILED),
        ((row(),), (unpaired("x.X.track_y", "both", "no server"),), c.Conclusion.CANNOT_TELL),
        ((row(verdict=Verdict.WORSE),), (unpaired("x", "head"),), c.Conclusion.REGRESSION),
    ],
)
def test_the_conclusion_follows_from_the_rows(rows, failed, expected):
    """Only gating rows and what fails in head alone decide."""
    assert c.conclude(side(head=False), side(head=True), rows, failed) is expected
    assert comparison(rows, "", failed=failed).conclusion is expected


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        (None, "syntax error", c.Conclusion.FAILED),
        ("no compiler", "no compiler", c.Conclusion.CANNOT_TELL),
        ("no compiler", None, c.Conclusion.CANNOT_TELL),
    ],
)
def test_a_head_fails_by_what_base_can_do(base: str | None, head: str | None, expected):
    """What neither side can build is the machine's or the configuration's, not the head's."""
    sides = [
        msgspec.structs.replace(side(head=h), failure=f) for h, f in ((False, base), (True, head))
    ]
    assert c.conclude(*sides, (), ()) is expected


def test_rows_that_do_not_gate_do_not_decide():
    """A metric that does not gate may be worse without consequence."""
    quiet = msgspec.structs.replace(row(verdict=Verdict.WORSE), gates=False)
    assert c.conclude(side(head=False), side(head=True), (row(), quiet), ()) is c.Conclusion.FINE


def test_every_conclusion_has_its_exit_code():
    """No conclusion can be added without saying how the command ends."""
    assert set(c.EXIT_CODES) == set(c.Conclusion)


@pytest.mark.parametrize(
    ("count", "rounds", "kept"),
    [(c.MAX_ROWS + 5_000, 1, c.MAX_ROWS), (8_000, 100, 8_000)],
    ids=["more rows than are read", "more bytes than are read"],
)
def test_a_large_suite_writes_a_file_that_is_read(count: int, rounds: int, kept: int):
    """What does not fit is the values of rounds and the calmest rows; it is said how many."""
    calm = msgspec.structs.replace(
        row(), base=_measured(rounds), head=_measured(rounds), rounds=rounds
    )
    worse = msgspec.structs.replace(calm, verdict=Verdict.WORSE, ratio=0.8, low=0.7, high=0.9)
    aside = msgspec.structs.replace(worse, gates=False)
    whole = comparison((*[aside] * 5, *[calm] * (count - 6), worse), "large")

    read = decode(encode(whole))

    assert (len(read.rows), read.left_out) == (kept, count - kept)
    assert read.conclusion is c.Conclusion.REGRESSION
    assert read.rows[-1].verdict is Verdict.WORSE
    assert any("5,000 least informative rows" in note for note in read.notes) is bool(read.left_out)


def _measured(rounds: int) -> c.Summary:
    samples = tuple(1_000 / (3 + i) for i in range(rounds))
    return msgspec.structs.replace(row().base, n=rounds, samples=samples)
