"""Prints the JSON Schema of the site data; the site's TypeScript types are generated from it."""

import json
import sys

import msgspec

from tracker.site_data.schema import (
    ChangeTable,
    Commits,
    CommitTexts,
    EnvironmentTable,
    EventExplanation,
    EventMembers,
    EventTable,
    Finder,
    Front,
    Index,
    LibrariesFile,
    Matrix,
    RunFile,
    RunTable,
    SeriesPack,
    Sparks,
    Table,
    ValuesPack,
)

FILES = (
    Index, Table, Front, Finder, Sparks, SeriesPack, ChangeTable, EventTable, EventMembers,
    Commits, CommitTexts,
    EnvironmentTable, ValuesPack, RunTable, RunFile, LibrariesFile, Matrix,
    EventExplanation,
)  # fmt: skip


def schema() -> dict[str, object]:
    """Return one JSON Schema with a definition for each type of the site data."""
    _, definitions = msgspec.json.schema_components(FILES, ref_template="#/definitions/{name}")
    for definition in definitions.values():
        definition["additionalProperties"] = False
    return {"title": "SiteData", "definitions": dict(sorted(definitions.items()))}


if __name__ == "__main__":
    json.dump(schema(), sys.stdout, indent=1, sort_keys=True)
