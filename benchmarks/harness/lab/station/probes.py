"""What scenarios look at while they run: functions of (moment, phase, broker, context)."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.lab.results.stamps import NS
from benchmarks.harness.lab.station.event_listener import FILE as EVENTS_FILE
from benchmarks.harness.shared.adapter import BrokerClient, BrokerKind
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.web import REQUESTS_FILE

QUIET_S = 0.3
PATIENCE_S = 5.0


def stored_bytes(
    moment: str, _phase: str, broker: BrokerClient, context: AppContext
) -> Mapping[str, float]:
    """Memory that the broker needs per waiting task, when no worker runs yet."""
    if moment != "queued":
        return {}
    waiting = context.variant.workers.concurrency * len(context.variant.tasks)
    if import_adapter(context.library).broker is BrokerKind.POSTGRES:
        sql = "SELECT coalesce(sum(pg_column_size(j.*)), 0) FROM procrastinate_jobs j"
        total = float(str(broker.query(sql)[0][0]))
    else:
        total = float(sum(_memory(broker, key) for key in _keys(broker)))
    return {"bytes_per_task": total / waiting}


def _keys(broker: BrokerClient) -> list[str]:
    found: Any = broker.command("KEYS", "*")
    return [str(key) for key in found]


def _memory(broker: BrokerClient, key: str) -> int:
    return int(str(broker.command("MEMORY", "USAGE", key, "SAMPLES", "0") or 0))


def delivered_events(
    moment: str, _phase: str, _broker: BrokerClient, context: AppContext
) -> Mapping[str, float]:
    """Number and delays of the events of a phase; waits until no more come."""
    file, mark = Path(context.folder) / EVENTS_FILE, Path(context.folder) / "events.mark"
    if moment == "begin":
        mark.write_text(str(_size(file)), encoding="ascii")
        return {}
    if moment != "end" or not context.variant.events:
        return {}
    _wait_until_quiet(file)
    begin = int(mark.read_text(encoding="ascii"))
    delays_s = np.frombuffer(file.read_bytes()[begin:], dtype=np.int64) / NS
    if not len(delays_s):
        return {"events": 0.0}
    p50, p99 = np.percentile(delays_s, [50, 99])
    return {"events": float(len(delays_s)), "p50_s": float(p50), "p99_s": float(p99)}


def _wait_until_quiet(file: Path) -> None:
    limit_s = time.monotonic() + PATIENCE_S
    before = -1
    while before != (size := _size(file)) and time.monotonic() < limit_s:
        before = size
        time.sleep(QUIET_S)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def answered_requests(
    moment: str, _phase: str, _broker: BrokerClient, context: AppContext
) -> Mapping[str, float]:
    """Latency of the HTTP requests of a phase, from when each was due."""
    if moment != "end":
        return {}
    rows = np.fromfile(Path(context.folder) / REQUESTS_FILE, dtype=np.int64).reshape(-1, 2)
    latency_s = (rows[:, 1] - rows[:, 0]) / NS
    p50, p99 = np.percentile(latency_s, [50, 99])
    span_s = (rows[:, 1].max() - rows[:, 0].min()) / NS
    rate = len(rows) / span_s if span_s > 0 else 0.0
    return {"p50_s": float(p50), "p99_s": float(p99), "rate_per_s": float(rate)}
