"""The settings' text."""

import pytest

from tracker.errors import DataError
from tracker.report.settings import parse_settings


def test_own_file_is_all_ours():
    """`tracker.toml` needs no prefix."""
    assert parse_settings("tracker.toml", "[gates]\nthroughput = true") == {
        "gates": {"throughput": True}
    }


def test_of_pyproject_only_our_table_is_read():
    """Other tools' tables are none of our business, and ours may be missing."""
    assert parse_settings("pyproject.toml", "[tool.other]\nx = 1") == {}
    assert parse_settings("pyproject.toml", "[tool.tracker]\nx = 1") == {"x": 1}


@pytest.mark.parametrize("text", ["[gates", "tool = 3", "[tool]\ntracker = 3"])
def test_broken_settings_are_errors(text: str):
    """No setting is silently ignored."""
    with pytest.raises(DataError):
        parse_settings("pyproject.toml", text)
