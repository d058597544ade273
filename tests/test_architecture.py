"""The layers of docs/architecture.md, checked on the code's own imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each layer may import what stands above it here; layers of one line may not import each other.
LAYERS = (
    {"errors", "units"},
    {"model"},
    {"catalogue"},
    {"detect"},
    {"report"},
    {"history", "github", "publish", "measure"},
    {"cli"},
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
PURE = {"errors", "units", "model", "catalogue", "detect", "report"}
IMPURE_MODULES = {
    "os",
    "io",
    "pathlib",
    "subprocess",
    "socket",
    "requests",
    "github3",
    "shutil",
    "time",
}


def imports(path: Path) -> set[str]:
    """Absolute dotted names that *path* imports, `TYPE_CHECKING` blocks included."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) + 1 - node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module or "")))
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def files(folder: str) -> list[Path]:
    """All Python files under *folder*."""
    return sorted((ROOT / folder).rglob("*.py"))


def layer_of(dotted: str) -> str | None:
    """The layer of a dotted name such as `tracker.detect.steps`, None outside the layers."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "tracker" and len(parts) > 1 and parts[1] in RANK else None


@pytest.mark.parametrize("path", files("tracker"), ids=lambda path: str(path.relative_to(ROOT)))
def test_layers_import_downwards_only(path: Path):
    """A layer imports itself and what stands below it, never its neighbours or what is above."""
    own = path.relative_to(ROOT / "tracker").with_suffix("").parts[0]
    if own not in RANK:
        return
    for name in imports(path):
        other = layer_of(name)
        if other is not None and other != own:
            assert RANK[other] < RANK[own], f"{path.name} imports {name}"


@pytest.mark.parametrize("path", files("tracker"), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_layers_do_no_io(path: Path):
    """Pure layers import nothing that reads, writes, waits or starts anything."""
    own = path.relative_to(ROOT / "tracker").with_suffix("").parts[0]
    if own in PURE:
        assert not {name.split(".")[0] for name in imports(path)} & IMPURE_MODULES


@pytest.mark.parametrize(
    ("folder", "other"), [("benchmarks", "tracker"), ("tracker", "benchmarks")]
)
def test_benchmarks_and_tracker_do_not_know_each_other(folder: str, other: str):
    """The seam between measuring and judging is files."""
    for path in files(folder):
        assert other not in {name.split(".")[0] for name in imports(path)}, path
