"""The examples in the docstrings of the tracker are true."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "tracker").rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_are_true(module: str):
    """What a docstring shows is what happens."""
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted
    assert result.failed == 0
