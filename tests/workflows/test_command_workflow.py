"""The third file of an adopter, and what the two workflows with rights do."""

import re
from typing import Any

import pytest
import yaml

from tests.support.workflow_stage import ROOT, WORKFLOWS
from tracker.model.not_measured import Reason

PAGE = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")


def workflow(name: str) -> dict[Any, Any]:
    """One of our workflows; YAML reads `on` as true."""
    content: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return content


def test_third_file_grants_and_gives_what_command_yml_takes():
    """Rights, inputs and events of the file in docs/github.md are those of the workflow."""
    found = re.search(
        r"```yaml\n(# .github/workflows/performance-command.yml\n.*?)```", PAGE, re.DOTALL
    )
    assert found is not None
    theirs, ours = yaml.safe_load(found[1]), workflow("command.yml")
    (job,), (own,) = theirs["jobs"].values(), ours["jobs"].values()
    assert job["permissions"] == own["permissions"]
    assert set(job["with"]) == set(ours[True]["workflow_call"]["inputs"])
    events = {name: kinds for name, kinds in ours[True].items() if name != "workflow_call"}
    assert theirs[True] == events


@pytest.mark.parametrize("name", ["comment.yml", "command.yml"])
def test_jobs_with_rights_check_out_the_tracker_alone(name: str):
    """No commit, file or cache of a pull request; no text of an event reaches a shell."""
    text = (WORKFLOWS / name).read_text(encoding="utf-8")
    (job,) = workflow(name)["jobs"].values()
    (checkout,) = [s for s in job["steps"] if "checkout" in s.get("uses", "")]
    assert checkout["with"]["repository"] == (
        "${{ inputs.tracker-repository || job.workflow_repository }}"
    )
    assert checkout["with"]["persist-credentials"] is False
    assert "head_sha" not in text
    assert "download-artifact" not in text
    for step in job["steps"]:
        assert "${{" not in step.get("run", "")


def test_every_reason_is_in_the_page():
    """`[check] pass` takes the words that docs/github.md lists, and no others."""
    (words,) = re.findall(r"The words: (.*?)\.\n", PAGE, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", words)) == {"cannot_tell", *Reason}
