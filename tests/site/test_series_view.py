"""The view of one series: its chart under pointer and keyboard, its changes, what lies over it."""

import re

import pytest
from isal import igzip
from playwright.sync_api import Page, Route, expect

from tests.site.conftest import WITH_SIZES, Served, show
from tests.support.site_packs import first_failure

pytestmark = pytest.mark.browser


def test_a_series_shows_its_change(page: Page, small: Served) -> None:
    """The series view names size, interval, suspects and the commit of the newest change."""
    show(page, small, small.views()["series"])
    card = page.locator(".change-card").first
    expect(card).to_contain_text("worse")
    expect(card).to_contain_text("suspect commits")
    expect(card.locator(".suspects li")).to_have_count(3)
    expect(page.locator(".details")).to_contain_text("Environment")
    expect(page.locator(".details")).to_contain_text("samples")


def test_packs_are_read_where_the_server_has_unpacked_them(page: Page, small: Served) -> None:
    """Some web servers take `.gz` for an encoding of their own; the app sees what is inside."""
    unpacked = []

    def answer(route: Route) -> None:
        path = small.folder / route.request.url.removeprefix(small.address)
        unpacked.append(path.name)
        route.fulfill(body=igzip.decompress(path.read_bytes()), content_type="application/json")

    page.route("**/*.gz", answer)
    show(page, small, small.views()["series"])
    expect(page.locator(".plot")).to_be_visible()
    assert unpacked


def test_zooming_to_a_change_is_symmetric(page: Page, small: Served) -> None:
    """The window around a change has as many commits before as after, and is in the address."""
    show(page, small, small.views()["series"])
    page.get_by_role("button", name="Zoom to this change").first.click()
    query = dict(part.split("=") for part in page.url.split("?")[1].split("&"))
    at, start, end = (small.commits.sha.index(query[k]) for k in ("at", "from", "to"))
    newest = len(small.commits.sha) - 1
    half = max(at - start, end - at)
    assert 0 < half < newest
    assert (start, end) == (max(0, at - half), min(newest, at + half))


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


def test_hover_and_focus_tell_the_same(page: Page, small: Served) -> None:
    """Commit, date, subject, author, value, interval and versions: by pointer and by keyboard."""
    show(page, small, small.views()["series"])
    details = page.locator(".details")
    box = page.locator(".plot .u-over").bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    expect(details.locator(".sha")).to_have_text(small.commits.sha[0][:8])
    hovered = details.inner_text()
    page.locator(".plot").focus()
    page.keyboard.press("End")
    expect(details.locator(".sha")).to_have_text(small.commits.sha[-1][:8])
    page.keyboard.press("Home")
    expect(details.locator(".sha")).to_have_text(small.commits.sha[0][:8])
    assert details.inner_text() == hovered
    for wanted in ("2023-11-14", "Pool connections", "Ada", " to ", "samples"):
        assert wanted in hovered


def test_a_point_tells_what_changed_around_it(page: Page, small: Served) -> None:
    """Where the environment differs from that of the point before, the details say in what."""
    at = next(i for i in range(len(small.commits.sha)) if i >= 40 * 2 // 3 and i % 5 == 0)
    worst = small.table.id[small.worst]
    show(page, small, f"#/series/{worst}?at={small.commits.sha[at]}")
    details = page.locator(".details")
    expect(details).to_contain_text("New since the point before:")
    expect(details).to_contain_text("python 3.13.1 → 3.13.2")
    page.locator(".plot").focus()
    page.keyboard.press("ArrowRight")
    expect(details).not_to_contain_text("New since the point before:")


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


def test_the_table_behind_the_chart_can_be_copied(page: Page, small: Served) -> None:
    """The table of points opens, and its CSV and Markdown reach the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(page, small, small.views()["series"])
    page.get_by_text("Visible points", exact=True).click()
    table = page.locator(".behind[open]")
    expect(table.locator("tbody tr").first).to_be_visible()
    table.get_by_role("button", name="Copy as CSV").click()
    expect(table.get_by_role("status")).to_contain_text("copied")
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].startswith(
        'Commit,Release,Date,Subject,Value (s),"99 % interval, low (s)","99 % interval, high (s)"'
    )
    assert len(lines) == len(small.commits.sha) + 1
    assert 0.1 < float(lines[1].split(",")[4]) < 10
    table.get_by_role("button", name="Copy as Markdown").click()
    page.wait_for_timeout(100)
    assert page.evaluate("navigator.clipboard.readText()").splitlines()[1].startswith("| --- |")


def test_a_failure_shows_its_reason(page: Page, small: Served) -> None:
    """A failed commit is a gap whose reason the table and the details name."""
    name, position = first_failure(small.folder)
    show(page, small, f"#/series/{name}")
    page.get_by_text("Visible points", exact=True).click()
    expect(page.locator(".behind[open]")).to_contain_text("failed worker died")
    page.locator(".plot").focus()
    page.keyboard.press("Home")
    for _ in range(position):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".details")).to_contain_text("failed: worker died")


def test_another_library_can_be_drawn_over_a_series(page: Page, small: Served) -> None:
    """Ticking a library adds its line, legend and place in the address; unticking removes them."""
    show(page, small, small.views()["series"])
    box = page.get_by_label("celery").first
    box.check()
    expect(page.locator("ul[aria-label=Lines] li")).to_have_count(2)
    expect(page).to_have_url(re.compile("with="))
    box.uncheck()
    expect(page).not_to_have_url(re.compile("with="))


def test_a_jittery_click_still_opens_the_commit(page: Page, small: Served) -> None:
    """A click during which the pointer moves a little is a click, not a drag that does nothing."""
    show(page, small, small.views()["series"])
    box = page.locator(".plot .u-over").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3, y + 1)
    page.mouse.up()
    expect(page.locator("h1")).to_contain_text("Commit")


def test_another_parameter_can_be_drawn_over_a_series(page: Page, small: Served) -> None:
    """Series that differ in a parameter are offered, and told apart by it in legend and table."""
    show(page, small, small.views()["series"])
    own = page.locator("h1 .param").inner_text()
    other = next(f"tasks={size}" for size in WITH_SIZES.sizes if not own.endswith(f"={size}"))
    page.get_by_label(re.compile(f"{other}(?!0)")).first.check()
    expect(page.locator("ul[aria-label=Lines] li")).to_have_count(2)
    names = page.locator("ul[aria-label=Lines] li").all_inner_texts()
    assert all(name.startswith("tasks=") for name in names)
    assert names[0] != names[1]
    lines = page.locator("ul[aria-label=Lines] path").all()
    assert len({line.get_attribute("stroke") for line in lines}) == 2
    page.get_by_text("Visible points", exact=True).click()
    for name in names:
        expect(page.locator(".behind thead")).to_contain_text(f"{name}, 99 % interval")


def test_lines_along_a_parameter_differ_in_something_else(page: Page, small: Served) -> None:
    """Series that differ only in what lies along the axis are one line, named without it."""
    show(page, small, small.views()["series"])
    own = page.locator("h1 .param").inner_text()
    other = next(f"tasks={size}" for size in WITH_SIZES.sizes if not own.endswith(f"={size}"))
    page.get_by_label(re.compile(f"{other}(?!0)")).first.check()
    page.get_by_label("Across").select_option("param:tasks")
    rows = page.locator(".data-table tbody tr")
    expect(rows).to_have_count(len(WITH_SIZES.sizes))
    expect(page.locator(".legend")).to_have_count(0)
    page.get_by_label(re.compile(r"celery")).first.check()
    expect(page.locator("ul[aria-label=Lines] li")).to_have_text(["asynctasq", "celery"])
    expect(rows).to_have_count(2 * len(WITH_SIZES.sizes))


def test_what_lies_along_the_axis_is_not_offered_again(page: Page, small: Served) -> None:
    """Over a scaling plot other libraries may be drawn, not the values that are its points."""
    show(page, small, small.views()["scaling"])
    own = page.locator("h1 .library").inner_text()
    offers = page.locator(".choices label").all_inner_texts()
    assert offers
    assert not [offer for offer in offers if offer.startswith(own)]


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [("param:tasks", "tasks"), ("param:", "tasks"), ("param:gone", "gone"), ("moon", "commits")],
)
def test_the_axis_is_always_named(page: Page, small: Served, asked: str, chosen: str) -> None:
    """A link may ask for any axis: what is shown, or is not to be had, stands in the selector."""
    show(page, small, f"#/series/{small.table.id[small.worst]}?x={asked}")
    if chosen == "gone":
        expect(page.locator("main")).to_contain_text("This series has no parameter named gone.")
    else:
        expect(page.locator(".plot canvas")).to_be_visible()
    expect(page.get_by_label("Across").locator("option:checked")).to_have_text(chosen)
    if chosen == "gone":
        page.get_by_role("link", name="Across commits").click()
        expect(page.locator(".plot canvas")).to_be_visible()


def test_the_chart_follows_the_theme(page: Page, small: Served) -> None:
    """Lines and legend change their colours with the theme, and are those of paper in print."""
    show(page, small, small.views()["series-beside"])

    def strokes() -> set[str]:
        paths = page.locator("ul[aria-label=Lines] path").all()
        return {path.get_attribute("stroke") or "" for path in paths}

    def drawn() -> str:
        return str(page.locator(".plot canvas").evaluate("c => c.toDataURL()"))

    light, picture = strokes(), drawn()
    page.get_by_role("button", name="theme").click()
    expect(page.get_by_role("button", name="theme")).to_contain_text("Light")
    page.wait_for_timeout(100)
    assert strokes().isdisjoint(light)
    assert drawn() != picture
    page.emulate_media(media="print")
    page.wait_for_timeout(100)
    assert strokes() == light
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 248)"


def test_the_axis_can_be_logarithmic(page: Page, small: Served) -> None:
    """The choice of a logarithmic axis draws the chart anew and is in the address."""
    show(page, small, small.views()["series-beside"])
    chart = page.locator(".plot canvas")
    before = chart.evaluate("c => c.toDataURL()")
    page.get_by_label("logarithmic").check()
    expect(page).to_have_url(re.compile("log=yes"))
    page.wait_for_timeout(100)
    assert chart.evaluate("c => c.toDataURL()") != before
