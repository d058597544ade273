"""The terminal report of every example: what must be in it, and that nothing breaks out of it."""

import pytest

from tests.support.comparison_examples import EXAMPLES, TEXTS
from tracker.report.comparison.text import render


@pytest.mark.parametrize("name", EXAMPLES)
def test_reports_are_as_they_were_agreed(name: str):
    """A change of the report shows as a difference of tests/golden/comparison_texts."""
    assert render(EXAMPLES[name]()) == (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_report_is_plain_text(name: str):
    """No control characters, no right-to-left marks, no endless lines."""
    lines = render(EXAMPLES[name]()).splitlines()
    assert all(line.isprintable() and len(line) < 600 for line in lines)
