"""One comment, whatever happens."""

import pytest

from tests.support.fake_github.world import BOT, Fault
from tests.tracker.github.conftest import GitHub
from tracker.errors import UsageError
from tracker.github.sticky_comment import Sticky

MARKER = "<!-- mine key=default "
TEXT = f"{MARKER}-->\nhello"


def sticky(github: GitHub) -> Sticky:
    """Our comment on pull request 7."""
    return Sticky(api=github.api(), number=7, author=BOT, marker=MARKER)


def bodies(github: GitHub) -> list[str]:
    """All comments as they stand."""
    return [comment["body"] for comment in github.world.comments]


def writes(github: GitHub) -> list[str]:
    """Methods of the requests that change something."""
    return [method for method, _ in github.world.log if method != "GET"]


def test_created_edited_and_left_alone(github: GitHub):
    """First created, then edited in place, and not touched when nothing is new."""
    assert sticky(github).put(TEXT).what == "created"
    assert sticky(github).put(TEXT + " again").what == "updated"
    assert sticky(github).put(TEXT + " again \n").what == "unchanged"

    assert bodies(github) == [TEXT + " again"]
    assert writes(github) == ["POST", "PATCH"]


def test_marker_of_another_author_is_not_ours(github: GitHub):
    """Neither a forged marker nor a deleted account's comment is edited."""
    github.world.comment("mallory", TEXT)
    github.world.comment(None, TEXT)
    github.world.comment(BOT, f"quoting {TEXT}")

    sticky(github).put(TEXT)

    assert len(github.world.comments) == 4
    assert writes(github) == ["POST"]


def test_a_token_of_another_account_adds_no_comment_that_would_not_be_found(github: GitHub):
    """With a token of one's own every run would add a comment: it says which option to give."""
    github.world.tokens = {"good": "ann"}

    with pytest.raises(UsageError, match="belongs to ann") as caught:
        sticky(github).put(TEXT)

    assert caught.value.next_step == "give --author 'ann'"
    assert bodies(github) == []


def test_found_on_the_second_page(github: GitHub):
    """A long discussion does not hide our comment."""
    github.world.page_size = 3
    for number in range(4):
        github.world.comment("someone", str(number))
    github.world.comment(BOT, TEXT)

    assert sticky(github).put(TEXT + "!").what == "updated"

    assert len(github.world.comments) == 5


@pytest.mark.parametrize("kind", ["dropped_after_storing", "502_after_storing", "dropped", "502"])
@pytest.mark.parametrize("stale", [0, 1, 2])
def test_lost_answer_leaves_one_comment(github: GitHub, kind: str, stale: int):
    """Stored or not, seen at once or late: one comment in the end."""
    github.world.comment("someone", "hello")
    github.world.faults.append(Fault(kind, "POST"))
    github.world.stale_after_write = stale

    sticky(github).put(TEXT)

    assert bodies(github) == ["hello", TEXT]


def test_very_late_list_is_mended_by_the_next_run(github: GitHub):
    """If a list hides the stored comment for too long, the next run prunes the double."""
    github.world.comment(BOT, TEXT)
    github.world.comment("someone", "between")
    github.world.comment(BOT, TEXT)

    assert sticky(github).put(TEXT).what == "unchanged"

    assert bodies(github) == [TEXT, "between"]
