"""What the newest commits leave open: a value far out, runs that failed, what is not measured."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.site.conftest import ALL, Served, describe, serving, show, unfold
from tests.site.test_real_results import publish
from tests.support.signals import history, noisy, series
from tracker.judge import judge
from tracker.publish.site import publish as publish_judged

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A history with a newest value far out."""
    folder = tmp_path_factory.mktemp("far")
    write_tree(folder, Shape(commits=40, benchmarks=12, params=3, machines=2, samples=3))
    publish(folder)
    with serving(folder / "site") as address:
        yield describe(folder / "site", address)


@pytest.fixture(scope="module")
def given_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One regression in a series that nothing measures any more, one in a series that goes on."""
    folder = tmp_path_factory.mktemp("given-up")
    ended = series(noisy(50, 2, steps={40: 1.3}), "ended")
    publish_judged(judge(history(ended, series(noisy(120, 3, steps={80: 1.3}), "on"))), folder)
    with serving(folder) as address:
        yield describe(folder, address)


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


def test_the_first_sentence_leads_to_the_runs_that_failed(page: Page, small: Served) -> None:
    """What the newest run could not measure is said beside the verdict, with its list."""
    failed = small.index.answer.failed
    show(page, small, "#/method")
    answer = page.get_by_label("The newest measured commit")
    answer.get_by_role("link", name=f"the latest run failed in {failed} series").click()
    expect(page.get_by_label("verdict")).to_have_value("failed")
    expect(page.locator("table.series tbody tr .flag")).to_have_text(["latest run failed"] * failed)


@pytest.mark.parametrize(
    ("choice", "name"), [("no longer measured", "ended"), ("still worse", "on")]
)
def test_what_is_not_measured_any_more_is_a_choice(
    page: Page, given_up: Served, choice: str, name: str
) -> None:
    """Such an event is neither undone nor still worse."""
    show(page, given_up, "#/events")
    page.get_by_label("show").select_option(choice)
    expect(page.locator(".events > li")).to_have_count(1)
    expect(page.locator(".events > li")).to_contain_text(name)
    expect(page.locator(".events > li")).to_contain_text(
        "no longer measured" if name == "ended" else "still there"
    )
