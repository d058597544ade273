"""What pull requests hear after the merge."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from tests.support.fake_github.world import BOT, HEAD, Fault, World
from tests.tracker.github.conftest import GitHub
from tracker.github.follow_up import FollowUp, read_verdicts
from tracker.model import (
    Change,
    Commit,
    History,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Series,
    SeriesKey,
    Status,
    Verdict,
)
from tracker.model.catalogue import METRICS
from tracker.model.comparison import Conclusion
from tracker.report.comparison.comment import MAX_COMMENT, own_marker
from tracker.report.comparison.pull_verdicts import (
    Claim,
    Held,
    PullVerdicts,
    decode_verdicts,
    encode_verdicts,
    find_hidden,
    hide,
    score,
)
from tracker.report.pull_requests.follow_up import add_afterwards, follow

COMMITS = 20
MERGE = 10
HERE = range(MERGE, MERGE + 1)
BENCHMARK = "basic_throughput.Burst.track_throughput"
PARAMS = (("library", "'asynctasq'"), ("tasks", "1000"))


def sha(position: int) -> str:
    """The commit at a position."""
    return f"{position:040x}"


def claim(verdict: Verdict = Verdict.WORSE, **known: object) -> Claim:
    """Something that was said of the pull request."""
    facts = {
        "benchmark": BENCHMARK,
        "params": PARAMS,
        "metric": "throughput",
        "verdict": verdict,
        "ratio": 0.9,
    }
    return Claim(**{**facts, **known})  # type: ignore[arg-type]


WHOLE = claim(Verdict.NO_CHANGE, benchmark="*", params=(), metric="*", ratio=None)


def told(*claims: Claim) -> PullVerdicts:
    """A record of a merged pull request."""
    return PullVerdicts(
        version=1,
        pull=7,
        commit=sha(MERGE),
        head=HEAD,
        base=sha(9),
        conclusion=Conclusion.REGRESSION,
        claims=claims,
    )


def history(*changes: JudgedChange, commits: int = COMMITS) -> JudgedHistory:
    """One measured series with these changes."""
    n = commits
    series = Series(
        key=SeriesKey(benchmark=BENCHMARK, params=PARAMS, machine="m", environment="e"),
        metric=METRICS["throughput"],
        scenario="basic_throughput",
        library="asynctasq",
        version="1",
        positions=np.arange(n, dtype=np.int64),
        values=np.ones(n),
        low=np.full(n, np.nan),
        high=np.full(n, np.nan),
        samples=np.empty(0),
        offsets=np.zeros(n + 1, dtype=np.int64),
    )
    judged = JudgedSeries(
        series=series,
        changes=changes,
        verdict=Verdict.NO_CHANGE,
        minimum_detectable_effect=0.05,
        drift=0.0,
        far_out=None,
        notes=(),
    )
    return JudgedHistory(
        history=History(
            project="p",
            commits=tuple(
                Commit(sha=sha(i), date_ms=i, author="a", subject="s", tags=()) for i in range(n)
            ),
            series=(series,),
            environments=(),
            excluded=(),
            show_commit_url="",
        ),
        series=(judged,),
        events=(),
        expected_false_alarms=0.05,
    )


def change(
    index: int = MERGE, verdict: Verdict = Verdict.WORSE, status: Status = Status.CONFIRMED
) -> JudgedChange:
    """A change point."""
    point = Change(
        index=index,
        earliest=index - 1,
        latest=index + 1,
        before=1.0,
        after=0.9,
        ratio=0.91,
        ratio_low=0.9,
        ratio_high=0.92,
        p_value=1e-6,
        status=status,
        points_since=COMMITS - index,
    )
    return JudgedChange(change=point, verdict=verdict, direction=Verdict.WORSE)


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        (history(change()), Held.HELD),
        (history(change(MERGE + 1)), Held.HELD),
        (history(change(MERGE + 4)), Held.REFUTED),
        (history(), Held.REFUTED),
        (history(change(verdict=Verdict.BETTER)), Held.REFUTED),
        (history(change(status=Status.SUSPECTED)), Held.PENDING),
        (history(change(status=Status.WITHDRAWN)), Held.REFUTED),
        (history(commits=MERGE + 3), Held.PENDING),
    ],
)
def test_claim_is_held_refuted_or_waits(judged: JudgedHistory, expected: Held):
    """A confirmed change at the commit holds it; six quiet commits refute it; fewer wait."""
    (followed,) = follow(told(claim()), judged, HERE).claims
    assert followed.held is expected


def test_quiet_verdict_is_refuted_by_a_regression_that_nobody_foresaw():
    """`no regression` becomes the regression that came after all."""
    (missed,) = follow(told(WHOLE), history(change()), HERE).claims
    assert (missed.benchmark, missed.held, missed.verdict) == (
        BENCHMARK,
        Held.REFUTED,
        Verdict.NO_CHANGE,
    )


def test_quiet_verdict_holds_after_six_commits():
    """`no regression` is right when six later commits show none here."""
    (whole,) = follow(told(WHOLE), history(change(MERGE + 4)), HERE).claims
    assert (whole.held, whole.later_commits) == (Held.HELD, COMMITS - MERGE - 1)


@pytest.mark.parametrize("said", [claim(), WHOLE])
def test_commits_that_failed_neither_hold_nor_refute(said: Claim):
    """Six later commits without a value say nothing of a change."""
    judged = history()
    judged.series[0].series.values[MERGE + 3 :] = np.nan
    (followed,) = follow(told(said), judged, HERE).claims
    assert (followed.held, followed.later_commits) == (Held.PENDING, 2)


@pytest.mark.parametrize("ratio", [0.0, np.inf])
@pytest.mark.parametrize("said", [claim(), WHOLE])
def test_a_change_from_or_to_zero_can_be_stored(said: Claim, ratio: float):
    """It has no ratio that a file may hold, and the file can be read again."""
    item = change()
    endless = dataclasses.replace(item, change=dataclasses.replace(item.change, ratio=ratio))
    followed = follow(told(said), history(endless), HERE)
    assert followed.settled
    assert decode_verdicts(encode_verdicts(followed)) == followed


def test_settled_claims_stay():
    """What was settled is not asked again."""
    settled = claim(held=Held.HELD, later_commits=6)
    assert follow(told(settled), history(), MERGE).claims == (settled,)


def test_record_survives_its_file():
    """Written and read back, nothing is lost."""
    record = told(claim(), WHOLE)
    assert decode_verdicts(encode_verdicts(record)) == record


def test_score_counts_and_says():
    """The tracker's score in words."""
    records = [told(claim(held=Held.HELD), claim(held=Held.REFUTED)), told(claim())]
    assert score(records).sentence == (
        "Of the last 2 verdicts on pull requests, 1 was confirmed; 1 is waiting for later commits."
    )


def test_remark_is_replaced_not_stacked():
    """The marker stays first, the remark second, once."""
    body = f"{own_marker()}-->\n\ntext\n"
    once = add_afterwards(body, told(claim(held=Held.HELD, later_commits=6)))
    twice = add_afterwards(once, told(claim(held=Held.HELD, later_commits=9)))
    assert twice == once.replace("6 later", "9 later")
    assert twice.startswith(body.split("\n", maxsplit=1)[0])
    assert twice.endswith("text\n")


def test_remark_on_the_longest_comment_is_still_taken():
    """Names that grow sixfold when escaped leave fewer lines; the rest is counted."""
    hostile = claim(held=Held.HELD, later_commits=6, benchmark="|" * 300)
    body = f"{own_marker()}-->\n\n{'x' * MAX_COMMENT}"
    text = add_afterwards(body[:MAX_COMMENT], told(*[hostile] * 30))
    assert len(text) < 65_536
    assert "> - and 26 more" in text


def merged(world: World, *claims: Claim, commits: tuple[int, ...] = (MERGE,)) -> None:
    """A merged pull request with our comment, which carries what was said."""
    world.pull(7)
    world.merge(7, *map(sha, commits))
    body = f"{own_marker()}head={HEAD} -->\n\ntold you\n\n{hide(told(*claims))}"
    world.comment(BOT, body)


def follow_up(github: GitHub, folder: Path, judged: JudgedHistory) -> list[str]:
    """One run after a push."""
    follow = FollowUp(api=github.api(), folder=folder, author=BOT, key="default", recent=30)
    return list(follow.run(judged))


def test_comment_hears_of_the_confirmation_once(github: GitHub, tmp_path: Path):
    """Pending at first, told once when confirmed, quiet afterwards; the score is kept."""
    merged(github.world, claim())
    assert follow_up(github, tmp_path, history(commits=MERGE + 2)) == []
    assert score(read_verdicts(tmp_path)).pending == 1

    assert follow_up(github, tmp_path, history(change())) == ["#7: comment updated"]
    assert follow_up(github, tmp_path, history(change())) == []

    body = github.world.comments[0]["body"]
    assert "✅ confirmed by 9 later commits, now -9.0 %" in body
    assert find_hidden(body) is not None
    assert score(read_verdicts(tmp_path)).held == 1
    assert [path.name for path in tmp_path.iterdir()] == ["pull-7.json"]


def test_unmeasured_pull_request_hears_of_its_regression(github: GitHub, tmp_path: Path):
    """A pull request without a comparison gets a comment when its commit proves to be slower."""
    github.world.pull(7)
    github.world.merge(7, sha(MERGE))

    assert follow_up(github, tmp_path, history(change())) == ["#7: comment created"]

    assert "got worse after all" in github.world.comments[0]["body"]


def test_commits_of_another_repository_are_let_be(github: GitHub, tmp_path: Path):
    """When GitHub does not know the commits, nothing is told or stored."""
    assert follow_up(github, tmp_path, history(change())) == []
    assert list(tmp_path.iterdir()) == []


def test_forged_verdicts_of_a_stranger_are_not_read(github: GitHub, tmp_path: Path):
    """Only our own comment can carry what we said."""
    github.world.pull(7)
    github.world.merge(7, sha(MERGE))
    github.world.comment("mallory", f"{own_marker()}-->\n\n{hide(told(claim()))}")

    assert follow_up(github, tmp_path, history()) == []
    assert list(tmp_path.iterdir()) == []


def test_rebased_pull_request_has_one_record_and_the_truth(github: GitHub, tmp_path: Path):
    """Of the three commits that it became, one brought the step that was told: that held."""
    merged(github.world, claim(), commits=(MERGE - 1, MERGE, MERGE + 1))

    assert follow_up(github, tmp_path, history(change(MERGE - 1))) == ["#7: comment updated"]

    assert "✅ confirmed by" in github.world.comments[0]["body"]
    assert "not confirmed" not in github.world.comments[0]["body"]
    (record,) = read_verdicts(tmp_path)
    assert (record.first, record.commit) == (sha(MERGE - 1), sha(MERGE + 1))
    counted = score(read_verdicts(tmp_path))
    assert (counted.held, counted.refuted, counted.pending) == (1, 0, 0)


def test_rebased_pull_request_longer_than_what_is_looked_at_is_one(github: GitHub, tmp_path: Path):
    """Its first commits lie before the newest thirty; they are its own all the same."""
    merged(github.world, claim(), commits=tuple(range(2, 18)))
    follow = FollowUp(api=github.api(), folder=tmp_path, author=BOT, key="default", recent=5)

    assert list(follow.run(history(change(3)))) == ["#7: comment updated"]

    (record,) = read_verdicts(tmp_path)
    assert (record.first, record.commit) == (sha(2), sha(17))


def test_locked_conversation_is_recorded_and_left_alone(github: GitHub, tmp_path: Path):
    """What became of it is stored; the others hear; nothing is tried at the next push."""
    merged(github.world, claim())
    github.world.locked.add(7)
    github.world.pull(8)
    github.world.merge(8, sha(MERGE + 1))
    github.world.comment(
        BOT, f"{own_marker()}head={HEAD} -->\n\ntold you\n\n{hide(told(claim()))}", issue=8
    )

    lines = follow_up(github, tmp_path, history(change()))

    assert [line.partition(" could")[0] for line in lines] == ["#8: comment updated", "#7: comment"]
    assert "issue is locked" in lines[1]
    assert score(read_verdicts(tmp_path)).held == 2
    github.world.log.clear()
    assert follow_up(github, tmp_path, history(change())) == []
    assert not [path for _, path in github.world.log if "/issues/" in path]


def test_comment_that_github_did_not_take_is_due_at_the_next_push(github: GitHub, tmp_path: Path):
    """A passing fault of GitHub loses no news."""
    merged(github.world, claim())
    github.world.faults.append(Fault("403_hour", "PATCH", "comments"))

    (line,) = follow_up(github, tmp_path, history(change()))
    assert "comment must wait" in line
    assert follow_up(github, tmp_path, history(change())) == ["#7: comment updated"]
    assert follow_up(github, tmp_path, history(change())) == []


def test_commit_that_github_does_not_answer_for_stops_nobody(github: GitHub, tmp_path: Path):
    """One bad answer is told; the other pull requests are followed."""
    merged(github.world, claim())
    github.world.faults.append(Fault("403_refused", "GET", f"commits/{sha(COMMITS - 1)}/pulls"))

    lines = follow_up(github, tmp_path, history(change()))

    assert lines[0].startswith(sha(COMMITS - 1)[:9])
    assert lines[1:] == ["#7: comment updated"]


def test_verdict_on_an_older_head_says_nothing_of_what_was_merged(github: GitHub, tmp_path: Path):
    """Pushes after the last measurement were never compared: nothing was told of them."""
    merged(github.world, claim())
    github.world.pulls[0]["head"]["sha"] = "f" * 40

    assert follow_up(github, tmp_path, history()) == []
    assert list(tmp_path.iterdir()) == []


def test_merge_into_another_branch_is_not_followed_here(github: GitHub, tmp_path: Path):
    """A commit may belong to a pull request whose own merge is not of this branch."""
    merged(github.world, claim())
    github.world.pulls[0]["merge_commit_sha"] = "f" * 40

    assert follow_up(github, tmp_path, history(change())) == []


def test_records_of_single_commits_are_counted_as_one(tmp_path: Path):
    """Trees written before have a record for each commit of a pull request."""
    for position in (MERGE, MERGE + 1):
        record = told(claim(held=Held.REFUTED, later_commits=6))
        (tmp_path / f"{sha(position)[28:]}.json").write_bytes(encode_verdicts(record))
    (tmp_path / "pull-7.json").write_bytes(encode_verdicts(told(claim(held=Held.HELD))))

    counted = score(read_verdicts(tmp_path))
    assert (counted.held, counted.refuted) == (1, 0)
