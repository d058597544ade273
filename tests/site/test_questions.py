"""The six questions of a maintainer: from the first page to the right answer in two clicks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.site.conftest import Served, describe, serving, show
from tests.site.test_real_results import publish
from tests.support.real_results import lay_out

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Releases of AsyncTasQ, measured."""
    folder = tmp_path_factory.mktemp("questions")
    lay_out(folder)
    publish(folder)
    with serving(folder / "site") as address:
        yield describe(folder / "site", address)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An asv project that is not ours, without libraries."""
    folder = tmp_path_factory.mktemp("foreign-questions")
    write_tree(folder, Shape(commits=40, benchmarks=12, params=3, machines=2, samples=3))
    publish(folder)
    with serving(folder / "site") as address:
        yield describe(folder / "site", address)


def test_did_the_last_commit_make_anything_slower(page: Page, real: Served) -> None:
    """Every page says so first: nothing was found, and how many series are too noisy to tell."""
    answer = real.index.answer
    assert answer.last.worse == 0
    assert answer.series // 2 < answer.clear < answer.series
    for place in ("", "#/method", "#/events"):
        show(page, real, place)
        line = page.get_by_label("The newest measured commit")
        expect(line).to_contain_text("v1.7.0")
        expect(line).to_contain_text("nothing found worse than the commit before")
        line.get_by_role(
            "link", name=f"{answer.cannot_tell} series of asynctasq cannot tell"
        ).click()
        expect(page.locator(".filters [role=status]")).to_have_text(f"{answer.cannot_tell} series")


def test_what_still_stands_is_one_click_away(page: Page, foreign: Served) -> None:
    """The sentence counts what is still worse and leads to just these events."""
    show(page, foreign, "")
    count = foreign.index.answer.standing.worse
    assert count > 1
    page.get_by_role("link", name=f"Still worse: {count} events").click()
    expect(page.locator(".events > li")).to_have_count(count)
    expect(page.locator(".events > li > h3 .verdict.worse")).to_have_count(count)


def test_which_commit_did_it(page: Page, foreign: Served) -> None:
    """An event names its commit; one click shows its series, a picture and the whole range."""
    show(page, foreign, "")
    first = foreign.index.events[0]
    page.locator(".events > li h3 a").first.click()
    expect(page).to_have_url(re.compile(first.id))
    expect(page.locator("main")).to_contain_text(first.commit.sha[:8])
    expect(page.locator(".forest li:not(.axis)")).to_have_count(first.series)
    expect(page.locator(".suspects li")).to_have_count(first.suspects)


def test_is_it_noise(page: Page, real: Served) -> None:
    """Compared with the commit before, each difference lies over the band of what is noise."""
    show(page, real, "")
    page.get_by_role("link", name="commit before").click()
    lines = page.locator(".forest").first.locator("li:not(.axis)")
    expect(lines.filter(has_text="Median latency")).to_contain_text("+93.0 %")
    expect(lines.locator("svg .noise-band")).not_to_have_count(0)
    expect(page.locator(".forest").first).to_contain_text("could be noise")


def test_how_do_the_libraries_compare(page: Page, real: Served) -> None:
    """One click shows every important metric of both, and any library can be the base."""
    show(page, real, "")
    page.get_by_role("link", name="Libraries").click()
    row = page.locator("tbody tr", has_text="Throughput").first
    expect(row).to_contain_text("390 tasks/s")
    expect(row.locator(".verdict.worse")).to_contain_text("0.35")
    page.get_by_role("combobox", name="against").select_option("celery")
    expect(row.locator(".verdict.better")).to_contain_text("2.84")


def test_throughput_over_time(page: Page, real: Served) -> None:
    """The first charts hold throughput; one click shows its history with legend, unit and axis."""
    show(page, real, "")
    cell = page.locator(".cells a", has_text="Throughput").first
    expect(cell).to_contain_text("390 tasks/s")
    cell.click()
    expect(page.locator("h1")).to_contain_text("Throughput")
    expect(page.locator(".chart-legend")).to_contain_text("99 % interval of the value")
    expect(page.locator(".axis-note")).to_contain_text("in tasks/s, higher is better")
    page.get_by_label("From zero").check()
    expect(page.locator(".axis-note")).to_contain_text("the axis starts at zero")


def test_what_did_this_run_look_like(page: Page, real: Served) -> None:
    """From the chart's point the run opens: whose it is, its figures, and that no task was lost."""
    show(page, real, "")
    page.locator(".cells a", has_text="Throughput").first.click()
    page.get_by_role("link", name="View this run").click()
    expect(page.locator("h1")).to_contain_text("Basic throughput, asynctasq at")
    figures = page.locator(".headlines")
    expect(figures).to_contain_text("390 tasks/s")
    expect(figures).to_contain_text(re.compile(r"Lost tasks\s*0 tasks"))
    expect(figures).to_contain_text(re.compile(r"Tasks that ran twice\s*0 tasks"))


def test_search_is_a_key_away_on_every_page(page: Page, foreign: Served) -> None:
    """The key / leads to the search from anywhere, and Enter lists what it finds."""
    show(page, foreign, "#/method")
    page.keyboard.press("/")
    page.keyboard.type("time_job_3")
    page.keyboard.press("Enter")
    expect(page.locator("table.series tbody tr")).to_have_count(6)
    page.locator("h1").evaluate("one => document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("search")


def test_many_benchmarks_are_groups_that_open(page: Page, foreign: Served) -> None:
    """A foreign project's benchmarks are folded by module; a group lists its own when opened."""
    show(page, foreign, "")
    groups = page.locator("details.group")
    expect(groups).to_have_count(2)
    expect(page.locator("table.series")).to_have_count(0)
    groups.last.locator("summary").click()
    expect(groups.last.locator("table.series tbody tr")).to_have_count(12)


def test_no_page_of_the_demo_is_long_on_a_phone(page: Page, real: Served) -> None:
    """On a phone no view of the demo is higher than 3,000 pixels."""
    page.set_viewport_size({"width": 375, "height": 800})
    newest = real.commits.sha[-1]
    run = f"#/run/{newest}?library=asynctasq"
    for place in ("", "#/events", "#/libraries", "#/compare", f"#/commit/{newest}", run):
        show(page, real, place)
        assert page.evaluate("document.documentElement.scrollHeight") <= 3000, place
