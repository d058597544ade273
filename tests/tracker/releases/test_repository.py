"""A repository of releases: reproducible, incremental, safe, and clear when it cannot be."""

import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.git import git
from tracker.cli import run
from tracker.errors import DataError, ExitCode
from tracker.releases.archive import read_archive


class Registry:
    """A package registry of one library, on loopback, in JSON or in HTML."""

    def __init__(self) -> None:
        """Start empty."""
        self.files: dict[str, bytes] = {}
        self.entries: list[dict[str, object]] = []
        self.html = False
        self.refusals = 0
        self.asked: list[str] = []

    def add(self, version: str, content: bytes | None = None, **more: object) -> None:
        """Publish an sdist of *version*; *more* overrides what the registry says of it."""
        name = f"lib-{version}.tar.gz"
        body = content if content is not None else sdist(version)
        self.files[name] = body
        self.entries.append(
            {
                "filename": name,
                "url": f"../../files/{name}",
                "hashes": {"sha256": hashlib.sha256(body).hexdigest()},
                "upload-time": f"2026-01-{len(self.entries) + 1:02}T00:00:00.123456Z",
                "yanked": False,
                **more,
            }
        )

    def page(self) -> tuple[str, bytes]:
        """The library's page: content type, contents."""
        if not self.html:
            page = {"meta": {"api-version": "1.1"}, "name": "lib", "files": self.entries}
            return "application/vnd.pypi.simple.v1+json", json.dumps(page).encode()
        links = [
            f'<a href="{e["url"]}#sha256={e["hashes"]["sha256"]}"'
            f"{' data-yanked' if e['yanked'] else ''}>{e['filename']}</a>"
            for e in self.entries
        ]
        return "text/html", "\n".join(links).encode()


@contextmanager
def serving(registry: Registry) -> Iterator[str]:
    """Serve *registry* on loopback; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer with the page of `lib`, a file, or 404."""
            registry.asked.append(self.path)
            if registry.refusals:
                registry.refusals -= 1
                self.send_error(503)
                return
            kind, body = "application/gzip", registry.files.get(self.path.rpartition("/")[2])
            if self.path == "/simple/lib/":
                kind, body = registry.page()
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sdist(version: str, *members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """An archive as build tools make it, with *members* added."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, text in (("PKG-INFO", f"Name: lib\nVersion: {version}\n"), ("a b/ü.py", "1")):
            info = tarfile.TarInfo(f"lib-{version}/{path}")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
        for info, content in members:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def member(name: str, **attributes: object) -> tarfile.TarInfo:
    """A member of an archive, with odd *attributes*."""
    info = tarfile.TarInfo(name)
    for key, value in attributes.items():
        setattr(info, key, value)
    return info


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Registry]:
    """A registry that pip's own variable points at, and an empty cache."""
    made = Registry()
    with serving(made) as address:
        for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PIP_INDEX_URL", address)
        monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield made


def test_the_same_releases_give_the_same_bytes_in_any_folder(registry: Registry, tmp_path: Path):
    """Two folders end at one sha: version order, upload dates, a tag for each release."""
    for version in ("1.10", "1.9", "2.0"):
        registry.add(version)

    codes = [run(["releases", "lib", "--to", str(tmp_path / name), "-q"]) for name in "ab"]

    assert codes == [0, 0]
    assert git(tmp_path / "a", "rev-parse", "main") == git(tmp_path / "b", "rev-parse", "main")
    assert git(tmp_path / "a", "log", "--format=%D %at=%ct").splitlines() == [
        "HEAD -> main, tag: v2.0 1767398400=1767398400",
        "tag: v1.10 1767225600=1767225600",
        "tag: v1.9 1767312000=1767312000",
    ]
    assert "Version: 2.0" in git(tmp_path / "a", "show", "main:PKG-INFO")
    assert git(tmp_path / "a", "show", "main:a b/ü.py") == "1"


def test_a_second_call_adds_only_what_is_new(registry: Registry, tmp_path: Path):
    """Old commits keep their shas, downloads are not repeated, an older release is refused."""
    folder = tmp_path / "repo"
    registry.add("1.0")
    registry.add("2.0")
    assert run(["releases", "lib", "--to", str(folder), "--last", "1"]) == 0
    before = git(folder, "rev-parse", "v2.0")
    registry.add("3.0")
    registry.asked.clear()

    assert run(["releases", "lib", "--to", str(folder)]) == 0

    assert git(folder, "tag").split() == ["v2.0", "v3.0"]
    assert git(folder, "rev-parse", "main~1") == before
    assert [path for path in registry.asked if "files" in path] == ["/files/lib-3.0.tar.gz"]


def test_a_registry_that_is_busy_is_asked_again(registry: Registry, tmp_path: Path):
    """Two refusals are waited out, a third is told."""
    registry.add("1.0")
    registry.refusals = 2

    assert run(["releases", "lib", "--to", str(tmp_path / "repo")]) == 0

    registry.refusals = 3
    assert run(["releases", "lib", "--to", str(tmp_path / "repo")]) == ExitCode.NETWORK


def test_yanked_and_pre_releases_are_left_out(registry: Registry, tmp_path: Path):
    """Pre-releases come only when asked for; what was yanked never does."""
    registry.add("1.0")
    registry.add("1.1", yanked="broken")
    registry.add("2.0rc1")

    for name, more in (("plain", []), ("pre", ["--pre-releases"])):
        assert run(["releases", "lib", "--to", str(tmp_path / name), *more]) == 0

    assert git(tmp_path / "plain", "tag").split() == ["v1.0"]
    assert git(tmp_path / "pre", "tag").split() == ["v1.0", "v2.0rc1"]


def test_a_registry_that_only_speaks_html_will_do(registry: Registry, tmp_path: Path):
    """PEP 503 pages hold no dates: the newest file of the archive dates the commit."""
    registry.html = True
    registry.add("1.0", sdist("1.0", (member("lib-1.0/x.py", mtime=1_700_000_000), b"")))

    assert run(["releases", "lib", "--to", str(tmp_path / "repo")]) == 0

    assert git(tmp_path / "repo", "log", "--format=%at") == "1700000000"


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing-here"], ExitCode.USAGE, "there is no"),
        (["../etc"], ExitCode.USAGE, "not a package name"),
    ],
)
def test_an_unknown_library_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: ExitCode,
    words: str,
):
    """The name is in the message, a next step below it, and nothing is left behind."""
    assert run(["releases", *arguments, "--to", str(tmp_path / "repo")]) == code

    lines = capsys.readouterr().err.splitlines()
    assert words in lines[0]
    assert lines[1].strip().startswith("try:")
    assert not (tmp_path / "repo").exists()


def test_a_download_that_differs_from_its_hash_is_refused(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """What was announced and what came must agree; the repository does not appear."""
    registry.add("1.0", hashes={"sha256": "0" * 64})

    assert run(["releases", "lib", "--to", str(tmp_path / "repo")]) == ExitCode.NETWORK

    assert "SHA-256" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_left_alone(registry: Registry, tmp_path: Path):
    """A folder with contents that are not ours is never written to."""
    registry.add("1.0")
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "precious").write_text("x")

    assert run(["releases", "lib", "--to", str(tmp_path / "repo")]) == ExitCode.USAGE

    assert [path.name for path in (tmp_path / "repo").iterdir()] == ["precious"]


def test_a_registry_that_is_down_is_a_network_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """The address is named without its password."""
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://user:secret@127.0.0.1:9/simple")

    assert run(["releases", "lib", "--to", str(tmp_path / "repo")]) == ExitCode.NETWORK

    said = capsys.readouterr().err
    assert "127.0.0.1:9" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    "hostile",
    [
        member("lib-1/../../outside.py"),
        member("/etc/passwd"),
        member("lib-1/.git/hooks/post-checkout"),
        member("lib-1/sub/.GIT/config"),
        member("lib-1/link", type=tarfile.SYMTYPE, linkname="../../outside"),
        member("lib-1/device", type=tarfile.CHRTYPE),
    ],
    ids=lambda info: info.name,
)
def test_a_hostile_archive_is_refused(tmp_path: Path, hostile: tarfile.TarInfo):
    """Nothing may be written outside of the release's own folder, or into git's."""
    path = tmp_path / "lib-1.tar.gz"
    path.write_bytes(sdist("1", (hostile, b"")))

    with pytest.raises(DataError, match=r"lib-1\.tar\.gz"):
        read_archive(path)


def test_links_and_modes_are_kept(tmp_path: Path):
    """An executable stays one, and a link inside the archive stays a link."""
    path = tmp_path / "lib-1.tar.gz"
    link = member("lib-1/link", type=tarfile.SYMTYPE, linkname="PKG-INFO")
    path.write_bytes(sdist("1", (member("lib-1/run", mode=0o755), b"#!"), (link, b"")))

    files, _ = read_archive(path)

    assert {file.path: file.mode for file in files} == {
        "PKG-INFO": "100644",
        "a b/ü.py": "100644",
        "link": "120000",
        "run": "100755",
    }
