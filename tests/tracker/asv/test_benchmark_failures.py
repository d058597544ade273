"""Why benchmarks failed, as it is noted in asv's process and read afterwards."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from asv import util

from tracker.asv.benchmark_failures import BenchmarkFailure, noting, read_failures

BENCHMARK = {"name": "bench.time_it", "params": [["1", "2"], ["'a'", "'b'"]], "timeout": 60.0}
PRINTED = "For parameters: 2, 'a'\nTraceback (most recent call last):\nOSError: no space\n"


def note(file: Path, code: int, printed: str, index: int = 2) -> list[BenchmarkFailure]:
    """What is read after asv has run a benchmark that ended so."""
    result = SimpleNamespace(errcode=code, stderr=printed)
    run = noting(lambda *_args, **_options: result, file)
    assert run(BENCHMARK, None, index, cwd=None) is result
    return list(read_failures(file))


@pytest.mark.parametrize(
    ("code", "printed", "reason"),
    [
        (1, PRINTED, "OSError: no space"),
        (util.TIMEOUT_RETCODE, PRINTED, "timed out after 60 s"),
        (-11, "For parameters: 2, 'a'\n", "exit status -11"),
    ],
)
def test_a_failure_is_noted_with_its_parameters(
    tmp_path: Path, code: int, printed: str, reason: str
):
    """As they stand in results, and in a line."""
    (failure,) = note(tmp_path / "failures", code, printed)
    assert failure == BenchmarkFailure(
        benchmark="bench.time_it", params=("2", "'a'"), reason=reason
    )


def test_what_works_is_not_noted(tmp_path: Path):
    """Nor is there a file."""
    assert note(tmp_path / "failures", 0, "a warning\n") == []


def test_a_line_that_was_cut_loses_itself_only(tmp_path: Path):
    """The last one, where asv was killed while it wrote."""
    file = tmp_path / "failures"
    note(file, 1, PRINTED)
    file.write_bytes(file.read_bytes() + b'{"benchmark": "be')
    assert len(list(read_failures(file))) == 1
