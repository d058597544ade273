"""The large site (3,072 series, 2,000 commits): bytes and shifts exactly, times with room.

Times are for a machine of one's own; tests share theirs, so they get four times the limit, and the
best of three visits counts: whatever else runs only adds to them.
`python -m tests.evaluation.site_measure` prints the figures.
"""

import pytest
from playwright.sync_api import Browser

from tests.site.conftest import ALL, Served
from tests.support.site_in_parts import pausing
from tests.support.site_timing import layout_shift, least_timing

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]
FIRST_CHART_MS = 1000
DRAW_MS = 100
BYTES = 150_000
BUSY = 4
VISITS = 3


def test_the_overview_of_a_large_site_is_light(browser: Browser, large: Served) -> None:
    """The first charts are up within 150 kB, without a shift of the layout."""
    timing = least_timing(browser, large.address, ".matrix svg", VISITS)
    assert timing.bytes <= BYTES
    assert timing.shift == 0
    assert timing.chart_ms < FIRST_CHART_MS * BUSY
    assert timing.first_paint_ms < FIRST_CHART_MS * BUSY


def test_a_series_of_a_large_site_is_light(browser: Browser, large: Served) -> None:
    """A series of 2,000 commits with its band is drawn at once, within 150 kB, without a shift."""
    address = f"{large.address}#/series/{large.table.id[large.worst]}"
    timing = least_timing(browser, address, ".plot canvas", VISITS)
    assert timing.bytes <= BYTES
    assert timing.shift == 0
    assert timing.draw_ms < DRAW_MS * BUSY
    assert timing.chart_ms < FIRST_CHART_MS * BUSY


@pytest.mark.parametrize(
    ("place", "first"),
    [
        (ALL, "table.series svg"),
        ("#/?library=celery&metric=throughput", "main tbody tr"),
        ("#/?verdict=better&q=memory", "main tbody tr"),
        ("#/changes", "main tbody tr"),
        ("#/commit/{changed}", "main tbody tr"),
        ("#/compare", "main tbody tr"),
    ],
)
def test_a_list_of_a_large_site_begins_before_the_whole_table(
    browser: Browser, large: Served, place: str, first: str
) -> None:
    """The first rows come within 150 kB, and stay where they are when the others come."""
    address = large.address + place.format(changed=large.changed_sha)
    timing = least_timing(browser, address, first, VISITS)
    assert timing.bytes <= BYTES
    assert timing.shift == 0
    assert timing.chart_ms < FIRST_CHART_MS * BUSY


@pytest.mark.parametrize("name", ["index.html", "list/1.html"])
@pytest.mark.parametrize("part", ['class="logo" aria-hidden="true"></span>', "<th scope=", "<td "])
def test_a_page_that_comes_in_parts_does_not_move(
    browser: Browser, large: Served, name: str, part: str
) -> None:
    """A connection that pauses within a page: what is painted stays where it is."""
    content = (large.folder / name).read_bytes()
    cut = content.index(part.encode(), content.index(b"<body>")) + len(part)
    with pausing(large.folder, name, cut) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        assert layout_shift(page) == 0
