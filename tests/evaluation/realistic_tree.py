"""Write an asv results tree that is like the large public ones, and the repository it belongs to.

    python -m tests.evaluation.realistic_tree DIR --commits 1200 --series 7000

What makes those dear, and an even grid of values does not have: many more commits than measured
ones; benchmarks that come over the years, so that each commit has some of the series only; a few
benchmarks with hundreds of combinations of long parameters; environments that follow one another
and a second machine that starts late; cells that failed (null) or were not selected (NaN, bare);
the oldest files in format 1. The same arguments give the same bytes.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from benchmarks.harness.shared.command import command_line
from tests.evaluation.synthetic_tree import COLUMNS, write_repository

type Floats = npt.NDArray[np.float64]

_START_S = 1_600_000_000
_DAY_S = 86_400
_UNMEASURED = 4  # commits between two measured ones
_NAN = -1e300  # written as the bare word, which orjson has not
_FIVE = 5  # digits of asv's statistics
# Machine, Python, numpy, and the first and last part of the measured time.
_PLACES = (
    ("bench-atom", "3.8", "1.24.4", 0.0, 0.55),
    ("bench-atom", "3.11", "1.26.4", 0.5, 1.0),
    ("bench-xeon", "3.11", "1.26.4", 0.7, 1.0),
)
_OLD_COMMITS = 60  # whose files have format 1
_WORDS = (
    "Linear",
    "Sparse",
    "Indexing",
    "Histogram",
    "Interpolate",
    "Quantile",
    "Random",
    "Sorting",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large: measured commits, and about how many series."""

    commits: int = 1200
    series: int = 7000
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Benchmark:
    """One benchmark; `born` is the measured commit that brought it."""

    name: str
    params: list[list[str]]
    born: int
    levels: Floats
    noise: float

    @property
    def version(self) -> str:
        """A digest as long as asv's."""
        return self.name.encode().hex()[:64]


def write_tree(folder: Path, shape: Shape) -> None:
    """Write everything into *folder*: results, repository, configuration."""
    rng = np.random.default_rng(shape.seed)
    shas = write_repository(folder / "repo.git", shape.commits * (_UNMEASURED + 1))
    measured = shas[:: _UNMEASURED + 1]
    benchmarks = list(_benchmarks(rng, shape))
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    _write_benchmarks(results, benchmarks)
    for place in _PLACES:
        first, last = (int(part * shape.commits) for part in place[3:])
        for number in range(first, last):
            _write_file(results, rng, place, benchmarks, (number, measured[number]))
    conf = {
        "version": 1, "project": "realistic", "repo": "repo.git", "branches": ["main"],
        "results_dir": "results", "html_dir": "html", "benchmark_dir": "benchmarks",
    }  # fmt: skip
    (folder / "asv.conf.json").write_text(json.dumps(conf, indent=4))


def add_commit(folder: Path, shape: Shape) -> None:
    """Grow the tree by one measured commit, with the values of the newest on the first machine."""
    sha = write_repository(folder / "repo.git", shape.commits * (_UNMEASURED + 1) + 1)[-1]
    machine, python, pin, _, _ = _PLACES[1]
    place = folder / "results" / machine
    name = f"virtualenv-py{python}-numpy{pin}.json"
    newest = max(place.glob(f"*-{name}"), key=lambda path: _date_of(path.read_bytes()))
    content = newest.read_bytes()
    (place / f"{sha[:8]}-{name}").write_bytes(content.replace(_sha_of(content), sha.encode()))


def _date_of(content: bytes) -> int:
    return int(content.partition(b'"date":')[2].partition(b",")[0])


def _sha_of(content: bytes) -> bytes:
    return content.partition(b'"commit_hash":"')[2][:40]


def _benchmarks(rng: np.random.Generator, shape: Shape) -> Iterator[_Benchmark]:
    wanted, number = shape.series / len(_PLACES), 0
    while wanted > 0:
        count = max(1, int(rng.lognormal(1.2, 1.6)))
        sides = [count] if count < 6 else [max(2, count // 6), 6]
        params = [
            [f"'{_WORDS[(i + side) % 8].lower()}_with_a_long_value_{i}'" for i in range(size)]
            for side, size in enumerate(sides)
        ]
        size = int(np.prod(sides))
        if count == 1:
            params = []
        word = _WORDS[number % 8]
        yield _Benchmark(
            name=f"bench_{word.lower()}_{number % 23}.{word}WithManyShapes{number}.time_whole_job",
            params=params,
            born=0 if rng.random() < 0.25 else int(rng.integers(0, shape.commits)),
            levels=_levels(rng, shape.commits, size),
            noise=float(rng.uniform(0.005, 0.04)),
        )
        wanted -= size
        number += 1


def _levels(rng: np.random.Generator, commits: int, size: int) -> Floats:
    """Return the level of each combination at each commit; the combinations step together."""
    logs = np.zeros(commits)
    for _ in range(int(rng.integers(0, 4))):
        logs[int(rng.integers(5, commits)) :] += rng.choice([-1, 1]) * rng.uniform(0.03, 0.5)
    base: Floats = 10 ** rng.uniform(-7, 0, size)
    return base * np.exp(logs)[:, None]


def _write_benchmarks(results: Path, benchmarks: list[_Benchmark]) -> None:
    entries: dict[str, object] = {
        one.name: {
            "code": "class Job:\n    def time_job(self, shape, order):\n        ...",
            "name": one.name,
            "param_names": ["shape", "order"][: len(one.params)],
            "params": one.params,
            "type": "time",
            "unit": "seconds",
            "version": one.version,
        }
        for one in benchmarks
    }
    (results / "benchmarks.json").write_text(json.dumps({**entries, "version": 2}, indent=4))


def _write_file(
    results: Path,
    rng: np.random.Generator,
    place: tuple[str, str, str, float, float],
    benchmarks: list[_Benchmark],
    commit: tuple[int, str],
) -> None:
    machine, python, pin, _, _ = place
    number, sha = commit
    folder = results / machine
    facts = {"arch": "x86_64", "cpu": "Synthetic", "num_cpu": "8", "os": "Linux", "ram": "16G"}
    if not folder.is_dir():
        folder.mkdir()
        (folder / "machine.json").write_text(
            json.dumps({**facts, "machine": machine, "version": 1})
        )
    env = f"virtualenv-py{python}-numpy{pin}"
    when_ms = (_START_S + number * (_UNMEASURED + 1) * _DAY_S) * 1000
    document: dict[str, Any] = {
        "commit_hash": sha, "env_name": env, "date": when_ms,
        "params": {**facts, "machine": machine, "python": python, "numpy": pin},
        "python": python, "requirements": {"numpy": pin}, "env_vars": {},
    }  # fmt: skip
    rows = {
        one.name: _row(rng, one, number, when_ms)
        for one in benchmarks
        if one.born <= number and rng.random() > 0.01
    }
    if number < _OLD_COMMITS:
        document |= {
            "results": {name: _entry_of_v1(row) for name, row in rows.items()},
            "started_at": dict.fromkeys(rows, when_ms), "ended_at": {}, "profiles": {},
            "benchmark_version": {name: row[2] for name, row in rows.items()}, "version": 1,
        }  # fmt: skip
    else:
        document |= {
            "result_columns": COLUMNS, "results": rows, "durations": {}, "version": 2
        }  # fmt: skip
    content = orjson.dumps(document).replace(orjson.dumps(_NAN), b"NaN")
    (folder / f"{sha[:8]}-{env}.json").write_bytes(content)


def _row(rng: np.random.Generator, one: _Benchmark, number: int, when_ms: int) -> list[Any]:
    level = one.levels[number]
    values = level * np.exp(rng.normal(0, one.noise, level.shape))
    spread = values * one.noise * 0.3
    stats = [_short(values + k * spread) for k in (-1.5, 1.5, -0.5, 0.5)]
    lost = rng.random(level.shape)
    columns = [[float(v) for v in column] for column in (values, *stats)]
    for column in columns:
        for i in np.flatnonzero(lost < 0.04).tolist():
            column[i] = None if lost[i] < 0.03 else _NAN  # type: ignore[call-overload]
    repeats = [10] * len(values)
    return [columns[0], one.params, one.version, when_ms, 1.5, *columns[1:], repeats, repeats]


def _entry_of_v1(row: list[Any]) -> dict[str, Any]:
    result, params, _, _, _, low, high, q25, q75, number, repeat = row
    stats = [
        None if value is None else
        {"ci_99": [a, b], "q_25": c, "q_75": d, "number": n, "repeat": r}
        for value, a, b, c, d, n, r in zip(result, low, high, q25, q75, number, repeat, strict=True)
    ]  # fmt: skip
    return {"result": result, "params": params, "stats": stats}


def _short(values: Floats) -> Floats:
    """Round to as many digits as asv stores of statistics."""
    scale = 10.0 ** (_FIVE - 1 - np.floor(np.log10(np.abs(values))))
    short: Floats = np.round(values * scale) / scale
    return short


def main() -> None:
    """Write the tree that the command line describes."""
    parser = command_line("tests.evaluation.realistic_tree", __doc__)
    parser.add_argument("folder", type=Path)
    for name in ("commits", "series", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Shape(), name))
    given = vars(parser.parse_args())
    folder = given.pop("folder")
    write_tree(folder, Shape(**given))
    sys.stdout.write(f"{folder}: written\n")


if __name__ == "__main__":
    main()
