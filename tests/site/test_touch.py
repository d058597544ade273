"""Two fingers zoom the chart, one moves it; the page keeps its own scrolling."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.site.conftest import Served, show

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone with a touch screen."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def gesture(fingers: CDPSession, start: list[tuple[float, float]], end: list[tuple[float, float]]):
    """Put fingers down at *start*, move them to *end* in steps, lift them."""

    def send(kind: str, points: list[tuple[float, float]]) -> None:
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", start)
    for step in range(1, 9):
        pairs = zip(start, end, strict=True)
        send("touchMove", [(a + (c - a) * step / 8, b + (d - b) * step / 8)
                           for (a, b), (c, d) in pairs])  # fmt: skip
    send("touchEnd", [])


def chart(page: Page) -> tuple[float, float, float]:
    """Left edge, width and middle height of the drawing area, scrolled into view."""
    over = page.locator(".plot .u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box
    return box["x"], box["width"], box["y"] + box["height"] / 2


def window(page: Page, served: Served) -> tuple[int, int]:
    """First and last position of the range in the address."""
    found = re.search(r"from=(\w+)&to=(\w+)", page.url)
    assert found, page.url
    first, last = (served.commits.sha.index(sha) for sha in found.groups())
    return first, last


def test_pinching_zooms_and_dragging_moves(phone: Page, small: Served) -> None:
    """Spreading two fingers narrows the range around them; one finger then moves it sideways."""
    show(phone, small, small.views()["series"])
    fingers = phone.context.new_cdp_session(phone)
    left, width, y = chart(phone)
    at = [left + width * part for part in (0.45, 0.55, 0.25, 0.75)]
    gesture(fingers, [(at[0], y), (at[1], y)], [(at[2], y), (at[3], y)])
    expect(phone).to_have_url(re.compile(r"from=\w+&to=\w+"))
    first, last = window(phone, small)
    assert 3 <= last - first <= len(small.commits.sha) // 2
    gesture(fingers, [(at[2], y)], [(at[3], y)])
    phone.wait_for_timeout(100)
    moved_first, moved_last = window(phone, small)
    assert moved_first < first
    assert abs((moved_last - moved_first) - (last - first)) <= 1


def test_a_tap_chooses_a_point(phone: Page, small: Served) -> None:
    """A tap shows the commit under the finger and stays on the page."""
    show(phone, small, small.views()["series"])
    before = phone.locator(".details").inner_text()
    left, width, y = chart(phone)
    phone.touchscreen.tap(left + width * 0.3, y)
    expect(phone.locator(".details")).not_to_have_text(before)
    expect(phone.locator(".plot")).to_be_visible()


def test_a_swipe_up_scrolls_the_page(phone: Page, small: Served) -> None:
    """One finger moved upwards over the chart scrolls the page and does not zoom."""
    show(phone, small, small.views()["series"])
    fingers = phone.context.new_cdp_session(phone)
    left, width, y = chart(phone)
    before = phone.evaluate("scrollY")
    x = left + width / 2
    gesture(fingers, [(x, y)], [(x, y - 200)])
    phone.wait_for_function("before => scrollY > before", arg=before)
    assert "from=" not in phone.url


def test_each_device_is_told_its_own_ways(phone: Page, page: Page, small: Served) -> None:
    """A finger is told to pinch and tap, a pointer to drag and click, the keyboard its keys."""
    for device, said, unsaid in ((phone, "Pinch to zoom", "Drag"), (page, "Drag to zoom", "Pinch")):
        show(device, small, small.views()["series"])
        expect(device.get_by_text(said)).to_be_visible()
        expect(device.get_by_text(unsaid)).to_be_hidden()
