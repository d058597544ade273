"""The part of the site data that is about commits: the axis, and what was so at each of them."""

import msgspec

from tracker.site_data.schema import Numbers


class Commits(msgspec.Struct, frozen=True, kw_only=True):
    """The axis: twelve hex digits, date in seconds, and tags by position."""

    sha: list[str]
    date_s: list[int]
    tags: dict[str, list[str]]


class CommitTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of a commit, read when somebody looks at one.

    `values_file` is the hash in the name of its `Values`, "" when nothing was measured.
    """

    sha_rest: list[str]
    authors: list[str]
    author: list[int]
    subject: list[str]
    values_file: list[str]


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """Every series at one commit, in the order of `Table`; rows past the end are null."""

    position: int
    values: Numbers


class EnvironmentTable(msgspec.Struct, frozen=True, kw_only=True):
    """Facts about the surroundings; set `sets[at[i]]` holds from `position[i]` on."""

    sets: list[list[list[str]]]
    machine: list[str]
    environment: list[str]
    position: list[int]
    at: list[int]
