"""Decisions of maintainers about changes."""

from datetime import date
from pathlib import Path

import pytest

from tracker.errors import DataError
from tracker.history.triage_file import read_triage
from tracker.settings.triage import PATH, Action, find_rule, parse_triage

TODAY = date(2026, 11, 24)
RULE = """
[[accept]]
benchmark = "basic.*"
metric = "throughput"
commit = "1a2b3c4"
reason = "Retries"
author = "ann"
expires = 2026-11-24
"""


def found(text: str, **asked: str) -> bool:
    """Whether the rules speak of this change."""
    change = {"metric": "throughput", "commit": "1a2b3c4d5e"} | asked
    benchmark = change.pop("benchmark", "basic.Burst")
    names = (benchmark, f"{benchmark}('celery', 3)")
    return find_rule(parse_triage(text), names=names, today=TODAY, **change) is not None


def test_rule_matches_its_change_on_its_last_day():
    """All of benchmark, metric, commit and day must fit; the last day is included."""
    assert found(RULE)
    assert not found(RULE, benchmark="other.Burst")
    assert not found(RULE, metric="latency_p50")
    assert not found(RULE, commit="ffffffffff")
    assert not found(RULE.replace("2026-11-24", "2026-11-23"))


def test_rule_may_name_the_parameters():
    """A pattern fits the name without parameters, or with them as asv writes it."""
    assert found(RULE.replace("basic.*", "*('celery', *)"))
    assert not found(RULE.replace("basic.*", "*('rq', *)"))


def test_metric_commit_and_expiry_are_optional():
    """Without them a rule speaks of every metric and commit, for ever."""
    rule = '[[silence]]\nbenchmark = "*"\nreason = "x"\nauthor = "ann"\n'
    assert found(rule, metric="anything", commit="ffffffffff")
    assert parse_triage(rule)[0].action is Action.SILENCE


def test_patterns_are_case_sensitive():
    """`Basic` is not `basic`, on every system."""
    assert not found(RULE, benchmark="BASIC.Burst")


def test_rule_says_itself():
    """One sentence for reports and the site."""
    assert parse_triage(RULE)[0].sentence == "accepted by ann until 2026-11-24: Retries"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[[accept", "triage.toml"),
        ("[[ignore]]\n", r"unknown table \[\[ignore\]\]"),
        ('[accept]\nbenchmark = "x"\n', r"must be written \[\[accept\]\]"),
        ("accept = [1]\n", "is not a table"),
        (RULE.replace('reason = "Retries"\n', ""), "lacks reason"),
        (RULE.replace('"Retries"', '" "'), "lacks reason"),
        (RULE.replace('author = "ann"\n', ""), "lacks author"),
        (RULE.replace("benchmark", "benchmrk"), "unknown key 'benchmrk'"),
        (RULE.replace('"1a2b3c4"', '"1a2"'), "at least 7 digits"),
        (RULE.replace("2026-11-24", '"2026-11-24"'), "without quotes"),
        (RULE.replace("2026-11-24", "2026-11-24T00:00:00"), "without quotes"),
        (RULE.replace('"basic.*"', "3"), "benchmark must be a string"),
    ],
)
def test_what_cannot_be_understood_is_an_error(text: str, what: str):
    """No decision silently stops to hold."""
    with pytest.raises(DataError, match=what):
        parse_triage(text)


def test_no_file_means_no_rules(tmp_path: Path):
    """The file is optional; an unreadable one is not."""
    assert read_triage(tmp_path) == ()
    (tmp_path / ".tracker").mkdir()
    (tmp_path / PATH).write_bytes(b"\xff")
    with pytest.raises(DataError, match="cannot be read"):
        read_triage(tmp_path)
