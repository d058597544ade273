"""What passes without a good result, and who may order measurements, by the settings."""

import pytest

from tracker.errors import DataError
from tracker.settings.checks import DEFAULT, parse_check
from tracker.settings.commands import parse_command_role


def test_only_an_undecided_comparison_passes_without_being_asked_for():
    """Noise blocks nobody; nothing that was not measured passes."""
    policy = parse_check({})
    assert policy == DEFAULT
    assert policy.passes("cannot_tell")
    assert not policy.passes("draft")


def test_the_list_replaces_the_default():
    """Also an undecided comparison blocks when it is not named."""
    policy = parse_check({"check": {"pass": ["draft"]}})
    assert policy.chosen
    assert policy.passes("draft")
    assert not policy.passes("cannot_tell")


@pytest.mark.parametrize(
    "table",
    [
        "draft",
        [],
        {},
        {"pass": "draft"},
        {"pass": ["drafts"]},
        {"pass": [["draft"]]},
        {"pass": [3]},
        {"pass": [], "fail": []},
        {"passes": ["draft"]},
    ],
)
def test_a_check_that_is_not_understood_is_an_error(table: object):
    """A gate that was misspelt must not stand open, nor one that was opened stay shut."""
    with pytest.raises(DataError, match="check"):
        parse_check({"check": table})


@pytest.mark.parametrize("table", ["write", {}, {"role": "none"}, {"role": "owner"}, {"role": []}])
def test_a_role_that_is_not_known_is_an_error(table: object):
    """Whoever may order measurements is named rightly, or nobody may."""
    with pytest.raises(DataError, match="role"):
        parse_command_role({"command": table})


def test_write_is_the_role_without_being_asked_for():
    """As for a push."""
    assert parse_command_role({}) == "write"
    assert parse_command_role({"command": {"role": "triage"}}) == "triage"
