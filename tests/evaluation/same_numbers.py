"""Whether two commits of this repository make the same reports and site data of the same trees.

    python -m tests.evaluation.same_numbers BASE [HEAD]

Each commit is checked out and runs `report`, `detect` and `compare-libraries` as JSON, and
`publish`, on the results of a real demo and on a synthetic tree. What differs is printed by its
path, one line per kind; the exit code is 1 when a number differs. Files of the site are compared
by what they hold: their names carry hashes.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from isal import igzip

from benchmarks.harness.shared.command import command_line
from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.support.git import git
from tests.support.real_results import lay_out

ROOT = Path(__file__).parents[2]
JSON_COMMANDS = (
    ("report", "--format", "json"),
    ("detect", "--format", "json"),
    ("compare-libraries", "--format", "json"),
)
SHAPE = Shape(commits=120, benchmarks=12, params=3, machines=2, samples=4, seed=7)

HASH = re.compile(r"-?\b[0-9a-f]{10}\b")
"""Of contents, in the names of files."""

type Json = dict[str, "Json"] | list["Json"] | str | float | bool | None


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A work tree of *commit*, removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "tree"
        git(ROOT, "worktree", "add", "--quiet", "--detach", str(place), commit)
        try:
            yield place
        finally:
            git(ROOT, "worktree", "remove", "--force", str(place))


def answers(tree: Path, project: Path, scratch: Path) -> dict[str, Json]:
    """Everything that the code in *tree* says of *project*: command or file name to its content."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "TRACKER_CACHE": str(scratch / "cache")}

    def tracker(*arguments: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "tracker", *arguments, "--quiet"],
            cwd=project, env=environment, check=False, stdout=subprocess.PIPE,
        ).stdout  # fmt: skip

    found: dict[str, Json] = {}
    for command in JSON_COMMANDS:
        printed = tracker(*command)
        found[command[0]] = json.loads(printed) if printed else None
    site = scratch / "site"
    tracker("publish", "--out", str(site))
    for path in sorted((site / "data").rglob("*.json*")):
        data = path.read_bytes()
        content = json.loads(igzip.decompress(data) if path.suffix == ".gz" else data)
        name = HASH.sub("", str(path.relative_to(site)))
        if path.parent.name == "runs":
            name = f"run {content['scenario']} {content['library']} {content['sha']}"
        found[name] = content
    return found


def differences(base: Json, head: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path without numbers, what differs) for every leaf that is not the same."""
    if isinstance(base, dict) and isinstance(head, dict):
        for key in sorted(base.keys() | head.keys()):
            if key not in head or key not in base:
                yield f"{path}.{key}", "only in base" if key in base else "only in head"
            else:
                yield from differences(base[key], head[key], f"{path}.{key}")
    elif isinstance(base, list) and isinstance(head, list) and len(base) == len(head):
        for one, other in zip(base, head, strict=True):
            yield from differences(one, other, f"{path}[]")
    elif base != head and not _differ_by_hash(base, head):
        yield path, f"{_kind(base)} for {_kind(head)}"


def _differ_by_hash(base: Json, head: Json) -> bool:
    texts = isinstance(base, str) and isinstance(head, str)
    return texts and HASH.sub("", str(base)) == HASH.sub("", str(head))


def _kind(value: Json) -> str:
    if isinstance(value, bool | None):
        return json.dumps(value)
    return "number" if isinstance(value, int | float) else type(value).__name__


def compare(base: str, head: str) -> Counter[tuple[str, str]]:
    """Return how often what differs in the answers of both commits."""
    problems: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        projects = Path(folder, "demo"), Path(folder, "synthetic")
        for project in projects:
            project.mkdir()
        lay_out(projects[0])
        write_tree(projects[1], SHAPE)
        with checked_out(base) as base_tree, checked_out(head) as head_tree:
            for project in projects:
                sides = []
                for name, tree in (("base", base_tree), ("head", head_tree)):
                    scratch = Path(folder, f"{project.name}-{name}")
                    scratch.mkdir()
                    sides.append(answers(tree, project, scratch))
                problems.update(
                    (f"{project.name} {path}", what) for path, what in differences(*sides)
                )
    return problems


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, print, and return the exit code."""
    parser = command_line("tests.evaluation.same_numbers", __doc__)
    parser.add_argument("base")
    parser.add_argument("head", nargs="?", default="HEAD")
    options = parser.parse_args(argv)
    problems = compare(options.base, options.head)
    for (path, what), count in sorted(problems.items()):
        sys.stdout.write(f"{count:6} {what:24} {path}\n")
    sys.stdout.write(f"{sum(problems.values())} leaves differ\n")
    return int(any("number" in what for _, what in problems))


if __name__ == "__main__":
    sys.exit(main())
