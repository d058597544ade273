"""The report of a history: golden outputs named by hazard, and the JSON's round trip."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.support.judged_histories import (
    HISTORIES,
    judge_as,
    make_change,
    make_judged,
    make_series,
)
from tracker.model import Fate, Status, Verdict
from tracker.model.catalogue import METRICS
from tracker.report.history.json_document import Document, build_document, encode_document
from tracker.report.history.markdown import render_markdown
from tracker.report.history.overview import build_overview
from tracker.report.history.text import render_changes, render_text
from tracker.settings.triage import parse_triage

GOLDEN = Path(__file__).parents[3] / "golden" / "reports"
RENDERERS = {"txt": render_text, "changes.txt": render_changes, "md": render_markdown}
TODAY = date(2026, 1, 1)


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("hazard", HISTORIES)
def test_reports_read_as_they_did(hazard: str, form: str):
    """A report is compared with a file read by people; a differing one is left beside it."""
    path = GOLDEN / f"{hazard}.{form}"
    text = RENDERERS[form](build_overview(HISTORIES[hazard](), today=TODAY))

    if not path.exists() or path.read_text() != text:
        path.with_name(f"{path.name}.got").write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("hazard", HISTORIES)
def test_the_document_comes_back_as_it_went(hazard: str):
    """What is written is read back the same: full floats, unknown numbers as null."""
    document = build_document(build_overview(HISTORIES[hazard](), today=TODAY))

    assert msgspec.json.decode(encode_document(document), type=Document) == document


def standing_rows(text: str) -> list[str]:
    """The rows of the list of where the series stand."""
    _, _, after = text.partition("Where the series stand")
    return [line for line in after.splitlines()[1:] if line.startswith("  ") and "more" not in line]


def test_a_limit_is_that_of_each_list():
    """Asked for eight or two, that many; without a word what suits a screen."""
    many = (make_series([5e3] * 6, library=f"library{number:02}") for number in range(50))
    overview = build_overview(make_judged(*(judge_as(one, Verdict.NO_CHANGE) for one in many)))

    for limit, rows in ((2, 2), (8, 8), (45, 45), (None, 3)):
        assert len(standing_rows(render_text(overview, limit))) == rows


def test_rows_of_different_series_read_differently():
    """Names that only differ in their middle are not cut there."""
    many = (
        judge_as(
            replace(
                one,
                library="",
                scenario="",
                key=replace(one.key, benchmark=f"{'a' * 40}_{where}_{'b' * 60}", params=()),
            ),
            Verdict.NO_CHANGE,
        )
        for where in ("cpu", "gpu")
        for one in [make_series([5e3] * 6)]
    )
    first, second = standing_rows(render_text(build_overview(make_judged(*many))))
    assert "cpu" in first
    assert "gpu" in second


def test_the_last_measured_commit_has_a_value():
    """Where nothing but failures came after it, the span of what was measured ends before them."""
    one = make_series([math.nan, 5e3, 5e3, math.nan])
    overview = build_overview(make_judged(judge_as(one, Verdict.CANNOT_TELL)))
    for render in (render_text, render_markdown):
        text = render(overview)
        assert "2 measured commits" in text
    assert "from 2026-01-02 (0000000b) to 2026-01-03 (0000000c)" in render_text(overview)


def test_an_accepted_regression_is_shown_but_counts_no_more():
    """A triage rule takes a change out of the regressions and puts its sentence beside it."""
    judged = HISTORIES["one_worse"]()
    (rule,) = parse_triage(
        '[[accept]]\nbenchmark = "*"\nmetric = "throughput"\nreason = "wanted"\nauthor = "Ada"'
    )

    plain, accepted = (build_overview(judged, rules, TODAY) for rules in ((), (rule,)))

    assert (plain.regressions, accepted.regressions) == (1, 0)
    assert "accepted by Ada: wanted" in render_text(accepted)


@pytest.mark.parametrize("form", RENDERERS)
def test_a_silenced_change_is_counted_and_not_listed(form: str):
    """Nothing more is to be heard of a benchmark that is known to be useless."""
    (rule,) = parse_triage(
        """[[silence]]\nbenchmark = "*('celery')"\nreason = "bimodal"\nauthor = "Ada\""""
    )

    text = RENDERERS[form](build_overview(HISTORIES["one_worse"](), (rule,), TODAY))

    assert "; 1 silenced and not listed." in text


def test_a_metric_that_does_not_gate_is_no_regression():
    """It is still reported as worse, but it makes no exit code."""
    judged = HISTORIES["one_worse"]()
    series = tuple(
        replace(each, series=replace(each.series, metric=replace(each.series.metric, gates=False)))
        for each in judged.series
    )

    overview = build_overview(replace(judged, series=series), today=TODAY)

    assert overview.regressions == 0
    assert overview.verdicts[Verdict.WORSE] == 1


def test_commits_that_were_not_measured_are_among_the_suspects():
    """A change between two measured commits may be the doing of any commit in between."""
    series = make_series([5e3, 5e3, 4e3], positions=np.array([0, 1, 4]))
    change = make_change(2, 0.8, Verdict.WORSE)
    exact = replace(change, change=replace(change.change, earliest=2))

    text = render_changes(build_overview(make_judged(judge_as(series, Verdict.WORSE, exact))))

    assert "at 0000000e (0000000c .. 0000000e)" in text


@pytest.mark.parametrize(
    ("environments", "name"),
    [
        (("uv-py3.13",), "BasicThroughput.track_lines_per_task('celery'): "),
        (
            ("uv-py3.13", "uv-py3.14"),
            "%) on uv-py3.13\n",
        ),
    ],
)
def test_what_is_counted_belongs_to_no_machine(environments: tuple[str, ...], name: str):
    """Beside one machine there is nothing to tell apart; an event says how much of it counted."""
    timed = make_series([5e3] * 3 + [4e3] * 3)
    members = [judge_as(timed, Verdict.WORSE, make_change(3, 0.8, Verdict.WORSE))]
    for environment in environments:
        benchmark = "basic_throughput.BasicThroughput.track_lines_per_task"
        place = {"machine": "any machine", "environment": environment}
        key = replace(timed.key, benchmark=benchmark, **place)
        lines = make_series([300.0] * 6, key=key, metric=METRICS["lines_per_task"])
        change = replace(make_change(3, 1.3, Verdict.WORSE), direction=Verdict.WORSE)
        members.append(judge_as(lines, Verdict.WORSE, change))

    text = render_text(build_overview(make_judged(*reversed(members))))

    assert name in text
    assert "machines" not in text
    assert f"{len(environments)} of {len(members)} counted, no clock involved" in text


def test_a_long_environment_leaves_the_name_of_the_benchmark():
    """The environment is shortened, its ends kept; name and values come first, and whole."""
    timed = make_series([5e3] * 3 + [4e3] * 3)
    environment = f"virtualenv-py3.13-{'-'.join(f'package{i}1.2.{i}' for i in range(12))}-last9"
    other = replace(timed, key=replace(timed.key, environment=environment))
    change = make_change(3, 0.8, Verdict.WORSE)
    judged = (judge_as(one, Verdict.WORSE, change) for one in (other, timed))

    text = render_text(build_overview(make_judged(*judged)))

    named = "BasicThroughput.track_throughput('celery'): 5,000 tasks/s -> 4,000 tasks/s"
    lines = [line.strip() for line in text.splitlines() if named in line]
    assert any(line.startswith(named) and line.endswith("-last9") for line in lines), text


def test_what_is_not_measured_any_more_is_not_called_undone():
    """Of an event's series only such are left as nothing measures now."""
    judged = HISTORIES["one_worse"]()
    events = tuple(replace(one, fate=Fate.UNMEASURED) for one in judged.events)
    text = render_text(build_overview(replace(judged, events=events)))
    assert "no longer measured" in text
    assert "undone" not in text


def test_withdrawn_changes_are_not_listed_in_words():
    """What did not hold is in the JSON alone."""
    judged = HISTORIES["one_worse"]()
    series = tuple(
        replace(
            each,
            changes=tuple(
                replace(change, change=replace(change.change, status=Status.WITHDRAWN))
                for change in each.changes
            ),
        )
        for each in judged.series
    )
    overview = build_overview(replace(judged, series=series), today=TODAY)

    assert "No changes." in render_changes(overview)
    assert [change.status for change in build_document(overview).changes] == ["withdrawn"]


@pytest.mark.parametrize("form", RENDERERS)
def test_foreign_text_cannot_break_out(form: str):
    """Control characters, line breaks and Markdown in names stay inside of their line."""
    text = RENDERERS[form](build_overview(HISTORIES["hostile_names"](), today=TODAY))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n# pwned" not in text
    if form == "md":
        rows = [line for line in text.splitlines() if line.startswith("| ") and "x|y" in line]
        assert rows == []
