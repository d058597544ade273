"""Prints the JSON Schema of the site data; the site's TypeScript types are generated from it."""

import json
import sys

import msgspec

from tracker.site_data import commit_values as site_data_commit_values
from tracker.site_data import libraries as site_data_libraries
from tracker.site_data import run_values as site_data_run_values
from tracker.site_data import schema as site_data
from tracker.site_data import series_values as site_data_series_values

FILES = (
    site_data.Index,
    site_data_series_values.Table,
    site_data_series_values.Finder,
    site_data_series_values.Sparks,
    site_data_series_values.SeriesFile,
    site_data_series_values.ChangeTable,
    site_data_commit_values.Commits,
    site_data_commit_values.CommitTexts,
    site_data_commit_values.EnvironmentTable,
    site_data_commit_values.Values,
    site_data_run_values.RunTable,
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
