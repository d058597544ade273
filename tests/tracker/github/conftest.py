"""A fake GitHub for each test; at the end the description must have had no objection."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import REPOSITORY, World
from tracker.cli import run
from tracker.github.api import Api
from tracker.github.session import Session


@dataclass
class GitHub:
    """A world, its address, and how long our client would have slept."""

    world: World
    url: str
    slept_s: list[float] = field(default_factory=list)

    def api(self, token: str = "good", *, budget_s: float = 300.0) -> Api:  # noqa: S107
        """A client that does not really sleep."""
        session = Session(
            self.url,
            token,
            budget_s=budget_s,
            timeouts_s=(2.0, 0.5),
            sleep=self.slept_s.append,
        )
        return Api(session, REPOSITORY)


@pytest.fixture
def github() -> Iterator[GitHub]:
    """An empty repository."""
    world = World()
    with running_github(world) as url:
        yield GitHub(world, url)
    assert world.complaints == []


@pytest.fixture
def job(github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the command as a job of an event."""

    def start(*arguments: str, event: dict[str, Any], name: str = "workflow_run") -> int:
        payload = tmp_path / "event.json"
        payload.write_text(json.dumps(event), encoding="utf-8")
        for key, value in {
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": "good",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(payload),
            "GITHUB_RUN_ID": "5",
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        }.items():
            monkeypatch.setenv(key, value)
        monkeypatch.setattr("tracker.github.session.time.sleep", lambda _: None)
        return run(list(arguments))

    return start
