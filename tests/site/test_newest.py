"""A newest value far out: said in the list, at the commit and in the state, and judged nowhere."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.site.conftest import ALL, Served, describe, serving, show, unfold
from tests.site.test_real_results import publish

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A history with a newest value far out."""
    folder = tmp_path_factory.mktemp("far")
    write_tree(folder, Shape(commits=40, benchmarks=12, params=3, machines=2, samples=3))
    publish(folder)
    with serving(folder / "site") as address:
        yield describe(folder / "site", address)


def far_id(served: Served) -> str:
    """The series with a newest value far out."""
    (number, *_) = served.table.far_out
    return served.table.id[int(number)]


@pytest.mark.parametrize("place", [ALL, "list/1.html"])
def test_the_list_says_it_below_the_verdict(page: Page, far: Served, place: str) -> None:
    """The size and that it is not judged stand in the row, and nowhere else."""
    show(page, far, place + "&rows=1000" if place == ALL else place)
    link = page.locator(f'a[href$="#/series/{far_id(far)}"]')
    row = page.locator("table.series tbody tr", has=link)
    expect(row.locator(".far-out")).to_contain_text("not judged yet")
    expect(page.locator(".far-out")).to_have_count(len(far.table.far_out))


def test_the_state_counts_them_and_leads_to_them(page: Page, far: Served) -> None:
    """The overview says how many they are; the number lists just these."""
    show(page, far, "")
    page.locator(".state a", has_text="far out").click()
    expect(page.get_by_label("verdict")).to_have_value("far_out")
    assert far.index.counts.far_out == len(far.table.far_out) >= 1
    expect(page.locator("table.series tbody tr")).to_have_count(len(far.table.far_out))


def test_at_the_newest_commit_it_is_not_called_no_change(page: Page, far: Served) -> None:
    """Against the commit before, it is "not judged yet"."""
    show(page, far, f"#/commit/{far.commits.sha[-1]}")
    unfold(page)
    link = page.locator(f'a[href*="{far_id(far)}"]')
    row = page.locator("#measured ~ details .data-table tbody tr", has=link)
    expect(row.locator("td[data-title=Verdict]")).to_have_text("not judged yet")
