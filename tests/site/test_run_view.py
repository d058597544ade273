"""The view of a run: its curves, what they tell, and each run beside the others."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Served, show, unfold

pytestmark = pytest.mark.browser


def test_a_run_shows_its_curves(page: Page, small: Served) -> None:
    """A run has its histogram, percentiles, depth, throughput, CPU, memory, and each run's row."""
    show(page, small, small.views()["run"])
    captions = page.locator("figcaption").all_inner_texts()
    expect(page.locator("figcaption").first).to_contain_text("(%)")
    wanted = ("histogram", "percentile", "queue depth", "throughput", "cpu", "memory")
    assert all(any(word in caption.lower() for caption in captions) for word in wanted)
    unfold(page)
    expect(page.locator("main")).to_contain_text("no steady state")
    expect(page.locator("main")).to_contain_text("outlier")


def test_the_run_before_stands_behind(page: Page, small: Served) -> None:
    """Figures and curves stand beside those of the commit measured before, with a way to them."""
    show(page, small, small.views()["run"])
    before = small.commits.sha[-2][:8]
    expect(page.locator(".headlines")).to_contain_text(f"{before}: 5,100 tasks/s (+0.0 %)")
    page.get_by_role("list", name="Lines").get_by_role("link", name=before).click()
    expect(page.locator("h1")).to_contain_text(before)
    show(page, small, f"#/run/{small.commits.sha[-3]}")  # the first with records
    expect(page.locator(".headlines")).to_be_visible()
    expect(page.get_by_role("list", name="Lines")).to_have_count(0)


def test_only_a_kept_run_is_linked(page: Page, small: Served) -> None:
    """A point and a commit lead to the run's record where there is one; else the point says so."""
    worst, shas = small.table.id[small.worst], small.commits.sha
    show(page, small, f"#/series/{worst}?at={shas[0]}")
    expect(page.locator(".details")).to_contain_text("There is no run record.")
    expect(page.locator(".details a[href*='#/run/']")).to_have_count(0)
    show(page, small, f"#/commit/{shas[0]}")
    expect(page.locator("#measured ~ details .data-table tbody tr").first).to_be_visible()
    expect(page.locator("a[href*='#/run/']")).to_have_count(0)
    show(page, small, f"#/commit/{shas[-1]}")
    expect(page.get_by_role("link", name="runs")).to_be_visible()
    show(page, small, f"#/series/{worst}?at={shas[-1]}")
    page.get_by_role("link", name="View this run").click()
    expect(page.locator("h1")).to_contain_text(", asynctasq at")
    expect(page.get_by_label("library")).to_have_value("asynctasq")
    expect(page.locator(".problem")).to_have_count(0)


def test_curves_of_a_run_tell_their_values(page: Page, small: Served) -> None:
    """Pointing tells time and value, in all curves over time at once; arrow keys in their own."""
    show(page, small, small.views()["run"])
    depth, memory = (page.locator("figure", has_text=name).first for name in ("depth", "Memory"))
    depth.scroll_into_view_if_needed()
    box = depth.locator(".u-over").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(depth.locator(".readout")).to_have_text(re.compile(r"\d s [\d,]+ tasks"))
    expect(memory.locator(".readout")).to_have_text(re.compile(r"\d s \d+\.\d MiB"))
    page.mouse.move(0, 0)
    memory.locator(".plot").focus()
    page.keyboard.press("Home")
    first = memory.locator(".readout").inner_text()
    assert first.startswith("0 s ")
    depth.locator(".u-over").dispatch_event("mouseleave")  # as scrolling under a pointer does
    page.keyboard.press("ArrowRight")
    expect(memory.locator(".readout")).to_have_text(re.compile("^500 ms "))


def test_runs_stand_side_by_side(page: Page, small: Served) -> None:
    """Each run is a column, each figure a row with its unit; the table needs no sideways scroll."""
    show(page, small, small.views()["run"])
    unfold(page)
    table = page.get_by_role("table", name="Each run")
    titles = table.locator("thead th").all_inner_texts()
    assert titles[1:] == [f"run {i}" for i in range(1, 7)]
    expect(table.get_by_role("row", name="Throughput, tasks/s")).to_contain_text("5,040")
    expect(table.get_by_role("row", name="Latency, 99th percentile")).to_contain_text("12.0 ms")
    expect(table.get_by_role("row", name="marked as").locator("td:empty")).to_have_count(5)
