"""The settings' text."""

import pytest

from tracker.errors import DataError
from tracker.settings.file import parse_settings


def test_own_file_is_all_ours():
    """`tracker.toml` needs no prefix."""
    assert parse_settings("tracker.toml", "[gates]\nthroughput = true") == {
        "gates": {"throughput": True}
    }


def test_of_pyproject_only_our_table_is_read():
    """Other tools' tables are none of our business, and ours may be missing."""
    assert parse_settings("pyproject.toml", "[tool.other]\nx = 1") == {}
    assert parse_settings("pyproject.toml", "[tool.tracker]\nsite = 'x'") == {"site": "x"}


@pytest.mark.parametrize("text", ["[gates", "tool = 3", "[tool]\ntracker = 3"])
def test_broken_settings_are_errors(text: str):
    """What is no table of ours is named."""
    with pytest.raises(DataError, match=r"pyproject\.toml"):
        parse_settings("pyproject.toml", text)


@pytest.mark.parametrize("text", ["floor = 0.1", "[[metric]]\npattern = '*'"])
def test_a_setting_that_nobody_reads_is_an_error(text: str):
    """Misspelt, or outside of its table, it would otherwise silently not hold."""
    with pytest.raises(DataError, match=r"tracker\.toml: there is no setting '(floor|metric)'"):
        parse_settings("tracker.toml", text)
