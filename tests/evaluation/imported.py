"""Imports files of other tools, and compares every value in the tree with a reading of its own.

    python -m tests.evaluation.imported FILE...

Nothing of the importer is used in the comparison: the source is read as plain JSON, units by a
table of factors, the tree file by file. Prints a row per file; exit code 1 when a value is missing,
too many or wrong.
"""

import gzip
import json
import math
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

type Values = Mapping[tuple[str, str], list[float]]
"""Values in base units by (first digits of the commit, benchmark); repeats are several."""

_EQUAL = 1e-14
_HEAD = "f" * 40
_TIMES = {"ns": "1e-9", "nsec": "1e-9", "us": "1e-6", "µs": "1e-6", "usec": "1e-6", "ms": "1e-3",
          "msec": "1e-3", "s": "1", "sec": "1"}  # fmt: skip
_SIZES = {"kb": "1e3", "mb": "1e6", "gb": "1e9", "kib": "1024", "mib": "1048576",
          "gib": "1073741824"}  # fmt: skip


def factor(unit: str) -> Fraction:
    """The size of *unit* in its base unit, as far as this table goes; 1 for others."""
    amount, _, per = unit.partition("\t")[0].strip().partition("/")
    amount, per = amount.strip(), per.strip()
    scale = Fraction(_TIMES.get(amount) or _SIZES.get(amount.lower()) or 1)
    for word in ("ops", "elem", "elements"):
        if amount.endswith(word) and amount[: -len(word)] in {"K", "k", "M", "G"}:
            scale = Fraction({"K": 10**3, "k": 10**3, "M": 10**6, "G": 10**9}[amount[0]])
    return scale / Fraction(_TIMES.get(per) or 1)


def usable(value: object) -> float | None:
    """The value as a finite number; None for anything else."""
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None


def expected(content: Any, path: Path) -> Iterator[tuple[str, str, list[object], Fraction]]:
    """Give (commit, benchmark, values, factor) of everything in a source."""
    named = re.search(r"[0-9a-f]{40}", path.name)
    commit = named[0] if named else _HEAD
    if "entries" in content:
        yield from _github_action_benchmark(content["entries"])
    elif "machine_info" in content:
        commit = content["commit_info"].get("id") or commit
        for bench in content["benchmarks"]:
            stats = bench["stats"]
            data = stats.get("data") or bench.get("data") or [stats["median"]]
            yield commit, bench.get("fullname") or bench["name"], data, Fraction(1)
    elif "results" in content:
        for result in content["results"]:
            parameters = result.get("parameters") or {}
            more = f" [{', '.join(f'{k}={v}' for k, v in parameters.items())}]"
            name = result["command"] + (more if parameters else "")
            yield commit, name, result.get("times") or [result["mean"]], Fraction(1)
    else:
        for bench in content["benchmarks"]:
            common = content.get("metadata", {}) | bench.get("metadata", {})
            values = [value for run in bench["runs"] for value in run.get("values", [])]
            yield (
                content.get("metadata", {}).get("commit_id", commit),
                common["name"],
                values,
                Fraction(1),
            )


def _github_action_benchmark(suites: Any) -> Iterator[tuple[str, str, list[object], Fraction]]:
    for suite, entries in suites.items():
        runs = {json.dumps(entry, sort_keys=True): entry for entry in entries}  # some stand twice
        for entry in runs.values():
            sha = entry["commit"].get("id") or ""
            names = {bench["name"] for bench in entry["benches"]}
            for bench in entry["benches"]:
                if not re.fullmatch(r"[0-9a-fA-F]{7,64}", sha):
                    continue
                unit, _, tail = bench.get("unit", "").partition("\t")
                yield sha.lower(), f"{suite}.{bench['name']}", [bench["value"]], factor(unit)
                words = tail.split()
                for value, of in zip(words[::2], words[1::2], strict=False):
                    if f"{bench['name']} - {of}" not in names:
                        yield sha.lower(), f"{suite}.{bench['name']} - {of}", [value], factor(of)


def in_source(path: Path) -> tuple[Values, int]:
    """The values of a source, and how many of them are no finite numbers."""
    content = path.read_bytes()
    content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    text = content.decode("utf-8-sig")
    document = json.loads(text[text.index("{") :].rstrip().rstrip(";"))
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    gaps = 0
    for commit, name, numbers, scale in expected(document, path):
        for number in map(usable, numbers):
            gaps += number is None
            if number is not None:
                exact = Fraction(repr(number)) * scale
                values[commit[:12], name.strip()].append(float(exact))
    return values, gaps


def in_tree(results: Path) -> Values:
    """The values of a results tree: all repeats of a cell, its value where it has none."""
    listed = json.loads((results / "benchmarks.json").read_bytes())
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for path in results.glob("*/*-*.json"):
        document = json.loads(path.read_bytes())
        place = {name: i for i, name in enumerate(document["result_columns"])}
        for name, row in document["results"].items():
            samples = row[place["samples"]] if len(row) > place["samples"] else None
            numbers = samples[0] if samples else [v for v in row[0] or () if v is not None]
            title = listed[name].get("pretty_name", name)
            values[document["commit_hash"][:12], title] += numbers
    return values


def differences(theirs: Values, ours: Values) -> list[str]:
    """What is missing, too many or wrong in the tree, each as a line."""
    lines = []
    by_name = _without_units(ours, {name for _, name in theirs})
    for key in sorted(theirs.keys() | by_name.keys()):
        left, right = sorted(theirs.get(key, [])), sorted(by_name.get(key, []))
        equal = len(left) == len(right) and all(
            math.isclose(a, b, rel_tol=_EQUAL) for a, b in zip(left, right, strict=True)
        )
        if not equal:
            lines.append(f"{key}: {left[:5]} in the file, {right[:5]} in the tree")
    return lines


def _without_units(ours: Values, known: set[str]) -> Values:
    """The values of the tree under the names of the source, also where a unit was added."""
    joined: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (commit, name), numbers in ours.items():
        plain = re.sub(r" \[[^\[\]]+\]$", "", name)
        joined[commit, plain if name not in known and plain in known else name] += numbers
    return joined


def check(path: Path) -> bool:
    """Import one file, compare, print the row; True when nothing differs."""
    theirs, gaps = in_source(path)
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tracker", "import", str(path), "--results", name]
        started = time.perf_counter()
        completed = subprocess.run(
            [*command, "--commit", _HEAD, "--repo", name],
            check=False,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - started
        lines = [completed.stderr]
        if completed.returncode == 0:
            lines = differences(theirs, in_tree(Path(name)))
    # hyperfine's further measures stand in the tree alone.
    lines = [line for line in lines if ": [] in the file" not in line or "entries" in line]
    counts = Counter(commit for commit, _ in theirs)
    total = sum(map(len, theirs.values()))
    print(  # noqa: T201
        f"| {path} | {total:,} values, {len({n for _, n in theirs}):,} benchmarks, "
        f"{len(counts):,} commits | {gaps} gaps | {len(lines)} differ | {seconds:.1f} s |"
    )
    for line in lines[:5]:
        print("   ", line)  # noqa: T201
    return not lines


def main() -> int:
    """Check every file of the command line."""
    results = [check(Path(name)) for name in sys.argv[1:]]
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
