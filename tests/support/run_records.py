"""Run records as the harness writes them, as far as what reads them looks."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from tracker.model.run_record import RunRecord


def run_record(
    library: str, samples: Mapping[str, Sequence[float]] | None = None, **changes: object
) -> dict[str, object]:
    """One record; *samples* are those of each metric."""
    return {
        "schema": 1,
        "library": library,
        "library_versions": {library: "1.0"},
        "scenario": "basic_throughput",
        "title": "Basic throughput",
        "support": {"level": "native", "reason": ""},
        "tracked": False,
        "commit": "",
        "environment": "env",
        "machine": "m",
        "finished_at_ms": 1,
        "facts": {},
        "outcome": "measured",
        "reason": "",
        "metrics": {
            name: {"unit": "", "samples": list(values)} for name, values in (samples or {}).items()
        },
    } | changes


def counts(**spreads: float) -> dict[str, object]:
    """What a run says of its counts, as far as judging looks: how far each can be trusted."""
    return {
        "version": 1,
        "python": "3.13.0",
        "metrics": {
            name: {"unit": "", "value": 1.0, "spread": spread, "samples": [1.0]}
            for name, spread in spreads.items()
        },
    }


def store_record(results: Path, record: Mapping[str, object]) -> Path:
    """Write *record* where the harness does."""
    place = f"{str(record['commit'])[:8] or 'unknown'}-{record['environment']}"
    folder = results / str(record["machine"]) / "records" / place
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record['scenario']}.{record['library']}.record"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def typed(record: Mapping[str, object]) -> RunRecord:
    """*record* as its readers see it."""
    return msgspec.convert(record, RunRecord)
