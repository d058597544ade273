"""Damages asv results trees at random, and sees that only what was damaged is lost.

    python -m tests.evaluation.fuzz_trees --seconds 600 [--seed 1]

Each round takes a tree of both formats, spoils one thing in it, and reads it. The reader counts
what it leaves out; it may not refuse the tree, crash, take longer than ten seconds, or lose a value
of a file that nobody touched. Prints what happened, and each failure with the seed that makes it
again.
"""

import copy
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.harness.shared.command import command_line
from tests.support.asv_tree import make_repository, write_benchmarks, write_document, write_result
from tracker.errors import DataError
from tracker.history import Source, read_history
from tracker.model import History

type Values = dict[tuple[str, str, str, str], float]
"""Value by (benchmark, parameters, machine, commit)."""

COMMITS = 6
BENCHMARKS = "benchmarks.json"
LONGEST_S = 10
_WITH_GIT = 20  # one round in so many: starting git takes most of the time
_OFTEN = 0.03
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1.5, "", "x", "\ud800", "\x00", "../../..", "é" * 300, "NaN",
    [], [None], [[[]]], {}, {"a": None}, float("nan"), float("inf"), -1e400, 2**63, "2" * 5000,
)  # fmt: skip
HOSTILE = ("..json", "a\nb.json", "-rf.json", "\u202e.json", "x" * 240 + ".json", "é.json",
           " .json", "con.json", "%00.json", "'\"$(x).json")  # fmt: skip


def build(folder: Path) -> None:
    """Write a repository, and a tree with two machines, parameters, repeats and both formats."""
    shas = make_repository(folder / "repo.git", COMMITS)
    results = folder / "results"
    params = [["1", "'b'"], ["x", "y"]]
    write_benchmarks(results, {"m.time_a": {}, "m.track_b": {"params": params, "unit": "jobs/s"}})
    for number, sha in enumerate(shas):
        rows = {
            "m.time_a": [[1.0 + number], [], "1", 5, 1.0, [0.9], [1.1]],
            "m.track_b": [[1.0, None, 2.0, float("nan")], params, "1"],
        }
        write_result(results, sha, rows, machine="one", requirements={"numpy": f"1.{number}"})
        if number % 2:
            document = {
                "commit_hash": sha, "date": 1, "params": {"machine": "two"}, "python": "3.9",
                "requirements": {}, "version": 1, "results": {"m.time_a": 2.0 + number},
            }  # fmt: skip
            write_document(results, document, f"{sha[:8]}-py3.9.json", "two")


def values_of(history: History) -> Values:
    """Every measured value."""
    return {
        (series.key.benchmark, str(series.key.params), series.key.machine,
         history.commits[position].sha): value
        for series in history.series
        for position, value in zip(series.positions.tolist(), series.values.tolist(), strict=True)
        if value == value  # noqa: PLR0124 - NaN is no value
    }  # fmt: skip


def read(folder: Path, *, has_git: bool) -> History:
    """Read the tree, damaged files left out."""
    repo = folder / "repo.git" if has_git else None
    return read_history(Source(results=str(folder / "results"), repo=repo, skip_damaged=True))


type Damage = Callable[[random.Random, Path, Path], Path | None]
"""Spoils something of a tree, given one of its result files; returns the file that may be lost."""


def cut(rng: random.Random, _: Path, file: Path) -> Path:
    """End the file somewhere."""
    content = file.read_bytes()
    file.write_bytes(content[: rng.randrange(len(content))])
    return file


def flip_bytes(rng: random.Random, _: Path, file: Path) -> Path:
    """Change some bytes."""
    content = bytearray(file.read_bytes())
    for _number in range(rng.randint(1, 8)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    file.write_bytes(content)
    return file


def change_field(rng: random.Random, _: Path, file: Path) -> Path:
    """Put something odd into some place of the file."""
    document = json.loads(file.read_bytes())
    for _number in range(rng.randint(1, 3)):
        holder: Any = document
        while True:
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            key = rng.choice(list(keys))
            below = holder[key]
            if not isinstance(below, dict | list) or not below or rng.random() < 0.3:
                holder[key] = copy.deepcopy(rng.choice(ODD))  # or it may come to hold itself
                break
            holder = below
        if not document:
            break
    file.write_text(json.dumps(document))
    return file


def drop_field(rng: random.Random, _: Path, file: Path) -> Path:
    """Leave a field of the file out."""
    document = json.loads(file.read_bytes())
    document.pop(rng.choice(list(document)))
    file.write_text(json.dumps(document))
    return file


def encode(rng: random.Random, _: Path, file: Path) -> Path:
    """Write the file in another encoding."""
    text = file.read_text()
    name = rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037"])
    file.write_bytes(text.encode(name))
    return file


def nest(_: random.Random, __: Path, file: Path) -> Path:
    """Make lists within lists without end of it."""
    file.write_bytes(b"[" * 200_000)
    return file


def link(rng: random.Random, results: Path, file: Path) -> Path | None:
    """Put a link beside the files: to nothing, to itself, to the folder above, to a device."""
    target = rng.choice(["nothing", "link.json", "..", "/dev/zero", "/dev/null", file.name])
    where = rng.choice([results, file.parent])
    (where / rng.choice(["link.json", "link"])).symlink_to(target)
    return None


def add_folders(rng: random.Random, results: Path, __: Path) -> None:
    """Add thousands of folders, some of them deep, some without a machine.json."""
    for number in range(2000 if rng.random() < _OFTEN else 3):
        (results / f"folder{number}" / "graphs").mkdir(parents=True)
    deep = results
    for _number in range(rng.choice([1, 40])):
        deep /= "deeper"
    deep.mkdir(parents=True, exist_ok=True)
    (deep / "notes.json").write_text("{}")


def add_stray_file(rng: random.Random, results: Path, file: Path) -> None:
    """Add a file that is no result, under a name that few expect."""
    name = rng.choice([*HOSTILE, "index.json", "regressions.json", "notes.json"])
    content = rng.choice([b"", b"{}", b"[]", b"null", b"{", b"\xff" * 10, b'{"version": 99}'])
    (rng.choice([results, file.parent]) / name).write_bytes(content)


def replace_by_folder(_: random.Random, __: Path, file: Path) -> Path:
    """Make a folder of the file."""
    file.unlink()
    file.mkdir()
    return file


def spoil_machine(rng: random.Random, _: Path, file: Path) -> None:
    """Write something else into machine.json."""
    content = rng.choice([b"", b"{", b"[]", b'{"machine": 3}', b'{"version": "x"}', b"\xff\xfe"])
    (file.parent / "machine.json").write_bytes(content)


def spoil_benchmarks(rng: random.Random, results: Path, _: Path) -> Path:
    """Change a field of benchmarks.json, or end it somewhere: then all may be lost."""
    path = results / BENCHMARKS
    return rng.choice([cut, flip_bytes, change_field, drop_field, encode])(rng, results, path)


def spoil_record(rng: random.Random, _: Path, file: Path) -> None:
    """Add a run record that is none."""
    folder = file.parent / "records" / rng.choice(["a", file.stem])
    folder.mkdir(parents=True)
    content = rng.choice([b"", b"{", b"[]", b"\xff", b'{"schema": 1}', b'{"schema": "x"}'])
    (folder / "x.y.record").write_bytes(content)


DAMAGES: tuple[Damage, ...] = (
    cut, flip_bytes, change_field, change_field, change_field, drop_field, encode, nest, link,
    add_folders, add_stray_file, replace_by_folder, spoil_machine, spoil_benchmarks, spoil_record,
)  # fmt: skip


@contextmanager
def time_limit() -> Iterator[None]:
    """Raise TimeoutError when what is inside takes too long."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def play(original: Path, whole: Values, seed: int) -> tuple[str, str]:
    """Damage a copy of *original*; return (what was done, what is wrong with the answer or "")."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "tree"
        results = folder / "results"
        shutil.copytree(original / "results", results)
        (folder / "repo.git").symlink_to(original / "repo.git")
        file = rng.choice(sorted(results.glob("*/*-*.json")))
        commit, machine = file.name[:8], file.parent.name
        damage = rng.choice(DAMAGES)
        spoilt = damage(rng, results, file)
        try:
            with time_limit():
                found = values_of(read(folder, has_git=seed % _WITH_GIT == 0))
        except DataError as error:
            if spoilt is not None and spoilt.name == BENCHMARKS:
                return damage.__name__, ""
            return damage.__name__, f"the whole tree was refused: {error.message}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            return damage.__name__, f"{type(error).__name__}: {error}"
    if spoilt is not None and spoilt.name == BENCHMARKS:
        return damage.__name__, ""
    lost = [
        key
        for key, value in whole.items()
        if found.get(key) != value
        and not (spoilt is not None and key[2] == machine and key[3].startswith(commit))
    ]
    return damage.__name__, f"{len(lost)} values of other files are lost: {lost[0]}" if lost else ""


def run(rounds: Iterator[int]) -> tuple[Counter[str], list[str]]:
    """Play the *rounds*, given by their seeds; return how often what was done, and the failures."""
    completed: Counter[str] = Counter()
    failures = []
    with tempfile.TemporaryDirectory() as name:
        original = Path(name) / "original"
        build(original)
        whole = values_of(read(original, has_git=True))
        for seed in rounds:
            damage, wrong = play(original, whole, seed)
            completed[damage] += 1
            if wrong:
                failures.append(f"seed {seed}, {damage}: {wrong}")
    return completed, failures


def seeds(first: int, seconds: float) -> Iterator[int]:
    """Give seeds for so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield first
        first += 1


def main() -> int:
    """Play for as long as the command line says."""
    parser = command_line("tests.evaluation.fuzz_trees", __doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.pop("TRACKER_CACHE", None)
    done, failures = run(seeds(given.seed, given.seconds))
    listed = ", ".join(f"{name} {count:,}" for name, count in sorted(done.items()))
    print(f"{done.total():,} trees ({listed}): {len(failures)} failures")  # noqa: T201
    for line in failures[:50]:
        print(f"  {line[:300]}")  # noqa: T201
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
