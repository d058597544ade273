"""The six questions on eight libraries with records, and on 3,072 series: right in two clicks.

What is right is read from the histories that the sites were made of, not from the sites' data.
"""

import dataclasses
import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.conftest import Served, serve, show
from tests.support.site_histories import LARGE, LIBRARIES, SMALL, make_history
from tracker.model import JudgedHistory, JudgedSeries, Verdict
from tracker.units import change, count, quantity

pytestmark = pytest.mark.browser
EIGHT = dataclasses.replace(SMALL, libraries=LIBRARIES)
SHAPES = {"eight": EIGHT, "large": LARGE}
TRACKED = "asynctasq"


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Eight libraries in three scenarios over forty commits, with run records."""
    yield from serve(tmp_path_factory.mktemp("eight"), EIGHT, runs=True)


@pytest.fixture(params=SHAPES)
def site(request: pytest.FixtureRequest) -> Served:
    """One of the two sites."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture
def truth(request: pytest.FixtureRequest, site: Served) -> JudgedHistory:
    """The history that the site shows."""
    return make_history(SHAPES[request.node.callspec.params["site"]])


def test_did_the_last_commit_make_anything_slower(
    page: Page, site: Served, truth: JudgedHistory
) -> None:
    """The first line of the first page counts what the newest commit may have made worse."""
    show(page, site, "")
    newest = len(truth.history.commits) - 1
    worse = [
        event
        for event in truth.events
        if event.verdict is Verdict.WORSE and event.earliest <= newest <= event.latest
    ]
    line = page.get_by_label("The newest measured commit")
    commit = truth.history.commits[newest]
    expect(line).to_contain_text(commit.tags[0] if commit.tags else commit.sha[:8])
    expect(line).to_contain_text(
        f"worse in {count(len(worse), 'event')}" if worse else "nothing found worse"
    )


def test_which_commit_did_it(page: Page, site: Served, truth: JudgedHistory) -> None:
    """One click on the first event: its commit, and each series that moved there."""
    show(page, site, "")
    page.locator(".events > li h3 a").first.click()
    page.locator(".forest").first.wait_for()
    said = re.search(r"got worse at ([0-9a-f]{8})", page.locator("main").inner_text())
    assert said
    (event,) = (
        event
        for event in truth.events
        if truth.history.commits[event.position].sha.startswith(said[1])
        and event.direction is Verdict.WORSE
    )
    expect(page.locator(".suspects li")).to_have_count(event.latest - event.earliest + 1)
    expect(page.locator("main")).to_contain_text(f"{len(event.members)} series of")


def test_is_it_noise(page: Page, eight: Served) -> None:
    """One click to the commit before: each difference as measured, beside what could be noise."""
    truth = make_history(EIGHT)
    show(page, eight, "")
    page.get_by_role("link", name="commit before").click()
    lines = page.locator(".forest").first.locator("li:not(.axis)")
    expect(lines.locator("svg .noise-band")).not_to_have_count(0)
    for line in lines.all()[:5]:
        one = series_of(line, truth)
        before, after = one.series.values[-2:].tolist()
        expect(line).to_contain_text(change(after / before))
        if "could be noise" in line.inner_text():
            assert abs(after / before - 1) <= one.minimum_detectable_effect * 1.1


def test_is_it_noise_among_thousands(page: Page, large: Served) -> None:
    """One click to the commit before: what changed in between, or that nothing did."""
    truth = make_history(LARGE)
    newest = len(truth.history.commits) - 1
    show(page, large, "")
    page.get_by_role("link", name="commit before").click()
    changed = [event for event in truth.events if event.position == newest]
    expect(page.locator("main")).to_contain_text("No change between the two")
    assert not changed


def test_how_do_the_libraries_compare(page: Page, eight: Served) -> None:
    """One click: the throughput of every library, and its ratio to that of the tracked one."""
    show(page, eight, "")
    page.get_by_role("link", name="Libraries", exact=True).click()
    cells = page.locator("tbody tr", has_text="Throughput").first.locator("td")
    expect(cells).to_have_count(len(LIBRARIES))
    expect(cells.first).to_contain_text("5,100 tasks/s")
    for cell in cells.all()[1:]:
        expect(cell).to_contain_text(re.compile(r"4,100 tasks/s.*worse 0\.80|failed"))


def test_how_do_libraries_without_records_compare(page: Page, large: Served) -> None:
    """One click: the newest value of each library, in each scenario."""
    show(page, large, "")
    page.get_by_role("link", name="Libraries", exact=True).click()
    bars = page.locator(".bars").first
    newest = {
        one.series.library: quantity(one.series.values[-1], "tasks/s")
        for one in make_history(LARGE).series
        if one.series.key.machine == LARGE.machines[0] and is_throughput(one)
    }
    for library in LIBRARIES:
        bar = bars.locator("li", has_text=re.compile(f"^{library}"))
        expect(bar).to_contain_text(newest[library])


def test_throughput_over_the_last_year(page: Page, site: Served, truth: JudgedHistory) -> None:
    """The first page has its newest value; a click its history, and another the last part of it."""
    show(page, site, "")
    item = page.locator(".cells li", has_text=re.compile("^Throughput")).first
    one, cell = series_of(item, truth), item.locator("a")
    assert (one.series.library, one.series.metric.name) == (TRACKED, "throughput")
    measured = one.series.values[np.isfinite(one.series.values)]
    expect(cell).to_contain_text(quantity(measured[-1], "tasks/s"))
    cell.click()
    expect(page.locator(".axis-note")).to_contain_text("in tasks/s, higher is better")
    page.get_by_role("button", name=re.compile("A year|Since the last release")).first.click()
    expect(page.get_by_role("button", name="Show the whole history")).to_be_visible()


def test_what_did_this_run_look_like(page: Page, eight: Served) -> None:
    """Two clicks: whose run it is, and its figures."""
    show(page, eight, "")
    page.locator(".cells a", has_text=re.compile("^Throughput")).first.click()
    page.get_by_role("link", name="View this run").click()
    expect(page.locator("h1")).to_contain_text(f"Basic throughput, {TRACKED} at")
    expect(page.locator(".headlines")).to_contain_text("5,100 tasks/s")


def is_throughput(one: JudgedSeries) -> bool:
    """Whether it is that of the scenario and the size that stand first."""
    key, scenario = one.series.key, one.series.title
    return (
        one.series.metric.name == "throughput"
        and scenario == LARGE.scenarios[0]
        and (dict(key.params).get("tasks") in {None, LARGE.sizes[0]})
    )


def series_of(line: Locator, truth: JudgedHistory) -> JudgedSeries:
    """The series that a line links to."""
    link = line.locator("a").first.get_attribute("href") or ""
    found = re.search(r"series/([^?]+)", link)
    assert found, link
    return next(one for one in truth.series if one.series.id == found[1])
