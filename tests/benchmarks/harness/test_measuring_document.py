"""docs/measuring.md, compared with the code."""

import re
from pathlib import Path

from benchmarks.harness.shared.errors import HarnessError

TEXT = (Path(__file__).parents[3] / "docs" / "measuring.md").read_text(encoding="utf-8")
HARNESS = Path(__file__).parents[3] / "benchmarks" / "harness"


def test_every_variable_of_the_document_is_read_by_the_code_and_the_reverse():
    """No setting is undocumented, and none is documented that does nothing."""
    code = "".join(p.read_text(encoding="utf-8") for p in HARNESS.rglob("*.py"))
    internal = {"TRACKER_CONTEXT", "TRACKER_LAYOUT", "TRACKER_WEB", "TRACKER_SERVER_URL"}
    read = set(re.findall(r"\"(TRACKER_[A-Z_]+|REDIS_URL|DATABASE_URL)\"", code)) - internal
    described = set(re.findall(r"`(TRACKER_[A-Z_]+|REDIS_URL|DATABASE_URL)`", TEXT))

    assert described == read


def test_every_exit_code_is_described():
    """The table lists the codes of all errors."""
    codes = {int(code) for code in re.findall(r"^\| (\d) \| ", TEXT, re.MULTILINE)}

    assert codes == {0} | {kind.exit_code for kind in HarnessError.__subclasses__()}
