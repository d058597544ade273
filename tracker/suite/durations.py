"""How long each scenario took, from asv's result files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from tracker.history.asv.benchmarks import parse_json
from tracker.history.asv.tree import Tree

# Enough for a median, and quick on trees of thousands of files.
FILES_READ = 20


def read_durations(tree: Tree) -> dict[str, float]:
    """Return scenario to seconds per commit: the median over some of the files of *tree*.

    Counts what asv recorded of the benchmarks themselves and of their `setup_cache`, where our
    own suite spends its time. Files that cannot be read are passed over: this is advice.
    """
    paths = sorted(stamp.path for stamp in tree.list_files() if _is_result(stamp.path))
    step = max(1, len(paths) // FILES_READ)
    by_scenario: dict[str, list[float]] = defaultdict(list)
    for path in paths[::step]:
        try:
            document = parse_json(tree.read(path))
            totals = _totals(document)
        except (ValueError, TypeError, AttributeError, OSError):
            continue
        for scenario, seconds in totals.items():
            by_scenario[scenario].append(seconds)
    return {scenario: median(values) for scenario, values in sorted(by_scenario.items())}


def _is_result(path: str) -> bool:
    return path.endswith(".json") and not path.endswith(("machine.json", "benchmarks.json"))


def _totals(document: Mapping[str, Any]) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    columns = document.get("result_columns", [])
    at = columns.index("duration") if "duration" in columns else None
    for name, row in document.get("results", {}).items():
        if at is not None and isinstance(row, list) and len(row) > at:
            _add(totals, _scenario(name), row[at : at + 1])
    for name, seconds in document.get("durations", {}).items():
        # asv writes module and line of the setup_cache.
        if name.startswith("<setup_cache "):
            place = name.removeprefix("<setup_cache ").rpartition(":")[0]
            _add(totals, _scenario(place), [seconds])
    return totals


def _add(totals: dict[str, float], scenario: str, seconds: Iterable[object]) -> None:
    totals[scenario] += sum(value for value in seconds if isinstance(value, int | float))


def _scenario(name: str) -> str:
    """The module: asv's names start with it, below the benchmark folder."""
    return name.split(".", maxsplit=1)[0]
