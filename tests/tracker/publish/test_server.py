"""The little server: right types, compressed, nothing outside its folder, a taken port is named."""

import gzip
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.site_histories import make_history
from tracker.errors import DataError, UsageError
from tracker.publish.server import open_server
from tracker.publish.site import publish


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site, with a secret beside it."""
    folder = tmp_path_factory.mktemp("served")
    publish(make_history(), folder / "site")
    (folder / "secret").write_text("secret", encoding="utf-8")
    return folder / "site"


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[ThreadingHTTPServer]:
    """A server of the site."""
    with open_server(site, 0) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def get(server: ThreadingHTTPServer, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    """Ask for *path* as it is written."""
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/latest.json", "application/json"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/badge/status.svg", "image/svg+xml"),
    ],
)
def test_types_are_right(server: ThreadingHTTPServer, path: str, kind: str) -> None:
    """Each kind of file has its media type."""
    response, _ = get(server, path)
    assert (response.status, response.getheader("Content-Type")) == (200, kind)


def test_files_are_compressed_for_who_can_read_it(server: ThreadingHTTPServer) -> None:
    """The same bytes come compressed when asked so, plain otherwise."""
    packed, small = get(server, "/", Accept_Encoding="gzip")
    plain, large = get(server, "/")
    assert packed.getheader("Content-Encoding") == "gzip"
    assert plain.getheader("Content-Encoding") is None
    assert gzip.decompress(small) == large


def test_packed_files_are_sent_as_they_are(server: ThreadingHTTPServer, site: Path) -> None:
    """What is compressed on disk is not compressed again, nor said to be JSON."""
    path = next((site / "data/series").iterdir())
    response, body = get(server, f"/data/series/{path.name}", Accept_Encoding="gzip")
    assert response.getheader("Content-Type") == "application/gzip"
    assert response.getheader("Content-Encoding") is None
    assert body == path.read_bytes()


def test_hashed_files_may_be_kept(server: ThreadingHTTPServer) -> None:
    """Data whose name carries a hash are cached for ever, pages never without asking."""
    _, pointer = get(server, "/latest.json")
    name = pointer.decode().split('"index":"')[1].split('"')[0]
    assert "immutable" in (get(server, f"/{name}")[0].getheader("Cache-Control") or "")
    assert get(server, "/index.html")[0].getheader("Cache-Control") == "no-cache"


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/data/../../secret", "//etc/passwd", "/a%00b", "/no"]
)
def test_nothing_outside_is_sent(server: ThreadingHTTPServer, path: str) -> None:
    """Paths that leave the folder, or name nothing, are not found."""
    response, body = get(server, path)
    assert response.status == 404
    assert b"secret" not in body.replace(path.encode(), b"")


def test_a_taken_port_is_named(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    """A port in use is a usage error with the port in it."""
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    port = server.server_address[1]
    with pytest.raises(UsageError, match=f"port {port}"):
        open_server(tmp_path, port)


def test_a_folder_without_a_site_is_named(tmp_path: Path) -> None:
    """Serving what is no site is an error that says how to write one."""
    with pytest.raises(DataError, match="is not a site") as caught:
        open_server(tmp_path, 0)
    assert "tracker publish" in caught.value.next_step


def test_a_reader_who_leaves_is_no_error(
    server: ThreadingHTTPServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """A connection that was reset leaves nothing on the terminal; a fault of ours does."""
    for error in (BrokenPipeError(), ConnectionResetError(), KeyError("ours")):
        try:
            raise error
        except type(error):
            server.handle_error(object(), ("127.0.0.1", 1))  # type: ignore[arg-type]
    said = capfd.readouterr().err
    assert "KeyError" in said
    assert "BrokenPipe" not in said
    assert "Reset" not in said
