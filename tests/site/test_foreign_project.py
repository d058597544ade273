"""The site of an asv project that is not ours, and of one without results: nothing looks alike."""

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.site.conftest import Served, describe, serve, serving, show
from tests.site.test_real_results import publish
from tests.support.site_histories import SMALL
from tests.support.site_walks import tall_views

pytestmark = pytest.mark.browser
SHAPE = Shape(commits=40, benchmarks=12, params=3, machines=2, samples=3)
BENCHMARKS = [f"suite_{i // 10}.Suite.time_job_{i}" for i in range(SHAPE.benchmarks)]


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Twelve benchmarks in two modules, three values of a parameter, two machines; no library."""
    folder = tmp_path_factory.mktemp("foreign")
    write_tree(folder, SHAPE)
    publish(folder)
    with serving(folder / "site") as address:
        yield describe(folder / "site", address)


def test_no_view_is_long_on_a_phone(browser: Browser, foreign: Served) -> None:
    """What there is much of is folded, with a way to all of it."""
    own = {"overview", "series", "commit", "all", "events", "event", "changes", "method"}
    views = {name: place for name, place in foreign.views().items() if name in own}
    assert tall_views(browser, foreign, views | {"list-page": "list/1.html"}) == {}


def test_plain_pages_show_everything_where_there_is_room(browser: Browser, foreign: Served) -> None:
    """Rows that a phone folds stand open on a wide screen, and open on a phone by one tap."""
    for width, shown in ((1280, True), (390, False)):
        with browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=False
        ) as context:
            page = context.new_page()
            page.goto(f"{foreign.address}list/1.html")
            expect(page.locator("table.series tbody tr").last).to_be_visible(visible=shown)
            if not shown:
                page.get_by_text(f"Show all {len(foreign.table.id)} series").click()
                expect(page.locator("table.series tbody tr").last).to_be_visible()


def test_every_series_has_a_name_of_its_own(page: Page, foreign: Served) -> None:
    """Name and machine of no two rows are alike, in the list and on the plain page."""
    show(page, foreign, "#/?rows=1000")
    table = page.locator("table.series tbody tr")
    expect(table).to_have_count(len(foreign.table.id))
    rows = page.eval_on_selector_all(
        "table.series tbody tr",
        "rows => rows.map(row => row.cells[0].innerText + ' | ' + row.cells[1].innerText)",
    )
    assert len(set(rows)) == len(rows) == SHAPE.benchmarks * SHAPE.params * SHAPE.machines
    show(page, foreign, "list/1.html")
    assert len(set(table.all_inner_texts())) == len(rows)


def test_the_full_name_finds_a_benchmark(page: Page, foreign: Served) -> None:
    """The search that a comment on a pull request links to finds that benchmark and no other."""
    show(page, foreign, f"#/?q={BENCHMARKS[-1]}")
    names = page.locator("table.series tbody th").all_inner_texts()
    assert len(names) == SHAPE.params * SHAPE.machines
    assert all(name.startswith(BENCHMARKS[-1]) for name in names)


def test_a_series_is_set_beside_its_own_benchmark_only(page: Page, foreign: Served) -> None:
    """What is offered beside a series differs in machine or parameter, never in the benchmark."""
    show(page, foreign, f"#/series/{foreign.table.id[foreign.worst]}")
    expect(page.locator("h1")).to_contain_text("Suite.time_job_")
    offers = page.locator(".choices label")
    expect(offers).to_have_count(SHAPE.machines - 1 + SHAPE.params - 1)
    page.get_by_label("Across").select_option(index=2)
    expect(page.locator(".data-table tbody tr")).to_have_count(SHAPE.params)


def test_no_two_lines_of_a_picture_are_named_alike(page: Page, foreign: Served) -> None:
    """Where a benchmark ran on two machines, the pictures of differences tell them apart."""
    show(page, foreign, "#/compare")
    names = page.locator(".forest .what").all_inner_texts()
    assert len(names) > 2
    assert len(set(names)) == len(names)


def test_a_verdict_never_runs_against_its_difference(page: Page, foreign: Served) -> None:
    """Where a later change took back a part of an earlier one, no line is faster and "worse"."""
    show(page, foreign, f"#/compare?base={foreign.commits.sha[0]}&head={foreign.commits.sha[-1]}")
    lines = page.locator(".forest li:not(.axis)")
    expect(lines.filter(has_text="changed both ways").first).to_be_visible()
    for line in lines.all():
        faster = line.locator("b.number").inner_text().startswith("-")
        assert line.locator(".verdict.worse").count() == 0 or not faster
        assert line.locator(".verdict.better").count() == 0 or faster


def test_libraries_that_are_not_there_are_not_compared(page: Page, foreign: Served) -> None:
    """A comparison without libraries says so instead of setting every series beside itself."""
    show(page, foreign, "#/compare?a=&b=")
    expect(page.locator("main")).to_contain_text("do not have two libraries")
    expect(page.locator("tbody tr")).to_have_count(0)


def test_no_view_speaks_of_libraries(page: Page, foreign: Served) -> None:
    """Without libraries there is no page of them in the menu, and no view draws an empty name."""
    for place in ("", "#/changes", "#/compare", "#/method", f"#/commit/{foreign.commits.sha[-1]}"):
        show(page, foreign, place)
        assert page.locator("nav a", has_text="Libraries").count() == 0, place
        assert page.locator(".library").count() == 0, place
        assert page.locator(".problem").count() == 0, place
    expect(page.locator("main")).to_contain_text("Table of all series")
    show(page, foreign, "#/method")
    expect(page.locator("main")).to_contain_text("By asv")
    show(page, foreign, "#/libraries")
    expect(page.locator("main")).to_contain_text("only one library")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Forty commits of which none has been measured."""
    nothing = dataclasses.replace(SMALL, scenarios=())
    yield from serve(tmp_path_factory.mktemp("empty"), nothing, runs=False)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("", "No results yet"),
        ("#/changes", "No changes detected"),
        ("#/compare", "Select two measured commits"),
        ("#/libraries", "only one library"),
        ("#/method", "0 series"),
    ],
)
def test_a_site_without_results_says_so(page: Page, empty: Served, place: str, text: str) -> None:
    """Every view of a site without results opens and says what is missing."""
    show(page, empty, place)
    expect(page.locator("main")).to_contain_text(text)


def test_a_commit_without_results_says_so(page: Page, empty: Served) -> None:
    """A commit at which nothing was measured does not list every series as missing."""
    show(page, empty, f"#/commit/{empty.commits.sha[-1]}")
    expect(page.locator("main")).to_contain_text("was not measured")
