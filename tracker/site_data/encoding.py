"""How the values of `schema` become bytes: JSON, with numpy arrays written as lists."""

from typing import cast

import msgspec
import orjson
from isal import igzip

from tracker.model import Ints
from tracker.site_data.schema import Wholes


def wholes(array: Ints) -> Wholes:
    """Let *array* stand for the list that `encode` writes of it."""
    return cast("Wholes", array)


def encode(content: msgspec.Struct) -> bytes:
    """Return *content* as JSON, with arrays written as lists."""
    return orjson.dumps(content, default=msgspec.structs.asdict, option=orjson.OPT_SERIALIZE_NUMPY)


def compress(content: msgspec.Struct) -> bytes:
    """Return *content* as JSON in gzip; the same content gives the same bytes."""
    return igzip.compress(encode(content), mtime=0)
