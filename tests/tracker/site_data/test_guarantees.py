"""What the site says of the libraries, against the document that explains it."""

import re
from pathlib import Path

import msgspec

from tracker.site_data.guarantees import guarantees_of

DOCUMENT = Path(__file__).parents[3] / "docs/libraries.md"


def test_the_document_has_the_same_table() -> None:
    """Every library of the document's table is known, and each cell says the same."""
    text = DOCUMENT.read_text(encoding="utf-8")
    body = text.partition("| in progress when the worker is killed |\n|---|---|---|---|\n")[2]
    rows = [re.split(r" \| ", line.strip("| ")) for line in body.partition("\n\n")[0].splitlines()]
    assert len(rows) == 8
    known = guarantees_of(row[0] for row in rows)
    assert [list(msgspec.structs.astuple(one)) for one in known] == rows


def test_nothing_is_said_of_others() -> None:
    """A library that is not of our suite, or none, has no guarantees."""
    assert guarantees_of(["", "taskless"]) == []
