"""The site of real results, as `make demo` measures them: every view, as a reader walks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import ALL, Served, describe, serving, show, unfold, wait
from tests.support.real_results import lay_out
from tests.support.site_walks import THEMES, WIDTHS, dead_links, misfits, tall_views
from tracker.cli import run

pytestmark = pytest.mark.browser
VIEWS = ("", "#/events", ALL, "#/changes", "#/libraries", "#/compare", "#/method")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's results and their repository, published by the command into `site`."""
    folder = tmp_path_factory.mktemp("real")
    lay_out(folder)
    publish(folder)
    return folder


def publish(folder: Path) -> None:
    """Publish as a user does."""
    config = str(folder / "asv.conf.json")
    assert run(["publish", "--quiet", "--config", config, "--out", str(folder / "site")]) == 0


@pytest.fixture(scope="module")
def real(project: Path) -> Iterator[Served]:
    """That site, served."""
    with serving(project / "site") as address:
        yield describe(project / "site", address)


def places(real: Served) -> dict[str, str]:
    """Address of every view of the real site."""
    newest, first = real.commits.sha[-1], real.commits.sha[0]
    return {place.strip("#/") or "overview": place for place in VIEWS} | {
        "series": f"#/series/{real.table.id[real.worst]}",
        "commit": f"#/commit/{newest}",
        "two releases": f"#/compare?base=v1.3.0&head={newest}",
        "two libraries": "#/compare?a=asynctasq&b=celery",
        "run": f"#/run/{newest}?library=asynctasq",
        "control's run": f"#/run/{first}?library=celery",
        "list": "list/1.html",
    }


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_fits(browser: Browser, real: Served, axe: str, width: int, theme: str) -> None:
    """Each view has heading and text, keeps the rules of axe and never scrolls sideways."""
    assert misfits(browser, real, places(real), width, theme, site="real", axe=axe) == []


def test_no_view_is_long_on_a_phone(browser: Browser, real: Served) -> None:
    """What there is much of is folded, with a way to all of it."""
    assert tall_views(browser, real, places(real)) == {}
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(real.address)
    assert plain.evaluate("document.documentElement.scrollHeight") < 3000
    context.close()


def test_no_link_leads_nowhere(page: Page, real: Served) -> None:
    """Every kind of link of every view opens something that was found."""
    assert dead_links(page, real, places(real).values()) == []


def test_back_leads_through_series_and_commit(page: Page, real: Served) -> None:
    """Overview, series, commit by the keyboard, and back to the overview."""
    show(page, real, ALL)
    page.locator("table.series tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plot canvas")).to_be_visible()
    chart = page.locator(".plot")
    chart.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Commit")
    page.go_back()
    expect(page.locator(".plot canvas")).to_be_visible()
    page.go_back()
    expect(page.locator("table.series")).to_be_visible()


def test_the_run_of_a_real_record_has_its_curves(page: Page, real: Served) -> None:
    """Histogram, percentiles, depth, throughput, CPU and memory of a measured run are drawn."""
    show(page, real, places(real)["run"])
    captions = " ".join(page.locator("figcaption").all_inner_texts()).lower()
    for wanted in ("histogram", "percentile", "queue depth", "throughput", "cpu", "memory"):
        assert wanted in captions
    unfold(page)
    expect(page.locator("main")).to_contain_text("valkey")


def test_that_nothing_changed_is_said(page: Page, tmp_path: Path) -> None:
    """Where no change is for the worse or the better, the overview says so, also as plain text."""
    said = "No regression or improvement at present."
    lay_out(tmp_path)
    for path in sorted(tmp_path.glob("results/demo/*-*.json"))[1:]:
        path.unlink()
    publish(tmp_path)
    assert said in (tmp_path / "site/index.html").read_text(encoding="utf-8")
    with serving(tmp_path / "site") as address:
        show(page, describe(tmp_path / "site", address), "")
        expect(page.locator("#lately + p")).to_have_text(said)


def test_two_zeros_are_alike(page: Page, real: Served) -> None:
    """Where nothing failed before and after, the rate of failures did not change."""
    show(page, real, places(real)["two releases"])
    unfold(page)
    row = page.locator(".data-table tr", has_text="Failure rate").first
    expect(row.locator("td[data-title=Difference]")).to_have_text("+0.0 %")


def test_notes_are_read_to_their_end(browser: Browser, real: Served) -> None:
    """On a phone no note of the overview or of the list is cut."""
    with browser.new_context(viewport={"width": 375, "height": 900}) as context:
        page = context.new_page()
        for place in ("", ALL):
            show(page, real, place)
            notes = page.locator("main p")
            assert notes.count()
            for note in notes.all():
                assert note.evaluate("note => note.scrollWidth <= note.clientWidth")


def test_a_series_prints(page: Page, real: Served) -> None:
    """On paper a real series has its chart and no menu."""
    show(page, real, places(real)["series"])
    page.emulate_media(media="print")
    expect(page.locator(".plot canvas")).to_be_visible()
    expect(page.locator("nav").first).to_be_hidden()
    assert page.pdf(format="A4")[:4] == b"%PDF"


def test_an_event_says_why(page: Page, real: Served) -> None:
    """Release 1.5.0: fewer round trips, told in words, as bars, in a table, and as a file."""
    show(page, real, f"#/event/{real.explained}")
    why = page.get_by_role("region", name="Why")
    expect(why.locator("li").first).to_contain_text("Basic throughput: ")
    unfold(page)
    expect(why.locator("table tbody tr").first).to_be_visible()
    expect(why.get_by_role("list", name="Lines per task, by function")).to_be_visible()
    link = why.get_by_role("link", name="explain.json").get_attribute("href")
    content = page.request.get(f"{real.address}{link}").json()
    assert content["explanation"]["scenarios"][0]["scenario"] == "basic_throughput"


def test_permalinks_outlive_the_next_release(
    page: Page, real: Served, project: Path, tmp_path: Path
) -> None:
    """Links made when a release was missing open the same series and commits after it came."""
    older = tmp_path / "older"
    lay_out(older)
    newest = real.commits.sha[-1]
    held_back = list((older / "results" / "demo").glob(f"{newest[:8]}-*.json"))
    assert held_back
    text = held_back[0].read_bytes()
    held_back[0].unlink()
    publish(older)
    with serving(older / "site") as address:
        before = describe(older / "site", address)
        series = f"#/series/{before.table.id[before.worst]}?at={before.commits.sha[1]}"
        commit = f"#/commit/{before.commits.sha[2]}"
        show(page, before, series)
        heading = page.locator("h1").inner_text()
        held_back[0].write_bytes(text)
        publish(older)
        show(page, before, series)
        assert page.locator("h1").inner_text() == heading
        expect(page.locator(".details")).to_contain_text(before.commits.sha[1][:8])
        show(page, before, commit)
        expect(page.locator("h1")).to_contain_text(before.commits.sha[2][:7])
        page.reload()
        wait(page)
        expect(page.locator("h1")).to_contain_text(before.commits.sha[2][:7])


def test_a_point_names_the_versions_it_was_measured_with(page: Page, real: Served) -> None:
    """Beside the value of a control stand the versions of what it is made of, and of the broker."""
    celery = real.table.libraries.index("celery")
    show(page, real, f"#/series/{real.table.id[real.table.library.index(celery)]}")
    page.get_by_text("Environment", exact=True).click()
    for wanted in ("celery 5.", "kombu 5.", "redis ", "valkey"):
        expect(page.locator(".details")).to_contain_text(wanted)


def test_pages_and_app_write_the_same_numbers(page: Page, real: Served) -> None:
    """Each series has the same value, change, detectable step and verdict in both."""

    def rows() -> list[list[str]]:
        cells = page.locator("table.series tbody tr").all()
        return [row.locator("th, td:not(.spark)").all_inner_texts() for row in cells]

    show(page, real, "list/1.html")
    plain = rows()
    show(page, real, f"{ALL}&rows={len(plain)}")
    assert len(plain) == len(real.table.id)
    assert rows() == plain
