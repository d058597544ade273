"""Walks over all views of a site: what does not fit, and which links lead nowhere."""

import re
from collections.abc import Iterable, Mapping

from playwright.sync_api import Browser, Page

from tests.site.conftest import Served, show

_NARROW_CELLS = """
() => [...document.querySelectorAll("table.series td.number")]
  .some(cell => cell.scrollWidth > cell.clientWidth + 1)
"""


def misfits(
    browser: Browser, served: Served, places: Mapping[str, str], width: int, theme: str
) -> list[str]:
    """Return the views that lack a heading or text, or scroll sideways at *width* pixels."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    wrong = []
    for name, place in places.items():
        show(page, served, place)
        page.wait_for_timeout(60)
        if page.locator("h1").count() != 1 or not page.locator("main").inner_text().strip():
            wrong.append(f"{name}: no heading or no text")
        if page.evaluate(_NARROW_CELLS):
            wrong.append(f"{name}: a cell is narrower than its text")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{name}: scrolls sideways")
    context.close()
    return wrong


def dead_links(page: Page, served: Served, places: Iterable[str]) -> list[str]:
    """Follow one link of every kind on every view; return those at whose end nothing is."""
    kinds: dict[str, str] = {}
    for place in places:
        show(page, served, place)
        links = page.eval_on_selector_all(
            "main a[href], header a[href]", "all => all.map(a => a.href)"
        )
        inside = (link for link in links if link.startswith(served.address))
        kinds |= {re.sub(r"[0-9a-f]{8,}", "*", link.partition("?")[0]): link for link in inside}
    assert len(kinds) > 5, "hardly any links were found"
    return [link for link in kinds.values() if not _leads_somewhere(page, served, link)]


def _leads_somewhere(page: Page, served: Served, link: str) -> bool:
    if link.endswith((".json", ".svg", ".xml")):
        return page.request.get(link).ok
    show(page, served, link.removeprefix(served.address))
    return "not found" not in page.locator("h1").inner_text().lower()
