"""The private PostgreSQL: its port, its errors, and that the watchdog lets go of it."""

import json
import signal
import socket

import pytest

from benchmarks.harness.lab.brokers import postgres_server
from benchmarks.harness.lab.brokers.postgres_broker import running_postgres
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.shared.errors import ServerError


@pytest.fixture
def taken_port():
    """A port of loopback at which somebody listens who is no PostgreSQL."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.slow
def test_a_port_that_was_taken_in_between_is_not_the_end(taken_port, monkeypatch):
    """The server takes another one, and the watchdog is told of its end."""
    free = iter((taken_port, postgres_server.free_port()))
    monkeypatch.setattr(postgres_server, "free_port", lambda: next(free))
    told = []
    with Keeper() as keeper:
        monkeypatch.setattr(keeper, "_tell", lambda **line: told.append(json.dumps(line)))
        with running_postgres(keeper) as broker:
            pid = broker.query("SELECT pg_backend_pid()")[0][0]
            assert pid
            assert str(taken_port) not in broker.url
    sessions = [json.loads(line) for line in told if "session" in line]
    assert sessions[0]["session"] == sessions[-1]["forget_session"]


@pytest.mark.slow
def test_a_port_that_stays_taken_is_one_clear_line(taken_port, monkeypatch):
    """After some tries the error names the port and what PostgreSQL said, and nothing is left."""
    monkeypatch.setattr(postgres_server, "free_port", lambda: taken_port)
    with Keeper() as keeper, pytest.raises(ServerError) as caught, running_postgres(keeper):
        pytest.fail("it cannot have started")
    assert f"PostgreSQL did not start on port {taken_port}" in caught.value.message
    assert postgres_server.PORT_TAKEN in caught.value.message
    assert "\n" not in caught.value.message
    assert "DATABASE_URL" in caught.value.next_step


@pytest.mark.slow
def test_a_server_that_is_starting_when_we_are_stopped_is_stopped_too(monkeypatch):
    """SIGTERM while it boots: the block's end stops it, not only the end of our process."""
    started = []

    def leave(server: postgres_server.PostgresServer) -> None:
        started.append(server.process)
        raise SystemExit(128 + signal.SIGTERM)

    monkeypatch.setattr(postgres_server.PostgresServer, "_wait_until_ready", leave)
    with Keeper() as keeper, pytest.raises(SystemExit), running_postgres(keeper):
        pytest.fail("it cannot have started")
    assert started[0].poll() is not None


@pytest.mark.parametrize("url", ["nosuch://me:secret@h/db", "postgresql://me:secret@127.0.0.1:1/d"])
def test_a_database_of_the_users_own_that_does_not_answer_is_one_line(url, monkeypatch):
    """The setting is named, its password is not shown."""
    monkeypatch.setenv("DATABASE_URL", url)
    with Keeper() as keeper, pytest.raises(ServerError) as caught, running_postgres(keeper):
        pytest.fail("it cannot have connected")
    assert caught.value.message.startswith("DATABASE_URL: no answer (")
    assert "secret" not in caught.value.message
    assert "\n" not in caught.value.message
