"""The rooms of docs/architecture.md, checked on the code's own imports."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tracker.cli import COMMANDS

ROOT = Path(__file__).parents[1]

# Rooms of one line may import what stands on the lines above, never each other.
TRACKER = """
errors units
model
settings detect paired counts exchange
judge search explain
report
report.history report.comparison report.libraries report.search
report.pull_requests
site_data
system
history.asv
history releases asv github publish exchange.files
suite
execution compare adopt
bisect
cli
"""
PURE = {
    *(
        "errors",
        "units",
        "model",
        "settings",
        "detect",
        "paired",
        "counts",
        "judge",
        "search",
        "explain",
    ),
    "site_data",
    "exchange",
    *("report", "report.history", "report.comparison", "report.libraries", "report.pull_requests"),
    "report.search",
}
HARNESS = """
shared
asv library lab.processes lab.results
library.adapters library.counting lab.brokers
lab.station
lab.counting
lab.sampling
lab.run
"""
STANDARD_LIBRARY_ONLY = {"shared", "asv", "library", "library.adapters", "library.counting"}
"""What asv's Python, the library's and the harness's share, or one of them that has no more."""

DOES_IO = {"os", "io", "pathlib", "subprocess", "socket", "requests", "github3", "shutil", "time"}


def ranks(lines: str) -> dict[str, int]:
    """Each room's place in the order."""
    return {room: i for i, line in enumerate(lines.split("\n")) for room in line.split()}


def files(folder: str) -> list[Path]:
    """All Python files under *folder*."""
    return sorted((ROOT / folder).rglob("*.py"))


def text(path: Path) -> str:
    """The whole of a file."""
    return path.read_text(encoding="utf-8")


def imports(path: Path, *, at_start: bool = False) -> set[str]:
    """Absolute dotted names that *path* imports; *at_start*: only those of importing it."""
    names: set[str] = set()
    todo: list[ast.AST] = [ast.parse(text(path))]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        lazy |= isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        todo.extend([] if at_start and lazy else ast.iter_child_nodes(node))
    return names


def room_of(dotted: str, order: dict[str, int]) -> str | None:
    """The innermost room that holds a dotted name below the package; None outside of all."""
    parts = dotted.split(".")
    prefixes = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return next((prefix for prefix in prefixes if prefix in order), None)


def dotted_name(path: Path, package: str) -> str:
    """What *path* is called below *package*."""
    return ".".join(path.relative_to(ROOT / package).with_suffix("").parts)


CASES = [
    pytest.param(path, package, order, id=str(path.relative_to(ROOT)))
    for package, order in (("tracker", ranks(TRACKER)), ("benchmarks/harness", ranks(HARNESS)))
    for path in files(package)
]


@pytest.mark.parametrize(("path", "package", "order"), CASES)
def test_rooms_import_what_stands_above_them_only(path: Path, package: str, order: dict[str, int]):
    """A room imports itself and what stands above it, never a neighbour or what is below."""
    own = room_of(dotted_name(path, package), order)
    if own is None:
        assert path.parent == ROOT / package, f"{path} is in no room"
        return
    prefix = package.replace("/", ".") + "."
    for name in imports(path):
        if not name.startswith(prefix):
            continue
        other = room_of(name.removeprefix(prefix), order)
        if other is not None and other != own:
            assert order[other] < order[own], f"{path.name} imports {name}"


@pytest.mark.parametrize("path", files("tracker"), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_rooms_do_no_io(path: Path):
    """Pure rooms import nothing that reads, writes, waits or starts anything."""
    if room_of(dotted_name(path, "tracker"), ranks(TRACKER)) in PURE:
        assert not {name.split(".")[0] for name in imports(path)} & DOES_IO


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in files("benchmarks/harness")
        if room_of(dotted_name(path, "benchmarks/harness"), ranks(HARNESS)) in STANDARD_LIBRARY_ONLY
    ],
    ids=lambda path: path.name,
)
def test_shared_rooms_import_the_standard_library_only(path: Path):
    """They run in the library's environment, where nothing of ours is installed."""
    known = sys.stdlib_module_names | {"benchmarks"}
    assert {name.split(".")[0] for name in imports(path, at_start=True)} <= known


@pytest.mark.parametrize(
    ("folder", "other"), [("benchmarks", "tracker"), ("tracker", "benchmarks")]
)
def test_benchmarks_and_tracker_do_not_know_each_other(folder: str, other: str):
    """The seam between measuring and judging is files."""
    for path in files(folder):
        assert other not in {name.split(".")[0] for name in imports(path)}, path


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent for path in files("tracker")}),
    ids=lambda folder: str(folder.relative_to(ROOT)),
)
def test_the_docstring_of_a_room_names_its_modules(folder: Path):
    """Its pipeline is whole; commands are named in `tracker.cli.COMMANDS` instead."""
    words = re.findall(r"`(\w+)`", ast.get_docstring(ast.parse(text(folder / "__init__.py"))) or "")
    commands = {module for module, _ in COMMANDS.values()} if folder.name == "cli" else set()
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "__main__"}
    assert modules <= {*words, *commands}


@pytest.mark.parametrize(
    ("package", "order"), [("tracker", TRACKER), ("benchmarks/harness", HARNESS)]
)
def test_the_picture_shows_every_room(package: str, order: str):
    """docs/architecture.md names each folder that holds code."""
    picture = text(ROOT / "docs" / "architecture.md").split("```")[3]
    shown = set(re.findall(r"(\w+)/", picture)) | {"errors", "units"}
    assert {room.rpartition(".")[2] for room in ranks(order)} <= shown, package


def test_the_harness_is_no_package():
    """Every module of a package under benchmarks/ is imported by asv; these must not be."""
    assert not (ROOT / "benchmarks" / "harness" / "__init__.py").exists()
