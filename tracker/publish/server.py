"""A small web server for looking at a site: loopback only, compressed, read only."""

import gzip
import mimetypes
import sys
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override
from urllib.parse import unquote, urlsplit

from tracker.errors import DataError, UsageError

HOST = "127.0.0.1"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".xml": "application/atom+xml; charset=utf-8",
    ".gz": "application/gzip",
}
_SMALLEST_TO_COMPRESS = 256
_YEAR = "public, max-age=31536000, immutable"


def open_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of *folder* that listens; port 0 takes a free one.

    Raises:
        DataError: the folder holds no site.
        UsageError: the port is taken.
    """
    root = folder.resolve()
    if not (root / "index.html").is_file():
        raise DataError(f"{folder} is not a site", f"write one: tracker publish --out {folder}")
    try:
        return _Server((HOST, port), partial(_Handler, root=root))
    except OSError as error:
        raise UsageError(
            f"port {port} of {HOST} cannot be used: {error.strerror}",
            "choose another, or --port 0 for a free one",
        ) from error


class _Server(ThreadingHTTPServer):
    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a reader who left before the answer had come; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # a socket


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, root: Path) -> None:
        self._root = root
        super().__init__(*args)  # type: ignore[arg-type]  # socketserver's own three

    def do_GET(self) -> None:
        """Send a file."""
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        """Send the headers of a file."""
        self._send(with_body=False)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is for people."""

    def _send(self, *, with_body: bool) -> None:
        path = self._find()
        if path is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        stat = path.stat()
        compressed = "gzip" in self.headers.get("Accept-Encoding", "")
        compressed &= stat.st_size >= _SMALLEST_TO_COMPRESS and path.suffix != ".gz"
        body = _contents(path, stat.st_mtime_ns, compressed=compressed)
        hashed = path.parent != self._root and path.parts[-2] not in {"change", "list", "badge"}
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", _type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", _YEAR if hashed else "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Vary", "Accept-Encoding")
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _find(self) -> Path | None:
        """Return the file that is asked for, None when it is not there or not below the root."""
        asked = unquote(urlsplit(self.path).path).lstrip("/")
        if "\0" in asked:
            return None
        path = (self._root / asked).resolve()
        if path.is_dir():
            path /= "index.html"
        return path if path.is_file() and path.is_relative_to(self._root) else None


@lru_cache(maxsize=256)
def _contents(path: Path, mtime_ns: int, *, compressed: bool) -> bytes:  # noqa: ARG001  # part of the key
    data = path.read_bytes()
    return gzip.compress(data, 6, mtime=0) if compressed else data


def _type(path: Path) -> str:
    known = _TYPES.get(path.suffix)
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
