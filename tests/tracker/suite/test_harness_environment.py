"""What the harness's commands refuse is told in their words, and what breaks them in ours."""

import subprocess
import sys
from pathlib import Path

import pytest

from tracker.errors import DataError, ServerError
from tracker.suite import harness_environment
from tracker.suite.scenarios import Suite

ROOT = Path(__file__).parents[3]
REFUSE = 'print("harness: no Redis\\nharness: try: install it", file=sys.stderr); sys.exit(6)'


def suite(tmp_path, servers: str) -> Suite:
    """A suite whose harness is this interpreter, and whose servers are checked by that code."""
    harness = tmp_path / "benchmarks" / "harness"
    (harness / "shared").mkdir(parents=True)
    (harness / "lab" / "run").mkdir(parents=True)
    (tmp_path / "benchmarks" / "__init__.py").touch()
    find = "import sys; print('noise'); print(sys.executable)"
    (harness / "shared" / "environments.py").write_text(find, encoding="utf-8")
    (harness / "lab" / "run" / "servers.py").write_text(f"import sys\n{servers}", encoding="utf-8")
    return Suite(
        root=tmp_path, folder=tmp_path, project="celery", scenarios=(), libraries=("celery",)
    )


def test_the_last_line_is_the_interpreter(tmp_path):
    """Whatever is printed before it."""
    root = suite(tmp_path, "").root
    assert harness_environment.find_harness(root) == sys.executable


def test_only_libraries_of_the_harness_are_asked_for(tmp_path):
    """Names that it does not know would be refused."""
    made = suite(tmp_path, "sys.exit(sys.argv[1:] != ['celery'])")
    harness_environment.ready_harness(made, ("celery", "elsewhere"))
    with pytest.raises(DataError):
        harness_environment.ready_harness(made, ("elsewhere",))


def test_a_refusal_keeps_its_words_and_its_next_step(tmp_path):
    """A missing server is an error of its own kind."""
    with pytest.raises(ServerError) as caught:
        harness_environment.ready_harness(suite(tmp_path, REFUSE), ())
    assert (caught.value.message, caught.value.next_step) == ("no Redis", "install it")


def test_when_we_are_interrupted_the_harness_may_clean_up(tmp_path):
    """It is asked to end, and waited for: what it has started would go on without it."""
    cleans = (
        f"signal.signal(signal.SIGTERM, lambda *_: open({str(tmp_path / 'end')!r}, 'w').close())"
    )
    code = (
        f"import os, signal, time; {cleans}; os.kill(os.getppid(), signal.SIGINT); signal.pause()"
    )
    with pytest.raises(KeyboardInterrupt):
        harness_environment.ask_harness([sys.executable, "-c", code], tmp_path, DataError)
    assert (tmp_path / "end").exists()


@pytest.mark.parametrize(("code", "said"), [("1 / 0", "division by zero"), ("exit(3)", "no outp")])
def test_a_broken_harness_is_told_with_its_last_line(tmp_path, code, said):
    """That is nothing the user can mend by another server."""
    with pytest.raises(DataError, match=said):
        harness_environment.ready_harness(suite(tmp_path, code), ())


def test_the_harness_finds_our_uv_without_our_folder_on_path(monkeypatch: pytest.MonkeyPatch):
    """`tracker` may be called by its path; the harness's own interpreter has no uv beside it."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.delenv("UV", raising=False)
    base = Path(sys.base_prefix) / "bin" / "python3"
    code = "from benchmarks.harness.shared.environments import find_uv; print(find_uv())"
    answer = subprocess.check_output(
        [base, "-c", code],
        cwd=ROOT,
        env=harness_environment.harness_variables(ROOT),
        text=True,
    )
    assert answer.strip() == str(Path(sys.executable).with_name("uv"))
