"""What the reusable workflows take and may do; GitHub looks at it when a run starts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.workflow_stage import ROOT, WORKFLOWS
from tests.workflows.test_adopters_files import adopters_files

RANKS = {"none": 0, "read": 1, "write": 2}
CALLERS = [path.name for path in sorted(WORKFLOWS.glob("*.yml"))]


def read(name: str) -> dict[Any, Any]:
    """One of our workflows, or one that an adopter has."""
    text = adopters_files().get(name) or (WORKFLOWS / name).read_text(encoding="utf-8")
    content: dict[Any, Any] = yaml.safe_load(text)
    return content


def inputs(name: str) -> dict[str, dict[str, Any]]:
    """What a called workflow takes; YAML reads `on` as true."""
    taken: dict[str, dict[str, Any]] = read(name)[True]["workflow_call"]["inputs"]
    return taken


def calls(name: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The jobs of *name* that call one of our workflows, and which."""
    for job in read(name)["jobs"].values():
        if "uses" in job:
            yield job, Path(job["uses"].partition("@")[0]).name


def wanted(name: str) -> dict[str, str]:
    """The most that any job of *name* asks for, its called workflows included."""
    most: dict[str, str] = {}
    for job in read(name)["jobs"].values():
        for right, level in (job["permissions"] or {}).items():
            most[right] = max(level, most.get(right, "none"), key=RANKS.__getitem__)
    return most


@pytest.mark.parametrize("caller", [*CALLERS, *adopters_files()])
def test_no_called_job_wants_more_than_its_caller_grants(caller: str):
    """GitHub would refuse the whole run before any job begins, whatever its `if` says."""
    for job, called in calls(caller):
        for right, level in wanted(called).items():
            granted = job["permissions"].get(right, "none")
            assert RANKS[granted] >= RANKS[level], (called, right)


@pytest.mark.parametrize("caller", [*CALLERS, *adopters_files()])
def test_every_call_gives_what_is_taken_and_required(caller: str):
    """No misspelt input, and none forgotten."""
    for job, called in calls(caller):
        taken = inputs(called)
        given = set(job.get("with", ()))
        assert given <= set(taken), called
        assert {name for name, kind in taken.items() if kind.get("required")} <= given, called


def test_every_input_is_passed_on():
    """What performance.yml takes reaches the workflow that uses it, as it is."""
    passed = {}
    for job, _ in calls("performance.yml"):
        passed |= job["with"]
    assert passed == {name: f"${{{{ inputs.{name} }}}}" for name in inputs("performance.yml")}


@pytest.mark.parametrize("called", ["pull-request.yml", "history.yml"])
def test_a_workflow_is_passed_all_that_it_takes(called: str):
    """An input that nobody passes on would be an adopter's wish that nothing hears."""
    (job,) = [job for job, name in calls("performance.yml") if name == called]
    assert set(job["with"]) == set(inputs(called))


def test_documented_inputs_are_those_of_the_workflow():
    """The list in docs/github.md has every input, and its default."""
    page = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^- `([a-z-]+)`(?: \(`(.+?)`\))?: ", page, flags=re.MULTILINE))
    taken = {
        name: str(kind["default"]).lower() if isinstance(kind["default"], bool) else kind["default"]
        for name, kind in inputs("performance.yml").items()
    }
    assert {name: told.get(name) for name in taken} == {
        name: str(default) for name, default in taken.items()
    }
