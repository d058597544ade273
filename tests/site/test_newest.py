"""A newest value far out, as in the demo's newest release: said beside the verdict everywhere."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import ALL, Served, describe, serving, show, unfold
from tests.site.test_real_results import publish
from tests.support.real_results import lay_out

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo's results: six releases, the newest much slower than the five before it."""
    folder = tmp_path_factory.mktemp("newest")
    lay_out(folder)
    publish(folder)
    with serving(folder / "site") as address:
        yield describe(folder / "site", address)


def row_of(served: Served, metric: str) -> int:
    """The row of asynctasq's *metric*."""
    table = served.table
    wanted = ("asynctasq", metric)
    return next(
        i for i in range(len(table.id))
        if (table.libraries[table.library[i]], table.metrics[table.metric[i]].name) == wanted
    )  # fmt: skip


@pytest.mark.parametrize("place", [ALL, "list/1.html"])
@pytest.mark.parametrize("width", [375, 768, 1280])
def test_the_list_says_it_below_the_verdict(
    page: Page, real: Served, place: str, width: int
) -> None:
    """The size and that it is not judged stand in the row, within the page, and nowhere else."""
    page.set_viewport_size({"width": width, "height": 900})
    show(page, real, place)
    link = page.locator(f'a[href$="#/series/{real.table.id[row_of(real, "latency_p50")]}"]')
    row = page.locator("table.series tbody tr", has=link)
    expect(row.locator(".verdict")).to_have_text("suspected")
    said = row.locator(".far-out")
    expect(said).to_have_text("newest +93.0 %, not judged yet")
    box = said.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    expect(page.locator(".far-out")).to_have_count(len(real.table.far_out))


def test_the_state_counts_them_and_leads_to_them(page: Page, real: Served) -> None:
    """The overview begins with how many they are; the number lists just these."""
    show(page, real, ALL)
    page.locator(".state a", has_text="far out").click()
    expect(page.get_by_label("verdict")).to_have_value("far_out")
    count = len(real.table.far_out)
    assert real.index.counts.far_out == count > 1
    expect(page.locator("table.series tbody tr")).to_have_count(count)
    expect(page.locator(".far-out")).to_have_count(count)


def test_the_series_says_it_below_its_verdict(page: Page, real: Served) -> None:
    """Before its chart a series says what the verdict does not speak of; others nothing."""
    said = "Newest value far out: +93.0 %; too few commits hold it to be judged."
    note = page.locator("h1 ~ .state + .note")
    show(page, real, f"#/series/{real.table.id[row_of(real, 'latency_p50')]}")
    expect(note).to_have_text(said, ignore_case=True)
    show(page, real, f"#/series/{real.table.id[row_of(real, 'memory_peak')]}")
    expect(note).to_have_count(0)


def test_at_the_newest_commit_it_is_not_called_no_change(page: Page, real: Served) -> None:
    """Beside the commit before it is "not judged yet"; between older ones nothing is said of it."""
    for position, verdict in ((-1, "not judged yet"), (-2, "no change detected")):
        show(page, real, f"#/commit/{real.commits.sha[position]}")
        unfold(page)
        link = page.locator(f'a[href*="{real.table.id[row_of(real, "latency_p50")]}"]')
        row = page.locator("#measured ~ details .data-table tbody tr", has=link)
        expect(row.locator("td[data-title=Verdict]")).to_have_text(verdict)
