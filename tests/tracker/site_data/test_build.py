"""The site data: their types, their rounding, and that they grow without moving what is there."""

import bisect
import dataclasses
import hashlib
import json
import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pytest
from isal import igzip

from tests.support.site_histories import SMALL, Shape, in_two_environments, make_history
from tests.support.site_records import with_records
from tracker import units
from tracker.model import Floats, JudgedHistory, Outcome, Status
from tracker.report.history.listed_changes import event_rows
from tracker.site_data import build, commits, schema, table_parts
from tracker.site_data.build import SitePlan, plan_site
from tracker.site_data.events import event_table
from tracker.site_data.json_schema import schema as json_schema
from tracker.site_data.series import change_info
from tracker.site_data.series_packs import Packed, encode_pack, make_packs
from tracker.site_data.series_table import VERDICTS, stable_order, summarize, worst_first

ROOT = Path(__file__).parents[3]
TYPES = {
    "data/series/": schema.SeriesPack,
    "data/values/": schema.ValuesPack,
    "data/runs/": schema.RunFile,
    "data/table-": schema.Table,
    "data/commits-": schema.Commits,
    "data/commit_texts-": schema.CommitTexts,
    "data/changes-": schema.ChangeTable,
    "data/events-": schema.EventTable,
    "data/event_members-": schema.EventMembers,
    "data/matrix-": schema.Matrix,
    "data/environments-": schema.EnvironmentTable,
    "data/runs-": schema.RunTable,
    "data/libraries-": schema.LibrariesFile,
    "data/sparks-": schema.Sparks,
    "data/finder-": schema.Finder,
    "data/index-": schema.Index,
}


def shortened(judged: JudgedHistory, drop: int) -> JudgedHistory:
    """The same history without its newest *drop* commits."""
    keep = len(judged.history.commits) - drop
    series = []
    for one in judged.series:
        n = int((one.series.positions < keep).sum())
        cut = dataclasses.replace(
            one.series,
            positions=one.series.positions[:n],
            values=one.series.values[:n],
            low=one.series.low[:n],
            high=one.series.high[:n],
            samples=one.series.samples[: one.series.offsets[n]],
            offsets=one.series.offsets[: n + 1],
        )
        series.append(dataclasses.replace(one, series=cut, changes=()))
    history = dataclasses.replace(
        judged.history,
        commits=judged.history.commits[:keep],
        series=tuple(one.series for one in series),
    )
    return dataclasses.replace(judged, history=history, series=tuple(series))


def paths(plan: SitePlan, start: str) -> set[str]:
    """The planned paths that begin with *start*."""
    return {planned.path for planned in plan.files if planned.path.startswith(start)}


def test_every_file_reads_back_as_its_type() -> None:
    """Every planned file decodes strictly as the type that its name promises."""
    plan = plan_site(with_records(make_history(), SMALL))
    seen = set()
    for planned in plan.files:
        start = next(start for start in TYPES if planned.path.startswith(start))
        data = planned.make()
        text = igzip.decompress(data) if planned.path.endswith(".gz") else data
        msgspec.json.decode(text, type=TYPES[start])
        seen.add(start)
    assert seen == set(TYPES)


def test_equal_histories_make_equal_files() -> None:
    """Two plans of one history agree in every name and every byte."""
    one, two = plan_site(make_history()), plan_site(make_history())
    assert [(p.path, p.make()) for p in one.files] == [(p.path, p.make()) for p in two.files]


def test_series_names_follow_their_contents() -> None:
    """Changing one sample of one series changes the name of that series' file and of no other."""
    judged = make_history()
    first = judged.series[0]
    samples = first.series.samples.copy()
    samples[0] *= 1.5
    changed = dataclasses.replace(first, series=dataclasses.replace(first.series, samples=samples))
    other = dataclasses.replace(judged, series=(changed, *judged.series[1:]))
    before, after = (paths(plan_site(one), "data/series/") for one in (judged, other))
    assert len(before - after) == len(after - before) == 1


def test_a_new_commit_leaves_the_values_of_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more commit is in the newest pack of values or in a new one; the others stay."""
    monkeypatch.setattr(commits, "_MOST_VALUES", 300)
    judged = make_history()
    before = paths(plan_site(shortened(judged, 1)), "data/values/")
    after = paths(plan_site(judged), "data/values/")
    assert len(before & after) > 1
    assert len(before - after) <= 1
    assert len(after - before) == 1


@pytest.mark.parametrize("factor", [1.0, -1.0, 1e-40, 1e40, 1e-300])
def test_packed_numbers_are_the_values_to_six_digits(factor: float) -> None:
    """Whole numbers, gaps apart, and the power of ten give back every value and interval."""
    several = [
        dataclasses.replace(
            one,
            series=dataclasses.replace(
                one.series,
                values=one.series.values * factor,
                low=one.series.low * factor,
                high=one.series.high * factor,
            ),
        )
        for one in make_history().series
    ]
    for pack in make_packs([Packed(one, []) for one in several]):
        for one, packed in zip(pack, encode_pack(pack).series, strict=True):
            series = one.judged.series
            known = np.isfinite(series.values)
            assert np.flatnonzero(~known).tolist() == np.cumsum(packed.gaps).tolist()
            step = 10.0 ** -(packed.digits // 2) * 10.0 ** (packed.digits // 2 - packed.digits)
            values = np.cumsum(packed.values) * step
            np.testing.assert_allclose(values, series.values[known], rtol=1e-3)
            median = float(np.median(np.abs(series.values[known])))
            np.testing.assert_allclose(values, series.values[known], atol=median * 1e-5)
            assert bool(packed.high_width) is (factor > 0 and len(packed.low) > 0)
            for sign, ends, end in zip(
                (-1, 1), halves(packed), (series.low, series.high), strict=True
            ):
                shown = values + sign * 10.0**packed.reach * step * ends
                half = float(np.median(np.abs(series.values - end)[known]))
                np.testing.assert_allclose(shown, end[known], atol=half / 10)


def halves(packed: schema.PackedSeries) -> list[Floats]:
    """How far the lower and the upper ends of intervals lie from their values."""
    low, high = (np.array(ends, dtype=np.float64) for ends in (packed.low, packed.high))
    return list(np.divmod(low, 10.0**packed.high_width)) if packed.high_width else [low, high]


def test_an_interval_that_is_not_known_leaves_the_others() -> None:
    """One point of a series has no interval, and one no upper end; all others have theirs."""
    judged = make_history().series[0]
    low, high = judged.series.low.copy(), judged.series.high.copy()
    first, second = np.flatnonzero(np.isfinite(judged.series.values))[:2]
    low[first] = -np.inf
    high[[first, second]] = np.inf
    series = dataclasses.replace(judged.series, low=low, high=high)
    one = Packed(dataclasses.replace(judged, series=series), [])
    (packed,) = encode_pack([one]).series
    assert packed.high_width == 0
    assert [i for i, end in enumerate(packed.low) if end is None] == [0]
    assert [i for i, end in enumerate(packed.high) if end is None] == [0, 1]


def test_what_is_shown_first_is_a_part_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the table is large, its worst rows and the newest changes have a file of their own."""
    assert plan_site(make_history()).index.names.front == ""
    monkeypatch.setattr(build, "_FEW_ROWS", 4)
    monkeypatch.setattr(build, "_FIRST_LISTED", 2)
    plan = plan_site(make_history())
    files = {planned.path: planned.make() for planned in plan.files}
    front = msgspec.json.decode(files[plan.index.names.front], type=schema.Front)
    whole = msgspec.json.decode(files[plan.index.names.table], type=schema.Table)
    changes = msgspec.json.decode(files[plan.index.names.changes], type=schema.ChangeTable)
    assert front.table.id == [whole.id[row] for row in front.rows]
    rank = dict(zip(front.rows, front.table.rank, strict=True))
    assert sorted(front.rows, key=rank.__getitem__) == [
        row for row in plan.order if row in front.rows
    ]
    assert front.changes.row == changes.row[: len(front.changes.row)]
    matrix = msgspec.json.decode(files[plan.index.names.matrix], type=schema.Matrix)
    asked = {*front.changes.row, *matrix.row, *matrix.control} - {None}
    asked |= {row for event in plan.index.events for row in event.rows}
    assert matrix.row
    assert plan.index.events
    worst = plan.order[: build._FIRST_LISTED]
    assert {*asked, *worst} <= set(front.rows)
    assert min(front.table.age) == min(whole.age)
    assert len(front.rows) <= len(asked) + len(worst) + 1
    for name in ("libraries", "metrics", "machines", "environments"):
        named, of_whole = getattr(front.table, name), getattr(whole, name)
        assert len(named) == len(of_whole)
        assert all(one in named for one in of_whole)


def test_the_ranking_holds_every_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts follow each other, the worst rows first, and say what verdicts they hold."""
    monkeypatch.setattr(build, "_FEW_ROWS", 10)
    monkeypatch.setattr(table_parts, "_RANKED", 7)
    plan = plan_site(make_history())
    files = {file.path: file.make() for file in plan.files}
    names = plan.index.names
    ranked = [msgspec.json.decode(files[path], type=schema.Front) for path in names.ranked]
    assert [rank for part in ranked for rank in sorted(part.table.rank)] == list(
        range(len(plan.rows))
    )
    for part, kinds in zip(ranked, names.ranked_kinds, strict=True):
        assert part.age == min(row.age for row in plan.rows)
        assert {VERDICTS[code].value for code in part.table.verdict} <= set(kinds)
        is_failed = any(plan.rows[number].outcome is Outcome.FAILED for number in part.rows)
        assert ("failed" in kinds) == is_failed


def test_one_period_tells_every_change_of_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Periods cover all commits; the one of a commit has its changes, events, and their rows."""
    monkeypatch.setattr(build, "_FEW_ROWS", 4)
    monkeypatch.setattr(table_parts, "_PERIOD_CHANGES", 3)
    plan = plan_site(make_history())
    names = plan.index.names
    files = {planned.path: planned.make() for planned in plan.files}
    whole = msgspec.json.decode(files[names.table], type=schema.Table)
    changes = msgspec.json.decode(files[names.changes], type=schema.ChangeTable)
    events = msgspec.json.decode(files[names.events], type=schema.EventTable)
    periods = [msgspec.json.decode(files[path], type=schema.Front) for path in names.periods]
    assert len(periods) == len(names.period_starts) > 2
    assert names.period_starts[0] == 0
    for position in range(len(plan.judged.history.commits)):
        period = periods[bisect.bisect_right(names.period_starts, position) - 1]
        assert period.table.id == [whole.id[row] for row in period.rows]
        assert period.table.rank == [whole.rank[row] for row in period.rows]
        told = list(zip(period.changes.row, period.changes.position, strict=True))
        reach = zip(changes.row, changes.position, changes.earliest, changes.latest, strict=True)
        for row, at, earliest, latest in reach:
            if at == position or earliest <= position <= latest:
                assert (row, at) in told
                assert row in period.rows
        for rows, earliest, latest in zip(events.rows, events.earliest, events.latest, strict=True):
            if earliest <= position <= latest:
                assert set(rows) <= set(period.rows)


@pytest.mark.parametrize("ratio", [4.74467, 1.00024, 0.87646])
def test_the_size_of_an_event_reads_as_in_a_report(ratio: float) -> None:
    """What is rounded for the site is rounded finer than it is written."""
    judged, change = make_history(), dataclasses.replace
    (event, *_) = judged.events
    (member, *_) = event.members
    moved = change(member.judged, change=change(member.judged.change, ratio=ratio))
    event = change(event, ratio=ratio, members=(change(member, judged=moved),))
    rows = event_rows(change(judged, events=(event,)), (), date.min)

    told = event_table(rows, ["e"], {rows[0].members[0].series.id: 0}, {})

    (shown, *_) = told.ratios[0]
    assert shown is not None
    assert units.change(shown) == units.change(ratio)


def test_packs_are_of_one_machine_and_environment() -> None:
    """What no more is measured on does not change with what is."""
    judged = in_two_environments(make_history())
    packs = list(make_packs([Packed(one, []) for one in judged.series]))
    assert sum(map(len, packs)) == len(judged.series)
    for pack in packs:
        assert len({one.judged.series.key.environment for one in pack}) == 1


@pytest.mark.parametrize(
    ("status", "triage", "state"),
    [
        ("suspected", None, "new"),
        ("confirmed", None, "confirmed"),
        ("withdrawn", None, "withdrawn"),
        ("suspected", "accept", "accepted"),
        ("confirmed", "silence", "silenced"),
    ],
)
def test_a_change_has_one_state(status: str, triage: str | None, state: str) -> None:
    """What people decided comes before what was found; what is suspected is called new."""
    judged = next(one for one in make_history().series if one.changes)
    (item, *_) = judged.changes
    found = dataclasses.replace(
        item, change=dataclasses.replace(item.change, status=Status(status))
    )
    decided = schema.Triage(action=triage, sentence="") if triage else None
    assert change_info(judged.series, found, decided).state == state


def test_a_new_series_comes_last() -> None:
    """A library that is measured later does not move the rows of the others."""
    judged = make_history()
    late = judged.series[0]
    start = late.series.positions.size - 3
    cut = dataclasses.replace(
        late.series,
        positions=late.series.positions[start:],
        values=late.series.values[start:],
        low=late.series.low[start:],
        high=late.series.high[start:],
        samples=late.series.samples[late.series.offsets[start] :],
        offsets=late.series.offsets[start:] - late.series.offsets[start],
        library="a newcomer",
        key=dataclasses.replace(late.series.key, params=(("library", "'a newcomer'"),)),
    )
    newcomer = dataclasses.replace(late, series=cut, changes=())
    old = [one.series.id for one in stable_order(judged.series)]
    new = [one.series.id for one in stable_order((newcomer, *judged.series))]
    assert new == [*old, newcomer.series.id]


def test_worse_comes_first() -> None:
    """The worst-first order begins with every worse series and ranks each row once."""
    judged = make_history(Shape(commits=60, seed=3))
    rows = [summarize(one, 59) for one in judged.series]
    order = worst_first(rows)
    verdicts = [rows[i].judged.verdict.value for i in order]
    assert sorted(order) == list(range(len(rows)))
    assert verdicts.index("worse") == 0
    assert "worse" not in verdicts[verdicts.count("worse") :]


def test_typescript_types_are_of_this_schema() -> None:
    """The generated types name the hash of the schema: `make site-types` after a change."""
    text = subprocess.run(
        [sys.executable, "-m", "tracker.site_data.json_schema"],
        check=True, capture_output=True, cwd=ROOT,
    ).stdout  # fmt: skip
    assert json.loads(text) == json.loads(json.dumps(json_schema()))
    mark = hashlib.sha256(text).hexdigest()[:16]
    assert mark in (ROOT / "site/src/schema.ts").read_text(encoding="utf-8").splitlines()[0]


def test_quantities_are_written_as_in_the_browser() -> None:
    """units.py writes the examples that the front end's tests use too."""
    examples = json.loads((ROOT / "tests/golden/quantities.json").read_text(encoding="utf-8"))
    for value, unit, text in examples["quantities"]:
        assert units.quantity(math.nan if value is None else value, unit) == text
    for value, text in examples["ratios"]:
        assert units.change(math.nan if value is None else value) == text
    for value, text in examples["shares"]:
        assert units.share(math.nan if value is None else value) == text
