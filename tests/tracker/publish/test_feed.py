"""Feeds and badges: what other programs read of a site."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from tests.support.site_histories import SMALL, foreign, make_history, scaled
from tracker.model import Outcome, Verdict
from tracker.publish.site import publish
from tracker.site_data.badges import GREEN, GREY, make_badges
from tracker.site_data.build import Extras, plan_site

ATOM = "{http://www.w3.org/2005/Atom}"


def read_xml(path: Path) -> ET.Element:
    """The root of an XML file that we wrote ourselves."""
    return ET.parse(path).getroot()  # noqa: S314  # our own output


def entry_ids(path: Path) -> list[str]:
    """The identities of a feed."""
    return [e.findtext(f"{ATOM}id") or "" for e in read_xml(path).iter(f"{ATOM}entry")]


def test_the_feed_is_atom(published: Path) -> None:
    """Feed and entries have id, title and updated; identities are unique tag: addresses."""
    root = read_xml(published / "feed.xml")
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}")
    ids = entry_ids(published / "feed.xml")
    assert len(ids) == len(set(ids)) > 5
    assert all(re.fullmatch(r"tag:example\.org,2026:[\w.-]+/\w+/\w+", i) for i in ids)
    assert set(entry_ids(published / "feed-worse.xml")) < set(ids)


def test_a_change_too_small_to_matter_is_no_news(published: Path, tmp_path: Path) -> None:
    """A step below the floor of its metric is on the lists of the site, and in no feed."""
    judged = make_history()
    (number, one), *_ = ((i, one) for i, one in enumerate(judged.series) if one.changes)
    small = tuple(replace(change, verdict=Verdict.NO_CHANGE) for change in one.changes)
    series = list(judged.series)
    series[number] = replace(one, changes=small, verdict=Verdict.NO_CHANGE)
    publish(replace(judged, series=tuple(series)), tmp_path / "other")
    gone = set(entry_ids(published / "feed.xml")) - set(entry_ids(tmp_path / "other/feed.xml"))
    assert gone
    assert all(f"/{one.series.id}/" in entry for entry in gone)


def test_feed_identities_survive_better_numbers(published: Path, tmp_path: Path) -> None:
    """Refined values keep the identity of an entry, so no reader sees it twice."""
    publish(scaled(make_history(), 1.001), tmp_path / "other")
    assert entry_ids(tmp_path / "other/feed.xml") == entry_ids(published / "feed.xml")


def test_feed_identities_survive_a_commit_measured_later(published: Path, tmp_path: Path) -> None:
    """A commit that is measured between two others makes no entry new that it did not bring."""
    judged = make_history()
    others = tuple(
        commit if i % 2 else replace(commit, sha="f" * 20 + commit.sha[:20])
        for i, commit in enumerate(judged.history.commits)
    )
    publish(replace(judged, history=replace(judged.history, commits=others)), tmp_path / "other")
    before = [id_ for id_ in entry_ids(published / "feed.xml") if not at_even_commit(id_)]
    after = [id_ for id_ in entry_ids(tmp_path / "other/feed.xml") if "/" + "f" * 12 not in id_]
    assert after == before
    assert len(after) > 5


def at_even_commit(identity: str) -> bool:
    """Whether an entry speaks of a commit at an even position."""
    shas = [commit.sha for commit in make_history().history.commits[::2]]
    return any(sha.startswith(identity.rpartition("/")[2]) for sha in shas)


def test_every_entry_leads_to_its_change(published: Path) -> None:
    """Each entry links to a page of the site and to a place on it; times are those of commits."""
    dates = {commit.date_ms // 1000 for commit in make_history().history.commits}
    root = read_xml(published / "feed.xml")
    times = []
    for entry in root.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        page, _, anchor = link.get("href", "").partition("#")
        assert f'id="{anchor}"' in (published / page).read_text(encoding="utf-8")
        times.append(datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or ""))
        assert times[-1].timestamp() in dates
    assert times == sorted(times, reverse=True)
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated") or "") == times[0]


def test_badges_follow_the_endpoint_schema(published: Path) -> None:
    """Every badge is there as a drawing and as an endpoint of version 1 with a message."""
    drawings = {path.stem for path in (published / "badge").glob("*.svg")}
    for path in (published / "badge").glob("*.json"):
        badge = msgspec.json.decode(path.read_bytes())
        assert badge["schemaVersion"] == 1
        assert badge["label"]
        assert badge["message"]
    assert drawings == {path.stem for path in (published / "badge").glob("*.json")}
    assert {"status", "library-asynctasq", "scenario-io-bound"} <= drawings


def test_a_badge_claims_no_more_than_is_known() -> None:
    """No change is green only where most series can tell; where none can, the badge says so."""
    rows = plan_site(make_history(), Extras()).rows
    quiet = [row for row in rows if row.judged.verdict is Verdict.NO_CHANGE][:4]

    def status(blind: int) -> tuple[str, str]:
        judged = [
            replace(row.judged, verdict=Verdict.CANNOT_TELL) if i < blind else row.judged
            for i, row in enumerate(quiet)
        ]
        shown = [
            replace(row, judged=one, outcome=Outcome.MEASURED)
            for row, one in zip(quiet, judged, strict=True)
        ]
        badge = make_badges(shown)[0]
        return badge.message, badge.color

    assert status(0) == ("no change", GREEN)
    assert status(1) == ("no change in 3 of 4", GREEN)
    assert status(3) == ("no change in 1 of 4", GREY)
    assert status(4) == ("cannot tell", GREY)


def test_entries_of_other_projects_are_told_apart(tmp_path: Path) -> None:
    """Without a library the title is the full name with its parameters, and no badge is by name."""
    publish(foreign(make_history()), tmp_path)
    titles = [
        e.findtext(f"{ATOM}title") for e in read_xml(tmp_path / "feed.xml").iter(f"{ATOM}entry")
    ]
    assert len(titles) > 5
    assert all(re.match(r"\w[\w ]+: suite\.Suite\.time_\d+\(3\) ", str(title)) for title in titles)
    assert {path.stem for path in (tmp_path / "badge").iterdir()} == {"status"}


def test_a_history_of_no_project_has_a_name(tmp_path: Path) -> None:
    """Imported results name none: titles and authors are not empty, as Atom asks."""
    judged = make_history()
    publish(replace(judged, history=replace(judged.history, project="")), tmp_path)
    root = read_xml(tmp_path / "feed.xml")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "history"
    assert root.findtext(f"{ATOM}title") == "history: all changes"
    pages = [tmp_path / "index.html", *(tmp_path / "change").iterdir()]
    titles = [re.search("<title>(.*?)</title>", page.read_text()) for page in pages]
    assert all(title and title[1].startswith("history: ") for title in titles)


def test_commits_without_a_subject_leave_no_gap_in_feeds(tmp_path: Path) -> None:
    """Of a history without its repository only the hash of a commit is known."""
    judged = make_history()
    bare = tuple(replace(one, subject="", author="") for one in judged.history.commits)
    publish(replace(judged, history=replace(judged.history, commits=bare)), tmp_path)
    summaries = re.findall("<summary.*?>(.*?)</summary>", (tmp_path / "feed.xml").read_text())
    assert len(summaries) > 5
    assert all(re.search(r"at [0-9a-f]{12}$", summary) for summary in summaries)


def test_hostile_names_are_text_in_feeds_and_badges(tmp_path: Path) -> None:
    """Names that are markup make no element of any feed or drawing."""
    publish(make_history(replace(SMALL, hostile=True)), tmp_path)
    files = [*tmp_path.glob("*.xml"), *(tmp_path / "badge").glob("*.svg")]
    assert len(files) > 2
    for path in files:
        names = {element.tag.split("}")[-1] for element in read_xml(path).iter()}
        assert not names & {"img", "script"}
