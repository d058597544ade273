"""GitHub's own description of its API: what a call takes, and what it answers."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

DESCRIPTION = json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))
SCHEMAS = {"components": DESCRIPTION["components"]}
# Segments that may hold slashes.
WIDE = {"path", "ref"}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    rows = []
    for name in DESCRIPTION["calls"]:
        method, path = name.split(" ")
        pattern = re.sub(
            r"\\{(\w+)\\}",
            lambda m: f"(?P<{m[1]}>{'.+' if m[1] in WIDE else '[^/]+'})",
            re.escape(path),
        )
        rows.append((method.upper(), re.compile(pattern), name))
    return tuple(rows)


def find_call(method: str, path: str) -> tuple[str, dict[str, str]]:
    """Return the described call and its path parameters; ("", {}) when it is not described."""
    for described, pattern, name in _patterns():
        match = pattern.fullmatch(path)
        if described == method and match:
            return name, match.groupdict()
    return "", {}


def faults_of_request(name: str, query: dict[str, str], body: Any) -> list[str]:
    """Return what the description objects to in a request, unknown query names included."""
    call = DESCRIPTION["calls"][name]
    unknown = set(query) - set(call["query"])
    objections = [f"unknown query parameter {key}" for key in sorted(unknown)]
    if call["body"]:
        objections += _violations(call["body"], body)
        known = set(_properties(call["body"]))
        objections += [f"unknown key {key}" for key in sorted(set(body or {}) - known) if known]
    return objections


def faults_of_answer(name: str, status: int, answer: Any) -> list[str]:
    """Return what the description objects to in an answer; errors need no description."""
    answers = DESCRIPTION["calls"][name]["answers"]
    if status >= 400:
        return []
    if str(status) not in answers:
        return [f"status {status} is not described for {name}"]
    return _violations(answers[str(status)], answer) if answers[str(status)] else []


def minimal(schema: Any, /, **known: Any) -> Any:
    """Return the smallest value that *schema* allows, with the *known* properties set."""
    schema = _resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            options = [_resolve(option) for option in schema[key]]
            objects = [option for option in options if "properties" in option]
            return minimal(objects[0], **known) if known and objects else minimal(options[-1])
    if "properties" in schema or schema.get("type") == "object":
        return _minimal_object(schema, known)
    return _minimal_scalar(schema)


def of_schema(name: str, /, **known: Any) -> Any:
    """Return the smallest value of the schema called *name*."""
    return minimal(DESCRIPTION["components"]["schemas"][name], **known)


def _minimal_object(schema: Any, known: dict[str, Any]) -> dict[str, Any]:
    required = {
        key: minimal(schema["properties"][key])
        for key in schema.get("required", [])
        if key not in known and key in schema.get("properties", {})
    }
    return {**required, **known}


def _minimal_scalar(schema: Any) -> Any:
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    texts = {"uri": "https://api.github.com/x", "date-time": "2026-11-24T00:00:00Z"}
    return {
        "string": texts.get(schema.get("format", ""), "x"),
        "integer": 1,
        "number": 1,
        "boolean": False,
        "array": [],
        "null": None,
    }[kind]


def _resolve(schema: Any) -> Any:
    while "$ref" in schema:
        schema = DESCRIPTION["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "allOf" in schema:
        return _resolve(schema["allOf"][0])
    return schema


def _properties(schema: Any) -> dict[str, Any]:
    merged = dict(_resolve(schema).get("properties", {}))
    for key in ("anyOf", "oneOf"):
        for option in _resolve(schema).get(key, []):
            merged.update(_properties(option))
    return merged


def _violations(schema: Any, value: Any) -> list[str]:
    validator = Draft202012Validator({**schema, **SCHEMAS})
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator.iter_errors(value)
    ]
