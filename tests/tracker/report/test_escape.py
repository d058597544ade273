"""Foreign text in Markdown and in logs."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from tracker.report.escape import clean, clean_reason, code, terminal

ANY = st.text(max_size=300)


@given(ANY)
def test_code_is_one_inert_span(text: str):
    """Either back-ticks around harmless characters, or entities inside <code>."""
    shown = code(text)
    if shown.startswith("`"):
        assert re.fullmatch(r"`[A-Za-z0-9_.,:;=/+%()\[\]{}' -]+`", shown)
    else:
        inside = re.fullmatch(r"<code>(.*)</code>", shown)
        assert inside is not None
        assert not re.search(r"[<>`|*@\\\[\]]", inside[1])


@given(ANY)
def test_code_shows_what_was_cleaned(text: str):
    """Nothing is lost beyond what cleaning takes."""
    shown = html.unescape(re.sub(r"^(<code>|`)|(</code>|`)$", "", code(text)))
    assert shown == (clean(text) or "(empty)")


@given(ANY, st.integers(1, 50))
def test_clean_is_one_visible_line(text: str, limit: int):
    """No line ends, no controls, no direction marks, and never too long."""
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert cleaned.isprintable()


def test_lone_surrogates_can_be_sent():
    """What remains can be encoded."""
    assert clean("a\ud800b").encode() == "a\N{REPLACEMENT CHARACTER}b".encode()


def test_runner_obeys_nothing():
    """Neither form of a workflow command survives."""
    assert "\n" not in terminal("x\n::set-env name=A::b")
    assert "##[" not in terminal("##[add-path]/tmp")


@given(ANY, st.integers(12, 50))
def test_a_long_reason_keeps_both_ends(text: str, limit: int):
    """Where it fails stands first and why stands last; only what is between may go."""
    reason = clean_reason(f"where: {text} why", limit)
    assert reason.startswith("wh")
    assert reason.endswith("why")
    assert len(reason) <= limit
    assert reason.isprintable()
