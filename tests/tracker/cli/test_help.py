"""What `--help` says, of every command and sub-command."""

import re

import click
import pytest

from tracker.cli import COMMANDS, group, run

WIDTH = 80
SENTENCE = re.compile(r"[A-Z\"`].*\.", flags=re.DOTALL)


def commands(parent: click.Group, context: click.Context) -> dict[str, click.Command]:
    """Every command below *parent*, by its words after `tracker`."""
    below = {}
    for name in parent.list_commands(context):
        command = parent.get_command(context, name)
        assert command is not None, name
        below[name] = command
        if isinstance(command, click.Group):
            inner = commands(command, click.Context(command, parent=context))
            below |= {f"{name} {rest}": one for rest, one in inner.items()}
    return below


ALL = commands(group, click.Context(group))


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal as small as they come."""
    monkeypatch.setenv("COLUMNS", str(WIDTH))


def test_there_are_commands_and_sub_commands() -> None:
    """The search above finds both."""
    assert {*COMMANDS, "results pull"} <= set(ALL)


@pytest.mark.parametrize("name", ["", *ALL])
def test_help_is_whole_at_eighty_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No line is longer than the terminal, and no summary of a command ends in dots."""
    run([*name.split(), "--help"])

    text = capsys.readouterr().out
    long = [line for line in text.splitlines() if len(line) > WIDTH]
    assert not [line for line in long if " " in line.strip()]  # one word cannot be broken
    assert "..." not in text.partition("Commands:")[2]


@pytest.mark.parametrize("name", ALL)
def test_help_is_whole_sentences(name: str) -> None:
    """A command and each of its options say what they do, from a capital to a full stop."""
    texts = [ALL[name].help, *(p.help for p in ALL[name].params if isinstance(p, click.Option))]

    assert not [text for text in texts if not text or not SENTENCE.fullmatch(text.strip())]


@pytest.mark.parametrize("name", [name for name in ALL if name not in COMMANDS])
def test_summaries_in_lists_are_whole_sentences(name: str) -> None:
    """The first sentence of a sub-command is its line in the list of its group."""
    assert ALL[name].get_short_help_str(WIDTH).endswith(".")


@pytest.mark.parametrize("name", COMMANDS)
def test_summaries_of_commands_are_whole_sentences(name: str) -> None:
    """Each command's line in `tracker --help`."""
    assert SENTENCE.fullmatch(COMMANDS[name][1])
