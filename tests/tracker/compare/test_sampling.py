"""Base and head are sampled in turns by the harness, which says why when it cannot."""

import json
import sys
from pathlib import Path

import pytest

from tracker.compare.harness_turns import HarnessSetup
from tracker.compare.measurer import Label
from tracker.compare.sampling import NotSampled, sample_sides
from tracker.compare.turn_parts import divide
from tracker.explain.sampled_functions import Profiles
from tracker.model import Metric

ROLE = {
    "tasks": 10, "seconds": 1.0, "looks": 250, "cpu_s": 0.5, "functions": [["lib/a.py", "f", 3]]
}  # fmt: skip
SAMPLED = {"outcome": "sampled", "samples": {"version": 1, "profiler": "p", "roles": {"w": ROLE}}}
HARNESS = """
import json, pathlib, sys
for line in sys.stdin:
    asked = json.loads(line)
    with open("asked", "a") as file:
        file.write(asked["label"] + " ")
    print(json.dumps({"id": asked["id"], **json.loads(pathlib.Path("answer").read_text())}))
    sys.stdout.flush()
"""


def describe(benchmark: str, unit: str) -> Metric:
    """Nothing is measured here."""
    raise AssertionError(benchmark, unit)


@pytest.fixture
def setup(tmp_path: Path) -> HarnessSetup:
    """A process in *tmp_path* that gives every request the answer in its file."""
    script = tmp_path / "harness.py"
    script.write_text(HARNESS)
    return HarnessSetup(
        root=tmp_path,
        command=(sys.executable, str(script)),
        project="lib",
        pythons={Label.BASE: "b", Label.HEAD: "h"},
        control="",
        size="quick",
        describe=describe,
        parts=divide("quick", 60.0, 1),
    )


def sample(setup: HarnessSetup, answer: object) -> tuple[Profiles | NotSampled, str]:
    """What comes of that answer, and the sides that were asked."""
    (setup.root / "answer").write_text(json.dumps(answer))
    found = sample_sides(setup, "s", 0, lambda _: None)
    return found, (setup.root / "asked").read_text()


def test_both_sides_are_sampled_in_turns(setup: HarnessSetup):
    """Four rounds each; neither side is always the first."""
    found, asked = sample(setup, SAMPLED)
    assert isinstance(found, Profiles)
    assert len(found.base) == len(found.head) == 4
    assert asked.split() == ["base", "head", "head", "base"] * 2
    assert found.base[0].roles["w"].functions == (("lib/a.py", "f", 3),)


def test_what_cannot_be_sampled_is_told_at_once(setup: HarnessSetup):
    """One answer is enough: the reason is the harness's."""
    found, asked = sample(setup, {"outcome": "failed", "reason": "py-spy not found"})
    assert found == NotSampled(reason="py-spy not found")
    assert asked.split() == ["base"]


def test_samples_of_another_version_are_a_reason(setup: HarnessSetup):
    """Nothing breaks."""
    found, _ = sample(setup, {**SAMPLED, "samples": {**SAMPLED["samples"], "version": 2}})
    assert isinstance(found, NotSampled)
    assert "samples of version 2" in found.reason
