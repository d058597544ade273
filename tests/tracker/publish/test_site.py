"""Publishing: the same again changes nothing, never half a site, never somebody else's folder."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from tests.support.site_histories import (
    SMALL,
    foreign,
    in_two_environments,
    make_commits,
    make_history,
    scaled,
)
from tests.support.site_records import with_records
from tracker.errors import DataError, UsageError
from tracker.model import Fate, History, JudgedHistory
from tracker.publish import site as site_module
from tracker.publish.folder import GRACE, open_folder
from tracker.publish.pages import MOST_SUSPECTS, POLICY
from tracker.publish.site import publish
from tracker.site_data.build import Extras, PlannedFile, packed_path, plan_site
from tracker.site_data.schema import MARKER

HOSTILE = dataclasses.replace(SMALL, hostile=True)


def contents(folder: Path) -> dict[str, tuple[str, int]]:
    """Hash and time of change of every file below *folder*."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def without_changes(judged: JudgedHistory) -> JudgedHistory:
    """The same history in which nothing changed."""
    series = tuple(dataclasses.replace(one, changes=()) for one in judged.series)
    return dataclasses.replace(judged, series=series)


class Parsed(HTMLParser):
    """Collects tags with their attributes, and text."""

    def __init__(self, text: str) -> None:
        """Parse *text*."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data


def test_publishing_the_same_again_touches_no_file(published: Path) -> None:
    """Unchanged results change no byte and no time of change."""
    before = contents(published)
    done = publish(with_records(make_history(), SMALL), published)
    assert contents(published) == before
    assert done.written == 0


def test_a_deleted_data_file_is_written_again(published: Path) -> None:
    """A folder that lost one data file is mended, though nothing was measured anew."""
    lost = next((published / "data/series").iterdir())
    content = lost.read_bytes()
    lost.unlink()
    done = publish(with_records(make_history(), SMALL), published)
    assert (lost.read_bytes(), done.written) == (content, 1)


def test_a_first_build_that_broke_off_is_not_trusted(published: Path, tmp_path: Path) -> None:
    """Half a file that an unfinished first build left is written anew."""
    whole = next((published / "data/series").iterdir())
    site = tmp_path / "unfinished"
    open_folder(site)
    half = site / "data/series" / whole.name
    half.parent.mkdir(parents=True)
    half.write_bytes(whole.read_bytes()[:100])

    publish(with_records(make_history(), SMALL), site)

    assert half.read_bytes() == whole.read_bytes()


def test_an_unchanged_series_keeps_its_file(published: Path) -> None:
    """When one series gets a point, the files of the others are not written."""
    judged = make_history()
    one = judged.series[0]
    moved = dataclasses.replace(
        one, series=dataclasses.replace(one.series, values=one.series.values * 1.01)
    )
    before = contents(published)
    changed = dataclasses.replace(judged, series=(moved, *judged.series[1:]))
    publish(with_records(changed, SMALL), published)
    after = contents(published)
    new = {name for name in after if after[name] != before.get(name)}
    assert len([name for name in new if name.startswith("data/series/")]) == 1


def test_a_new_commit_leaves_the_pages_of_old_changes_alone(published: Path) -> None:
    """A point more since a change is no news: of its page nothing is written."""
    judged = make_history()
    before = contents(published)
    later = [
        dataclasses.replace(
            one,
            changes=tuple(
                dataclasses.replace(
                    each,
                    change=dataclasses.replace(
                        each.change, points_since=each.change.points_since + 1
                    ),
                )
                for each in one.changes
            ),
        )
        for one in judged.series
    ]
    publish(with_records(dataclasses.replace(judged, series=tuple(later)), SMALL), published)
    after = contents(published)
    new = {name for name in after if after[name] != before.get(name)}
    assert new
    assert not [name for name in new if name.startswith("change/")]


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """Somebody's own folder is left as it is."""
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError, match="not a site"):
        publish(make_history(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """An output that is a file is a usage error that names it."""
    (tmp_path / "site").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="not a folder"):
        publish(make_history(), tmp_path / "site")


def test_a_damaged_marker_is_named(published: Path) -> None:
    """A marker that cannot be read stops publishing with its name."""
    (published / MARKER).write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(MARKER)):
        publish(make_history(), published)


def test_a_full_disk_leaves_the_old_site(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails half-way, the page that readers open still names complete data."""
    before = (published / "index.html").read_bytes()
    plan_site = site_module.plan_site

    def no_room() -> bytes:
        raise OSError(28, "No space left on device")

    def broken(judged: JudgedHistory, extras: Extras) -> object:
        plan = plan_site(judged, extras)
        middle = len(plan.files) // 2
        bad = PlannedFile(path="data/series/x.json.gz", make=no_room)
        return dataclasses.replace(plan, files=(*plan.files[:middle], bad, *plan.files[middle:]))

    monkeypatch.setattr(site_module, "plan_site", broken)
    with pytest.raises(DataError, match="No space left"):
        publish(scaled(make_history(), 2.0), published)
    assert (published / "index.html").read_bytes() == before
    assert all_named_files_exist(published)
    assert not list(published.rglob(".writing-*"))


def all_named_files_exist(folder: Path) -> bool:
    """Whether everything that the index and the finders name is there."""
    latest = msgspec.json.decode((folder / "latest.json").read_bytes())
    index = msgspec.json.decode((folder / latest["index"]).read_bytes())
    names = [name for name in index["names"].values() if name and isinstance(name, str)]
    names += index["names"]["sparks"]
    for path in index["names"]["finders"]:
        finder = msgspec.json.decode((folder / path).read_bytes())
        names += [path, *(packed_path("series", file) for file in finder["file"])]
    return all((folder / name).is_file() for name in names)


def test_everything_that_is_named_exists(published: Path) -> None:
    """The index and the finders name only files that are there."""
    assert all_named_files_exist(published)


def test_old_files_stay_for_a_while(published: Path) -> None:
    """Data of an old build can be read through the grace, and are gone after it."""
    old = {path.name for path in (published / "data/series").iterdir()}
    for i in range(GRACE):
        publish(scaled(make_history(), 2.0 + i), published)
        assert old <= {path.name for path in (published / "data/series").iterdir()}
    publish(scaled(make_history(), 1.5), published)
    assert not old & {path.name for path in (published / "data/series").iterdir()}
    assert all_named_files_exist(published)


def test_a_change_that_vanished_keeps_its_page(published: Path) -> None:
    """A link to a change works after the change was taken back, and says so."""
    page = next((published / "change").iterdir())
    assert "Before" in page.read_text(encoding="utf-8")
    publish(without_changes(make_history()), published)
    assert "There is no change at this commit any more" in page.read_text(encoding="utf-8")


def test_readable_pages_name_every_change(published: Path) -> None:
    """Each change is on the page of its commit as text, with size, interval and verdict."""
    judged = make_history()
    found = 0
    for one in judged.series:
        for item in one.changes:
            sha = judged.history.commits[int(one.series.positions[item.change.index])].sha
            text = (published / f"change/{sha[:12]}.html").read_text(encoding="utf-8")
            section = text.split(f'id="c-{one.series.id}"')[1].split("</section>")[0]
            assert item.verdict.value in section
            assert "95 % interval" in section
            found += 1
    assert found > 5


def test_rows_of_other_projects_are_told_apart(tmp_path: Path) -> None:
    """Benchmarks of one module have their full names; there is no talk of libraries."""
    judged = foreign(make_history())
    publish(judged, tmp_path / "s")
    text = Parsed((tmp_path / "s/list/1.html").read_text(encoding="utf-8")).text
    assert all(one.series.key.benchmark in text for one in judged.series)
    assert "Libraries" not in text


def test_two_environments_are_told_apart(tmp_path: Path) -> None:
    """Series that differ in their environment alone say so, in the lists and the latest changes."""
    publish(in_two_environments(make_history()), tmp_path / "s")
    for name in ("index.html", "list/1.html"):
        text = Parsed((tmp_path / "s" / name).read_text(encoding="utf-8")).text
        assert "runner-a, uv-py3.13" in text
        assert "runner-a, uv-py3.14" in text
    lately = (tmp_path / "s/index.html").read_text(encoding="utf-8").split('class="lately"')[1]
    assert ">runner-a, uv-py3.1" in lately.partition("</ul>")[0]


def test_the_first_page_says_what_happened_without_a_script(tmp_path: Path) -> None:
    """The most urgent events, each with its size and commit, and a link to that commit's page."""
    judged = make_history()
    publish(judged, tmp_path / "s")
    page = (tmp_path / "s/index.html").read_text(encoding="utf-8")
    told = page.split('class="lately"')[1].partition("</ul>")[0].split("<li>")[1:]
    urgent = plan_site(judged).index.events
    assert len(told) == len(urgent) > 0
    for item, event in zip(told, urgent, strict=True):
        assert event.verdict in item
        assert f'href="change/{event.commit.sha}.html"' in item
        assert (tmp_path / f"s/change/{event.commit.sha}.html").exists()


def test_the_first_page_does_not_call_undone_what_is_not_measured(tmp_path: Path) -> None:
    """Readers without a script read what became of each event, and so does the app."""
    judged = make_history()
    events = tuple(dataclasses.replace(one, fate=Fate.UNMEASURED) for one in judged.events)
    publish(dataclasses.replace(judged, events=events), tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "no longer measured" in page
    assert "over by now" not in page
    (data,) = (tmp_path / "data").glob("events-*.json")
    assert set(json.loads(data.read_bytes())["fate"]) == {"unmeasured"}


def test_pages_load_nothing_from_elsewhere(published: Path) -> None:
    """Every link, script and picture is relative, and every page carries the policy."""
    for path in published.rglob("*.html"):
        parsed = Parsed(path.read_text(encoding="utf-8"))
        policies = [
            attributes["content"]
            for tag, attributes in parsed.tags
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies == [POLICY]
        for tag, attributes in parsed.tags:
            address = attributes.get("src") or attributes.get("href") or ""
            outside = address.startswith(("http:", "https:", "//", "/"))
            assert not outside or (tag == "a" and "example.org" in address), address
            assert "style" not in attributes


def test_hostile_names_are_text(tmp_path: Path) -> None:
    """Names that are markup appear as text in every page."""
    publish(with_records(make_history(HOSTILE), HOSTILE), tmp_path / "s")
    pages = list((tmp_path / "s").rglob("*.html"))
    assert pages
    for path in pages:
        parsed = Parsed(path.read_text(encoding="utf-8"))
        assert not [1 for tag, _ in parsed.tags if tag == "img"]
        scripts = [
            attributes.get("src") or "" for tag, attributes in parsed.tags if tag == "script"
        ]
        assert all("assets/" in source for source in scripts)
    assert "window.hacked=1" in Parsed((tmp_path / "s/index.html").read_text("utf-8")).text


@pytest.mark.parametrize(
    "empty",
    [
        lambda: History(
            project="", commits=(), series=(), environments=(), excluded=(), show_commit_url=""
        ),
        lambda: dataclasses.replace(make_history().history, series=(), commits=make_commits(SMALL)),
    ],
    ids=["nothing", "commits only"],
)
def test_an_empty_history_has_a_site(tmp_path: Path, empty: Callable[[], History]) -> None:
    """Without any series the site says so, and how to go on."""
    judged = JudgedHistory(history=empty(), series=(), events=(), expected_false_alarms=0.0)
    publish(judged, tmp_path / "site")
    assert "No results yet" in (tmp_path / "site/index.html").read_text(encoding="utf-8")


def test_the_commits_of_a_page_are_listed_once(tmp_path: Path) -> None:
    """The changes of a page that came with some of the same commits share their list, by links."""
    publish(make_history(), tmp_path)
    pages = [path.read_text() for path in sorted((tmp_path / "change").iterdir())]
    for page in pages:
        listed = re.findall(r'<li id="([^"]+)">', page)
        assert len(listed) == len(set(listed))
        linked = re.findall(r'href="#([0-9a-f]+)">([0-9,]+) commits</a>', page)
        for first, number in linked:
            assert len(listed[listed.index(first) :]) >= min(int(number), MOST_SUSPECTS)
        assert bool(listed) == bool(linked)
    assert any(page.count(" commits</a>") > 1 for page in pages)
