"""The pages without JavaScript: that they show what the app, which takes over, shows too."""

import dataclasses
import re
from pathlib import Path

import msgspec

from tests.support.site_histories import SMALL, make_history
from tracker.publish.pages import pieces
from tracker.publish.site import publish
from tracker.publish.svg import spark_path

LONG = dataclasses.replace(SMALL, commits=600, samples=0)


def test_the_app_draws_the_same_sparklines(tmp_path: Path) -> None:
    """The overview's sparklines are those of the data, also where the change came long ago."""
    publish(make_history(LONG), tmp_path / "site")
    latest = msgspec.json.decode((tmp_path / "site/latest.json").read_bytes())
    index = msgspec.json.decode((tmp_path / "site" / latest["index"]).read_bytes())
    sparks = msgspec.json.decode((tmp_path / "site" / index["names"]["sparks"][0]).read_bytes())
    page = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    drawn = re.findall(r'<td class="spark".*?<path d="(.*?)"/>', page)
    assert len(drawn) > 20
    assert drawn == [spark_path(line) for line in sparks["line"][: len(drawn)]]
    assert any(mark is not None and mark < 55 for mark in sparks["mark"])


def test_a_single_page_of_all_series_counts_no_pages(tmp_path: Path) -> None:
    """A list that has room on one page does not offer others."""
    publish(make_history(), tmp_path / "site")
    assert 'aria-label="Pages"' not in (tmp_path / "site/list/1.html").read_text(encoding="utf-8")


def test_long_names_break_between_their_words_as_in_the_app() -> None:
    """Modules, and the words of what is longer than twenty letters; the name stays the same."""
    name = "cases.Suite.time_vectorised_GroupBy_of_many"
    assert pieces(name) == [
        "cases.",
        "Suite.",
        "time_",
        "vectorised_",
        "Group",
        "By_",
        "of_",
        "many",
    ]
    assert "".join(pieces(name)) == name
