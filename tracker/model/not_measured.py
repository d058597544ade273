"""Why a run measured nothing: said by the measuring job in a file, or seen in GitHub's records."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from tracker.model.comparison import Sha

VERSION = 1


class Reason(StrEnum):
    """Why nothing was measured; `[check] pass` of the settings takes these words.

    DRAFT to SETUP are said by the measuring job, the others are seen in GitHub's records.
    UNRELATED: the event asks for no new measurement. SETUP: a mistake of the maintainers.
    """

    DRAFT = "draft"
    LABEL = "label"
    PATHS = "paths"
    OTHER_REPOSITORY = "other_repository"
    UNRELATED = "unrelated"
    MERGE_GROUP = "merge_group"
    SETUP = "setup"
    WAITING = "waiting"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    CRASHED = "crashed"
    NO_RESULT = "no_result"
    SUPERSEDED = "superseded"
    RETARGETED = "retargeted"


TOLD = frozenset(list(Reason)[: list(Reason).index(Reason.SETUP) + 1])
"""What a measuring job may say of itself."""


class NotMeasured(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file that a measuring job leaves when it has measured nothing.

    Attributes:
        text: one sentence for people, such as which label is missing.
        head, base: the commits that it would have compared.
    """

    version: int
    reason: Reason
    text: Annotated[str, Meta(max_length=500)]
    head: Sha
    base: Sha
