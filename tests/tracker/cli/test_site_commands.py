"""`tracker publish` and `tracker serve` as commands, in processes of their own, on real results."""

import hashlib
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.support.asv_tree import make_repository, write_benchmarks, write_result
from tests.support.real_results import lay_out
from tracker.errors import ExitCode
from tracker.publish.pages import POLICY

pytestmark = pytest.mark.slow
HOSTILE = '<img src=x onerror="alert(1)">'
SECONDS = 30


def tracker(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of tracker to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=folder, env=environment(folder), capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


def environment(folder: Path) -> dict[str, str]:
    """The environment of a command with a cache of its own."""
    return os.environ | {"TRACKER_CACHE": str(folder / "cache"), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's results with their repository, published into `site`."""
    folder = tmp_path_factory.mktemp("project")
    lay_out(folder)
    done = tracker(folder, "publish", "--out", "site")
    assert done.returncode == ExitCode.FINE, done.stderr
    return folder


@pytest.fixture
def serving(project: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`tracker serve` on a free port: the process, and the address that it printed."""
    process = start(project, "0")
    try:
        assert process.stdout
        assert select.select([process.stdout], [], [], SECONDS)[0]
        yield process, process.stdout.readline().split()[0]
    finally:
        process.kill()
        process.communicate()


def start(project: Path, port: str) -> subprocess.Popen[str]:
    """Start serving the project's site."""
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve", "site", "--port", port],
        cwd=project, env=environment(project), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def contents(folder: Path) -> dict[str, tuple[str, int]]:
    """Hash and time of change of every file."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
        )
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def test_publishing_again_touches_no_file(project: Path) -> None:
    """The same results published again leave every file as it was, and say so."""
    before = contents(project / "site")
    done = tracker(project, "publish", "--out", "site")

    assert done.returncode == ExitCode.FINE
    assert " 0 written, 0 removed" in done.stdout
    assert contents(project / "site") == before


def test_an_address_is_as_good_as_a_folder(project: Path, tmp_path: Path) -> None:
    """`--out file://...` writes the very files of `--out DIR`, and suggests no `tracker serve`."""
    done = tracker(project, "publish", "--out", f"file://{tmp_path}/site")

    assert done.returncode == ExitCode.FINE, done.stderr
    assert "serve" not in done.stdout
    assert {n: h for n, (h, _) in contents(tmp_path / "site").items()} == {
        n: h for n, (h, _) in contents(project / "site").items()
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], ExitCode.USAGE),
        (["--results", "gone"], ExitCode.DATA),
        (["--results", "memory://gone"], ExitCode.DATA),
    ],
)
def test_missing_results_are_named(tmp_path: Path, arguments: list[str], code: ExitCode) -> None:
    """Without results publishing ends with a code and a next step, and makes no site."""
    done = tracker(tmp_path, "publish", "--out", "site", *arguments)

    assert done.returncode == code
    assert done.stderr.startswith("tracker: ")
    assert "try: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_foreign_folder_is_refused(project: Path, tmp_path: Path) -> None:
    """A folder that holds other files is a usage error, and stays as it is."""
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    done = tracker(project, "publish", "--out", str(tmp_path))

    assert done.returncode == ExitCode.USAGE
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_serving_answers_on_loopback_only(serving: tuple[subprocess.Popen[str], str]) -> None:
    """The printed address answers with the page; no socket listens beyond 127.0.0.1."""
    process, address = serving
    connection = HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)
    connection.request("GET", "/")
    assert b"asynctasq" in connection.getresponse().read()
    connection.close()
    listening = [
        one.laddr.ip
        for one in psutil.Process(process.pid).net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_when_asked(
    serving: tuple[subprocess.Popen[str], str], stop: signal.Signals
) -> None:
    """Ctrl-C, or being asked to end, ends it at once, quietly, and frees the port."""
    process, address = serving
    process.send_signal(stop)
    _, said = process.communicate(timeout=SECONDS)

    assert process.returncode == ExitCode.FINE
    assert said == ""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", urlsplit(address).port))


def test_a_taken_port_is_named(project: Path) -> None:
    """A port in use ends serving with the code for usage, the port, and a way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = start(project, port)
        _, said = process.communicate(timeout=SECONDS)

    assert process.returncode == ExitCode.USAGE
    assert f"port {port}" in said
    assert "--port 0" in said


def test_serving_no_site_is_an_error(tmp_path: Path) -> None:
    """A folder without a site ends serving with the code for data."""
    done = tracker(tmp_path, "serve", str(tmp_path))

    assert done.returncode == ExitCode.DATA
    assert "is not a site" in done.stderr


def test_every_page_has_the_policy(project: Path) -> None:
    """Every HTML file names the strict policy before it loads anything."""
    pages = list((project / "site").rglob("*.html"))
    assert len(pages) > 2
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)"', text)
        assert found
        assert found[1].replace("&#39;", "'") == POLICY
        assert found.start() < min(
            at for at in (text.find("<script"), text.find("<link"), len(text)) if at >= 0
        )


class _Tags(HTMLParser):
    """Collects the tags of a page and their handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.handlers: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count images, keep attributes that run code."""
        self.images += tag == "img"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_a_hostile_name_is_text_on_every_page(tmp_path: Path) -> None:
    """A benchmark whose name is markup is written out as text by the whole command."""
    name = f"{HOSTILE}.time_{HOSTILE}"
    write_benchmarks(tmp_path / "results", {name: {}})
    for number, sha in enumerate(make_repository(tmp_path / "repo.git", 3)):
        write_result(tmp_path / "results", sha, {name: [[1.0 + number], [], "1"]})
    done = tracker(
        tmp_path, "publish", "--results", "results", "--repo", "repo.git", "--out", "site"
    )
    assert done.returncode == ExitCode.FINE, done.stderr
    assert "&lt;img" in (tmp_path / "site/index.html").read_text(encoding="utf-8")
    for page in (tmp_path / "site").rglob("*.html"):
        tags = _Tags()
        tags.feed(page.read_text(encoding="utf-8"))
        assert (tags.handlers, tags.images) == ([], 0)
