"""The documents, checked against the code they speak of."""

import re
from pathlib import Path

import click
import pytest

from tests.support.examples import EXAMPLES, Example
from tracker.cli import COMMANDS, group
from tracker.errors import ExitCode

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "tests/evaluation/RESULTS.md"]
)
MAKE_TARGETS = set(
    re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
)


def text(path: Path) -> str:
    """The whole of a document."""
    return path.read_text(encoding="utf-8")


def console_lines(path: Path) -> list[str]:
    """The commands after `$ ` in a document's console blocks, continued lines joined."""
    blocks = re.findall(r"```console\n(.*?)```", text(path), flags=re.DOTALL)
    joined = "\n".join(blocks).replace("\\\n", " ")
    return [line[2:].strip() for line in joined.splitlines() if line.startswith("$ ")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(path: Path):
    """Every relative link of a document names a file that exists."""
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text(path)):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_anchors_are_headings(path: Path):
    """Every relative link to a part of a document names one of its headings."""
    for target, anchor in re.findall(r"\]\(([^)#:\s]+\.md)#([^)]+)\)", text(path)):
        headings = re.findall(r"^#+ (.+)$", text(path.parent / target), flags=re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_exist(path: Path):
    """Every `make target` in a document is a target of the Makefile."""
    named = re.findall(r"`make ([a-z-]+)", text(path))
    named += [line.split()[1] for line in console_lines(path) if line.startswith("make ")]
    assert set(named) <= MAKE_TARGETS


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_tracker_commands_parse(path: Path):
    """Every `tracker ...` line in a document names a command and options that exist."""
    lines = re.findall(r"`tracker ([a-z][^`\n]*)`", text(path))
    lines += [line.partition("tracker ")[2] for line in console_lines(path) if "tracker " in line]
    context = click.Context(group)
    for line in lines:
        name = line.split()[0]
        assert name in COMMANDS, line
        command = group.get_command(context, name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        known |= {"--help", "-h"}
        used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", line))
        assert used <= known, line


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_named_places_of_the_tree_exist(path: Path):
    """Every path into this repository's code that a document names is there; <name> is any."""
    for named in re.findall(r"`((?:tracker|benchmarks|tests|site|docs)/[\w/.<>-]+)`", text(path)):
        assert list(ROOT.glob(re.sub(r"<\w+>", "*", named).rstrip("/"))), named


def test_every_command_is_in_the_readme():
    """The README's table of commands is the command line's own list."""
    named = re.findall(r"^\| `tracker ([a-z-]+)` \|", text(ROOT / "README.md"), flags=re.MULTILINE)
    assert named == list(COMMANDS)


def test_exit_codes_are_those_of_the_readme():
    """The README's table of exit codes is `ExitCode`."""
    rows = re.findall(r"^\| (\d) \| (.+) \|$", text(ROOT / "README.md"), flags=re.MULTILINE)
    assert [int(code) for code, _ in rows] == [code.value for code in ExitCode]


def test_every_scenario_and_library_has_its_place():
    """docs/scenarios.md has a section per scenario file, docs/libraries.md a row per adapter."""
    scenarios = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - {"__init__"}
    sections = re.findall(r"^## `(\w+)`$", text(ROOT / "docs" / "scenarios.md"), flags=re.MULTILINE)
    assert sorted(sections) == sorted(scenarios)
    adapters = (ROOT / "benchmarks" / "harness" / "library" / "adapters").glob("*_adapter.py")
    libraries = {path.stem.removesuffix("_adapter") for path in adapters} - {"fake"}
    page = text(ROOT / "docs" / "libraries.md")
    rows = re.findall(r"^\| \[(\w+)\]", page, flags=re.MULTILINE)
    assert libraries <= set(rows)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_examples_are_what_the_code_prints(example: Example):
    """What a document shows is printed today; `python -m tests.support.examples` renews it."""
    assert example.put_into(text(example.path)) == text(example.path)
