"""Artifacts of strangers: whatever they hold, nothing of it is trusted, and no check stays open."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from tests.support.comparison_examples import stored
from tests.support.fake_github.world import HEAD, Fault, zipped
from tests.support.measured_fork import ARTIFACT, EVENT, fork, writes
from tests.tracker.github.conftest import GitHub


def bomb() -> bytes:
    """300 MB of zeros in 300 kB."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("comparison.json", "w") as member,
    ):
        for _ in range(300):
            member.write(b"\0" * 2**20)
    return buffer.getvalue()


def forged_size() -> bytes:
    """A bomb that says that it is small."""
    data = bytearray(bomb())
    size = (300 * 2**20).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def packed(method: int) -> bytes:
    """A sound comparison, packed by that method."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("comparison.json", stored("clean"))
    return buffer.getvalue()


def broken() -> bytes:
    """One member that is spoilt in its middle."""
    data = bytearray(packed(zipfile.ZIP_DEFLATED))
    at = len(data) // 2
    data[at : at + 40] = b"\xff" * 40
    return bytes(data)


def named(*names: str) -> bytes:
    """Members of these names, each a sound comparison."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, stored("clean"))
    return buffer.getvalue()


def edited(old: bytes, new: bytes) -> bytes:
    """A sound comparison but for one place."""
    data = stored("one_regression")
    assert old in data
    return zipped(comparison_json=data.replace(old, new, 1))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip_bomb": bomb,
    "zip_bomb_with_forged_size": forged_size,
    "traversal": lambda: named("../comparison.json"),
    "absolute": lambda: named("/etc/comparison.json"),
    "duplicates": lambda: named("comparison.json", "comparison.json"),
    "second_member": lambda: named("comparison.json", "README.md"),
    "no_zip": lambda: b"\x7fELF" * 100,
    "lzma": lambda: packed(zipfile.ZIP_LZMA),
    "bzip2": lambda: packed(zipfile.ZIP_BZIP2),
    "broken_deflate": broken,
    "empty": lambda: b"",
    "deep_json": lambda: zipped(comparison_json=b'{"version":' + b"[" * 500_000),
    "deep_in_unknown": lambda: edited(b'"version": 1', b'"x": ' + b"[" * 300_000),
    "nan": lambda: edited(b'"ratio": 0.912', b'"ratio": NaN'),
    "infinity": lambda: edited(b'"ratio": 0.912', b'"ratio": 1e999'),
    "huge_integer": lambda: edited(b'"seed": 7', b'"seed": ' + b"9" * 5000),
    "lone_surrogate": lambda: edited(b'"asynctasq"', b'"\\ud800"'),
    "wrong_version": lambda: edited(b'"version": 1', b'"version": 99'),
    "unknown_key": lambda: edited(b'"version": 1', b'"version": 1, "pull": 1'),
    "workflow_command": lambda: edited(b'"version": 1', b'"\\n::set-env name=A::b": 1'),
    "not_utf8": lambda: edited(b'"asynctasq"', b'"\xff\xfe"'),
    "other_head": lambda: edited(HEAD.encode(), b"f" * 40),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_artifact_is_refused_with_one_line(
    github: GitHub, job: Callable[..., int], capsys: pytest.CaptureFixture[str], name: str
):
    """Each is refused in one line and a next step; nothing at all is posted."""
    fork(github.world, HOSTILE[name]())

    assert job(*ARTIFACT, event=EVENT) == 3

    assert writes(github.world) == []
    lines = capsys.readouterr().err.splitlines()
    assert [line[:9] for line in lines] == ["tracker: ", "    try: "]
    assert lines[0].endswith("nothing was posted")


def test_refusal_ends_the_check_that_had_begun(github: GitHub, job: Callable[..., int]):
    """A check that was in progress does not stay so when the artifact is refused."""
    fork(github.world, None)
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    github.world.artifact(bomb())

    assert job(*ARTIFACT, event=EVENT) == 3

    assert github.world.checks[0]["conclusion"] == "failure"
    assert github.world.comments == []


def test_an_artifact_that_does_not_come_ends_the_check_too(github: GitHub, job: Callable[..., int]):
    """Whatever stops the job, its check does not stay in progress."""
    fork(github.world, zipped(comparison_json=stored("clean")))
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    github.world.faults.append(Fault("403_refused", "GET", "artifacts"))

    assert job(*ARTIFACT, event=EVENT) == 4

    assert github.world.checks[0]["conclusion"] == "failure"
    assert github.world.comments == []


def test_an_expired_artifact_is_not_taken_for_nothing_to_measure(
    github: GitHub, job: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    """A posting job that is run again weeks later must not turn a regression into a pass."""
    fork(github.world, zipped(comparison_json=stored("one_regression")))
    job(*ARTIFACT, event=EVENT)
    github.world.expired.update(github.world.artifacts)

    assert job(*ARTIFACT, event=EVENT) == 3

    assert "has expired; nothing was posted" in capsys.readouterr().err
    assert [check["conclusion"] for check in github.world.checks] == ["failure"]
