"""The parser of result files against a slow, literal reader, on files that hypothesis makes."""

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.asv_tree import ALL_COLUMNS
from tracker.history.asv.benchmarks import DamagedFileError, parse_result_file
from tracker.history.asv.cells import Code, Entries
from tracker.history.asv.result_file import decode_usual

INF, NAN = float("inf"), float("nan")
TEXTS = st.sampled_from(["1", "'a'", "NaN", "[1, NaN, 2]", "Infinity", "-Infinity", "ü|\n"])
NUMBERS = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0, -7, 2**70, 10**160, 10**400, -(10**400)]),
    st.just(5e160),
)
CELLS = st.one_of(NUMBERS, NUMBERS, st.booleans(), st.text(max_size=3), st.just([1.0]), st.just({}))
USUAL = st.none() | st.floats(allow_infinity=False) | st.integers()
NAMES = st.sampled_from(["a.time_x", "b.NaN", "c.track_ü"])
SAMPLES = st.one_of(st.none(), st.lists(st.one_of(NUMBERS, st.text(max_size=2)), max_size=4))


@st.composite
def rows(draw: st.DrawFn, cells: st.SearchStrategy[object] = CELLS) -> list[object]:
    """One row of a format 2 file: often odd, sometimes of the wrong length, trailing nulls cut."""
    params = draw(st.lists(st.lists(TEXTS, min_size=1, max_size=3, unique=True), max_size=2))
    size = math.prod(map(len, params)) + draw(st.sampled_from([0, 0, 0, 0, 1]))
    fitting = st.lists(cells, min_size=size, max_size=size)
    ends = st.one_of(st.none(), st.lists(cells, min_size=size, max_size=size))
    row = [
        draw(st.one_of(st.none(), fitting)),
        params,
        draw(st.one_of(st.none(), st.just("1"))),
        0,
        1.5,
        draw(ends),
        draw(ends),
        None,
        None,
        None,
        None,
        draw(st.one_of(st.none(), st.lists(SAMPLES, min_size=size, max_size=size))),
    ]
    while row and row[-1] is None:
        row.pop()
    return row


def slow_code(value: object) -> Code:
    """What becomes of one value, spelt out."""
    if value is None:
        return Code.FAILED
    if isinstance(value, bool):
        return Code.TRUE_FALSE
    if not isinstance(value, int | float):
        return Code.NOT_A_NUMBER
    if isinstance(value, float) and math.isnan(value):
        return Code.SKIPPED
    if isinstance(value, float) and math.isinf(value):
        return Code.INFINITE
    return Code.TOO_LARGE if abs(value) > 1e150 else Code.MEASURED


def is_usable(value: object) -> bool:
    """Whether a stored repeat can be used."""
    return slow_code(value) is Code.MEASURED


def slow_cells(row: list[object]) -> list[tuple[object, ...]]:
    """(params, code, value, low, samples) of each cell of *row*, read one by one."""
    filled = row + [None] * (len(ALL_COLUMNS) - len(row))
    field = dict(zip(ALL_COLUMNS, filled, strict=True))
    combinations = list(itertools.product(*(field["params"] or [])))
    result = field["result"]
    fits = result is None or len(result) == len(combinations)
    wrong = not fits and any(value is not None for value in result)
    cells = []
    for i, params in enumerate(combinations):
        value = None if result is None or not fits else result[i]
        code = Code.MISSHAPEN if wrong else slow_code(value)
        low, samples = field["stats_ci_99_a"], field["samples"]
        end = low[i] if low and len(low) == len(combinations) else None
        repeats = samples[i] if samples and len(samples) == len(combinations) else None
        cells.append(
            (
                params,
                code,
                float(value) if code is Code.MEASURED else None,
                float(end) if is_usable(end) else None,
                [float(v) for v in repeats or () if is_usable(v)],
            )
        )
    return cells


def document(results: dict[str, list[object]], *, cpu: str = "fast") -> bytes:
    """A result file of format 2, with NaN as asv writes it."""
    content = {
        "commit_hash": "a" * 40,
        "env_name": "virtualenv-py3.13",
        "date": 1,
        "params": {"machine": "m", "cpu": cpu},
        "python": "3.13",
        "requirements": {},
        "env_vars": {},
        "result_columns": ALL_COLUMNS,
        "results": results,
        "durations": {},
        "version": 2,
    }
    return json.dumps(content).encode()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(NAMES, rows(), max_size=3) | st.dictionaries(NAMES, rows(USUAL), max_size=3),
    st.sampled_from(["fast", "NaN"]),
)
def test_the_parser_agrees_with_a_literal_reader(results: dict[str, list[object]], cpu: str):
    """Every cell of every file is what a reader without any tricks makes of it."""
    seen = Entries()
    parsed = parse_result_file("m/aaaaaaaa-x.json", document(results, cpu=cpu), seen)

    expected = [cell for row in results.values() for cell in slow_cells(row)]
    if Code.MEASURED not in {code for _, code, *_ in expected}:
        failed = {Code.FAILED: Code.NOTHING_MEASURED}
        expected = [(params, failed.get(code, code), *rest) for params, code, *rest in expected]
    cells, starts = parsed.cells, np.cumsum([0, *parsed.cells.counts])
    actual = [
        (
            params,
            Code(int(cells.codes[i])),
            None if math.isnan(cells.values[i]) else float(cells.values[i]),
            None if math.isnan(cells.low[i]) else float(cells.low[i]),
            cells.samples[starts[i] : starts[i + 1]].tolist(),
        )
        for i, params in enumerate(
            itertools.chain.from_iterable(seen.entries[n].combinations() for n in parsed.layout)
        )
    ]
    assert [seen.entries[number].benchmark for number in parsed.layout] == list(results)
    assert actual == expected
    assert dict(parsed.facts.facts)["cpu"] == cpu


def test_the_usual_file_takes_the_quick_way():
    """Numbers, nulls and NaN in asv's columns do; other words, a text, another order do not."""
    plain = document({"a.time_x": [[1.0, None], [["1", "2"]], "1", 0, 1.5, [0.5, NAN], [2.5, 3]]})

    assert decode_usual(plain) is not None
    assert decode_usual(plain.replace(b"null", b"NaN")) is not None
    for odd in (b"Infinity", b"true", b'"x"', b"[1]", b'"NaN"'):
        assert decode_usual(plain.replace(b"[[1.0, null]", b"[[1.0, " + odd + b"]")) is None
    for text in (b"fast", b"a.time_x", b'"1"'):
        assert decode_usual(plain.replace(text, text.replace(text.strip(b'"'), b"NaN"))) is None
    assert decode_usual(plain.replace(b'"params", "version"', b'"version", "params"')) is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'{"version": 3}', b'{"version": 2}', b"\xff", b'{"results": 1}',
        b'{"results": ' + b"[" * 100_000,
        *(document({}).replace(b'"date": 1', b'"date": ' + date) for date in (
            b"Infinity", b"NaN", b"-1e14", b"1e300", b"9" * 30, b'"today"',
        )),
    ],
)  # fmt: skip
def test_what_is_not_a_result_file_is_damaged(content: bytes):
    """Anything else is refused with a reason, never with another exception."""
    with pytest.raises(DamagedFileError):
        parse_result_file("m/x.json", content, Entries())
