"""Why benchmarks failed: asv shows it when asked, and keeps none of it with the results.

What runs in asv's process writes a line of JSON per failure, which is read when asv has ended.
"""

from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

import msgspec
from asv import util

from tracker.asv.printed_errors import find_reason


class BenchmarkFailure(msgspec.Struct, frozen=True, kw_only=True):
    """One benchmark that failed.

    Attributes:
        params: its parameters as asv has them in results, empty for one without.
        reason: in a line.
    """

    benchmark: str
    params: tuple[str, ...]
    reason: str


def noting(run: Callable[..., Any], file: Path) -> Callable[..., Any]:
    """Return asv's *run* of one benchmark with one combination of parameters, noting failures."""

    def run_and_note(
        benchmark: Any, spawner: Any, param_idx: int, *args: Any, **kwargs: Any
    ) -> Any:
        result = run(benchmark, spawner, param_idx, *args, **kwargs)
        if result.errcode:
            combinations = product(*benchmark["params"])
            failure = BenchmarkFailure(
                benchmark=benchmark["name"],
                params=next(islice(combinations, param_idx or 0, None), ()),
                reason=_reason(result.errcode, result.stderr, benchmark["timeout"]),
            )
            with file.open("ab") as lines:
                lines.write(msgspec.json.encode(failure) + b"\n")
        return result

    return run_and_note


def _reason(code: int, printed: str, timeout_s: float) -> str:
    if code == util.TIMEOUT_RETCODE:
        return f"timed out after {timeout_s:g} s"
    told = [line for line in printed.splitlines() if not line.startswith("For parameters: ")]
    return find_reason(told, last_lines=1).replace("\n", "; ") or f"exit status {code}"


def read_failures(file: Path) -> Iterator[BenchmarkFailure]:
    """Give what asv has noted in *file*; nothing where it noted nothing, no line that it cut."""
    if not file.exists():
        return
    for line in file.read_bytes().splitlines():
        try:
            yield msgspec.json.decode(line, type=BenchmarkFailure)
        except msgspec.DecodeError:  # the last one, of an asv that was killed
            return
