"""Libraries side by side: with their records, and with newest values alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Served, show

pytestmark = pytest.mark.browser


def test_libraries_stand_side_by_side(page: Page, small: Served) -> None:
    """Each scenario has median, ratio, interval and effect against the base, which comes first."""
    show(page, small, "#/libraries?metric=throughput")
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


def test_a_grid_sums_up_the_libraries(page: Page, small: Served) -> None:
    """One row a scenario, one column a library: how it stands against the base, or its failure."""
    show(page, small, "#/libraries?metric=throughput")
    grid = page.get_by_role("table", name="Throughput, over that of asynctasq")
    expect(grid.locator("tbody tr")).to_have_count(3)
    cells = grid.locator("tbody tr").first.locator("td")
    expect(cells.nth(0)).to_contain_text("tasks/s")
    expect(cells.nth(1)).to_have_text(re.compile(r"worse 0\.80 ."))
    expect(cells.nth(2)).to_have_text("failed")
    grid.locator("tbody th a").first.click()
    expect(page).to_have_url(re.compile("scenario="))
    expect(page.locator(".intervals")).to_have_count(1)


def test_libraries_tell_what_they_guarantee(page: Page, small: Served) -> None:
    """Below the figures stands when each library acknowledges, and what a kill does."""
    show(page, small, "#/compare?a=asynctasq&b=celery")
    page.get_by_role("link", name="what they guarantee").click()
    table = page.get_by_role("table", name="Guarantees of the libraries")
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table.get_by_role("row", name="celery")).to_contain_text("when started")
