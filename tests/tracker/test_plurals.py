"""Texts with numbers in them: of one thing they speak in the singular."""

from pathlib import Path

import pytest

from tests.support.asv_tree import make_repository, write_benchmarks, write_document, write_result
from tracker.cli.loading import load
from tracker.errors import DataError
from tracker.model.explanation import Cause, CauseKind, CodeState
from tracker.report.cause_sentences import _more_lines
from tracker.report.comparison.pull_verdicts import Score
from tracker.report.explanation import _fitting


def where(folder: Path, repo: Path | None) -> dict[str, object]:
    """The options of a command that reads the results in *folder*."""
    return {
        "config": str(folder / "none.json"),
        "results": str(folder),
        "repo": None if repo is None else str(repo),
        "branch": None,
        "skip_damaged": False,
    }


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One result of a commit that no repository has."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "results"
    write_benchmarks(folder, {"b.time_it": {}})
    write_result(folder, "a" * 40, {"b.time_it": [[1.0]]})
    return folder


@pytest.mark.parametrize(
    ("strays", "said"), [(1, "1 value or file was"), (2, "2 values or files were")]
)
def test_the_note_on_what_was_left_out(
    results: Path, capsys: pytest.CaptureFixture[str], strays: int, said: str
):
    """A file that is no result is one value or file, and two are two."""
    for number in range(strays):
        write_document(results, {}, f"notes{number}.json")

    load(where(results, None), quiet=False)

    assert f"note: {said} left out, see the report" in capsys.readouterr().err


def test_the_error_on_commits_without_a_place(results: Path, tmp_path: Path):
    """One commit with results is no commits."""
    repo = tmp_path / "repo.git"
    make_repository(repo, 3)

    with pytest.raises(DataError, match="of 1 commit with results none is on"):
        load(where(results, repo), quiet=True)


def test_the_score_of_verdicts():
    """One verdict, confirmed, and one that waits."""
    assert Score(held=1, refuted=0, pending=1).sentence == (
        "Of the last 1 verdict on pull requests, 1 was confirmed; 1 is waiting for later commits."
    )
    assert "Of the last 3 verdicts on pull requests, 2 were confirmed." in (
        Score(held=2, refuted=1, pending=0).sentence
    )


def test_what_an_explanation_leaves_out():
    """Of three causes, two lines have room for one and for how many more there are."""
    causes = [function_cause(name) for name in "abcdefg"]
    more = "more functions, commands or packages moved: b 1 to 2 lines, c 1 to 2 lines"
    assert _fitting(causes[:3], 2, str)[1] == f"2 {more}."
    assert _fitting(causes[:5], 2, str)[1] == f"4 {more}, d 1 to 2 lines and 1 other."
    assert _fitting(causes, 2, str)[1] == f"6 {more}, d 1 to 2 lines and 3 others."
    (only,) = _fitting(causes[:2], 1, str)
    assert only.endswith("a task. 1 more function, command or package moved.")


def function_cause(name: str) -> Cause:
    """A function that takes a line more."""
    return Cause(
        kind=CauseKind.FUNCTION,
        role="worker",
        name=name,
        place="",
        unit="lines",
        base=1.0,
        head=2.0,
        code=CodeState.UNKNOWN,
    )


def test_the_lines_that_come_with_a_cause():
    """One line more or less of another package is no lines."""
    texts = [_more_lines(1.0), _more_lines(-1.0), _more_lines(2.0)]
    assert texts == ["+1 line", "-1 line", "+2 lines"]
