"""What tasks carry."""

import pytest

from benchmarks.harness.shared import payloads


@pytest.mark.parametrize("kind", payloads.KINDS)
def test_a_payload_is_the_same_for_the_same_seed_and_passes_its_own_check(kind: str):
    """Libraries and commits are sent the same arguments; another index gives other ones."""
    first = payloads.make(kind, 3, seed=1)
    assert first == payloads.make(kind, 3, seed=1)
    assert first != payloads.make(kind, 4, seed=1)
    payloads.check(kind, first)


@pytest.mark.parametrize("kind", payloads.KINDS)
def test_a_payload_of_another_type_is_refused(kind: str):
    """A serializer that turns everything into text does not pass for one that carries types."""
    with pytest.raises(TypeError, match=kind):
        payloads.check(kind, "text")
