"""The results branch in a local bare repository."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.git import git
from tracker.bisect.unasked import Range, count_attempt, read_states
from tracker.cli import run
from tracker.errors import DataError, NetworkError, UsageError
from tracker.github.branch import BRANCH, ResultsBranch, results_branch
from tracker.github.results_files import MARK, join

RESULT = {
    "version": 2,
    "commit_hash": "a" * 40,
    "result_columns": ["result", "params", "version", "started_at", "duration"],
    "results": {"one.track_x": [[1.0], [], "1", 1000, 2.0]},
    "durations": {"one:1": 1.0},
}


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[ResultsBranch]:
    """An empty history in a bare repository."""
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    branch = ResultsBranch(remote=str(remote))
    branch.create()
    yield branch
    assert git(remote, "fsck", "--strict", "--no-dangling") == ""


def write(folder: Path, name: str, content: object) -> Path:
    """Write one file of a history."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def read(branch: ResultsBranch, name: str, at: Path) -> dict[str, object]:
    """What the branch holds now."""
    branch.pull(at)
    content: dict[str, object] = json.loads((at / name).read_text(encoding="utf-8"))
    return content


def test_stored_files_come_back(branch: ResultsBranch, tmp_path: Path):
    """What was pushed is pulled; pushing it again stores nothing."""
    source = write(tmp_path / "new", "results/m/aaaaaaaa-env.json", RESULT)
    write(source, "results/m/records/aaaaaaaa-env/one.celery.record", {"schema": 1})

    assert branch.push(source) == 2
    assert branch.push(source) == 0

    assert read(branch, "results/m/aaaaaaaa-env.json", tmp_path / "back") == RESULT
    assert (tmp_path / "back/results/m/records/aaaaaaaa-env/one.celery.record").is_file()


def test_a_search_goes_on_from_what_the_last_one_stored(branch: ResultsBranch, tmp_path: Path):
    """Its newer state takes the place of the older one."""
    folder, each = tmp_path / "night", Range(good="a" * 40, bad="b" * 40, metric="m")
    for attempts in (1, 2):
        count_attempt(each, folder / "searches")
        assert branch.push(folder) == 1
        kept = tmp_path / f"back {attempts}"
        branch.pull(kept)
        assert [state.attempts for state in read_states(kept / "searches")] == [attempts]


@pytest.mark.slow
def test_all_concurrent_writers_land(branch: ResultsBranch, tmp_path: Path):
    """Eight jobs store at once: all land, and no commit of another is lost."""

    def store(number: int) -> int:
        name = f"results/m/{number}-env.json"
        return branch.push(write(tmp_path / str(number), name, {**RESULT, "number": number}))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(store, range(8))) == [1] * 8

    branch.pull(tmp_path / "back")
    assert len(list((tmp_path / "back" / "results" / "m").iterdir())) == 8
    log = git(Path(branch.remote), "log", "--oneline", BRANCH)
    assert len(log.splitlines()) == 9


def test_shards_of_one_commit_are_joined(branch: ResultsBranch, tmp_path: Path):
    """Two shards measured different benchmarks of one commit: the branch has both."""
    name = "results/m/aaaaaaaa-env.json"
    other = {
        **RESULT,
        "results": {"two.track_x": [[2.0], [], "1", 1001, 2.0]},
        "durations": {"two:1": 1.0},
    }
    branch.push(write(tmp_path / "one", name, RESULT))
    branch.push(write(tmp_path / "two", name, other))

    stored = read(branch, name, tmp_path / "back")

    assert stored["results"] == {**RESULT["results"], **other["results"]}  # type: ignore[dict-item]
    assert set(stored["durations"]) == {"one:1", "two:1"}  # type: ignore[call-overload]


def test_newer_measurement_of_a_benchmark_wins():
    """Whichever order the files come in."""
    old = {**RESULT, "results": {"one.track_x": [[9.0], [], "1", 1, 2.0]}}
    assert join(old, RESULT)["results"] == RESULT["results"]
    assert join(RESULT, old)["results"] == RESULT["results"]


def test_the_run_record_that_was_finished_last_wins():
    """Whichever job stores it first; a record that does not say replaces what is there."""
    early, late = ({"scenario": "a", "finished_at_ms": at} for at in (1, 2))
    assert join(early, late) == join(late, early) == late
    assert join({"scenario": "build"}, {"scenario": "build", "reason": "x"})["reason"] == "x"


def test_benchmarks_of_all_shards_are_kept():
    """`benchmarks.json` is joined too."""
    old = {"version": 2, "one.track_x": {"unit": "s"}}
    new = {"version": 2, "two.track_x": {"unit": "s"}}
    assert set(join(old, new)) == {"version", "one.track_x", "two.track_x"}


def test_missing_branch_stops_the_job(tmp_path: Path):
    """No history is an error, never a fresh start; nothing is written."""
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    source = write(tmp_path / "new", "results/m/x.json", RESULT)

    with pytest.raises(DataError, match="has no branch"):
        ResultsBranch(remote=str(remote)).push(source)

    assert git(remote, "branch", "--list") == ""


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        (MARK, None, "not a results branch"),
        (MARK, '{"version": 2}', "not of version 1"),
        ("results/m/x.json", '{"results": {', "cannot be read as JSON"),
        ("verdicts/x.json", "", "cannot be read as JSON"),
        ("results/m/records/e/x.record", "{", "cannot be read as JSON"),
    ],
)
def test_damaged_history_stops_the_job(
    branch: ResultsBranch, tmp_path: Path, name: str, text: str | None, what: str
):
    """Damage is named, and nothing is pulled from or pushed onto it."""
    work = tmp_path / "damage"
    git(tmp_path, "clone", "--quiet", "--branch", BRANCH, branch.remote, str(work))
    write(work, name, {})
    (work / name).unlink() if text is None else (work / name).write_text(text, encoding="utf-8")
    git(work, "add", "--all")
    author = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    git(work, *author, "commit", "--quiet", "-m", "damage")
    git(work, "push", "--quiet")
    before = git(Path(branch.remote), "rev-parse", BRANCH)

    with pytest.raises(DataError, match=what):
        branch.pull(tmp_path / "back")
    with pytest.raises(DataError, match=what):
        branch.push(write(tmp_path / "new", "results/m/y.json", RESULT))

    assert git(Path(branch.remote), "rev-parse", BRANCH) == before


@pytest.mark.parametrize(
    "event",
    ["pull_request", "pull_request_target", "workflow_run", "merge_group", "issue_comment", "new"],
)
def test_pull_requests_do_not_write_history(branch: ResultsBranch, tmp_path: Path, event: str):
    """Jobs that a pull request may steer are refused."""
    source = write(tmp_path / "new", "results/m/x.json", RESULT)

    with pytest.raises(UsageError, match="may not store results"):
        branch.push(source, event=event)


def test_a_remote_may_be_named_by_its_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What is pushed is made in another folder, where the same path leads nowhere."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    assert run(["results", "create", "--remote", "remote.git"]) == 0
    assert run(["results", "pull", "here", "--remote", "remote.git"]) == 0


@pytest.mark.parametrize("made", ["nothing", "another checkout"])
def test_only_what_was_pulled_is_packed(
    tmp_path: Path, made: str, capsys: pytest.CaptureFixture[str]
):
    """The files of another folder would be called none, or all of them new."""
    folder = tmp_path / "other"
    if made == "another checkout":
        git(tmp_path, "init", "--quiet", str(folder))
        write(folder, "results/m/x.json", RESULT)
    assert run(["results", "pack", str(folder), str(tmp_path / "pack")]) == 3
    assert "pull first" in capsys.readouterr().err
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize(
    ("there", "wanted"), [("bench-results/old", "bench-results"), ("bench", "bench/results")]
)
def test_a_branch_that_leaves_no_room_is_named(tmp_path: Path, there: str, wanted: str):
    """Git has no branch beside one that is a folder of it."""
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    ResultsBranch(remote=str(remote), branch=there).create()

    with pytest.raises(UsageError, match=f"beside the branch {there}"):
        ResultsBranch(remote=str(remote), branch=wanted).create()


def test_a_branch_of_the_same_ending_is_another_one(tmp_path: Path):
    """`feature/bench-results` is no reason not to create `bench-results`."""
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    ResultsBranch(remote=str(remote), branch=f"feature/{BRANCH}").create()

    ResultsBranch(remote=str(remote)).create()

    assert git(remote, "branch", "--list", BRANCH) == BRANCH


def test_a_protected_branch_is_told_in_the_words_of_the_server(
    branch: ResultsBranch, tmp_path: Path
):
    """A rule refuses every push: its reason is shown at once, and nothing is tried again."""
    tries = tmp_path / "tries"
    hook = Path(branch.remote) / "hooks" / "update"
    hook.write_text(
        f"#!/bin/sh\necho x >> {tries}\n"
        "echo 'error: GH013: Repository rule violations found for refs/heads/bench-results.' >&2\n"
        "echo '- Changes must be made through a pull request.' >&2\nexit 1\n",
        encoding="utf-8",
    )
    hook.chmod(0o755)

    with pytest.raises(NetworkError, match="Changes must be made through a pull request") as caught:
        branch.push(write(tmp_path / "new", "results/m/x.json", RESULT))

    assert "Settings" in caught.value.next_step
    assert len(tries.read_text(encoding="utf-8").splitlines()) == 1


def test_history_is_created_once(branch: ResultsBranch):
    """An existing history is never started anew."""
    with pytest.raises(UsageError, match="exists"):
        branch.create()


def test_command_line_pulls_packs_and_pushes(
    branch: ResultsBranch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The way of a shard: pull, measure, pack what is new; the storing job pushes the pack."""
    monkeypatch.setenv("GITHUB_EVENT_NAME", "push")
    remote = ("--remote", branch.remote)
    here = str(tmp_path / "here")
    assert run(["results", "pull", here, *remote]) == 0
    write(tmp_path / "here", "results/m/x.json", RESULT)
    write(tmp_path / "here", "results/m/x.lock", {})
    assert run(["results", "pack", here, str(tmp_path / "pack")]) == 0
    assert run(["results", "push", str(tmp_path / "pack"), *remote]) == 0

    assert read(branch, "results/m/x.json", tmp_path / "back") == RESULT


def test_a_wrong_folder_is_refused(branch: ResultsBranch, tmp_path: Path):
    """Nothing is pulled over what is there, and nothing pushed from what is not."""
    there = write(tmp_path / "there", "results/m/x.json", RESULT)
    with pytest.raises(UsageError, match="not empty"):
        branch.pull(there)
    with pytest.raises(UsageError, match="no folder"):
        branch.push(tmp_path / "nowhere")


def test_what_was_removed_here_is_not_packed(branch: ResultsBranch, tmp_path: Path):
    """A file that is gone is no result; the branch keeps it."""
    branch.push(write(tmp_path / "new", "results/m/x.json", RESULT))
    branch.pull(tmp_path / "here")
    (tmp_path / "here/results/m/x.json").unlink()
    assert run(["results", "pack", str(tmp_path / "here"), str(tmp_path / "pack")]) == 0
    assert not (tmp_path / "pack").exists()


def test_a_file_cut_off_by_a_kill_is_not_packed(
    branch: ResultsBranch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """What a killed shard had finished is kept; the file it died in is named and left out."""
    here = tmp_path / "here"
    branch.pull(here)
    write(here, "results/m/whole.json", RESULT)
    write(here, "results/m/half.json", RESULT)
    (here / "results/m/half.json").write_text('{"results": {', encoding="utf-8")
    assert run(["results", "pack", str(here), str(tmp_path / "pack")]) == 0

    assert [path.name for path in (tmp_path / "pack/results/m").iterdir()] == ["whole.json"]
    assert "half.json is incomplete and is left out" in capsys.readouterr().err
    assert branch.push(tmp_path / "pack") == 1


def test_token_is_sent_to_the_server_alone():
    """The token is bound to one server's address, and is not part of an argument."""
    environment = {"GITHUB_TOKEN": "secret", "GITHUB_REPOSITORY": "octo/bench"}

    branch = results_branch(None, BRANCH, environment)

    assert branch.remote == "https://github.com/octo/bench"
    assert branch.secrets["GIT_CONFIG_KEY_0"] == "http.https://github.com/.extraheader"
    assert "secret" not in str(branch.secrets)
