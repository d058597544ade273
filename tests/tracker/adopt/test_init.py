"""`tracker init`: what it writes into repositories of many kinds, and what it refuses."""

import subprocess
from pathlib import Path

import pytest
import yaml

from benchmarks.harness.shared.registry import LIBRARIES as MEASURED
from tests.support.git import git
from tests.support.workflow_stage import BIN, ROOT
from tracker import cli
from tracker.adopt import layout
from tracker.adopt.files import COMMAND, COMMENT, MEASURE, SETTINGS, TRIAGE
from tracker.settings.file import parse_settings
from tracker.settings.triage import parse_triage

SHA = "0123456789abcdef0123456789abcdef01234567"
SOURCE = ("--tracker", "octo/asynctasq-tracker", "--commit", SHA)


def repository(tmp_path: Path, *configs: str, branch: str = "main") -> Path:
    """A clone of octo/lib with these configurations of asv."""
    folder = tmp_path / "lib"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", branch)
    git(folder, "remote", "add", "origin", "https://github.com/Octo/lib.git")
    for config in configs:
        (folder / config).parent.mkdir(parents=True, exist_ok=True)
        (folder / config).write_text('{"version": 1, "repo": "."}')
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Start")
    return folder


def init(folder: Path, *options: str) -> int:
    """Run the command."""
    return cli.run(["init", str(folder), *SOURCE, *options])


def written(folder: Path) -> set[str]:
    """Files that git does not know."""
    listed = subprocess.check_output(
        ["git", "-C", str(folder), "status", "--porcelain", "-z", "-uall"], text=True
    )
    return {entry[3:] for entry in listed.split("\0") if entry}


def jobs(folder: Path, name: str = MEASURE) -> dict[str, dict[str, str]]:
    """Job to its inputs."""
    content = yaml.safe_load((folder / name).read_text())
    return {job: dict(body.get("with", {})) for job, body in content["jobs"].items()}


def test_nothing_is_written_without_consent(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """It shows every line that it would write."""
    folder = repository(tmp_path, "asv.conf.json")
    assert init(folder) == 0
    shown = capsys.readouterr().out
    assert written(folder) == set()
    assert "nothing was written" in shown
    assert f"+    uses: octo/asynctasq-tracker/.github/workflows/performance.yml@{SHA}" in shown


@pytest.mark.parametrize("branch", ["main", "master", "develop", "release/2.x", "c++"])
@pytest.mark.parametrize(
    "config", ["asv.conf.json", "asv.conf.jsonc", "asv_bench/asv.conf.json", "b/c/asv.conf.json"]
)
def test_files_are_written_for_every_layout(tmp_path: Path, config: str, branch: str):
    """Default branch and configuration are what the repository has."""
    folder = repository(tmp_path, config, branch=branch)
    assert init(folder, "--yes") == 0
    assert written(folder) == {MEASURE, COMMENT, SETTINGS, TRIAGE}
    content = yaml.safe_load((folder / MEASURE).read_text())
    assert content[True]["push"]["branches"] == [branch.replace("+", "\\+")]
    assert jobs(folder)["performance"]["config"] == config
    settings = parse_settings(SETTINGS, (folder / SETTINGS).read_text())
    assert settings == {"site": "https://octo.github.io/lib/"}
    assert parse_triage((folder / TRIAGE).read_text()) == ()


def test_the_command_in_comments_is_obeyed_on_request(tmp_path: Path):
    """One more file, which starts the workflow that measures, and is pinned like the others."""
    folder = repository(tmp_path, "asv.conf.json")
    assert init(folder, "--yes", "--on-comment") == 0
    assert written(folder) == {MEASURE, COMMENT, COMMAND, SETTINGS, TRIAGE}
    (given,) = jobs(folder, COMMAND).values()
    assert given == {
        "tracker-repository": "octo/asynctasq-tracker",
        "tracker-ref": SHA,
        "workflow": MEASURE,
    }


@pytest.mark.parametrize("name", [MEASURE, COMMENT, COMMAND])
@pytest.mark.parametrize("configs", [("asv.conf.json",), ("a/asv.conf.json", "b/asv.conf.json")])
def test_files_pass_the_usual_checks(tmp_path: Path, name: str, configs: tuple[str, ...]):
    """Zizmor finds no dangerous trigger, and actionlint and the schema nothing at all."""
    folder = repository(tmp_path, *configs)
    init(folder, "--yes", "--on-comment")
    for command in (
        ["zizmor", "--offline", "--no-progress", "--quiet"],
        ["actionlint", "-shellcheck="],
        ["check-jsonschema", "--quiet", "--builtin-schema", "vendor.github-workflows"],
    ):
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:], str(folder / name)],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "given"),
    [
        ('"environment_type": "virtualenv", "pythons": ["3.13"]', {}),
        ('"environment_type": "uv", "pythons": ["same", "/usr/bin/python3"]', {}),
        (
            '"environment_type": "virtualenv", "pythons": ["3.11", "3.13", "pypy3.10"]',
            {"python-versions": "3.11\npypy3.10\n"},
        ),
        (
            '"environment_type": "conda", "pythons": ["3.11"]',
            {"before": 'echo "$CONDA/bin" >> "$GITHUB_PATH"'},
        ),
    ],
)
def test_what_the_environments_need_is_installed(
    tmp_path: Path, settings: str, given: dict[str, str]
):
    """Interpreters beside the one that measures, or the conda that GitHub's runners have."""
    folder = repository(tmp_path, "asv.conf.json")
    (folder / "asv.conf.json").write_text(f'{{"version": 1, "repo": ".", {settings}}}')
    assert init(folder, "--yes") == 0
    (inputs,) = jobs(folder).values()
    asked = {name: inputs[name] for name in ("python-versions", "before") if name in inputs}
    assert asked == given
    for command in (["actionlint", "-shellcheck="], ["zizmor", "--offline", "--quiet"]):
        subprocess.run([BIN / command[0], *command[1:], folder / MEASURE], check=True, cwd=folder)


def test_the_python_that_measures_is_the_one_of_the_setup():
    """It is not asked for once more; the action and this suite agree on which it is."""
    action = yaml.safe_load((ROOT / ".github/actions/setup/action.yml").read_text())
    steps = (step.get("with", {}) for step in action["runs"]["steps"])
    assert {given["python-version"] for given in steps if "python-version" in given} == {
        layout.OWN_PYTHON
    }


def test_several_suites_have_names_of_their_own(tmp_path: Path):
    """Their artifacts, histories and sites do not meet."""
    folder = repository(tmp_path, "packages/core/asv.conf.json", "packages/web/asv.conf.json")
    init(folder, "--yes")
    named = jobs(folder)
    assert {given["key"] for given in named.values()} == {"packages-core", "packages-web"}
    assert {given["site-path"] for given in named.values()} == {
        "performance/packages-core",
        "performance/packages-web",
    }
    assert {given["key"] for given in jobs(folder, COMMENT).values()} == {
        "packages-core",
        "packages-web",
    }


def test_pages_of_the_project_are_not_taken(tmp_path: Path):
    """A workflow that deploys pages keeps them, and so does a branch of pages."""
    folder = repository(tmp_path, "asv.conf.json")
    git(folder, "branch", "gh-pages")
    init(folder, "--yes")
    assert jobs(folder)["performance"]["site"] == "branch"
    assert "octo.github.io/lib/performance/" in (folder / SETTINGS).read_text()
    docs = folder / ".github" / "workflows" / "docs.yml"
    docs.write_text("steps: [{uses: actions/deploy-pages@v5}]\n")
    init(folder, "--yes", "--replace")
    assert jobs(folder)["performance"]["site"] == "artifact"


def test_run_again_it_changes_nothing_and_replaces_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """What the user wrote into the files stays."""
    folder = repository(tmp_path, "asv.conf.json")
    init(folder, "--yes")
    capsys.readouterr()
    assert init(folder, "--yes") == 0
    assert "nothing to write" in capsys.readouterr().out
    own = (folder / MEASURE).read_text() + "# budget: 30m\n"
    (folder / MEASURE).write_text(own)
    assert init(folder, "--yes") == 0
    assert (folder / MEASURE).read_text() == own
    assert init(folder, "--yes", "--replace") == 0
    assert "30m" not in (folder / MEASURE).read_text()


def test_a_library_that_we_know_needs_no_suite(tmp_path: Path):
    """Its name is enough; the names are those of the suite."""
    assert set(layout.LIBRARIES) == set(MEASURED)
    folder = repository(tmp_path)
    (folder / "pyproject.toml").write_text('[project]\nname = "dramatiq"\n')
    assert init(folder, "--yes") == 0
    assert "config" not in jobs(folder)["performance"]


def test_nothing_to_measure_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Nothing is guessed, and nothing written."""
    folder = repository(tmp_path)
    assert init(folder, "--yes") == 2
    assert "nothing to measure" in capsys.readouterr().err
    assert written(folder) == set()


@pytest.mark.parametrize(
    "branch", ["$(touch${IFS}PWNED)", "a'b", 'a"b', "${{github.token}}", "a,b", "`x`", "a#b"]
)
def test_a_hostile_branch_name_is_refused(tmp_path: Path, branch: str):
    """No name of a branch is ever read as YAML, shell or an expression."""
    folder = repository(tmp_path, "asv.conf.json", branch=branch)
    assert init(folder, "--yes") == 3
    assert written(folder) == set()


@pytest.mark.parametrize("folder_name", ["x; y", "$(x)", "a\nb", "${{x}}", "-x"])
def test_a_hostile_path_is_refused(tmp_path: Path, folder_name: str):
    """A configuration may lie anywhere, but its path goes into a workflow."""
    folder = repository(tmp_path, f"{folder_name}/asv.conf.json")
    assert init(folder, "--yes") == 3
    assert written(folder) == set()


@pytest.mark.parametrize("link", [".github", ".github/workflows", MEASURE, SETTINGS, ".tracker"])
def test_nothing_is_written_through_a_link(tmp_path: Path, link: str):
    """It may lead to any file of the user's."""
    folder = repository(tmp_path, "asv.conf.json")
    outside = tmp_path / "outside"
    if link in {MEASURE, SETTINGS}:
        outside.write_text("mine")
    else:
        outside.mkdir()
    (folder / link).parent.mkdir(parents=True, exist_ok=True)
    (folder / link).symlink_to(outside)
    assert init(folder, "--yes", "--replace") == 3
    assert outside.read_text() == "mine" if outside.is_file() else not list(outside.iterdir())
    assert written(folder) == {link}


@pytest.mark.parametrize(
    "source",
    [
        ("--tracker", "octo/x@main", "--commit", SHA),
        ("--tracker", "octo/x", "--commit", "v1.0"),
        ("--tracker", "octo/x\n    uses: evil/x", "--commit", SHA),
        ("--tracker", "octo/x", "--commit", SHA[:12]),
    ],
)
def test_a_source_that_does_not_pin_is_refused(tmp_path: Path, source: tuple[str, ...]):
    """Tags and branches move; what is no name is no repository."""
    folder = repository(tmp_path, "asv.conf.json")
    assert cli.run(["init", str(folder), *source, "--yes"]) == 2
    assert written(folder) == set()


def test_escape_sequences_of_a_file_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """The difference shows what a stranger may have written."""
    folder = repository(tmp_path, "asv.conf.json")
    (folder / SETTINGS).write_text("# \x1b]0;owned\x07\u202e\n")
    init(folder)
    assert not {"\x1b", "\x07", "\u202e"} & set(capsys.readouterr().out)
