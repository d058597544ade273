"""JSON with the bare words NaN and Infinity, which asv writes and strict parsers refuse.

The standard parser takes them but is four times slower than orjson, and a tree is hundreds of MB.
So the words become numbers that nobody measures, and are turned back in the arrays. A word inside
of a string would be changed too: who parses must look for `MARK` in the strings it keeps, and
parse again by `parse_slowly` when it finds one.
"""

import json
from typing import Any

import numpy as np
import orjson

from tracker.model import Floats

MARK = "1.6180339887498949e+30"
_NAN = f"-{MARK}3".encode()
_INFINITE = f"{MARK}7".encode()
_NAN_NUMBER, _INFINITE_NUMBER = float(_NAN), float(_INFINITE)


def parse_marked(content: bytes) -> tuple[Any, bool]:
    """Return (document, whether words were replaced). Raises ValueError for what is not JSON."""
    try:
        return orjson.loads(content), False
    except orjson.JSONDecodeError:
        if b"NaN" not in content and b"Infinity" not in content:
            return parse_slowly(content), False
    try:
        marked = content.replace(b"NaN", _NAN).replace(b"Infinity", _INFINITE)
        return orjson.loads(marked), True
    except orjson.JSONDecodeError:
        return parse_slowly(content), False


def parse_slowly(content: bytes) -> Any:
    """Return the document as the standard parser reads it: words, endless numbers and all."""
    return json.loads(content)


def parse_json(content: bytes) -> Any:
    """Return the document, quickly where there are no words in it."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return parse_slowly(content)


def restore_words(numbers: Floats) -> Floats:
    """Turn the stand-ins in *numbers* back into NaN and infinite values, in place."""
    numbers[numbers == _NAN_NUMBER] = np.nan
    numbers[numbers == _INFINITE_NUMBER] = np.inf
    numbers[numbers == -_INFINITE_NUMBER] = -np.inf
    return numbers
