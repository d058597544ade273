"""What tasks are sent in the serialization scenario: four kinds, made by seed.

small    a handful of fields, what most tasks carry
nested   some 50 kB of lists and mappings in each other
binary   16 kB of bytes that do not compress
record   a row as an ORM gives it: datetime, Decimal, UUID, None and text
"""

import datetime as dt
import decimal
import random
import uuid

KINDS = ("small", "nested", "binary", "record")
BINARY_BYTES = 16_384
_BRANCHES = 40
_LEAVES = 20


def arguments(kind: str, index: int, seed: int) -> tuple[object, ...]:
    """Return the arguments of `workloads.take_payload`: the kind and a payload of it."""
    return kind, make(kind, index, seed)


def make(kind: str, index: int, seed: int) -> object:
    """Return the payload number *index*; the same for the same seed."""
    chance = random.Random(f"{seed}/{kind}/{index}")  # noqa: S311 - made-up data, no secret
    if kind == "small":
        return {"user": index, "action": "login", "score": chance.random(), "tags": ["a", "b"]}
    if kind == "nested":
        return {
            f"branch{b}": [
                {"leaf": leaf, "value": chance.random(), "note": f"note {leaf} of {b}"}
                for leaf in range(_LEAVES)
            ]
            for b in range(_BRANCHES)
        }
    if kind == "binary":
        return chance.randbytes(BINARY_BYTES)
    return {
        "id": uuid.UUID(int=chance.getrandbits(128), version=4),
        "created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=index),
        "price": decimal.Decimal(chance.randrange(100_000)) / 100,
        "name": f"record {index}",
        "deleted": None,
    }


def check(kind: str, payload: object) -> None:
    """Make sure that a payload arrived whole and with its types.

    Raises:
        TypeError: it did not; a serializer changed it.
    """
    if kind == "binary":
        whole = isinstance(payload, bytes) and len(payload) == BINARY_BYTES
    elif not isinstance(payload, dict):
        whole = False
    elif kind == "small":
        whole = isinstance(payload["user"], int) and isinstance(payload["score"], float)
    elif kind == "nested":
        whole = len(payload) == _BRANCHES and len(payload["branch0"]) == _LEAVES
    else:
        whole = (
            isinstance(payload["id"], uuid.UUID)
            and isinstance(payload["created"], dt.datetime)
            and isinstance(payload["price"], decimal.Decimal)
        )
    if not whole:
        raise TypeError(f"the {kind} payload arrived with another value or type")
