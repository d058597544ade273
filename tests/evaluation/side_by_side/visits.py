"""Opens a page with an empty cache and says what it cost until its first chart, and at rest.

The same rule for every site: a chart is there in the frame after an SVG with a line in it, or a
canvas that is not blank, of at least the given size is visible. Small ones do on an overview; the
page of a benchmark must show its large one.
"""

import statistics
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

WAIT_MS, ASK_MS = 60_000, 100
REST_MS = 1_500
SMALL, LARGE = (40, 12), (400, 150)  # pixels
_WATCH = """
(() => {
  const large = e => { const b = e.getBoundingClientRect();
    return b.width >= WIDTH && b.height >= HEIGHT && b.top < innerHeight && b.bottom > 0; };
  const drawn = c => { if (!c.width || !c.height) return false;
    const context = c.getContext('2d');
    return !!context && context.getImageData(0, 0, c.width, c.height).data.some(v => v); };
  const found = () => [...document.querySelectorAll('svg')].some(s => large(s)
      && s.querySelector('path[d], polyline, line, circle, rect'))
    || [...document.querySelectorAll('canvas')].some(c => large(c) && drawn(c));
  const look = () => {
    if (document.body && found()) requestAnimationFrame(now => { window.firstChart = now; });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()
"""
_LOADED = """
until => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
  .filter(e => e.responseEnd <= until && !e.name.startsWith('data:'))
  .map(e => [e.transferSize, e.decodedBodySize])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one page took: until the first chart was visible, and until it was at rest.

    Attributes:
        chart_ms: from the start of the navigation; None when no chart came.
        failed: requests that were refused, not found, or left this machine.
    """

    chart_ms: float | None
    requests: int
    transferred_bytes: int
    unpacked_bytes: int
    rest_requests: int
    rest_transferred_bytes: int
    rest_unpacked_bytes: int
    failed: int


def visit(
    browser: Browser, address: str, size: tuple[int, int], picture: Path | None = None
) -> Visit:
    """Open *address* in a fresh profile; the first chart has at least *size* (width, height)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(_WATCH.replace("WIDTH", str(size[0])).replace("HEIGHT", str(size[1])))
    page = context.new_page()
    failures: list[str] = []
    page.on("requestfailed", lambda request: failures.append(request.url))
    page.on("response", lambda r: failures.append(r.url) if r.status >= 400 else None)
    page.goto(address, wait_until="commit")
    chart_ms = _first_chart(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(REST_MS)
    until = page.evaluate(_LOADED, chart_ms if chart_ms is not None else 1e12)
    rest = page.evaluate(_LOADED, 1e12)
    if picture:
        page.screenshot(path=picture)
    context.close()
    return Visit(
        chart_ms=chart_ms,
        requests=len(until),
        transferred_bytes=sum(packed for packed, _ in until),
        unpacked_bytes=sum(plain for _, plain in until),
        rest_requests=len(rest),
        rest_transferred_bytes=sum(packed for packed, _ in rest),
        rest_unpacked_bytes=sum(plain for _, plain in rest),
        failed=len(failures),
    )


def _first_chart(page: Page) -> float | None:
    """Ask now and then: waiting inside the page is refused by a strict policy."""
    for _ in range(WAIT_MS // ASK_MS):
        moment: float | None = page.evaluate("window.firstChart ?? null")
        if moment is not None:
            return moment
        page.wait_for_timeout(ASK_MS)
    return None


def median_visit(
    browser: Browser, address: str, size: tuple[int, int], times: int, picture: Path | None = None
) -> Visit:
    """Visit *times* times; return the visit whose time to the first chart is the median."""
    visits = [visit(browser, address, size, None if n else picture) for n in range(times)]
    seen = [one.chart_ms for one in visits if one.chart_ms is not None]
    if not seen:
        return visits[0]
    middle = statistics.median_low(seen)
    return next(one for one in visits if one.chart_ms == middle)
