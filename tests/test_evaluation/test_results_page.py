"""RESULTS.md: what is measured goes between its markers, with its date."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.evaluation.results_page import (
    RESULTS,
    MissingMarkersError,
    add_row,
    check_markers,
    write_table,
)
from tests.evaluation.side_by_side.__main__ import TITLES
from tests.evaluation.speed import SHAPES

PAGE = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n<!-- y: begin -->\n<!-- y: end -->\n"


def test_a_table_replaces_what_stood_between_its_markers(tmp_path: Path):
    """It comes under the day and the number of cores; the rest of the page stays."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    write_table("x", "new\n", page)

    changed = page.read_text(encoding="utf-8")
    stamp, table = re.findall(r"begin -->\n(.+)\n\n(.+)\n<!-- x", changed)[0]
    assert table == "new"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d, \d+ cores", stamp)
    assert stamp.startswith(f"{datetime.now(tz=UTC):%Y-%m-}")
    assert changed.startswith("a\n<!-- x: begin -->\n")
    assert changed.endswith("<!-- x: end -->\nb\n<!-- y: begin -->\n<!-- y: end -->\n")


def test_a_row_is_added_to_those_that_are_there(tmp_path: Path):
    """The header comes with the first one; what a run took a quarter of an hour for is kept."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    for row in ("| 1 |", "| 2 |"):
        add_row("y", "| n |\n|---|", row, page)

    expected = "<!-- y: begin -->\n| n |\n|---|\n| 1 |\n| 2 |\n<!-- y: end -->\n"
    assert page.read_text(encoding="utf-8") == PAGE.replace(
        "<!-- y: begin -->\n<!-- y: end -->\n", expected
    )


@pytest.mark.parametrize("text", ["", PAGE.replace("<!-- x: end -->", ""), PAGE + PAGE])
def test_a_page_without_a_place_for_the_table_is_refused_and_kept(tmp_path: Path, text: str):
    """A marker that is missing or there twice ends the program with a sentence."""
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")

    with pytest.raises(MissingMarkersError, match=r"page\.md needs one <!-- x: begin -->"):
        write_table("x", "new", page)

    assert page.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "name",
    [
        "scoreboard",
        "spread",
        "published",
        *(f"planted {size} {where}" for size in ("full", "quick")
          for where in ("worker", "dispatcher")),
        *(f"live {size} worker" for size in ("full", "quick")),
        *(f"sites {tree}" for tree in TITLES if tree != "small"),
        *(f"speed {tree}" for tree in SHAPES if tree != "small"),
    ],
)  # fmt: skip
def test_every_table_of_a_program_has_its_place(name: str):
    """RESULTS.md has both markers of each table, with a date below the first."""
    check_markers(name)
    begin = RESULTS.read_text(encoding="utf-8").partition(f"<!-- {name}: begin -->\n")[2]
    assert re.match(r"\d{4}-\d\d-\d\d, \d+ cores\n\n", begin)
