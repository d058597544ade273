"""The examples in docstrings are true."""

import doctest

import pytest

from benchmarks.harness import load
from benchmarks.harness.lab import steady, validation


@pytest.mark.parametrize("module", [load, steady, validation], ids=lambda m: m.__name__)
def test_examples(module):
    """Every example gives what it says, and there is at least one."""
    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0
