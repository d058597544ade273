"""Walks over all views of a site: what does not fit, and which links lead nowhere."""

import re
from collections.abc import Iterable, Mapping

from playwright.sync_api import Browser, Page

from tests.site.conftest import RESULTS, Served, show

THEMES = ("light", "dark")
WIDTHS = (375, 768, 1280)
_PHONE_HEIGHT = 3000
_WIDE_PAGE = """
() => document.documentElement.scrollWidth > document.documentElement.clientWidth
"""
_WIDE_TABLES = """
() => [...document.querySelectorAll(".scroll")].some(box => box.scrollWidth > box.clientWidth + 1)
"""
_NARROW_CELLS = """
() => [...document.querySelectorAll("table.series td.number")]
  .some(cell => cell.scrollWidth > cell.clientWidth + 1)
"""


def misfits(
    browser: Browser,
    served: Served,
    places: Mapping[str, str],
    width: int,
    theme: str,
    *,
    site: str,
    axe: str,
) -> list[str]:
    """Return the views that lack a heading or text, scroll sideways, or break a rule of axe.

    A picture of each is kept under the name of the *site*.
    """
    RESULTS.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    wrong = []
    for name, place in places.items():
        show(page, served, place)
        page.wait_for_timeout(60)
        page.screenshot(path=RESULTS / f"{site}-{name}-{width}-{theme}.png", full_page=True)
        if page.locator("h1").count() != 1 or not page.locator("main").inner_text().strip():
            wrong.append(f"{name}: no heading or no text")
        if page.evaluate(_NARROW_CELLS):
            wrong.append(f"{name}: a cell is narrower than its text")
        if page.evaluate(_WIDE_PAGE):
            wrong.append(f"{name}: scrolls sideways")
        if page.evaluate(_WIDE_TABLES):
            wrong.append(f"{name}: a table scrolls sideways")
        wrong += [f"{name}: {violation}" for violation in violations(page, axe)]
    context.close()
    return wrong


def tall_views(browser: Browser, served: Served, places: Mapping[str, str]) -> dict[str, int]:
    """Return the heights in pixels of the views that are too long to scroll through on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    heights = {}
    for name, place in places.items():
        show(page, served, place)
        page.wait_for_timeout(60)
        heights[name] = page.evaluate("document.documentElement.scrollHeight")
    context.close()
    return {name: height for name, height in heights.items() if height > _PHONE_HEIGHT}


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds, each with the rule and the element. The policy stays in force."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


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
