"""Write a synthetic asv results tree with known truth, and the git repository that it belongs to.

    python -m tests.evaluation.synthetic_tree DIR --commits 500 --benchmarks 50 --machines 2

DIR then holds `results/` (asv's format 2), `repo.git`, `asv.conf.json` and `truth.json`. The same
arguments give the same bytes. The noise is like that of real asv histories: 0.5 to 5 % between
commits, 2 % outliers upwards; 30 % of the series have one to four steps of 3 to 50 %, of which a
third is taken back. A step is the commit's doing, so every machine shows it.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from benchmarks.harness.shared.command import command_line

_START_S = 1_600_000_000
_DAY_S = 86_400
_STATS = ("ci_99_a", "ci_99_b", "q_25", "q_75", "number", "repeat")
_COLUMNS = ["result", "params", "version", "started_at", "duration"]
COLUMNS = [*_COLUMNS, *(f"stats_{name}" for name in _STATS), "samples", "profile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large a tree is, and its seed; `samples` repeats are stored per value when above 0."""

    commits: int
    benchmarks: int
    params: int
    machines: int
    seed: int = 1
    samples: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A true change: `index` is the first commit after it, `ratio` is after / before."""

    benchmark: str
    param: str
    index: int
    ratio: float


def write_tree(folder: Path, shape: Shape) -> tuple[Step, ...]:
    """Write everything into *folder* and return the true steps."""
    rng = np.random.default_rng(shape.seed)
    names = [f"suite_{i // 10}.Suite.time_job_{i}" for i in range(shape.benchmarks)]
    levels, steps = _levels(rng, shape, names)
    shas = write_repository(folder / "repo.git", shape.commits)
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    _write_benchmarks(results, names, shape)
    for machine in range(shape.machines):
        _write_machine(
            results / f"machine{machine}", rng, names, levels, shas, samples=shape.samples
        )
    (folder / "truth.json").write_bytes(orjson.dumps([_step_fields(step) for step in steps]))
    conf = {
        "version": 1,
        "project": "synthetic",
        "repo": "repo.git",
        "branches": ["main"],
        "results_dir": "results",
        "html_dir": "html",
        "benchmark_dir": "benchmarks",
    }
    (folder / "asv.conf.json").write_text(json.dumps(conf, indent=4))
    return steps


def add_commit(folder: Path, shape: Shape) -> Shape:
    """Grow the tree in *folder* by one commit and its results; return the new shape.

    The values are those of the last commit: what is measured here is the cost of one more.
    """
    sha = write_repository(folder / "repo.git", shape.commits + 1)[-1]
    for machine in range(shape.machines):
        place = folder / "results" / f"machine{machine}"
        newest = max(
            (p for p in place.glob("*-virtualenv-py3.11.json")),
            key=lambda path: orjson.loads(path.read_bytes())["date"],
        )
        document = orjson.loads(newest.read_bytes())
        document["commit_hash"] = sha
        document["date"] = (_START_S + shape.commits * _DAY_S) * 1000
        (place / f"{sha[:8]}-virtualenv-py3.11.json").write_bytes(orjson.dumps(document))
    return Shape(
        commits=shape.commits + 1,
        benchmarks=shape.benchmarks,
        params=shape.params,
        machines=shape.machines,
        seed=shape.seed,
        samples=shape.samples,
    )


def write_repository(path: Path, commits: int) -> list[str]:
    """Make the bare repository *path* with *commits* commits on main; return their shas in order.

    One commit in fifty carries a tag. The same number of commits gives the same shas, and a
    larger number continues a smaller one.
    """
    shutil.rmtree(path, ignore_errors=True)
    run = ["git", "-C", str(path)]
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    stream = []
    for number in range(commits):
        when = f"{_START_S + number * _DAY_S} +0000"
        text = f"Change number {number}"
        body = str(number)
        stream.append(
            f"commit refs/heads/main\nmark :{number + 1}\n"
            f"author Synthia <synthia@example.invalid> {when}\n"
            f"committer Synthia <synthia@example.invalid> {when}\n"
            f"data {len(text)}\n{text}\n"
            f"M 100644 inline number.txt\ndata {len(body)}\n{body}\n"
        )
        if number % 50 == 0:
            stream.append(f"reset refs/tags/v{number // 50}\nfrom :{number + 1}\n")
    subprocess.run([*run, "fast-import", "--quiet"], input="\n".join(stream).encode(), check=True)
    listed = subprocess.run(
        [*run, "rev-list", "--reverse", "main"], check=True, capture_output=True, text=True
    )
    return listed.stdout.split()


def _levels(
    rng: np.random.Generator, shape: Shape, names: list[str]
) -> tuple[np.ndarray, tuple[Step, ...]]:
    """Return (true level, shape commits x benchmarks x params; steps)."""
    base = 10 ** rng.uniform(-6, 0, (shape.benchmarks, shape.params))
    logs = np.zeros((shape.commits, shape.benchmarks, shape.params))
    steps = []
    for i, j in np.argwhere(rng.random(base.shape) < 0.3).tolist():
        count = int(rng.integers(1, 5))
        room = np.arange(5, max(6, shape.commits - 5))
        at = sorted(rng.choice(room, min(count, len(room)), replace=False).tolist())
        last = 0.0
        for k, index in enumerate(at):
            back = k > 0 and rng.random() < 1 / 3
            size = -last if back else rng.choice([-1, 1]) * np.log1p(rng.uniform(0.03, 0.5))
            last = float(size)
            logs[index:, i, j] += size
            steps.append(
                Step(benchmark=names[i], param=str(j), index=index, ratio=float(np.exp(size)))
            )
    return base * np.exp(logs), tuple(steps)


def _write_benchmarks(results: Path, names: list[str], shape: Shape) -> None:
    entries = {
        name: {
            "code": "def time_job(self, n): ...",
            "name": name,
            "param_names": ["n"],
            "params": [[str(j) for j in range(shape.params)]],
            "type": "time",
            "unit": "seconds",
            "version": "1",
        }
        for name in names
    }
    text = json.dumps({**entries, "version": 2}, indent=4)
    (results / "benchmarks.json").write_text(text)


def _write_machine(
    folder: Path,
    rng: np.random.Generator,
    names: list[str],
    levels: np.ndarray,
    shas: list[str],
    *,
    samples: int,
) -> None:
    folder.mkdir(exist_ok=True)
    machine, count = folder.name, levels.shape[2]
    facts = {"arch": "x86_64", "cpu": "Synthetic CPU", "num_cpu": "8", "os": "Linux", "ram": "16G"}
    (folder / "machine.json").write_text(json.dumps({**facts, "machine": machine, "version": 1}))
    cv = rng.uniform(0.005, 0.05, levels.shape[1:])
    speed = rng.uniform(0.7, 1.3)
    params = [[str(j) for j in range(count)]]
    for number, sha in enumerate(shas):
        noise = rng.normal(0, 1, cv.shape) * cv
        noise += (rng.random(cv.shape) < 0.02) * rng.uniform(0.05, 0.5, cv.shape)
        values = levels[number] * speed * np.exp(noise)
        spread = values * cv * 0.3
        stats = [_five_digits(values + k * spread).tolist() for k in (-1.5, 1.5, -0.5, 0.5)]
        repeats = (
            (
                values[..., None] * np.exp(rng.normal(0, 0.3, (*cv.shape, samples)) * cv[..., None])
            ).tolist()
            if samples
            else None
        )
        when_ms = (_START_S + number * _DAY_S) * 1000
        rows = {}
        for i, name in enumerate(names):
            rows[name] = [
                values[i].tolist(),
                params,
                "1",
                when_ms,
                1.5,
                *(column[i] for column in stats),
                [10] * count,
                [10] * count,
                *([repeats[i]] if repeats else []),
            ]
        document = {
            "commit_hash": sha,
            "env_name": "virtualenv-py3.11",
            "date": when_ms,
            "params": {**facts, "machine": machine, "python": "3.11"},
            "python": "3.11",
            "requirements": {},
            "env_vars": {},
            "result_columns": COLUMNS,
            "results": rows,
            "durations": {},
            "version": 2,
        }
        (folder / f"{sha[:8]}-virtualenv-py3.11.json").write_bytes(orjson.dumps(document))


def _five_digits(values: np.ndarray) -> np.ndarray:
    """Round to five significant digits, as asv stores statistics."""
    scale = 10.0 ** (4 - np.floor(np.log10(np.abs(values))))
    return np.round(values * scale) / scale


def _step_fields(step: Step) -> dict[str, object]:
    return {
        "benchmark": step.benchmark,
        "param": step.param,
        "index": step.index,
        "ratio": step.ratio,
    }


def main() -> None:
    """Write the tree that the command line describes."""
    parser = command_line("tests.evaluation.synthetic_tree", __doc__)
    parser.add_argument("folder", type=Path)
    for name, default in (
        ("commits", 500),
        ("benchmarks", 50),
        ("params", 8),
        ("machines", 2),
        ("seed", 1),
        ("samples", 0),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = vars(parser.parse_args())
    folder = given.pop("folder")
    sys.stdout.write(f"{folder}: {len(write_tree(folder, Shape(**given)))} true steps\n")


if __name__ == "__main__":
    main()
