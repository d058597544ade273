"""Cuts GitHub's own OpenAPI description down to the calls that the fake answers.

    npm pack @octokit/openapi@23.0.2    (MIT licence, see openapi.LICENSE)
    tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
    python tests/support/fake_github/prune_description.py package/generated/api.github.com.json

writes `openapi.json` beside this file: per call the schemas of the request's body and of the
answers, as JSON Schema (OpenAPI 3.0's `nullable` becomes a type of its own).
"""

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("openapi.json")
REPO = "/repos/{owner}/{repo}"
CALLS = (
    ("get", f"{REPO}/pulls"),
    ("get", f"{REPO}/pulls/{{pull_number}}"),
    ("get", f"{REPO}/issues/{{issue_number}}/comments"),
    ("post", f"{REPO}/issues/{{issue_number}}/comments"),
    ("patch", f"{REPO}/issues/comments/{{comment_id}}"),
    ("delete", f"{REPO}/issues/comments/{{comment_id}}"),
    ("post", f"{REPO}/check-runs"),
    ("patch", f"{REPO}/check-runs/{{check_run_id}}"),
    ("get", f"{REPO}/commits/{{ref}}/check-runs"),
    ("get", f"{REPO}/commits/{{commit_sha}}/pulls"),
    ("get", f"{REPO}/actions/runs/{{run_id}}"),
    ("get", f"{REPO}/actions/runs/{{run_id}}/artifacts"),
    ("get", f"{REPO}/actions/artifacts/{{artifact_id}}/{{archive_format}}"),
    ("get", f"{REPO}/contents/{{path}}"),
)
DROPPED = {"description", "example", "examples", "externalDocs", "title", "deprecated", "readOnly"}


def cut(node: Any, *, names: bool = False) -> Any:
    """Return *node* without prose; *names*: its keys are names of properties, not keywords."""
    if isinstance(node, list):
        return [cut(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: cut(value, names=key == "properties" and not names)
        for key, value in node.items()
        if names or not (key in DROPPED or key.startswith("x-"))
    }
    if not names and kept.pop("nullable", False):
        return {"anyOf": [kept, {"type": "null"}]}
    return kept


def references(node: Any) -> set[str]:
    """Return the names of all schemas that *node* refers to."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"].rsplit("/", 1)[1]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(references, node.values()))


def resolve(description: Any, node: Any) -> Any:
    """Follow *node* when it is a reference."""
    while "$ref" in node:
        target = description
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def call(description: Any, method: str, path: str) -> Any:
    """Return what is sent and answered by one call."""
    operation = description["paths"][path][method]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = {}
    for status, reference in operation["responses"].items():
        content = resolve(description, reference).get("content", {})
        answers[status] = cut(content.get("application/json", {}).get("schema", {}))
    query = [
        resolve(description, parameter)["name"]
        for parameter in operation.get("parameters", [])
        if resolve(description, parameter)["in"] == "query"
    ]
    return {"body": cut(body.get("schema", {})), "answers": answers, "query": query}


def prune(description: Any) -> Any:
    """Return the calls with every schema that they need."""
    calls = {f"{method} {path}": call(description, method, path) for method, path in CALLS}
    schemas: dict[str, Any] = {}
    wanted = references(calls)
    while wanted:
        for name in wanted:
            schemas[name] = cut(description["components"]["schemas"][name])
        wanted = references(schemas) - set(schemas)
    return {
        "origin": "npm @octokit/openapi 23.0.2, generated/api.github.com.json, MIT licence",
        "calls": calls,
        "components": {"schemas": schemas},
    }


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    text = json.dumps(prune(source), indent=None, separators=(",", ":"), sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
