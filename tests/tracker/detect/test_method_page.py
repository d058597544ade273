"""The constants of the method, and what docs/method.md says of the code."""

import ast
import re
from pathlib import Path

from tracker.detect import policy

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")


def test_every_constant_is_used():
    """A constant that no module reads is not a constant of the method."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("detect", "judge")
        for path in (ROOT / "tracker" / room).glob("*.py")
        if path.name != "policy.py"
    )

    assert [n for n in vars(policy) if n.isupper() and f"policy.{n}" not in code] == ["DEFAULT"]


def test_every_constant_has_a_reason():
    """Each assignment of policy.py comes under a comment."""
    source = (ROOT / "tracker" / "detect" / "policy.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) != "DEFAULT":
            above = lines[node.lineno - 2]
            assert above.startswith("#") or " Final = " in above, ast.unparse(node.target)


def test_words_in_code_style_exist():
    """Names of constants and modules in the text are real."""
    text = PAGE
    for name in re.findall(r"`([A-Z][A-Z_]+)`", text):
        assert hasattr(policy, name), name
    for name in re.findall(r"`(\w+\.py)`", text):
        assert (ROOT / "tracker" / "detect" / name).exists(), name
