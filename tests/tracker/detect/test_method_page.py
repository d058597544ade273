"""The constants of the method, and what docs/method.md says of the code."""

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

from tracker import detect, judge
from tracker.detect import policy as of_series
from tracker.judge import policy as of_history

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")


POLICIES = pytest.mark.parametrize("policy", [of_series, of_history])


@POLICIES
def test_every_constant_is_used(policy: ModuleType):
    """A constant that no module reads is not a constant of the method."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("detect", "judge")
        for path in (ROOT / "tracker" / room).glob("*.py")
        if path.name != "policy.py"
    )

    names = {n for n in vars(policy) if n.isupper()} - {"DEFAULT"}
    assert [n for n in sorted(names) if not re.search(rf"\b{n}\b", code)] == []


@POLICIES
def test_every_constant_has_a_reason(policy: ModuleType):
    """Each assignment of policy.py comes under a comment."""
    source = Path(str(policy.__file__)).read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) != "DEFAULT":
            above = lines[node.lineno - 2]
            assert above.startswith("#") or " Final = " in above, ast.unparse(node.target)


def test_words_in_code_style_exist():
    """Names of constants and modules in the text are real."""
    for name in re.findall(r"`([A-Z][A-Z_]+)`", PAGE):
        assert hasattr(of_series, name) or hasattr(of_history, name), name
    for name in re.findall(r"`(\w+\.py)`", PAGE):
        rooms = (Path(str(room.__file__)).parent for room in (detect, judge))
        assert any((room / name).exists() for room in rooms), name
