"""A small, stateful GitHub over real HTTP, checked against GitHub's own description."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from tests.support.fake_github.description import faults_of_answer, faults_of_request, find_call
from tests.support.fake_github.routes import ROUTES
from tests.support.fake_github.world import REPOSITORY, Fault, World

# As the real Link headers do: by the repository's number, not by its name.
BY_NUMBER = "/repositories/4242"
SLOW_S = 1.5


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    world: World

    def log_message(self, *_: Any) -> None:
        """Stay silent."""

    def handle_any(self) -> None:
        """Read, strike or answer."""
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        address = urlsplit(self.path)
        if address.path.startswith("/_store/"):
            self.send_archive(int(address.path.rsplit("/", 1)[1]))
            return
        path = unquote(address.path).replace(BY_NUMBER, f"/repos/{REPOSITORY}", 1)
        self.world.log.append((self.command, path))
        fault = next((f for f in self.world.faults if f.matches(self.command, path)), None)
        if fault is not None:
            fault.times -= 1
        stored = fault is not None and fault.kind.endswith("_after_storing")
        if fault is not None and not stored and not self.strike(fault):
            return
        query = dict(parse_qsl(address.query))
        status, answer, headers = self.answer(path, query, json.loads(raw) if raw else None)
        if not stored:
            self.send(status, answer, headers)
        elif fault is not None and fault.kind.startswith("502"):
            self.send(502, {"message": "bad gateway"}, {})
        else:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

    def answer(
        self, path: str, query: dict[str, str], body: Any
    ) -> tuple[int, Any, dict[str, str]]:
        """Do what the call says."""
        token = self.headers.get("Authorization", "").removeprefix("token ")
        if token not in self.world.tokens:
            return 401, {"message": "Bad credentials"}, {}
        name, parameters = find_call(self.command, path)
        if not name or not path.startswith(f"/repos/{REPOSITORY}/"):
            self.world.complaints.append(f"not described: {self.command} {path}")
            return 404, {"message": "Not Found"}, {}
        objections = faults_of_request(name, query, body)
        if objections:
            self.world.complaints += objections
            return 422, {"message": "; ".join(objections)}, {}
        status, answer = ROUTES[name](self.world, parameters, query, body)
        if status == 302:
            host = f"http://localhost:{self.server.server_address[1]}"
            return 302, None, {"Location": f"{host}{answer}"}
        answer, headers = self.page(path, query, answer)
        self.world.complaints += faults_of_answer(name, status, answer)
        return status, answer, headers

    def page(self, path: str, query: dict[str, str], answer: Any) -> tuple[Any, dict[str, str]]:
        """Cut a list into pages, with the address of the next one."""
        envelopes = ("check_runs", "artifacts") if isinstance(answer, dict) else ()
        key = next((name for name in envelopes if name in answer), None)
        items = answer if key is None else answer[key]
        if not isinstance(items, list):
            return answer, {}
        size = min(int(query.get("per_page", 30)), self.world.page_size)
        page = int(query.get("page", 1))
        cut = items[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(items):
            after = urlencode({**query, "page": page + 1})
            port = self.server.server_address[1]
            where = path.replace(f"/repos/{REPOSITORY}", BY_NUMBER, 1)
            headers["Link"] = f'<http://127.0.0.1:{port}{where}?{after}>; rel="next"'
        return ({**answer, key: cut} if key is not None else cut), headers

    def strike(self, fault: Fault) -> bool:
        """Let something go wrong; True to answer as if nothing had happened."""
        message = {"message": "fault"}
        match fault.kind:
            case "slow":
                time.sleep(SLOW_S)
                return True
            case "dropped":
                self.close_connection = True
            case "truncated":
                self.send(200, message, {}, promised=500)
            case "html":
                self.send(200, "<html>a proxy's page</html>", {})
            case "403_limit":
                self.send(403, {"message": "API rate limit"}, {"Retry-After": "2"})
            case "403_reset":
                reset = str(int(time.time()) + 5)
                limits = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
                self.send(403, {"message": "API rate limit exceeded"}, limits)
            case "403_secondary":
                self.send(403, {"message": "You have exceeded a secondary rate limit."}, {})
            case "403_refused":
                needed = {"X-Accepted-GitHub-Permissions": "pull_requests=write"}
                self.send(403, {"message": "Resource not accessible by integration"}, needed)
            case kind:
                self.send(int(kind), message, {})
        return False

    def send_archive(self, number: int) -> None:
        """The store of artifacts: another host, which must never see a token."""
        if self.headers.get("Authorization"):
            self.world.complaints.append("the token was sent to the store of artifacts")
            self.send(401, {"message": "leak"}, {})
            return
        data = self.world.artifacts[number][2]
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send(
        self, status: int, answer: Any, headers: dict[str, str], promised: int | None = None
    ) -> None:
        """Send one answer; *promised* bytes that never come end the connection."""
        text = answer if isinstance(answer, str) else json.dumps(answer)
        data = b"" if answer is None else text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(promised or len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = self.close_connection or promised is not None


@contextmanager
def running_github(world: World) -> Iterator[str]:
    """Serve *world* on a free loopback port; the value is the API's address."""
    handler = type("WorldHandler", (Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
