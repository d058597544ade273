"""How often an explanation names what was planted.

    python -m tests.evaluation.planted_causes --repo DIR [--seed 1] [--each 5] [--write]

Copies of AsyncTasQ get one change each, of seven kinds, in functions drawn from those that
a task runs; each copy is counted once with real workers, beside the untouched library, and
explained from the counts and the sources. No clock is read. Then the untouched library is counted
`--equal` times, and every two of these counts are explained as if nothing were known of their
sources: what is said of equal code. DIR is what `tracker releases asynctasq --to DIR` makes.
"""

import argparse
import ast
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.evaluation.planted.copies import ROOT, STUDY, setup_for
from tests.evaluation.planted.plant import copy_environment
from tests.evaluation.results_page import check_markers, write_table
from tracker.asv.builds import Commits, build_both
from tracker.asv.command import search_path
from tracker.compare.harness_pool import harness_pool
from tracker.explain.explaining import Side, explain
from tracker.explain.source_code import CodeChange, compare_sources
from tracker.model.counts import Counts, convert_counts, unpack_functions
from tracker.model.explanation import Cause, CauseKind, Explanation

FOLDER = STUDY / "causes"
SCENARIO = "basic_throughput"
INSTRUMENTS = ("functions", "allocations", "broker")
LIST_PACKAGES = (
    "import importlib.metadata as m, json;"
    "print(json.dumps({d.name: d.version for d in m.distributions()}))"
)

STATEMENTS: dict[CauseKind, Sequence[str]] = {
    CauseKind.COMMAND: (
        'self.client and await self.client.exists("planted")',
        'self.client and await self.client.get("planted")',
        'self.client and await self.client.strlen("planted")',
        'self.client and await self.client.llen("planted")',
        'self.client and await self.client.hlen("planted")',
    ),
    CauseKind.FUNCTION: (
        "for _planted in range(30): _planted += 1",
        "_planted = 0\nwhile _planted < 40: _planted += 1",
        "for _planted in range(12):\n    if _planted:\n        _planted += 2",
        "_planted = [0]\nfor _ in range(25): _planted[0] += 1",
        "for _planted in range(100): pass",
    ),
    CauseKind.C_CODE: (
        'import hashlib\nhashlib.sha256(b"x" * 100_000).digest()',
        'import zlib\nzlib.compress(b"planted" * 5_000)',
        'import hashlib\nhashlib.pbkdf2_hmac("sha256", b"x", b"y", 200)',
        'import binascii\nbinascii.crc32(b"x" * 100_000)',
        'bytes(100_000).count(b"x")',
    ),
    CauseKind.WAITING: (
        "import time\ntime.sleep(0.0005)",
        "import asyncio\nawait asyncio.sleep(0.0005)",
        "import threading\nthreading.Event().wait(0.0005)",
        "import asyncio\nawait asyncio.sleep(0.001)",
        "import time\ntime.sleep(0.001)",
    ),
    CauseKind.ALLOCATION: (
        "_planted = [object() for _ in range(300)]",
        "_planted = list(map(float, range(400)))",
        "_planted = [str(_number) for _number in range(500)]",
        "_planted = dict(zip(map(str, range(300)), map(float, range(300))))",
        "_planted = list(map(complex, range(300)))",
    ),
    CauseKind.IMPORT: (
        "import xml.dom.minidom", "import wsgiref.simple_server", "import imaplib",
        "import xmlrpc.client", "import mailbox",
    ),
}  # fmt: skip
VERSIONS = ("redis==6.4.0", "redis==7.1.0", "msgspec==0.19.0", "redis==5.2.1", "redis==6.2.0")


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One change: its kind, where it is, and what an explanation must name first."""

    kind: CauseKind
    function: str
    answer: str
    apply: Callable[[Path], None]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A function of the library that runs once or more per task."""

    role: str
    file: str
    name: str
    is_async: bool
    has_client: bool


def main() -> int:
    """Plant, count, explain, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", required=True)
    parser.add_argument("--commit", default="v1.7.0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=5, help="plants of each kind")
    parser.add_argument("--equal", type=int, default=10, help="counts of equal code")
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    asked = parser.parse_args()
    if asked.write:
        check_markers("planted causes")
    base = base_environment(asked.repo, asked.commit)
    (counted,) = count([base / "bin/python"], seed=0)
    if counted is None:
        raise SystemExit("the untouched library could not be counted")
    chance = random.Random(asked.seed)
    plants = [
        *draw(package_of(base), counted, chance, asked.each, STATEMENTS),
        *dependencies(asked.each),
    ]
    rows = []
    for plant, found in zip(plants, try_all(base, counted, plants), strict=True):
        if found is None:
            sys.stdout.write(f"      {plant.kind.value:10} in {plant.function:60} -> it fails\n")
            continue
        first = found.scenarios[0].causes[:1] if found.scenarios else ()
        rows.append((plant, first[0] if first else None))
        say_row(*rows[-1])
    table = tally(rows) + equal_code(base, asked.equal)
    sys.stdout.write(table)
    if asked.write:
        write_table("planted causes", f"Seed {asked.seed}.\n\n{table}")
    return 0


def base_environment(repo: str, commit: str) -> Path:
    """Build *commit*, and return a copy of its environment."""
    target = FOLDER / "base"
    commits = Commits(
        config=ROOT / "asv.conf.json", repo=repo, base=commit, head=commit, exact=True
    )
    built, _ = build_both(commits, lambda _: None)
    if built.failure:
        raise SystemExit(built.failure)
    copy_environment(Path(built.python).parents[1], target)
    return target


def package_of(environment: Path) -> Path:
    """The folder of AsyncTasQ in *environment*."""
    (package,) = environment.glob("lib/python3*/site-packages/asynctasq")
    return package


def sources(environment: Path) -> dict[str, str]:
    """All files of the library by their path from the package on."""
    package = package_of(environment)
    return {
        str(path.relative_to(package.parent)): path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
    }


def draw(
    package: Path,
    counted: Counts,
    chance: random.Random,
    each: int,
    planted: Mapping[CauseKind, Sequence[str]],
) -> Iterator[Plant]:
    """Give *each* plants of every kind, in functions drawn from those that a task runs."""
    targets = list(find_targets(package, counted))
    for kind, statements in planted.items():
        for number in range(each):
            statement = statements[number % len(statements)]
            fitting = [one for one in targets if fits(one, kind, statement)]
            yield make_plant(kind, chance.choice(fitting), statement)


def dependencies(each: int) -> Iterator[Plant]:
    """Give *each* other versions of a package."""
    for requirement in (VERSIONS[number % len(VERSIONS)] for number in range(each)):
        yield Plant(
            kind=CauseKind.DEPENDENCY,
            function=requirement,
            answer=requirement.partition("==")[0],
            apply=lambda environment, wanted=requirement: install(environment, wanted),
        )


def find_targets(package: Path, counted: Counts) -> Iterator[Target]:
    """The library's functions that a task runs, and that a statement can be put into."""
    for cost in unpack_functions(counted.functions):
        path = package.parent / cost.file
        if not cost.own or cost.starts < 1 or "<" in cost.function or not path.is_file():
            continue
        node = find_function(ast.parse(path.read_text(encoding="utf-8")), cost.function)
        if node is not None and node.body[0].lineno > node.lineno:
            yield Target(
                role=cost.role,
                file=cost.file,
                name=cost.function,
                is_async=isinstance(node, ast.AsyncFunctionDef),
                has_client="RedisDriver." in cost.function,
            )


def find_function(tree: ast.AST, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The function of this qualified name, None where it is in another function."""
    scope: ast.AST | None = tree
    for part in name.split("."):
        scope = next(
            (
                node
                for node in ast.iter_child_nodes(scope)
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and node.name == part
            ),
            None,
        )
        if scope is None:
            return None
    return scope if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef) else None


def fits(target: Target, kind: CauseKind, statement: str) -> bool:
    """Whether the statement can stand there."""
    if kind is CauseKind.COMMAND:
        return target.is_async and target.has_client
    return target.is_async or "await " not in statement


def make_plant(kind: CauseKind, target: Target, statement: str) -> Plant:
    """Put *statement* at the beginning of the function; an import, of its file."""
    answer = target.name
    if kind is CauseKind.COMMAND:
        answer = statement.partition("client.")[2].partition("(")[0]
    elif kind is CauseKind.IMPORT:
        answer = statement.removeprefix("import ")

    def apply(environment: Path) -> None:
        path = package_of(environment).parent / target.file
        text = path.read_text(encoding="utf-8")
        path.write_text(insert(text, kind, target.name, statement), encoding="utf-8")

    return Plant(kind=kind, function=f"{target.name} ({target.role})", answer=answer, apply=apply)


def insert(text: str, kind: CauseKind, name: str, statement: str) -> str:
    """The file with the statement in the function, or on its last line for an import."""
    if kind is CauseKind.IMPORT:
        return f"{text}\n{statement}\n"
    node = find_function(ast.parse(text), name)
    assert node is not None
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    place = (first.end_lineno or first.lineno) if is_docstring else first.lineno - 1
    lines = text.splitlines(keepends=True)
    indent = " " * first.col_offset
    planted = [f"{indent}{line}\n" for line in statement.split("\n")]
    return "".join([*lines[:place], *planted, *lines[place:]])


def install(environment: Path, requirement: str) -> None:
    """Put another version of a dependency into the environment."""
    python = environment / "bin/python"
    uv = str(shutil.which("uv", path=search_path()))
    command = [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(python), requirement]
    subprocess.run(command, check=True)


def try_all(base: Path, counted: Counts, plants: Sequence[Plant]) -> Iterator[Explanation | None]:
    """Explain each plant, two copies at a time; None for one with which the library fails."""
    for start in range(0, len(plants), 2):
        some = plants[start : start + 2]
        copies = [FOLDER / f"cp{place}" for place in range(len(some))]
        for plant, copy in zip(some, copies, strict=True):
            copy_environment(base, copy)
            plant.apply(copy)
        answers = count([copy / "bin/python" for copy in copies], seed=0)
        for copy, answer in zip(copies, answers, strict=True):
            yield explain_copy(base, copy, counted, answer) if answer else None
            shutil.rmtree(copy)


def explain_copy(base: Path, copy: Path, counted: Counts, other: Counts) -> Explanation:
    """Explain a planted copy beside the untouched library."""
    sides = [
        Side(sha=where.name, counts={SCENARIO: counts}, packages=packages(where))
        for where, counts in ((base, counted), (copy, other))
    ]
    code: CodeChange = compare_sources(sources(base), sources(copy))
    return explain("asynctasq", sides[0], sides[1], code)


def equal_code(base: Path, times: int) -> str:
    """Count the untouched library so many times; say of how many pairs something is explained."""
    counted: list[Counts | None] = []
    for _ in range(0, times, 2):
        counted += count([base / "bin/python"] * 2, seed=0)
    installed = packages(base)
    sides = [
        Side(sha=f"count {number}", counts={SCENARIO: one}, packages=installed)
        for number, one in enumerate(counted)
        if one is not None
    ]
    pairs = list(combinations(sides, 2))
    told = sum(bool(explain("asynctasq", one, other, None).scenarios) for one, other in pairs)
    return (
        f"\n{len(sides)} counts of equal code, its sources unknown: "
        f"{told} of {len(pairs)} pairs explained.\n"
    )


def packages(environment: Path) -> Mapping[str, str]:
    """What is installed beside the library."""
    command = [str(environment / "bin/python"), "-c", LIST_PACKAGES]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {name: version for name, version in found.items() if name != "asynctasq"}


def count(pythons: Sequence[Path], seed: int) -> list[Counts | None]:
    """Count the scenario with each interpreter, side by side; None where it fails."""
    setup = setup_for("quick", 900)
    requests: list[Mapping[str, object]] = [
        {
            "count": True,
            "label": str(python),
            "library": "asynctasq",
            "python": str(python),
            "scenario": SCENARIO,
            "size": "quick",
            "seed": seed,
            "instruments": INSTRUMENTS,
        }
        for python in pythons
    ]
    with harness_pool(setup.command, setup.root, len(requests)) as pool:
        answers = list(pool.ask(requests))
    return [_counts(answer) for answer in answers]


def _counts(answer: object) -> Counts | None:
    counted = isinstance(answer, dict) and answer.get("outcome") == "counted"
    return convert_counts(answer["counts"]) if counted else None


def is_named(plant: Plant, first: Cause | None) -> bool:
    """Whether the first cause is what was planted, or the command's sender."""
    return first is not None and (
        first.name == plant.answer or first.name.partition(" ")[0] == plant.answer
    )


def say_row(plant: Plant, first: Cause | None) -> None:
    """Print one plant and what was found."""
    told = f"{first.kind.value} {first.name}" if first else "nothing"
    mark = "ok   " if is_named(plant, first) and first and first.kind is plant.kind else "WRONG"
    sys.stdout.write(f"{mark} {plant.kind.value:10} in {plant.function:60} -> {told}\n")
    sys.stdout.flush()


def tally(rows: Sequence[tuple[Plant, Cause | None]]) -> str:
    """Return the table by kind."""
    lines = ["| planted | changes | named first | right kind |", "|---|---|---|---|"]
    for kind in (*STATEMENTS, CauseKind.DEPENDENCY):
        own = [row for row in rows if row[0].kind is kind]
        named = sum(is_named(*row) for row in own)
        kinds = sum(first is not None and first.kind is plant.kind for plant, first in own)
        lines.append(f"| {kind.value} | {len(own)} | {named} | {kinds} |")
    named = sum(is_named(*row) for row in rows)
    kinds = sum(first is not None and first.kind is plant.kind for plant, first in rows)
    lines.append(f"| all | {len(rows)} | {named} | {kinds} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
