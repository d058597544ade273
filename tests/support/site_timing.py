"""What the browser itself says of a page: bytes, requests, time to the first chart, shifts."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

_SHIFTS = """
() => new Promise(done => {
  let sum = 0;
  const seen = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  });
  seen.observe({type: 'layout-shift', buffered: true});
  setTimeout(() => { seen.disconnect(); done(sum); }, 100);
})
"""
_LOADED = """
(until) => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
  .filter(e => e.responseEnd <= until && !e.name.startsWith('data:'))
  .map(e => [e.name, e.transferSize])
"""
_FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
_CHART = """
() => performance.getEntriesByName('chart-drawn').slice(0, 1)
  .map(e => [e.startTime, e.duration])[0]
"""
_READY = "() => performance.getEntriesByName('view-ready')[0]?.startTime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One page, opened with an empty cache.

    Attributes:
        first_paint_ms: first text or picture; the overview's sparklines are in the page itself.
        chart_ms: when the first chart was drawn by the app.
        draw_ms: how long drawing it took.
        bytes: transferred, compressed, until the chart was drawn.
        requests: answered until then.
        shift: cumulative layout shift.
    """

    first_paint_ms: float
    chart_ms: float
    draw_ms: float
    bytes: int
    requests: int
    shift: float


def time_page(browser: Browser, address: str, chart: str) -> Timing:
    """Open *address* in a fresh profile and wait for *chart*, a selector."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.locator(chart).first.wait_for()
    page.locator("html[data-ready]").wait_for(state="attached")
    page.wait_for_timeout(300)
    drawn = page.evaluate(_CHART) or [page.evaluate(_READY), 0]
    loaded = page.evaluate(_LOADED, sum(drawn))
    timing = Timing(
        first_paint_ms=page.evaluate(_FIRST_PAINT),
        chart_ms=sum(drawn),
        draw_ms=drawn[1],
        bytes=sum(size for _, size in loaded),
        requests=len(loaded),
        shift=layout_shift(page),
    )
    context.close()
    return timing


def layout_shift(page: Page) -> float:
    """Return the cumulative layout shift of *page* until now."""
    return page.evaluate(_SHIFTS)


def median_timing(browser: Browser, address: str, chart: str, times: int) -> Timing:
    """Open a page several times; each figure is the median, bytes and shift the largest."""
    return _joined([time_page(browser, address, chart) for _ in range(times)], statistics.median)


def least_timing(browser: Browser, address: str, chart: str, times: int) -> Timing:
    """Open a page several times; each figure is the least, as whatever else runs only adds to it.

    Bytes and shift, to which it adds nothing, are the largest.
    """
    return _joined([time_page(browser, address, chart) for _ in range(times)], min)


def _joined(found: Sequence[Timing], one_of: Callable[[list[float]], float]) -> Timing:
    return Timing(
        first_paint_ms=one_of([t.first_paint_ms for t in found]),
        chart_ms=one_of([t.chart_ms for t in found]),
        draw_ms=one_of([t.draw_ms for t in found]),
        bytes=max(t.bytes for t in found),
        requests=max(t.requests for t in found),
        shift=max(t.shift for t in found),
    )
