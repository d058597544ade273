"""The fake GitHub itself, against GitHub's description."""

import pytest

from tests.support.fake_github.description import (
    DESCRIPTION,
    faults_of_answer,
    find_call,
    of_schema,
)
from tests.support.fake_github.routes import ROUTES
from tests.support.fake_github.world import REPOSITORY, World


def test_fake_answers_every_described_call():
    """Routes and description name the same calls."""
    assert set(ROUTES) == set(DESCRIPTION["calls"])


@pytest.mark.parametrize("schema", DESCRIPTION["components"]["schemas"])
def test_smallest_values_are_valid(schema: str):
    """What the fake makes from a schema satisfies that schema."""
    DESCRIPTION["calls"]["get x"] = {
        "answers": {"200": {"$ref": f"#/components/schemas/{schema}"}},
    }
    try:
        assert faults_of_answer("get x", 200, of_schema(schema)) == []
    finally:
        del DESCRIPTION["calls"]["get x"]


def test_branches_with_slashes_are_one_parameter():
    """A reference may hold slashes."""
    name, parameters = find_call("GET", f"/repos/{REPOSITORY}/commits/feature/x/check-runs")
    assert name.endswith("/check-runs")
    assert parameters["ref"] == "feature/x"


def test_world_stores_what_the_description_allows():
    """Stored records are answers that GitHub could give, deleted accounts and forks included."""
    world = World()
    comment = world.comment(None, "text")
    pull = world.pull(source=None)
    run = world.run(source="stranger/bench")
    owner = "/repos/{owner}/{repo}"
    assert faults_of_answer(f"get {owner}/issues/{{issue_number}}/comments", 200, [comment]) == []
    assert faults_of_answer(f"get {owner}/actions/runs/{{run_id}}", 200, run) == []
    # The description forbids `head.repo: null`, real answers for deleted forks have it.
    faults = faults_of_answer(f"get {owner}/pulls/{{pull_number}}", 200, pull)
    assert [fault.split(":")[0] for fault in faults] == ["head/repo"]
