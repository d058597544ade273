"""`tracker bisect --auto`: the history's own steps, each searched for its commit."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from tracker.bisect.bisecting import BISECT_FOLDER, Request, Tools, bisect
from tracker.bisect.unasked import Agenda, Range, count_attempt, plan, read_states
from tracker.cli.loading import refuse_damage
from tracker.cli.overview import OverviewOptions, read_overview
from tracker.errors import DataError, ExitCode, TrackerError
from tracker.history.config import read_settings_for
from tracker.model import Verdict
from tracker.report.escape import terminal
from tracker.report.history.bisect_offer import offer_search
from tracker.report.history.overview import Overview
from tracker.report.search.text import render
from tracker.settings.durations import parse_duration
from tracker.settings.searches import parse_searches
from tracker.units import count

# With less than this share of the budget no further search begins: its ends would not be measured.
LEAST = 0.1
# What had less than this share of it was no attempt.
FAIR = 0.5


def search_history(request: Request, tools: Tools, *, budget: str, quiet: bool) -> int:
    """Search one range after the other until the budget is used; return the exit code.

    Args:
        request: for every search, its ends, metric and budget to be filled in.
        tools: for every search.
        budget: for all of them, "" for that of the settings.
        quiet: show no progress.
    """
    settings = parse_searches(read_settings_for(request.config))
    if not settings.auto:
        click.echo("Nothing to do: [bisect] auto is not true in tracker.toml.")
        return ExitCode.FINE
    history, overview = read_overview(_history_of(request, quiet=quiet))
    folder = request.states or request.config.absolute().parent / BISECT_FOLDER
    agenda = plan(
        _ranges(overview),
        () if request.fresh else read_states(folder),
        {commit.sha: position for position, commit in enumerate(history.commits)},
    )
    if not agenda.waiting:
        click.echo(_nothing(agenda))
    budget_s = parse_duration(budget) if budget else settings.budget_s
    searches = _Searches(request=request, tools=tools, folder=folder, budget_s=budget_s)
    all_sure = searches.run(agenda.waiting)
    refuse_damage(history)
    return ExitCode.FINE if all_sure else ExitCode.CANNOT_TELL


def _history_of(request: Request, *, quiet: bool) -> OverviewOptions:
    return OverviewOptions(
        config=str(request.config),
        results=request.source.results,
        repo=request.repo or None,
        branch=None,
        skip_damaged=False,
        scheduler=None,
        processes=1,
        verbose=False,
        quiet=quiet,
    )


def _ranges(overview: Overview) -> Iterator[Range]:
    """What nobody has decided on and not every commit was tried of: first what got worse."""
    rows = [row for row in overview.events if not row.is_settled]
    for row in sorted(rows, key=lambda row: row.event.direction is not Verdict.WORSE):
        offer = offer_search(row, overview)
        if offer is not None and offer.untried:
            yield Range(good=offer.good, bad=offer.bad, metric=offer.metric)


def _nothing(agenda: Agenda) -> str:
    answered = [f"{count(agenda.answered, 'range')} answered before"] if agenda.answered else []
    answered += [f"{count(len(agenda.given_up), 'range')} given up"] if agenda.given_up else []
    if answered:
        return f"Nothing to search: {', '.join(answered)}."
    return "Nothing to search: no step lies between measured commits with others between them."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Searches:
    """Searches that share a budget."""

    request: Request
    tools: Tools
    folder: Path
    budget_s: float

    def run(self, waiting: tuple[Range, ...]) -> bool:
        """Search each; whether all have an answer."""
        end_s = time.monotonic() + self.budget_s
        sure = []
        for number, each in enumerate(waiting):
            left_s = end_s - time.monotonic()
            if left_s < LEAST * self.budget_s:
                rest = count(len(waiting) - number, "range")
                click.echo(f"The budget is used; {rest} wait for the next time.")
                return False
            sure.append(self._search(each, left_s))
        return all(sure)

    def _search(self, each: Range, left_s: float) -> bool:
        """Search one range; one that cannot be searched stops no other."""
        ends = f"{each.good[:10]}..{each.bad[:10]}"
        click.echo(terminal(f"{ends} {each.metric}"))
        request = replace(
            self.request, good=each.good, bad=each.bad, metric=each.metric, budget_s=left_s
        )
        try:
            finding = bisect(request, self.tools)
        except TrackerError as error:
            click.echo(terminal(f"Cannot be searched: {error.message}"))
            if isinstance(error, DataError):  # not what the surroundings lack today
                count_attempt(each, self.folder)
            return False
        click.echo(render(finding), nl=False)
        sure = finding.answer.is_sure
        if not sure and left_s >= FAIR * self.budget_s:
            count_attempt(each, self.folder)
        return sure
