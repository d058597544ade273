"""Prints the JSON Schema of the site data; the site's TypeScript types are generated from it."""

import json
import sys

import msgspec

from tracker.report import site_data, site_data_libraries, site_data_run_values

FILES = (
    site_data.Index,
    site_data.Table,
    site_data.Finder,
    site_data.Sparks,
    site_data.Commits,
    site_data.CommitTexts,
    site_data.ChangeTable,
    site_data.EnvironmentTable,
    site_data_run_values.RunTable,
    site_data.Values,
    site_data.SeriesFile,
    site_data_run_values.RunFile,
    site_data_libraries.LibrariesFile,
)


def schema() -> dict[str, object]:
    """Return one JSON Schema with a definition for each type of the site data."""
    _, definitions = msgspec.json.schema_components(FILES, ref_template="#/definitions/{name}")
    for definition in definitions.values():
        definition["additionalProperties"] = False
    return {"title": "SiteData", "definitions": dict(sorted(definitions.items()))}


if __name__ == "__main__":
    json.dump(schema(), sys.stdout, indent=1, sort_keys=True)
