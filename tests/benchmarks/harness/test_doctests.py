"""The examples in docstrings are true."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "benchmarks").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str):
    """Every example gives what it says, and there is at least one."""
    result = doctest.testmod(import_module(module))

    assert result.attempted > 0
    assert result.failed == 0


def test_there_are_examples():
    """The search above still finds the files."""
    assert len(MODULES) >= 6
