"""What may be imported where: asv, workers and producers have nothing but the standard library."""

import ast
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).parents[3] / "benchmarks" / "harness"
IN_HARNESS_ENVIRONMENT = {"measure", "overhead", "published"}
"""Commands beside lab/ that run in the harness's environment."""


def top_imports(path: Path) -> set[str]:
    """Modules imported when *path* is: those outside functions and TYPE_CHECKING blocks."""
    tree, found, todo = ast.parse(path.read_text(encoding="utf-8")), set(), []
    todo.extend(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
            typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            todo.extend([] if typing_only else node.body)
    return found


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in sorted([*HARNESS.glob("*.py"), *HARNESS.glob("adapters/*.py")])
        if p.stem not in IN_HARNESS_ENVIRONMENT
    ],
    ids=lambda p: p.name,
)
def test_shared_code_imports_the_standard_library_only(path: Path):
    """It runs in the library's environment, where nothing of ours is installed."""
    for name in top_imports(path):
        assert name.split(".")[0] in sys.stdlib_module_names | {"benchmarks"}, name
        assert not name.startswith("benchmarks.harness.lab"), name


def test_the_harness_is_no_package():
    """Every module of a package under benchmarks/ is imported by asv; these must not be."""
    assert not list(HARNESS.rglob("__init__.py"))
