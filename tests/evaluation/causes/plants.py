"""Plants one change into a copy of AsyncTasQ: a statement in a function, or another dependency."""

import ast
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.evaluation.causes.environments import package_of
from tracker.asv.command import search_path
from tracker.model.counts import Counts, unpack_functions
from tracker.model.explanation import Cause, CauseKind

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


def is_named(plant: Plant, first: Cause | None) -> bool:
    """Whether the first cause is what was planted, or the command's sender."""
    return first is not None and (
        first.name == plant.answer or first.name.partition(" ")[0] == plant.answer
    )
