"""A fake GitHub for each test; at the end the description must have had no objection."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.fake_github.server import running_github
from tests.fake_github.world import REPOSITORY, World
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
