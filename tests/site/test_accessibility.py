"""axe finds nothing on any view, in both themes, wide and narrow; and what it cannot find."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import Served, show
from tests.support.site_walks import THEMES, WIDTHS, misfits

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_fits_everybody(
    browser: Browser, small: Served, axe: str, width: int, theme: str
) -> None:
    """No view breaks a rule of axe or scrolls sideways; CI keeps a picture of each."""
    assert misfits(browser, small, small.views(), width, theme, site="small", axe=axe) == []


def test_a_verdict_is_more_than_a_colour(page: Page, small: Served) -> None:
    """Each verdict is a word, and its mark has a shape of its own."""
    show(page, small, "#/method")
    shapes = set()
    for verdict in ("worse", "better", "suspected", "no_change", "cannot_tell"):
        mark = page.locator(f".verdict.{verdict} .mark").first
        expect(page.locator(f".verdict.{verdict}").first).to_contain_text(verdict.replace("_", " "))
        shapes.add(
            mark.evaluate(
                "e => { const s = getComputedStyle(e), b = getComputedStyle(e, '::before');"
                " return [s.transform, s.borderRadius, s.backgroundColor === 'rgba(0, 0, 0, 0)',"
                " b.content].join() }"
            )
        )
    assert len(shapes) == 5


def test_lines_differ_in_more_than_colour(page: Page, small: Served) -> None:
    """Series drawn over one another have different dashes in the legend."""
    show(page, small, small.views()["series-beside"])
    dashes = page.eval_on_selector_all(
        ".legend path", "all => all.map(e => e.getAttribute('stroke-dasharray'))"
    )
    assert len(dashes) == len(set(dashes)) == 2
