"""What is missing, nothing or not known is called that, in every view."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Served, show, unfold
from tests.support.site_packs import first_failure

pytestmark = pytest.mark.browser


def failed_series(served: Served) -> tuple[int, int]:
    """Row of a series that failed somewhere, and the first position at which it did."""
    name, position = first_failure(served.folder)
    return served.table.id.index(name), position


def test_a_missing_value_is_called_not_measured(page: Page, small: Served) -> None:
    """Between two commits a series that one of them lacks is not measured there, and no verdict."""
    row, position = failed_series(small)
    query = {"base": small.commits.sha[position - 1], "head": small.commits.sha[position]}
    show(page, small, f"#/compare?{urlencode(query)}")
    unfold(page)
    link = page.locator(f'th a[href*="{small.table.id[row]}"]')
    while not link.count():
        page.get_by_role("button", name="Show more").click()
    cells = page.locator(".data-table tr", has=link)
    expect(cells.locator("td[data-title=After]")).to_have_text("not measured")
    expect(cells.locator("td[data-title=Difference]")).to_be_empty()
    expect(page.locator("main")).not_to_contain_text("n/a")


def test_failures_of_what_lies_over_a_series_are_marked(page: Page, small: Served) -> None:
    """Where another series failed stands a mark in the colour of its line, not only a gap."""
    row, position = failed_series(small)
    table = small.table
    main = next(
        i for i in range(len(table.id))
        if table.metric[i] == table.metric[row] and table.scenario[i] == table.scenario[row]
        and table.library[i] != table.library[row]
    )  # fmt: skip
    show(page, small, f"#/series/{table.id[main]}?{urlencode({'with': table.id[row]})}")
    colour = page.locator(".legend path").nth(1).get_attribute("stroke") or ""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    newest = len(small.commits.sha) - 1
    share = (position + 0.01 * newest) / (1.02 * newest)
    assert page.evaluate(_NEAR_FOOT, [share, wanted])


# Whether a pixel of the wanted colour lies where the cross of the second line belongs.
_NEAR_FOOT = """
([share, wanted]) => {
  const canvas = document.querySelector(".plot canvas");
  const origin = canvas.getBoundingClientRect();
  const over = document.querySelector(".plot .u-over").getBoundingClientRect();
  const x = over.left - origin.left + share * over.width;
  const y = over.bottom - origin.top - 10;
  const { data } = canvas.getContext("2d").getImageData(x - 3, y - 3, 6, 6);
  for (let i = 0; i < data.length; i += 4)
    if (wanted.every((channel, k) => Math.abs(data[i + k] - channel) < 24)) return true;
  return false;
}
"""


def test_an_unknown_library_is_named(page: Page, small: Served) -> None:
    """Beside a library that the results do not know, the page says so."""
    show(page, small, "#/compare?a=asynctasq&b=gone")
    expect(page.locator(".problem")).to_contain_text("no library gone")


def test_a_prefix_names_the_commit_of_changes(page: Page, small: Served) -> None:
    """The changes of one commit are listed for any length of its hash."""
    show(page, small, f"#/changes?commit={small.changed_sha}")
    rows = page.locator(".data-table tbody tr").count()
    assert rows
    for name in (small.changed_sha[:7], f"{small.changed_sha}{'0' * 28}"):
        show(page, small, f"#/changes?commit={name}")
        expect(page.locator(".data-table tbody tr")).to_have_count(rows)


def test_the_table_says_how_it_is_ordered(page: Page, small: Served) -> None:
    """Who cannot see the heading is told the chosen order by the table itself."""
    show(page, small, "#/?order=newest+change")
    expect(page.locator("table.series caption")).to_have_text("Series, newest change")
