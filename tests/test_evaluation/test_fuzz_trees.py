"""The fuzz of results trees: a few rounds of it, and that it sees what it looks for."""

from pathlib import Path

import pytest

from tests.evaluation import fuzz_trees


def test_what_nobody_touched_is_read_whatever_happened_to_the_rest():
    """Sixty trees, each with another damage; `python -m tests.evaluation.fuzz_trees` plays more."""
    done, failures = fuzz_trees.run(iter(range(60)))
    assert failures == []
    assert len(done) > 8


@pytest.mark.parametrize("fault", [RuntimeError("crash"), None], ids=["crash", "loss"])
def test_a_reader_that_fails_is_told_with_its_seed(fault, monkeypatch: pytest.MonkeyPatch):
    """A crash as well as a value that is lost without a word."""
    whole = fuzz_trees.read

    def faulty(folder: Path, *, has_git: bool):
        if folder.name == "original":
            return whole(folder, has_git=has_git)
        if fault is not None:
            raise fault
        (folder / "results/one/machine.json").unlink(missing_ok=True)
        for path in (folder / "results/one").glob("*.json"):
            path.unlink()
        return whole(folder, has_git=has_git)

    monkeypatch.setattr(fuzz_trees, "read", faulty)
    _, failures = fuzz_trees.run(iter([2, 3]))
    assert [line.split(",")[0] for line in failures] == ["seed 2", "seed 3"]
