"""What `--help` says, of the commands of the harness."""

import argparse

import pytest

from benchmarks.harness import count, matrix, measure

COMMANDS = {"measure": measure, "count": count, "matrix": matrix}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_eighty_columns(name: str, monkeypatch: pytest.MonkeyPatch):
    """The description stands as it was written, and no line is wider than a terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    text = COMMANDS[name].parser().format_help()

    assert not [line for line in text.splitlines() if len(line) > 80]
    assert f"\n    python -m benchmarks.harness.{name} " in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str):
    """None without a help text, none that only names its default."""
    for action in COMMANDS[name].parser()._actions:
        assert action.help not in {None, argparse.SUPPRESS}, action.dest
        assert not action.help.startswith("default:"), action.dest
