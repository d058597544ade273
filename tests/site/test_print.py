"""Paper: the view without its controls, charts drawn for its width, and no page for nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Served, show

pytestmark = pytest.mark.browser


def test_printing_leaves_out_the_controls(page: Page, small: Served) -> None:
    """On paper there is the chart and the text, in black, without menus and buttons."""
    show(page, small, small.views()["series"])
    page.emulate_media(media="print")
    expect(page.locator(".plot canvas")).to_be_visible()
    expect(page.locator(".filters").first).to_be_hidden()
    expect(page.locator("nav").first).to_be_hidden()
    mark = page.locator(".verdict .mark").first
    assert mark.evaluate("mark => getComputedStyle(mark).printColorAdjust") == "exact"
    page.set_viewport_size({"width": 700, "height": 900})
    heights = "box => [box.offsetHeight, box.querySelector('canvas').offsetHeight]"
    box, canvas = page.locator(".plot").evaluate(heights)
    assert canvas <= box < canvas + 40
    assert page.pdf(format="A4")[:4] == b"%PDF"


@pytest.mark.parametrize("view", ["scaling", "run-failed", "change-page"])
def test_a_short_view_is_one_page(page: Page, small: Served, view: str) -> None:
    """What fits on a page is printed on one: no second one is empty."""
    show(page, small, small.views()[view])
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.parametrize("view", ["series", "run"])
def test_charts_are_drawn_for_paper(page: Page, small: Served, view: str) -> None:
    """Charts take the width of A4, so that letters keep their size; then that of the screen."""
    show(page, small, small.views()[view])
    chart = page.locator(".plot canvas").first
    before = chart.evaluate("canvas => canvas.width")
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.plot canvas').width === 710")
    expect(page.locator(".behind summary").first).to_be_hidden()
    page.emulate_media(media="screen")
    page.wait_for_function("w => document.querySelector('.plot canvas').width === w", arg=before)


@pytest.mark.parametrize("width", [375, 1280])
def test_tables_are_laid_out_for_paper(page: Page, small: Served, width: int) -> None:
    """A4 has room for six columns, not for nine, whatever the screen has; then all is as before."""
    page.set_viewport_size({"width": width, "height": 900})
    for view, fits in (("compare-libraries", True), ("changes", False)):
        show(page, small, small.views()[view])
        cards = page.locator(".data-table table.cards")
        before = cards.count()
        page.emulate_media(media="print")
        expect(cards).to_have_count(0 if fits else 1)
        page.emulate_media(media="screen")
        expect(cards).to_have_count(before)
