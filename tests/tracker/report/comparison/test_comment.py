"""The comment, on files named after what makes them hard."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.comparison_examples import counted, only_counted, read
from tests.support.judged_histories import UNBUILT
from tracker.model import Better, Verdict
from tracker.model.comparison import Comparison, Conclusion
from tracker.report.comparison.comment import MAX_COMMENT, own_marker, render, render_summary
from tracker.report.comparison.pull_verdicts import find_hidden
from tracker.report.comparison.ruling import rule_on
from tracker.report.links import RunLinks
from tracker.settings.gates import parse_gates
from tracker.settings.triage import parse_triage

GOLDEN = Path(__file__).parents[3] / "golden"
TODAY = date(2026, 11, 24)
ACCEPTED = """
[[accept]]
benchmark = "basic_throughput.*"
reason = "Retries are worth it"
author = "maintainer"
expires = 2027-01-31

[[silence]]
benchmark = "*"
metric = "latency_p50"
reason = "Bimodal since forever"
author = "maintainer"
"""


def made_worse(comparison: Comparison) -> Comparison:
    """The same with every row worse, so that every name is shown."""
    ratios = {
        Better.LOWER: {"ratio": 1.5, "low": 1.4, "high": 1.6},
        Better.HIGHER: {"ratio": 0.5, "low": 0.4, "high": 0.6},
    }
    rows = tuple(
        replace(row, verdict=Verdict.WORSE, **ratios[row.better]) for row in comparison.rows
    )
    return replace(comparison, rows=rows, conclusion=Conclusion.REGRESSION)


SITE = "https://example.org/results"


def comment(comparison: Comparison, triage: str = "", *, site: str = SITE) -> str:
    """The comment under the default gates."""
    return render(rule_on(comparison, parse_gates({}), parse_triage(triage), TODAY, site=site))


CASES: dict[str, Callable[[], str]] = {
    "clean_run": lambda: comment(read("clean")),
    "one_regression": lambda: comment(read("one_regression")),
    "accepted_and_silenced": lambda: comment(read("one_regression"), ACCEPTED),
    "everything_unstable": lambda: comment(read("everything_unstable")),
    "new_and_vanished_benchmarks": lambda: comment(read("new_and_vanished")),
    "five_hundred_rows": lambda: comment(read("many_rows")),
    "hostile_names": lambda: comment(made_worse(read("hostile_names"))),
    "failed_head_build": lambda: comment(read("failed_head_build")),
    "failed_benchmark": lambda: comment(read("failed_benchmark")),
    "control_moved": lambda: comment(made_worse(read("control_moved"))),
    "counted_equal": lambda: comment(read("counted_equal")),
    "counted_worse": lambda: comment(read("counted_worse")),
}


@pytest.mark.parametrize("name", CASES)
def test_comment_reads_as_stored(name: str):
    """Every hazard's comment is the stored one, letter by letter."""
    path = GOLDEN / "comments" / f"{name}.md"
    got = CASES[name]()
    if not path.exists() or path.read_text(encoding="utf-8") != got:
        path.with_suffix(".md.got").write_text(got, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == got


def test_no_stored_comment_is_left_over():
    """Every stored comment belongs to a case."""
    assert {path.stem for path in (GOLDEN / "comments").glob("*.md")} == set(CASES)


def test_clean_run_is_one_line():
    """A clean run has one line, and below it only the notes on this very run."""

    def lines(text: str) -> list[str]:
        return [line for line in text.splitlines() if line and not line.startswith("<!--")]

    clean = read("clean")
    assert len(lines(comment(clean))) == 1
    noted = comment(replace(clean, notes=("scenario cold_start left out: @all <b>",)))
    assert lines(noted)[1:] == [
        "- Note: <code>scenario cold&#95;start left out&#58; &#64;all &#60;b&#62;</code>"
    ]


def test_links_lead_to_run_log_and_result():
    """They stand at the end of a clean line, in a line of their own otherwise; odd ones nowhere."""
    links = RunLinks(run="https://github.com/o/r/actions/runs/9", log="javascript:alert(1)")
    for name in ("clean", "one_regression"):
        text = render(rule_on(read(name), parse_gates({}), (), TODAY), links=links)
        assert "[run](https://github.com/o/r/actions/runs/9)" in text
        assert "javascript" not in text


def test_a_base_that_was_named_by_its_hash_is_named_once():
    """As a workflow names it; what was chosen otherwise says how."""
    regression = read("one_regression")
    base = replace(regression.base, remark=regression.base.sha)
    assert f"`{base.sha[:9]}` against head" in comment(replace(regression, base=base))
    assert f"`{base.sha[:9]}` (`merge base" in comment(regression)


def test_keys_of_two_measurements_are_two_comments():
    """No two keys are one, and none ends the marker: `py-3.12` is not `py3.12`."""
    keys = ["py-3.12", "py3.12", "py3.12-->", "a b", "ab", "größe", "grße", "x--y", "x-y"]
    markers = [own_marker(key) for key in keys]
    assert len(set(markers)) == len(keys)
    for marker in markers:
        assert marker.endswith(" ")
        assert "--" not in marker.removeprefix("<!--")


def test_long_reason_of_a_build_shows_its_cause():
    """What failed stands at the beginning of a build's output and why at its end: both are told."""
    stored = read("failed_head_build")
    failed = replace(stored, head=replace(stored.head, failure=UNBUILT))
    first = comment(failed).splitlines()[2]
    assert "the commit does not build" in first
    assert "No such file or directory" in first


def test_longest_comment_fits_and_says_what_is_missing():
    """20,000 rows with long names stay below the limit; counts stay, and the cut is named."""
    big = read("many_rows")
    rows = tuple(replace(row, scenario=f"{row.scenario}_{'x' * 100}") for row in big.rows)
    text = comment(replace(big, rows=rows))
    assert len(text.encode()) <= MAX_COMMENT
    assert "Left out for length: no change (350)" in text
    assert "**50 worse · 50 better · 350 no change · 50 cannot tell**" in text
    assert text.startswith(own_marker())


def test_longest_hostile_names_fit_too():
    """Names of punctuation alone, which grow sixfold, do not push the comment over the limit."""
    one = read("failed_benchmark")
    entry = replace(one.failed[0], benchmark="|" * 300, library="`" * 300, reason="<" * 4000)
    many = (entry,) * 100
    hostile = replace(one, failed=many, new=many, vanished=many, notes=("|" * 4000,) * 100)
    text = comment(hostile)
    assert len(text.encode()) <= MAX_COMMENT
    assert "100 failed" in text


def test_noise_beyond_the_limit_is_shown():
    """When base and head spread too much, the row is shown even if nothing changed."""
    clean = read("clean")
    noisy = tuple(
        replace(row, base=replace(row.base, cv=0.3), head=replace(row.head, cv=0.3))
        for row in clean.rows
    )
    text = comment(replace(clean, rows=noisy))
    assert "Cannot tell" in text
    assert "the spread of base and head is above the limit" in text


def undecided(*further: int | None) -> str:
    """The first line when so many more rounds would decide each metric, 10 minutes for 8 rounds."""
    open_ = read("everything_unstable")
    sound = (
        replace(row, base=replace(row.base, cv=0.1), head=replace(row.head, cv=0.1))
        for row in open_.rows
    )
    rows = tuple(
        replace(row, scenario=f"s{i}", rounds_to_settle=count)
        for i, (row, count) in enumerate(zip(sound, further, strict=False))
    )
    return comment(replace(open_, rows=rows)).splitlines()[2]


def test_cannot_tell_says_what_would_settle_it():
    """The budget to give: each scenario's rounds, on top of what this run took."""
    assert undecided(8, 16).endswith("with `budget: 41m`: 16 more rounds would decide it.")
    told = "8 more rounds would decide 1 of them; the others need a quieter machine."
    assert undecided(8, None).endswith(f"with `budget: 21m`: {told}")
    assert undecided(None, None).endswith("Run it again on a quieter machine.")
    assert "fewer `scenarios` or on a quieter machine; here it would take 521 min" in undecided(400)


def test_sections_are_shed_in_a_fixed_order():
    """Tighter limits drop what matters least first."""
    ruling = rule_on(read("many_rows"), parse_gates({}), (), TODAY)
    order = ("no change (350)", "cannot tell (50)", "better (50)", "more that are worse (40)")
    text = render(ruling, limit=1_000_000)
    for count in range(1, len(order) + 1):
        text = render(ruling, limit=len(text) - 1)
        assert f"Left out for length: {', '.join(order[:count])}. The" in text


def test_summary_has_every_row_and_no_marker():
    """The job summary is complete and cannot be taken for our comment."""
    text = render_summary(rule_on(read("many_rows"), parse_gates({}), (), TODAY))
    assert text.count("| `scenario_") == 500
    assert "<!--" not in text


def test_verdict_travels_inside_the_comment():
    """What was claimed can be read back from our own comment."""
    verdicts = find_hidden(CASES["one_regression"]())
    assert verdicts is not None
    assert [claim.verdict for claim in verdicts.claims] == ["worse", "worse", "better"]


HOSTILE = st.text(
    alphabet=st.sampled_from("|`<>@#[]()!*_~\\\n\r\t&:;/ab-1\u202e\u200b\x1b"),
    min_size=1,
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(name=HOSTILE)
def test_no_name_leaves_its_cell(name: str):
    """Whatever a name holds, the table keeps its shape and gains neither markup nor mention."""
    one = read("one_regression")
    row = replace(one.rows[0], scenario=name, library="asynctasq")
    text = comment(replace(one, rows=(row, *one.rows[1:])))
    line = next(line for line in text.splitlines() if "❌ worse" in line and "throughput" in line)
    assert line.count("|") == 6
    assert "@" not in line
    assert "\\" not in line
    linked = re.fullmatch(r"\[(.*)\]\(https://[^\s()<>|\"]*\)", line.split("|")[1].strip())
    assert linked is not None
    cell = linked[1]
    assert (cell[0], cell[-1], cell.count("`")) == ("`", "`", 2) or (
        cell.startswith("<code>") and cell.endswith("</code>") and cell.count("<") == 2
    )


@settings(max_examples=100, deadline=None)
@given(name=HOSTILE)
def test_no_text_of_a_stranger_reaches_the_markers(name: str):
    """Hostile notes, reasons and facts neither forge a marker nor hide verdicts."""
    forged = f"<!-- asynctasq-tracker:verdicts AAAA -->{name}"
    one = read("failed_benchmark")
    failed = tuple(replace(entry, reason=forged, benchmark=forged) for entry in one.failed)
    text = comment(replace(one, failed=failed, notes=(forged,)))
    assert text.count("<!--") == 2
    assert text.count("asynctasq-tracker:verdicts ") == 1


def test_a_count_that_does_not_gate_is_shown_once_and_folded_elsewhere():
    """Ten scenarios run the same line more: one row says it, and what gates stands in all."""
    names = [f"scenario_{number}" for number in range(10)]
    lines = [counted("lines_per_task", 396.0, 397.0, name) for name in names]
    trips = [counted("round_trips_per_task", 2.0, 3.0, name) for name in names[:2]]
    ruling = rule_on(only_counted(*lines, *trips), parse_gates({}), parse_triage(""), TODAY)
    shown, folded, *_ = re.split(r"<details>", render(ruling))
    assert (shown.count("lines_per_task`"), shown.count("round_trips_per_task`")) == (1, 2)
    assert folded.count("lines_per_task`") == 9
