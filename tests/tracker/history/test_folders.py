"""Which files of a results tree are read, as asv chooses them, and what a bad one costs."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.asv_tree import load, only, why, write_benchmarks, write_document, write_result
from tracker.errors import DataError, UsageError
from tracker.history import resolve_source
from tracker.history.asv.files import NO_MACHINE, NO_RESULT

ROW = {"a.time_x": [[1.0], [], "1"]}


@pytest.fixture
def measured(tree) -> tuple[Path, Path, list[str]]:
    """The tree with one result, of the first commit on machine `m`."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    write_result(results, shas[0], ROW)
    return results, repo, shas


def test_a_machine_may_lie_at_any_depth(measured):
    """Folders of machines may be sorted into others; the name is that of machine.json."""
    results, repo, shas = measured
    write_result(results / "linux" / "2024", shas[1], ROW)
    write_result(results / "linux" / "2025", shas[2], ROW, machine="n")

    history = load(results, repo)

    assert [(one.key.machine, one.positions.tolist()) for one in history.series] == [
        ("m", [0, 1]),
        ("n", [2]),
    ]
    assert not history.excluded


def test_a_folder_without_machine_json_is_no_machine(measured):
    """Results that somebody has parked are passed over, as by asv, and counted."""
    results, repo, shas = measured
    parked = write_result(results, shas[1], ROW, machine="old").parent
    (parked / "machine.json").unlink()

    history = load(results, repo)

    assert only(history).key.machine == "m"
    assert why(history) == {NO_MACHINE: 1}


def test_results_without_any_machine_json_are_told_of(measured):
    """Where all results are passed over, the error says why; it does not call the folder empty."""
    results, repo, shas = measured
    write_result(results, shas[1], ROW)
    (results / "m" / "machine.json").unlink()

    with pytest.raises(DataError, match=rf"m/.* lies {NO_MACHINE} \(and 1 more\)") as caught:
        load(results, repo)

    assert "machine.json" in caught.value.next_step


@pytest.mark.parametrize("folder", ["results", ".asv/results"])
def test_results_without_a_configuration_are_named(measured, folder: str):
    """A repository of results alone: the error names the option that reads them."""
    results, _, _ = measured
    place = results.parent / "checkout"
    shutil.copytree(results, place / folder)

    with pytest.raises(UsageError) as caught:
        resolve_source(str(place / "asv.conf.json"))

    assert caught.value.next_step.endswith(f"--results {place / folder}")


def test_json_that_is_no_result_is_counted_and_not_damaged(measured):
    """Notes, and a site that was published into the folder, lie beside results without harm."""
    results, repo, _ = measured
    (results / "html").mkdir()
    for stray in ("html/index.json", "m/notes.json", "m/broken.json"):
        (results / stray).write_text('{"a": 1}' if "broken" not in stray else "{")

    history = load(results, repo)

    assert len(only(history).values) == 1
    assert why(history) == {NO_MACHINE: 1, NO_RESULT: 2}
    assert history.damaged == ()


def test_a_damaged_file_costs_itself(measured):
    """A file that was cut short is counted and named, and everything else is read."""
    results, repo, shas = measured
    path = write_result(results, shas[1], ROW)
    path.write_bytes(path.read_bytes()[:-40])

    history = load(results, repo)

    assert only(history).values.tolist() == [1.0]
    assert [text.partition(":")[0] for text in history.damaged] == [f"m/{path.name}"]
    assert why(history) == {"damaged": 1}
    assert load(results, repo, skip_damaged=True).damaged == ()


def test_a_history_of_damaged_files_alone_is_refused(measured):
    """When no file can be read the error names the first, and how many more."""
    results, repo, shas = measured
    write_result(results, shas[1], ROW)
    for path in (results / "m").glob("*-*.json"):
        path.write_text("{")

    with pytest.raises(DataError, match=r"is damaged: .* \(and 1 more\)"):
        load(results, repo)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"machine": 3}', '{"machine": NaN, "version": "x"}']
)
def test_a_wrong_word_in_machine_json_costs_no_result(measured, content: str):
    """The folder is a machine all the same, under its own name."""
    results, repo, _ = measured
    (results / "m" / "machine.json").write_text(content)

    history = load(results, repo)

    assert only(history).key.machine == "m"
    assert len(history.damaged) == (content in {"{", "[]"})


def test_a_link_to_a_folder_above_is_not_followed(measured):
    """A tree that holds itself is read once."""
    results, repo, _ = measured
    (results / "m" / "again").symlink_to(results, target_is_directory=True)

    assert len(only(load(results, repo)).values) == 1


def test_a_commit_of_before_1970_has_its_place(tree):
    """Dates are those that calendars know, not those that computers count from."""
    results, _, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for sha, date_ms in zip(shas, (0, -86_400_000, -1), strict=False):
        write_result(results, sha, ROW, date_ms=date_ms)

    assert [commit.date_ms for commit in load(results, None).commits] == [-86_400_000, -1, 0]


@pytest.mark.parametrize(
    "path",
    [
        "/opt/hostedtoolcache/Python/{}/x64/bin/python",
        "/home/u/.pyenv/versions/{}/bin/python",
        r"C:\hostedtoolcache\windows\Python\{}\x64\python.exe",
    ],
)
def test_patch_releases_of_an_interpreter_are_one_series(tree, path: str):
    """`asv run --python=same` names the environment by a path that changes with every release."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for sha, version in zip(shas, ("3.12.4", "3.12.5", "3.13.0"), strict=False):
        python = path.format(version)
        env = "existing-py" + "".join("_" if c in r'<>:"/\|?*' else c for c in python)
        write_result(results, sha, ROW, env=env, python=python)

    history = load(results, repo)

    assert [one.positions.tolist() for one in history.series] == [[0, 1], [2]]
    assert len({dict(env.facts)["python"] for env in history.environments}) == 3


def test_addresses_in_parameters_do_not_part_a_series(tree):
    """The place of a function in memory is another in each process; two of a name are numbered."""
    results, repo, shas = tree

    def params(at: int) -> list[list[str]]:
        names = enumerate(("<function f", "<f.<lambda>", "<f.<lambda>"))
        return [[f"{name} at {at + number:#x}>" for number, name in names]]

    write_benchmarks(results, {"a.time_x": {"params": params(0x7F0000), "param_names": ["f"]}})
    for number, sha in enumerate(shas):
        rows = {"a.time_x": [[1.0, 2.0, 3.0], params(0x5500 + 16 * number), "1"]}
        write_result(results, sha, rows)

    history = load(results, repo)

    assert {one.key.params[0][1]: one.values.tolist() for one in history.series} == {
        "<function f>": [1.0] * 5,
        "<f.<lambda>>": [2.0] * 5,
        "<f.<lambda>> #2": [3.0] * 5,
    }
    assert not history.excluded


def test_advice_names_the_results_that_lie_close_by(tmp_path: Path):
    """Who has results is not told to measure."""
    write_benchmarks(tmp_path / ".asv" / "results", {})

    with pytest.raises(DataError) as caught:
        load(tmp_path / "results", None)

    assert caught.value.next_step.endswith(f"--results {tmp_path / '.asv' / 'results'}")


def test_a_pretty_name_is_what_people_read(tree):
    """The project's own name for a benchmark is its title; one that two share is nobody's."""
    results, repo, shas = tree
    names = {"a.time_x": "Sorting", "a.time_y": "Both", "a.time_z": "Both"}
    write_benchmarks(results, {name: {"pretty_name": pretty} for name, pretty in names.items()})
    write_result(results, shas[0], {name: [[1.0], [], "1"] for name in names})

    titles = [one.title for one in load(results, repo).series]

    assert titles == ["Sorting", "a.time_y", "a.time_z"]


def test_a_document_of_any_depth_is_refused_as_one_file(measured):
    """A file of brackets alone is damaged, and no more than that."""
    results, repo, shas = measured
    write_document(results, {}, f"{shas[1][:8]}-deep.json").write_text("[" * 100_000)

    history = load(results, repo)

    assert len(history.damaged) == 1
    assert json.loads((results / "m" / "machine.json").read_text())["machine"] == "m"


def test_a_link_to_itself_is_no_file(tree):
    """A link that leads nowhere costs itself, not the history."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"]})
    loop = results / "m" / "loop.json"
    loop.parent.mkdir(exist_ok=True)
    loop.symlink_to(loop)

    assert len(load(results, repo).series) == 1
