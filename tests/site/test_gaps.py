"""What is missing, nothing or not known is called that, in every view."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Served, show, unfold
from tests.support.site_packs import failures, first_failure

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


@pytest.mark.parametrize("both", [False, True])
def test_failures_of_what_lies_over_a_series_are_marked(
    page: Page, small: Served, *, both: bool
) -> None:
    """Where another series failed stands a mark in the colour of its line, not only a gap.

    Where the series itself failed too, its own mark stands at the foot, and the other's above it.
    """
    main, beside, position = neighbours(small, both=both)
    show(page, small, f"#/series/{main}?{urlencode({'with': beside})}")
    colour = page.locator(".legend path").nth(1).get_attribute("stroke") or ""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    newest = len(small.commits.sha) - 1
    share = (position + 0.01 * newest) / (1.02 * newest)
    page.wait_for_function(_NEAR_FOOT, arg=[share, wanted, 20 if both else 10])


def neighbours(served: Served, *, both: bool) -> tuple[str, str, int]:
    """Return two libraries' series of one metric, and where the second failed.

    Of the first, that value is missing too if *both*.
    """
    table, failed = served.table, failures(served.folder)
    return next(
        (table.id[main], table.id[beside], position)
        for beside in range(len(table.id))
        for main in range(len(table.id))
        if table.metric[main] == table.metric[beside]
        and table.scenario[main] == table.scenario[beside]
        and table.library[main] != table.library[beside]
        for position in sorted(failed[table.id[beside]])
        if (position in failed[table.id[main]]) == both
    )


# Whether a pixel of the wanted colour lies where the cross of the second line belongs.
_NEAR_FOOT = """
([share, wanted, height]) => {
  const canvas = document.querySelector(".plot canvas");
  const origin = canvas.getBoundingClientRect();
  const over = document.querySelector(".plot .u-over").getBoundingClientRect();
  const x = over.left - origin.left + share * over.width;
  const y = over.bottom - origin.top - height;
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
