"""Every view in a real browser: what it shows, its links, the back button, the keyboard."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import ALL, Served, show, unfold, wait
from tests.support.site_walks import dead_links
from tracker.detect.policy import CONFIRM_POINTS
from tracker.judge import DEFAULT

pytestmark = pytest.mark.browser
VIEWS = (
    "overview", "all", "events", "event", "series", "series-beside", "scaling", "commit",
    "compare", "compare-libraries",
    "run", "run-failed", "changes", "changes-by-commit", "libraries", "method", "change-page",
    "list-page",
)  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_opens_from_its_link(page: Page, small: Served, view: str) -> None:
    """Each view opens from nothing but its address, with one heading and no error."""
    show(page, small, small.views()[view])
    assert page.locator("h1").count() == 1
    assert page.locator(".problem").count() == (1 if view == "run-failed" else 0)
    assert page.locator("main").inner_text().strip()


def test_no_link_leads_nowhere(page: Page, small: Served) -> None:
    """Every kind of link of every view opens something that was found."""
    assert dead_links(page, small, small.views().values()) == []


def test_the_worst_comes_first(page: Page, small: Served) -> None:
    """The overview begins with a worse series and shows value, change and verdict in its row."""
    show(page, small, ALL)
    first = page.locator("table.series tbody tr").first
    expect(first).to_contain_text("worse")
    assert re.search(r"[+-]\d+\.\d %", first.inner_text())
    expect(first.locator("svg path").first).to_be_visible()


def test_filters_live_in_the_address(page: Page, small: Served) -> None:
    """A chosen filter narrows the list, and its address opens the same list."""
    show(page, small, ALL)
    page.get_by_label("library").select_option("celery")
    page.get_by_label("Find").fill("throughput 1000")
    expect(page).to_have_url(re.compile("library=celery"))
    rows = page.locator("table.series tbody th")
    names = rows.all_inner_texts()
    assert names
    assert all("celery" in name and "throughput" in name.lower() for name in names)
    show(page, small, page.url.removeprefix(small.address))
    assert page.locator("table.series tbody th").all_inner_texts() == names


def test_back_returns_through_the_views(page: Page, small: Served) -> None:
    """Overview, series, commit, and back twice: each is shown again as it was."""
    show(page, small, ALL)
    page.locator("table.series tbody a").first.click()
    expect(page.locator(".plot canvas")).to_be_visible()
    series = page.url
    page.locator(".change-card a.sha").first.click()
    expect(page.locator("h1")).to_contain_text("Commit")
    page.go_back()
    expect(page).to_have_url(series)
    expect(page.locator(".plot canvas")).to_be_visible()
    page.go_back()
    expect(page.locator("table.series")).to_be_visible()


def test_tab_alone_reaches_a_series(page: Page, small: Served) -> None:
    """With Tab and Enter alone one gets from the overview to the chart of a series."""
    show(page, small, ALL)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('table.series th') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".plot")).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('plot')"):
            return
    pytest.fail("Tab never reached the chart")


def test_a_table_that_fits_is_no_stop_of_the_keyboard(page: Page, small: Served) -> None:
    """Only where a cell is too wide for the screen can its table be reached, to scroll it."""
    show(page, small, small.views()["run"])
    for name in ("All figures of each run", "8 facts"):
        page.get_by_text(name).click()
    boxes = page.locator(".data-table .scroll")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        expect(box).to_have_attribute("tabindex", "-1")
    cell = page.locator(".data-table .scroll td").last
    cell.evaluate(
        "cell => { cell.style.whiteSpace = 'nowrap'; cell.textContent = 'w'.repeat(300) }"
    )
    page.set_viewport_size({"width": 900, "height": 900})
    expect(boxes.last).to_have_attribute("tabindex", "0")
    expect(boxes.first).to_have_attribute("tabindex", "-1")


def test_compare_takes_releases(page: Page, small: Served) -> None:
    """Two releases, or a release and a hash, can be compared; swapping turns verdicts round."""
    show(page, small, "#/compare?base=v1.0.0&head=v1.3.0")
    unfold(page)
    expect(page.locator(".data-table").first).to_contain_text("worse")
    expect(page.locator("main")).to_contain_text("3.13.1")
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("button", name="Swap").click()
    expect(page).to_have_url(re.compile("base=v1.3.0"))
    expect(page.get_by_label("Base")).to_have_value("v1.3.0")
    wait(page)
    unfold(page)
    expect(page.locator("tbody tr").first).not_to_have_text(first)


def test_changes_can_be_narrowed(page: Page, small: Served) -> None:
    """The list of changes filters by verdict and by state."""
    show(page, small, "#/changes")
    page.get_by_label("verdict").select_option("worse")
    expect(page.locator("tbody .verdict.better")).to_have_count(0)
    assert page.locator("tbody .verdict.worse").count() > 1
    page.get_by_label("status").select_option("withdrawn")
    expect(page.locator("main")).to_contain_text("No matches")


def test_changes_are_summed_up_by_commit(page: Page, small: Served) -> None:
    """A row per commit and a column per library; a cell counts its changes and lists just them."""
    show(page, small, "#/changes")
    listed = page.locator("tbody tr").count()
    page.get_by_label("show").select_option("library")
    expect(page).to_have_url(re.compile("by=library"))
    table = page.get_by_role("table", name="Changes by commit and library")
    titles = table.locator("thead th").all_inner_texts()
    assert titles == ["Commit", "Date", "Subject", "asynctasq", "celery", "rq"]
    cells = table.locator("tbody a.ground")
    names = cells.all_text_contents()
    assert sum(int(n) for name in names for n in re.findall(r"\d+", name)) == listed
    wanted = next(i for i, name in enumerate(names) if name == "1 worse")
    cells.nth(wanted).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"commit=\w+&library=\w+"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody .verdict.worse")).to_have_count(1)
    page.get_by_role("link", name="Show all changes").click()
    expect(page.locator("tbody tr")).to_have_count(listed)


def test_a_comparison_can_be_copied(page: Page, small: Served) -> None:
    """The table of two releases leaves as CSV and Markdown with all its rows, shown or not."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(page, small, "#/compare?base=v1.0.0&head=v1.3.0")
    unfold(page)
    table = page.locator(".data-table").first
    for name, head in (("CSV", "Series,Before,After"), ("Markdown", "| Series | Before |")):
        table.get_by_role("button", name=f"Copy as {name}").click()
        expect(table.get_by_role("status")).to_contain_text(name)
        lines = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert lines[0].startswith(head)
        assert len(lines) > len(small.table.id) * 0.9


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("#/series/ffffffffffff", "Series not found"),
        ("#/commit/ffffffffffff", "Commit not found"),
        ("#/nowhere", "Page not found"),
        ("#/run/ffffffffffff", "no such commit"),
    ],
)
def test_a_link_to_nothing_says_so(page: Page, small: Served, place: str, text: str) -> None:
    """A link whose series or commit is gone says what is missing."""
    show(page, small, place)
    expect(page.locator("main")).to_contain_text(text)


def test_both_themes_can_be_chosen(page: Page, small: Served) -> None:
    """The button changes the theme, the choice survives a reload, and the chart follows."""
    show(page, small, small.views()["series"])

    def paper() -> object:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    before = paper()
    page.get_by_role("button", name="theme").click()
    chosen = paper()
    assert chosen != before
    page.reload()
    wait(page)
    assert paper() == chosen


def test_without_javascript_the_overview_is_readable(small: Served, browser: object) -> None:
    """State, changes and the worst series are text in the page itself."""
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(small.address)
    expect(page.locator(".state")).to_be_visible()
    expect(page.locator("table.series tbody tr").first).to_contain_text("worse")
    page.locator(".lately a").first.click()
    expect(page.locator("h1")).to_contain_text("Changes at")
    expect(page.locator(".change").first).to_contain_text("95 % interval")
    context.close()


def test_hostile_names_are_text(page: Page, hostile: Served) -> None:
    """In no view does a name that is markup become markup or run."""
    for place in hostile.views().values():
        show(page, hostile, place)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img[onerror]").count() == 0
    show(page, hostile, ALL)
    expect(page.locator("table.series")).to_contain_text("onerror=")


def test_a_chosen_filter_is_a_step_back(page: Page, small: Served) -> None:
    """Back undoes the choice of a filter before it leaves the view."""
    show(page, small, ALL)
    page.get_by_label("library").select_option("celery")
    expect(page).to_have_url(re.compile("library=celery"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("library="))
    expect(page.locator("table.series")).to_be_visible()


def test_compare_names_what_it_compares(page: Page, small: Served) -> None:
    """Opened without a choice, the address comes to name both commits; an unknown one is named."""
    show(page, small, "#/compare")
    expect(page).to_have_url(re.compile(r"base=v1\.2\.0&head=v1\.3\.0"))
    show(page, small, "#/compare?base=v9.9.9")
    expect(page.locator(".problem")).to_contain_text("no commit or release v9.9.9")


def test_the_first_commit_shows_its_values(page: Page, small: Served) -> None:
    """Where nothing was measured before, a commit shows its values without a comparison."""
    show(page, small, f"#/commit/{small.commits.sha[0]}")
    expect(page.locator("main")).to_contain_text("Nothing was measured before this commit")
    expect(page.locator("#measured ~ details .data-table tbody tr").first).to_be_visible()


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString"])
def test_no_address_breaks_the_page(page: Page, small: Served, name: str) -> None:
    """A view named like a method of every object is a view that does not exist."""
    show(page, small, f"#/{name}")
    expect(page.locator("main")).to_contain_text("Page not found")
    show(page, small, f"#/?order={name}")
    expect(page.locator("h2#all")).to_have_text("Series, worst first")


def test_the_method_tells_the_numbers_of_this_build(page: Page, small: Served) -> None:
    """The page of the method names how much is shown, and the rules that verdicts followed."""
    show(page, small, "#/method")
    method = page.locator("main")
    expect(method).to_contain_text(f"{small.index.method.series} series")
    expect(method).to_contain_text(f"held at {100 * DEFAULT.false_discovery_rate:.1f} %")
    expect(method).to_contain_text(f"until {CONFIRM_POINTS} points follow")


@pytest.mark.parametrize(
    ("view", "widths"),
    [
        ("compare-libraries", {375: False, 768: True, 1280: True}),
        ("run", {375: False, 768: True}),
        ("changes", {375: False, 768: False, 900: False, 1280: True}),
    ],
)
def test_a_table_is_one_where_it_has_room(
    page: Page, small: Served, view: str, widths: dict[int, bool]
) -> None:
    """Where columns fit they stand below their titles, else each row is a card; none is cut off."""
    show(page, small, small.views()[view])
    if view == "run":
        page.get_by_text("All figures of each run").click()
    table = page.locator(".data-table").first
    for width, fits in [*widths.items(), *reversed(widths.items())]:
        page.set_viewport_size({"width": width, "height": 900})
        expect(table.locator("thead")).to_be_visible(visible=fits)
        assert table.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_the_span_of_a_small_chart_stands_beside_its_line(page: Page, small: Served) -> None:
    """In the list of series no label lies over the line that it describes."""
    show(page, small, "#/?order=worst+first")
    covered = page.evaluate("""
        () => [...document.querySelectorAll("td.spark")].filter((cell) => {
          const text = document.createRange();
          text.selectNodeContents(cell.querySelector(".reach"));
          const line = cell.querySelector("svg").getBoundingClientRect();
          return text.getBoundingClientRect().top < line.bottom - 4;
        }).length
    """)
    assert page.locator("td.spark svg").count() > 10
    assert covered == 0


def test_a_phone_gets_few_cards_first(browser: Browser, small: Served) -> None:
    """Long tables begin with a dozen cards on a phone; all the others are one click away."""
    context = browser.new_context(viewport={"width": 375, "height": 900})
    page = context.new_page()
    a, b = small.table.libraries[:2]
    for place in ("#/changes", f"#/compare?a={a}&b={b}"):
        show(page, small, place)
        rows = page.locator(".data-table tbody tr")
        expect(rows).to_have_count(12)
        page.get_by_role("button", name="Show more").click()
        assert rows.count() > 12
    context.close()


def test_two_libraries_have_a_verdict_only_where_runs_are_compared(
    page: Page, small: Served
) -> None:
    """The direction of a metric is no verdict: it has a column of its own."""
    a, b = small.table.libraries[:2]
    show(page, small, f"#/compare?a={a}&b={b}")
    heads = [text.split()[0] for text in page.locator("thead th").all_inner_texts()]
    assert "Better" in heads
    verdicts = page.locator('tbody td[data-title="Verdict"]').all_inner_texts()
    assert not any("is better" in text for text in verdicts)
