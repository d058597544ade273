"""What the tests of `tracker comment` share: a fork's measured pull request, and its event."""

from pathlib import Path
from typing import Any

from tests.support.fake_github.world import World

GOLDEN = Path(__file__).parents[1] / "golden"
ARTIFACT = ("comment", "--artifact", "comparison")


EVENT = {"action": "completed", "workflow_run": {"id": 99, "name": "pull request"}}


def fork(world: World, archive: bytes | None, **known: Any) -> None:
    """A fork's pull request that was measured."""
    world.pull()
    world.run(**known)
    if archive is not None:
        world.artifact(archive)


def writes(world: World) -> list[tuple[str, str]]:
    """Requests that change something."""
    return [(method, path) for method, path in world.log if method != "GET"]
