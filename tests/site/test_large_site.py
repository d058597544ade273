"""The large site (3,072 series, 2,000 commits) as a reader walks it."""

import re

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import ALL, Served, show, unfold, wait
from tests.support.site_walks import THEMES, WIDTHS, dead_links, misfits, tall_views
from tracker.site_data.schema import ChangeTable

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_fits(browser: Browser, large: Served, axe: str, width: int, theme: str) -> None:
    """Each view has heading and text, keeps the rules of axe and never scrolls sideways."""
    assert misfits(browser, large, large.views(), width, theme, site="large", axe=axe) == []


def test_no_view_is_long_on_a_phone(browser: Browser, large: Served) -> None:
    """What there is much of is folded, with a way to all of it."""
    assert tall_views(browser, large, large.views()) == {}


def test_all_events_are_a_click_away(browser: Browser, large: Served) -> None:
    """On a phone the list of events begins with a few, and says how many there are."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        show(page, large, "#/events")
        few = page.locator("ul.events > li").count()
        (total,) = re.findall(r"[\d,]+", page.get_by_role("status").last.inner_text())
        page.get_by_role("button", name="Show all").click()
        expect(page.locator("ul.events > li")).to_have_count(int(total.replace(",", "")))
    assert 0 < few < int(total.replace(",", ""))


def test_every_list_lists_something(page: Page, large: Served) -> None:
    """Commit, comparisons, changes, libraries and scaling of the large site have rows."""
    for view in ("commit", "compare", "compare-libraries", "changes", "libraries", "scaling"):
        show(page, large, large.views()[view])
        unfold(page)
        expect(page.locator("tbody tr").first).to_be_visible()


@pytest.mark.parametrize("place", ["#/commit/{}", "#/compare"])
def test_what_changed_comes_without_the_table_of_all(page: Page, large: Served, place: str) -> None:
    """A commit and a comparison list what the whole table knows of them; all series on request."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(page, large, place.format(large.changed_sha))
    heading = "Every change here" if "commit" in place else "Changes between the two"
    section = page.locator("section", has=page.get_by_role("heading", name=heading))
    changes = msgspec.json.decode(
        (large.folder / large.index.names.changes).read_bytes(), type=ChangeTable
    )
    changed, newest = large.commits.sha.index(large.changed_sha), len(large.commits.sha) - 1
    positions = [changed] if "commit" in place else range(newest - 9, newest + 1)
    found = [
        large.table.id[row]
        for row, position, status in zip(changes.row, changes.position, changes.status, strict=True)
        if position in positions and status != "withdrawn"
    ]
    links = section.locator("tbody th a").evaluate_all("all => all.map(a => a.href)")
    assert found
    assert [link.partition("#/series/")[2].partition("?")[0] for link in links] == found
    assert not any(large.index.names.table in url for url in asked)
    page.get_by_role("link", name=re.compile("^Every series")).click()
    expect(page.locator(".forest li").first).to_be_visible()
    assert any(large.index.names.table in url for url in asked)


def test_no_link_leads_nowhere(page: Page, large: Served) -> None:
    """Every kind of link of every view opens something that was found."""
    assert dead_links(page, large, large.views().values()) == []


def test_the_plain_overview_counts_as_the_app_does(
    page: Page, large: Served, browser: Browser
) -> None:
    """The line of the newest commit is the same without JavaScript, thousands included."""
    show(page, large, ALL)
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(large.address)
        numbers = plain.locator(".state b").all_inner_texts()
    assert any("," in number for number in numbers)
    assert page.locator(".state b").all_inner_texts() == numbers


@pytest.mark.parametrize(
    "query",
    ["library=celery&metric=throughput", "verdict=better", "q=nothing+like+this", "rows=90"],
)
def test_a_filtered_list_is_the_same_before_and_after_the_whole_table(
    page: Page, large: Served, query: str
) -> None:
    """The first rows come in parts of the table, and stay where they are when the whole comes."""
    rows = page.locator("table.series tbody tr th a")
    page.goto(large.address + "#/?order=name")  # reads the whole table
    wait(page)
    page.goto(f"{large.address}#/?{query}")
    status = page.locator("form").get_by_role("status")
    expect(status).to_have_text(re.compile(r"^[\d,]+ series"))
    expected, counted = rows.all_inner_texts(), status.inner_text()
    page.route("**/table-*.json", lambda _: None)  # the whole table never comes
    page.goto("about:blank")
    page.goto(f"{large.address}#/?{query}")
    if expected:
        expect(status).to_be_visible()  # the page without scripts has no form
        expect(rows.first).to_be_visible()
        first = rows.all_inner_texts()
        assert first == expected[: len(first)]
    else:
        expect(page.locator("main")).to_contain_text("Looking through 3,072 series")
    page.unroute("**/table-*.json")
    show(page, large, f"#/?{query}")
    expect(status).to_have_text(counted)
    assert rows.all_inner_texts() == expected


def test_back_returns_to_the_same_place(page: Page, large: Served) -> None:
    """After a link far down a long list, back shows the list as long and as far down as it was."""
    show(page, large, ALL)
    page.get_by_role("button", name="Show more").click()
    link = page.locator("table.series tbody a").nth(150)
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(100)
    before = page.evaluate("scrollY")
    assert before > 2000
    link.click()
    expect(page.locator(".plot canvas")).to_be_visible()
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.locator("table.series")).to_be_visible()
    page.wait_for_function("y => Math.abs(scrollY - y) < 2", arg=before)


def test_a_long_series_is_walked_zoomed_and_printed(page: Page, large: Served) -> None:
    """Keys reach the first of 2,000 commits and zoom around it; on paper the chart stands alone."""
    show(page, large, large.views()["series"])
    page.locator(".plot").focus()
    page.keyboard.press("Home")
    expect(page.locator(".details .sha")).to_have_text(large.commits.sha[0][:8])
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile(f"from={large.commits.sha[0]}"))
    page.emulate_media(media="print")
    expect(page.locator(".plot canvas")).to_be_visible()
    expect(page.locator("nav").first).to_be_hidden()
    assert page.pdf(format="A4")[:4] == b"%PDF"
