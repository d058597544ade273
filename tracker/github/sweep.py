"""Takes up the runs whose checks were left open: a posting job died, or GitHub let nobody write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from tracker.errors import DataError, TrackerError
from tracker.github.api import Json
from tracker.github.posting import Target
from tracker.github.reporting import check_of, report
from tracker.github.runs import MeasuringRun, read_run
from tracker.report.escape import terminal

# A run that has just ended is being reported by the job that its end has started.
_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What is looked through.

    Attributes:
        workflow: path of the workflow that measures.
        artifact: name of what its runs leave, less the attempt.
        recent: so many of its newest completed runs are looked at.
    """

    target: Target
    workflow: str
    artifact: str
    recent: int

    def run(self, now: datetime | None = None) -> Iterator[str]:
        """Report every run that has an open check; yield a line for each."""
        now = now or datetime.now(UTC)
        file = self.workflow.rpartition("/")[2]
        path = f"actions/workflows/{file}/runs"
        records = self.target.api.pages(
            path, key="workflow_runs", status="completed", per_page=min(self.recent, 100)
        )
        settled = (r for r in islice(records, self.recent) if _ended(r) < now - _PATIENCE)
        for run in self._left_open(settled):
            try:
                report(self.target, run, self.artifact, now.date())
                yield f"run {run.key} was taken up"
            except TrackerError as error:
                yield f"run {run.key} was taken up: {terminal(error.message)}"

    def _left_open(self, records: Iterable[Json]) -> Iterator[MeasuringRun]:
        """Yield the attempts of these runs whose checks do not say how they ended."""
        looked: set[str] = set()
        runs = list(self._measurements(records))
        for sha in dict.fromkeys(run.sha for run in runs):
            first = next(run for run in runs if run.sha == sha)
            keys = check_of(self.target, first).open_keys()
            for run in runs:
                for attempt in range(1, run.attempt + 1):
                    one = replace(run, attempt=attempt, newest=attempt == run.attempt)
                    if one.key in keys - looked:
                        looked.add(one.key)
                        yield one

    def _measurements(self, records: Iterable[Json]) -> Iterator[MeasuringRun]:
        for record in records:
            try:
                yield read_run(self.target.api, record)
            except DataError:
                continue  # a push, which has no check


def _ended(record: Json) -> datetime:
    return datetime.fromisoformat(str(record.get("updated_at")))
