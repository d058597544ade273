"""A browser, and sites served to it: a small one with run records, a hostile one, a large one."""

import dataclasses
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.served import running
from tests.support.site_histories import LARGE, SMALL, Shape, make_history
from tests.support.site_records import with_explanations, with_records
from tracker.publish.server import open_server
from tracker.publish.site import publish
from tracker.site_data.schema import Commits, EventTable, Index, Table

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "site/test-results"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WITH_SIZES = dataclasses.replace(
    SMALL, sizes=("1000", "10000", "100000"), libraries=("asynctasq", "celery", "rq")
)
ALL = "#/?order=worst+first"
"""The list of all series."""
HOSTILE = dataclasses.replace(SMALL, hostile=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The commits by position, each by the digits of its hash that the site has."""

    sha: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A site with its address and what a test needs to find its way about."""

    folder: Path
    address: str
    index: Index
    table: Table
    commits: Axis

    @property
    def worst(self) -> int:
        """The row of the worst series."""
        return self.table.rank.index(0)

    @property
    def changed_sha(self) -> str:
        """The commit at which the worst series changed."""
        return self.commits.sha[self.table.changed_at[self.worst] or 0]

    @property
    def explained(self) -> str:
        """An event that has an explanation, where any has; else the first."""
        path = self.folder / self.index.names.events
        table = msgspec.json.decode(path.read_bytes(), type=EventTable)
        return table.id[int(next(iter(table.explanation), "0"))]

    @property
    def _change_page(self) -> str:
        """The page of the changed commit that needs no script."""
        found = (self.folder / "change").glob(f"{self.changed_sha}*.html")
        return f"change/{next((path.name for path in found), '')}"

    def views(self) -> dict[str, str]:
        """Address of every kind of view."""
        worst = self.table.id[self.worst]
        table = self.table
        others = (
            i
            for i in range(len(table.id))
            if table.metric[i] == table.metric[self.worst]
            and table.scenario[i] == table.scenario[self.worst]
            and table.library[i] != table.library[self.worst]
        )
        beside = next(others, self.worst)
        newest = self.commits.sha[-1]
        first, last = self.table.libraries[0], self.table.libraries[-1]
        return {
            "overview": "",
            "series": f"#/series/{worst}?at={self.changed_sha}",
            "series-beside": f"#/series/{worst}?with={self.table.id[beside]}&x=date",
            "scaling": f"#/series/{worst}?x=param:tasks",
            "commit": f"#/commit/{self.changed_sha}",
            "compare": "#/compare",
            "compare-libraries": f"#/compare?{urlencode({'a': first, 'b': last})}",
            "run": f"#/run/{newest}",
            "run-failed": f"#/run/{newest}?{urlencode({'library': last})}",
            "all": ALL,
            "events": "#/events",
            "event": f"#/event/{self.explained}",
            "changes": "#/changes",
            "changes-by-commit": "#/changes?by=library",
            "libraries": "#/libraries",
            "method": "#/method",
            "change-page": self._change_page,
            "list-page": "list/1.html",
        }


def serve(folder: Path, shape: Shape, *, runs: bool) -> Iterator[Served]:
    """Publish a history of *shape* into *folder* and serve it."""
    judged = make_history(shape)
    publish(with_explanations(with_records(judged, shape)) if runs else judged, folder)
    with serving(folder) as address:
        yield describe(folder, address)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve *folder* on loopback; the value is its address."""
    with running(open_server(folder, 0)) as address:
        yield address


def describe(folder: Path, address: str) -> Served:
    """Read what the tests need of a published site."""
    name = msgspec.json.decode((folder / "latest.json").read_bytes())["index"]
    index = msgspec.json.decode((folder / name).read_bytes(), type=Index)
    return Served(
        folder=folder,
        address=address,
        index=index,
        table=msgspec.json.decode((folder / index.names.table).read_bytes(), type=Table),
        commits=_axis((folder / index.names.commits).read_bytes()),
    )


def _axis(data: bytes) -> Axis:
    packed = msgspec.json.decode(data, type=Commits)
    hashes = map("".join, batched(packed.sha, packed.digits, strict=True))
    return Axis(sha=[sha.rstrip() for sha in hashes])


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Three libraries, three scenarios in three sizes, forty commits, run records."""
    yield from serve(tmp_path_factory.mktemp("small"), WITH_SIZES, runs=True)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Every name is markup and script."""
    yield from serve(tmp_path_factory.mktemp("hostile"), HOSTILE, runs=True)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """3,072 series over 2,000 commits."""
    yield from serve(tmp_path_factory.mktemp("large"), LARGE, runs=False)


def find_chromium() -> str:
    """Path of a Chromium: $CHROMIUM, or one on PATH; fails in CI, skips elsewhere."""
    found = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found:
        return found
    text = "no Chromium: install one (apt-get install chromium) or set CHROMIUM to its path"
    if os.environ.get("CI"):
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from `npm ci`; where it is missing, CI fails and others skip."""
    path = ROOT / "site/node_modules/axe-core/axe.min.js"
    if not path.is_file():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("axe-core is not installed: run `npm ci` in site/")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file: while it is there, nothing else can use asyncio."""
    executable = find_chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile: no cache, no storage."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which any error, warning of the policy, or foreign request fails the test."""
    fresh = context.new_page()
    problems: list[str] = []
    fresh.on("pageerror", lambda error: problems.append(str(error)))
    fresh.on(
        "console", lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None
    )
    fresh.on(
        "request",
        lambda r: (
            None
            if r.url.startswith(("http://127.0.0.1:", "data:", "about:"))
            else problems.append(f"request to {r.url}")
        ),
    )
    yield fresh
    assert problems == []


def show(page: Page, served: Served, place: str) -> None:
    """Open a view as if its link had been sent, and wait until it has settled."""
    page.goto("about:blank")
    page.goto(served.address + place)
    wait(page)


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def wait(page: Page) -> None:
    """Wait until the view stands; pages without the app stand when they are loaded."""
    if page.locator("meta[name=tracker-index]").count():
        page.locator("html[data-ready]").wait_for(state="attached")
        page.locator("main h1, main .problem").first.wait_for(state="attached")
        expect(page.locator(".loading")).to_have_count(0)
