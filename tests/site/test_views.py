"""Every view in a real browser: what it shows, its links, the back button, the keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Served, show, wait

pytestmark = pytest.mark.browser
VIEWS = (
    "overview", "series", "series-beside", "scaling", "commit", "compare", "compare-libraries",
    "run", "run-failed", "changes", "libraries", "method", "change-page", "list-page",
)  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_opens_from_its_link(page: Page, small: Served, view: str) -> None:
    """Each view opens from nothing but its address, with one heading and no error."""
    show(page, small, small.views()[view])
    assert page.locator("h1").count() == 1
    assert page.locator(".problem").count() == (1 if view == "run-failed" else 0)
    assert page.locator("main").inner_text().strip()


@pytest.mark.parametrize("view", [*VIEWS[:12]])
def test_every_link_of_a_view_leads_somewhere(page: Page, small: Served, view: str) -> None:
    """No link of a view ends at a page that says that something was not found."""
    show(page, small, small.views()[view])
    links = page.eval_on_selector_all("main a[href], header a[href]", "all => all.map(a => a.href)")
    inside = sorted({link for link in links if link.startswith(small.address)})
    kinds = {re.sub(r"[0-9a-f]{8,}", "*", link.partition("?")[0]): link for link in inside}
    for link in kinds.values():
        if link.endswith((".json", ".svg", ".xml")):
            assert page.request.get(link).ok
            continue
        show(page, small, link.removeprefix(small.address))
        assert "not found" not in page.locator("h1").inner_text().lower(), link


def test_the_worst_comes_first(page: Page, small: Served) -> None:
    """The overview begins with a worse series and shows value, change and verdict in its row."""
    show(page, small, "")
    first = page.locator("table.series tbody tr").first
    expect(first).to_contain_text("worse")
    assert re.search(r"[+-]\d+\.\d %", first.inner_text())
    expect(first.locator("svg path").first).to_be_visible()


def test_filters_live_in_the_address(page: Page, small: Served) -> None:
    """A chosen filter narrows the list, and its address opens the same list."""
    show(page, small, "")
    page.get_by_label("library").select_option("celery")
    page.get_by_label("Find").fill("throughput 1000")
    expect(page).to_have_url(re.compile("library=celery"))
    rows = page.locator("table.series tbody th")
    names = rows.all_inner_texts()
    assert names
    assert all("celery" in name and "throughput" in name for name in names)
    show(page, small, page.url.removeprefix(small.address))
    assert page.locator("table.series tbody th").all_inner_texts() == names


def test_back_returns_through_the_views(page: Page, small: Served) -> None:
    """Overview, series, commit, and back twice: each is shown again as it was."""
    show(page, small, "")
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


def test_a_series_shows_its_change(page: Page, small: Served) -> None:
    """The series view names size, interval, suspects and the commit of the newest change."""
    show(page, small, small.views()["series"])
    card = page.locator(".change-card").first
    expect(card).to_contain_text("worse")
    expect(card).to_contain_text("suspect commits")
    expect(card.locator(".suspects li")).to_have_count(3)
    expect(page.locator(".details")).to_contain_text("python")
    expect(page.locator(".details")).to_contain_text("samples")


def test_zooming_to_a_change_is_symmetric(page: Page, small: Served) -> None:
    """The window around a change has as many commits before as after, and is in the address."""
    show(page, small, small.views()["series"])
    page.get_by_role("button", name="Zoom to this change").first.click()
    query = dict(part.split("=") for part in page.url.split("?")[1].split("&"))
    at, start, end = (small.commits.sha.index(query[k]) for k in ("at", "from", "to"))
    newest = len(small.commits.sha) - 1
    assert at - start == end - at or start == 0 or end == newest


def test_hovering_tells_of_the_commit(page: Page, small: Served) -> None:
    """Moving over the chart names commit, author, value and interval; a click opens the commit."""
    show(page, small, small.views()["series"])
    before = page.locator(".details").inner_text()
    box = page.locator(".plot .u-over").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    expect(page.locator(".details")).not_to_have_text(before)
    assert re.search(r"\d \S+ to \d", page.locator(".details").inner_text())
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    expect(page.locator("h1")).to_contain_text("Commit")


def test_dragging_zooms(page: Page, small: Served) -> None:
    """A drag over the chart narrows the range; the button shows the whole history again."""
    show(page, small, small.views()["series"])
    box = page.locator(".plot .u-over").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"from=\w+&to=\w+"))
    page.get_by_role("button", name="whole history").click()
    expect(page).not_to_have_url(re.compile("from="))


def test_the_keyboard_walks_the_points(page: Page, small: Served) -> None:
    """Arrows move the chosen commit, plus zooms, zero shows all, Enter opens the commit."""
    show(page, small, small.views()["series"])
    chart = page.locator(".plot")
    chart.focus()
    shas = []
    for key in ("Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        shas.append(page.locator(".details .sha").inner_text())
    assert shas == [sha[:8] for sha in small.commits.sha[:3]]
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("from="))
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile("from="))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(small.commits.sha[2])


def test_tab_alone_reaches_a_series(page: Page, small: Served) -> None:
    """With Tab and Enter alone one gets from the overview to the chart of a series."""
    show(page, small, "")
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


def test_the_table_behind_the_chart_can_be_copied(page: Page, small: Served) -> None:
    """The table of points opens, and its CSV and Markdown reach the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(page, small, small.views()["series"])
    page.get_by_text("Table of the points in view").click()
    table = page.locator(".behind")
    expect(table.locator("tbody tr").first).to_be_visible()
    table.get_by_role("button", name="Copy as CSV").click()
    expect(table.get_by_role("status")).to_contain_text("copied")
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].startswith("Commit,Release,Date,Subject,Value,Interval")
    assert len(lines) == len(small.commits.sha) + 1
    table.get_by_role("button", name="Copy as Markdown").click()
    page.wait_for_timeout(100)
    assert page.evaluate("navigator.clipboard.readText()").splitlines()[1].startswith("| --- |")


def test_a_failure_shows_its_reason(page: Page, small: Served) -> None:
    """A failed commit is a gap whose reason the table and the details name."""
    name = next(
        path for path in sorted((small.folder / "data/series").iterdir())
        if '"failed"' in path.read_text(encoding="utf-8")
    ).name  # fmt: skip
    show(page, small, f"#/series/{name.split('-')[0]}")
    page.get_by_text("Table of the points in view").click()
    expect(page.locator(".behind")).to_contain_text("failed worker died")


def test_compare_takes_releases(page: Page, small: Served) -> None:
    """Two releases, or a release and a hash, can be compared; swapping turns verdicts round."""
    show(page, small, "#/compare?base=v1.0.0&head=v1.3.0")
    expect(page.locator(".data-table").first).to_contain_text("worse")
    expect(page.locator("main")).to_contain_text("3.13.1")
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("button", name="Swap").click()
    expect(page).to_have_url(re.compile("base=v1.3.0"))
    expect(page.locator("tbody tr").first).not_to_have_text(first)


def test_changes_can_be_narrowed(page: Page, small: Served) -> None:
    """The list of changes filters by verdict and by state."""
    show(page, small, "#/changes")
    page.get_by_label("verdict").select_option("worse")
    expect(page.locator("tbody .verdict.better")).to_have_count(0)
    assert page.locator("tbody .verdict.worse").count() > 1
    page.get_by_label("state").select_option("withdrawn")
    expect(page.locator("main")).to_contain_text("Nothing matches")


def test_a_run_shows_its_curves(page: Page, small: Served) -> None:
    """A run has its histogram, percentiles, depth, throughput, CPU, memory, and each run's row."""
    show(page, small, small.views()["run"])
    captions = page.locator("figcaption").all_inner_texts()
    wanted = ("histogram", "percentile", "queue depth", "throughput", "cpu", "memory")
    assert all(any(word in caption.lower() for caption in captions) for word in wanted)
    expect(page.locator("main")).to_contain_text("no steady state")
    expect(page.locator("main")).to_contain_text("outlier")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("#/series/ffffffffffff", "Series not found"),
        ("#/commit/ffffffffffff", "Commit not found"),
        ("#/nowhere", "There is no such page"),
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


def test_printing_leaves_out_the_controls(page: Page, small: Served) -> None:
    """On paper there is the chart and the text, in black, without menus and buttons."""
    show(page, small, small.views()["series"])
    page.emulate_media(media="print")
    expect(page.locator(".plot canvas")).to_be_visible()
    expect(page.locator(".filters").first).to_be_hidden()
    expect(page.locator("nav").first).to_be_hidden()
    assert page.pdf(format="A4")[:4] == b"%PDF"


def test_hostile_names_are_text(page: Page, hostile: Served) -> None:
    """In no view does a name that is markup become markup or run."""
    for place in hostile.views().values():
        show(page, hostile, place)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img[onerror]").count() == 0
    show(page, hostile, "")
    expect(page.locator("table.series")).to_contain_text("onerror=")


def test_libraries_stand_side_by_side(page: Page, small: Served) -> None:
    """Each scenario has median, ratio, interval and effect against the base, which comes first."""
    show(page, small, "#/libraries")
    rows = page.locator(".intervals").first.locator("li")
    expect(rows.nth(0)).to_contain_text("asynctasq")
    expect(rows.nth(0)).to_contain_text("the base")
    expect(rows.nth(1)).to_contain_text(re.compile(r"celery.*worse 0\.80 . \(0\.\d\d to 0\.\d\d\)"))
    expect(rows.nth(1)).to_contain_text("large effect")
    expect(rows.nth(1).locator("svg .span")).to_have_count(1)
    expect(rows.nth(2)).to_contain_text("failed worker died")
    expect(page.locator("main")).to_contain_text("approximated two queues stand for three")
    page.locator("details.behind summary").first.click()
    expect(page.locator("details.behind tbody tr").first).to_contain_text("to")


def test_libraries_without_records_show_newest_values(page: Page, large: Served) -> None:
    """Where no run records are kept the page says so and shows the newest values."""
    show(page, large, "#/libraries")
    expect(page.locator("main")).to_contain_text("there are no intervals")
    expect(page.locator(".bars li").first).to_be_visible()


def test_another_library_can_be_drawn_over_a_series(page: Page, small: Served) -> None:
    """Ticking a library adds its line, legend and place in the address; unticking removes them."""
    show(page, small, small.views()["series"])
    box = page.get_by_label("celery").first
    box.check()
    expect(page.locator(".legend li")).to_have_count(2)
    expect(page).to_have_url(re.compile("with="))
    box.uncheck()
    expect(page).not_to_have_url(re.compile("with="))
