"""axe finds nothing on any view, in both themes, wide and narrow; and what it cannot find."""

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import RESULTS, ROOT, Served, show
from tests.site.test_views import VIEWS

pytestmark = pytest.mark.browser
WIDTHS = (375, 768, 1280)
THEMES = ("light", "dark")


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from `npm ci`; where it is missing, CI fails and others skip."""
    path = ROOT / "site/node_modules/axe-core/axe.min.js"
    if not path.is_file():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("axe-core is not installed: run `npm ci` in site/")
    return path.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds, each with the rule and the element. The policy stays in force."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_fits_everybody(
    browser: Browser, small: Served, axe: str, width: int, theme: str
) -> None:
    """No view breaks a rule of axe or scrolls sideways; CI keeps a picture of each."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    found = {}
    for view in VIEWS:
        show(page, small, small.views()[view])
        page.wait_for_timeout(60)
        page.screenshot(path=RESULTS / f"{view}-{width}-{theme}.png", full_page=True)
        found[view] = violations(page, axe)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[view].append("scrolls sideways")
    context.close()
    assert {view: what for view, what in found.items() if what} == {}


def test_a_verdict_is_more_than_a_colour(page: Page, small: Served) -> None:
    """Each verdict is a word, and its mark has a shape of its own."""
    show(page, small, "#/method")
    shapes = set()
    for verdict in ("worse", "better", "no_change", "cannot_tell"):
        mark = page.locator(f".verdict.{verdict} .mark").first
        expect(page.locator(f".verdict.{verdict}").first).to_contain_text(verdict.replace("_", " "))
        shapes.add(
            mark.evaluate(
                "e => { const s = getComputedStyle(e), b = getComputedStyle(e, '::before');"
                " return [s.transform, s.borderRadius, s.backgroundColor === 'rgba(0, 0, 0, 0)',"
                " b.content].join() }"
            )
        )
    assert len(shapes) == 4


def test_lines_differ_in_more_than_colour(page: Page, small: Served) -> None:
    """Series drawn over one another have different dashes in the legend."""
    show(page, small, small.views()["series-beside"])
    dashes = page.eval_on_selector_all(
        ".legend path", "all => all.map(e => e.getAttribute('stroke-dasharray'))"
    )
    assert len(dashes) == len(set(dashes)) == 2
