"""Serves a site over a connection that pauses within a page."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

from tests.support.served import running

PAUSE_S = 0.25
"""Long enough for a browser to paint what it has."""


@contextmanager
def pausing(folder: Path, page: str, cut: int) -> Iterator[str]:
    """Serve *folder* on loopback; *page* pauses after *cut* bytes. The value is its address."""
    handler = partial(_Pausing, directory=str(folder), page=page, cut=cut)
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address + page


class _Pausing(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, directory: str, page: str, cut: int) -> None:
        self._page = page
        self._cut = cut
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]  # socketserver's own

    @override
    def do_GET(self) -> None:
        if self.path != f"/{self._page}":
            super().do_GET()
            return
        content = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: self._cut])
        self.wfile.flush()
        time.sleep(PAUSE_S)
        self.wfile.write(content[self._cut :])

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of what was asked for."""
