"""Labels of charts and names of machines: none lies over another, none leaves its place."""

import dataclasses
from collections.abc import Iterator
from itertools import combinations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site.conftest import ALL, Served, serve, show
from tests.support.site_histories import LIBRARIES, SMALL
from tests.support.site_walks import WIDTHS

pytestmark = pytest.mark.browser
EIGHT = dataclasses.replace(SMALL, libraries=LIBRARIES, sizes=("1000", "10000"))
LONG = "buildbot-worker-with-a-very-long-name.eu-central-1.compute.internal_dedicated"
"""No machine is called longer, and it has few places to break at."""

# Keeps the box of every text that is written on a canvas until the canvas is wiped.
_LISTEN = """
(() => {
  const texts = new Map();
  window.writtenTexts = () => [...texts.entries()]
    .filter(([canvas]) => canvas.isConnected)
    .map(([canvas, all]) => ({ width: canvas.width, height: canvas.height, texts: [...all] }));
  const pen = CanvasRenderingContext2D.prototype;
  const { fillText, clearRect } = pen;
  pen.clearRect = function (...area) {
    texts.set(this.canvas, []);
    return clearRect.apply(this, area);
  };
  pen.fillText = function (text, x, y, ...more) {
    const size = this.measureText(text);
    const { a, d, e, f } = this.getTransform();
    const list = texts.get(this.canvas) ?? [];
    if (String(text).trim()) list.push({
      text: String(text),
      left: a * (x - size.actualBoundingBoxLeft) + e,
      right: a * (x + size.actualBoundingBoxRight) + e,
      top: d * (y - size.actualBoundingBoxAscent) + f,
      bottom: d * (y + size.actualBoundingBoxDescent) + f,
    });
    texts.set(this.canvas, list);
    return fillText.call(this, text, x, y, ...more);
  };
})();
"""
_BOXES = """
texts => texts.map(one => {
  const { left, right, top, bottom } = one.getBoundingClientRect();
  return { text: one.textContent, left, right, top, bottom };
})
"""
_CUT_CHOICES = """
all => all.filter(one => {
  const pen = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(one);
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return pen.measureText(one.selectedOptions[0].text).width > room;
}).map(one => one.selectedOptions[0].text)
"""

type Box = dict[str, float | str]


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Eight libraries with their run records."""
    yield from serve(tmp_path_factory.mktemp("eight"), EIGHT, runs=True)


@pytest.fixture(scope="module")
def long_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two machines with long names."""
    shape = dataclasses.replace(SMALL, machines=(LONG, f"{LONG}-2"))
    yield from serve(tmp_path_factory.mktemp("long"), shape, runs=True)


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    """The width of a phone, of a tablet and of a desk."""
    return int(request.param)


@pytest.fixture
def listened(browser: Browser, width: int) -> Iterator[Page]:
    """A page that knows which texts its charts have written, and where."""
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": 900})
    context.add_init_script(_LISTEN)
    yield context.new_page()
    context.close()


def collisions(boxes: list[Box]) -> list[tuple[object, object]]:
    """Return the texts that lie over one another."""
    return [(one["text"], other["text"]) for one, other in combinations(boxes, 2)
            if _overlap(one, other)]  # fmt: skip


def _overlap(one: Box, other: Box) -> bool:
    return all(
        float(one[low]) < float(other[high]) - 0.5 and float(other[low]) < float(one[high]) - 0.5
        for low, high in (("left", "right"), ("top", "bottom"))
    )


@pytest.mark.parametrize(
    "view", ["series", "series-beside", "scaling", "run", "zoomed", "from-zero", "logarithmic"]
)
def test_what_a_chart_writes_can_be_read(listened: Page, small: Served, view: str) -> None:
    """Ticks, releases and sizes of changes lie over nothing written and stay on their canvas."""
    worst = f"#/series/{small.table.id[small.worst]}"
    sha = small.commits.sha
    places = small.views() | {
        "zoomed": f"{worst}?x=date&from={sha[20]}&to={sha[23]}",
        "from-zero": f"{worst}?zero=yes",
        "logarithmic": f"{worst}?log=yes",
    }
    show(listened, small, places[view])
    expect(listened.locator(".plot canvas").first).to_be_visible()
    charts = listened.evaluate("window.writtenTexts()")
    assert charts
    for chart in charts:
        assert len(chart["texts"]) > 3
        assert collisions(chart["texts"]) == []
        for text in chart["texts"]:
            assert text["left"] >= 0, text
            assert text["right"] <= chart["width"], text
            assert text["top"] >= 0, text
            assert text["bottom"] <= chart["height"], text


def test_names_of_libraries_stand_apart(listened: Page, eight: Served) -> None:
    """In the picture of throughput against latency each library is named, beside no other name."""
    show(listened, eight, "#/libraries")
    texts = listened.locator(".tradeoff text")
    expect(texts.first).to_be_visible()
    boxes = texts.evaluate_all(_BOXES)
    names = {box["text"] for box in boxes}
    assert names >= set(LIBRARIES[:-1]), "the last one failed"
    assert collisions(boxes) == []
    room = listened.locator(".tradeoff").bounding_box()
    assert room
    for box in boxes:
        assert room["x"] <= box["left"], box
        assert box["right"] <= room["x"] + room["width"] + 1, box
    where = {box["text"]: box for box in boxes}
    dots = listened.locator(".tradeoff circle").evaluate_all(_BOXES)
    assert not [(name, dot) for name, box in where.items() for dot in dots if _overlap(box, dot)]


@pytest.mark.parametrize("view", ["event", "commit", "compare", "libraries"])
def test_a_row_of_a_picture_keeps_its_texts_apart(listened: Page, eight: Served, view: str) -> None:
    """In forest plots and intervals name, number, meaning and the ends have a place each."""
    place = "#/libraries?metric=throughput" if view == "libraries" else eight.views()[view]
    show(listened, eight, place)
    rows = listened.locator(".forest li, .intervals li")
    expect(rows.first).to_be_visible()
    for row in rows.all():
        parts = row.locator(".what, .number, .meaning, .against, .why, .remark, .ends > span")
        boxes = parts.evaluate_all(_BOXES)
        assert collisions([box for box in boxes if box["right"] > box["left"]]) == []


VIEWS = (
    "overview", "all", "changes", "event", "commit", "compare", "series", "run", "libraries",
    "list-page", "change-page",
)  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_a_long_name_of_a_machine_breaks_no_view(
    listened: Page, long_names: Served, view: str
) -> None:
    """However long a machine is called, no view scrolls sideways and no cell is cut."""
    place = ALL if view == "all" else long_names.views()[view]
    show(listened, long_names, place)
    page_widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scroll, client = listened.evaluate(page_widths)
    assert scroll <= client
    wide = """all => all.filter(one => one.offsetParent !== null
      && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map(one => one.textContent)"""
    assert listened.locator("main bdi, main td, main th").evaluate_all(wide) == []


def test_a_choice_is_not_cut_on_a_phone(browser: Browser, eight: Served) -> None:
    """What is chosen in a box can be read to its end, and the menu has one line."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        for place in ("#/libraries", "#/?order=name", "#/compare", "#/changes"):
            show(page, eight, place)
            assert page.locator("main select").evaluate_all(_CUT_CHOICES) == []
        tops = page.locator(".top nav a").evaluate_all("all => all.map(a => a.offsetTop)")
    assert len(tops) == 5
    assert len(set(tops)) == 1
