"""Which compiled functions hold what is executed more: named where few do, and none is Python."""

import pytest

from tests.support.explained import counts, edited, why
from tracker.model.explanation import Compiled
from tracker.report.explanation import explanation_lines

PYTHON, ZLIB = "libpython3.13.so.1.0", "libz.so.1"
LOOP = "_PyEval_EvalFrameDefault"
USUAL = {
    ("worker", PYTHON, LOOP): 600_000.0,
    ("worker", PYTHON, "_PyObject_Malloc"): 50_000.0,
    ("producer", ZLIB, "crc32_z"): 90_000.0,
}
ACK = '        await self.client.lrem("q", 1, task)\n'


def told(more: dict[tuple[str, str, str], float], *, metric: str = "instructions_per_task"):
    """The compiled functions that are named, and the first line, where a task executes *more*."""
    head = {key: USUAL.get(key, 0.0) + more.get(key, 0.0) for key in {**USUAL, **more}}
    base, now = 1_000_000.0, 1_000_000.0 + sum(more.values())
    explained = why(
        counts(compiled=USUAL, **{metric: base}),
        counts(compiled=head, **{metric: now}),
        edited(ACK, f"        crc32(bytes(9))\n{ACK}"),
    )
    (moved,) = (one for one in explained.scenarios[0].moved if one.metric == metric)
    return moved.compiled, explanation_lines(explained, lambda text: text)[0]


def test_a_function_in_c_is_named_with_its_library():
    """The checksum of a task, exactly, where nothing of it is Python."""
    compiled, line = told({("worker", ZLIB, "crc32_z"): 20_000.0, ("worker", PYTHON, LOOP): 300.0})
    assert compiled == (Compiled(object=ZLIB, symbol="crc32_z", base=0.0, head=20_000.0),)
    assert "instructions per task 1,000,000 to 1,020,300, most of it in crc32_z (libz.so.1)" in line


def test_no_more_functions_are_named_than_hold_most_of_it():
    """Of five that are called, two hold more than half."""
    sizes = {"sum": 9_000.0, "next": 8_000.0, "add": 4_000.0, "free": 2_000.0, "alloc": 1_000.0}
    compiled, _ = told({("worker", PYTHON, name): size for name, size in sizes.items()})
    assert [one.symbol for one in compiled] == ["sum", "next"]


def test_fewer_instructions_are_named_alike():
    """What a task no longer executes."""
    compiled, _ = told({("worker", PYTHON, "_PyObject_Malloc"): -30_000.0})
    assert [(one.base, one.head) for one in compiled] == [(50_000.0, 20_000.0)]


@pytest.mark.parametrize(
    "more",
    [
        {("worker", PYTHON, LOOP): 9_000.0, ("worker", PYTHON, "alloc"): 3_000.0},
        {("worker", ZLIB, ""): 20_000.0},
        {("worker", PYTHON, f"function{i}"): 3_000.0 for i in range(9)},
        {("producer", ZLIB, "crc32_z"): 20_000.0},
    ],
    ids=["Python", "no symbols", "many", "the other role's"],
)
def test_else_none_is_named(more):
    """Python is told by its functions; a number is no name; and of many none is the one."""
    compiled, line = told(more)
    assert compiled == ()
    assert "most of it" not in line


def test_of_sending_the_producer_s_are_named():
    """Each metric by its own role."""
    compiled, _ = told(
        {("producer", ZLIB, "crc32_z"): 20_000.0}, metric="enqueue_instructions_per_task"
    )
    assert [(one.symbol, one.base, one.head) for one in compiled] == [
        ("crc32_z", 90_000.0, 110_000.0)
    ]
