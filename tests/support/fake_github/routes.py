"""What the fake GitHub does on each described call."""

from collections.abc import Callable
from typing import Any

from tests.support.fake_github.description import of_schema
from tests.support.fake_github.world import World

R = "/repos/{owner}/{repo}"
type Answer = tuple[int, Any]
type Query = dict[str, str]


def list_pulls(world: World, _: Query, query: Query, __: Any) -> Answer:
    """Open pull requests, filtered by `owner:branch`."""
    pulls = [p for p in world.pulls if query.get("state", "open") in {p["state"], "all"}]
    head = query.get("head")
    found = [p for p in pulls if head is None or p["head"]["label"] == head]
    return 200, [_simple(pull) for pull in found]


def get_pull(world: World, path: Query, _: Query, __: Any) -> Answer:
    """One pull request."""
    found = [p for p in world.pulls if p["number"] == int(path["pull_number"])]
    return (200, found[0]) if found else _gone()


def list_comments(world: World, path: Query, _: Query, __: Any) -> Answer:
    """Comments of an issue, oldest first."""
    return 200, world.visible_comments(int(path["issue_number"]))


def create_comment(world: World, path: Query, _: Query, body: Any) -> Answer:
    """A new comment by the bearer of the token."""
    if len(body["body"]) > 65_536 or not body["body"].strip():
        return 422, {"message": "Validation Failed", "errors": [{"field": "body"}]}
    author = next(iter(world.tokens.values()))
    world.stale_lists = world.stale_after_write
    return 201, world.comment(author, body["body"], int(path["issue_number"]))


def change_comment(world: World, path: Query, _: Query, body: Any) -> Answer:
    """Another text; only the author's own."""
    for comment in world.comments:
        if comment["id"] == int(path["comment_id"]):
            if (comment["user"] or {}).get("login") not in world.tokens.values():
                return 403, {"message": "Must have admin rights to Repository."}
            comment["body"] = body["body"].rstrip()
            return 200, comment
    return _gone()


def delete_comment(world: World, path: Query, _: Query, __: Any) -> Answer:
    """Gone for good."""
    kept = [c for c in world.comments if c["id"] != int(path["comment_id"])]
    if len(kept) == len(world.comments):
        return _gone()
    world.comments[:] = kept
    return 204, None


def create_check(world: World, _: Query, __: Query, body: Any) -> Answer:
    """A check run; completed needs a conclusion, which the description leaves out."""
    if body.get("status") == "completed" and "conclusion" not in body:
        return 422, {"message": "Invalid request.\n\nconclusion is missing"}
    run = of_schema("check-run", **{"id": world.new_id(), **_check_keys(body)})
    world.checks.append(run)
    world.stale_lists = world.stale_after_write
    return 201, run


def change_check(world: World, path: Query, _: Query, body: Any) -> Answer:
    """Progress or end of a check run."""
    for run in world.checks:
        if run["id"] == int(path["check_run_id"]):
            run.update(_check_keys({**run, **body}))
            return 200, run
    return _gone()


def list_checks(world: World, path: Query, query: Query, _: Any) -> Answer:
    """Check runs of a commit; the newest of each name, unless all are asked for."""
    found = [
        run
        for run in world.checks
        if run["head_sha"] == path["ref"] and query.get("check_name", run["name"]) == run["name"]
    ]
    found = world.without_newest(found)
    if query.get("filter", "latest") == "latest":
        found = list({run["name"]: run for run in found}.values())
    return 200, {"total_count": len(found), "check_runs": found}


def pulls_of_commit(world: World, path: Query, _: Query, __: Any) -> Answer:
    """The merged pull requests that a commit belongs to."""
    numbers = world.merged.get(path["commit_sha"])
    if numbers is None:
        return 422, {"message": f"No commit found for SHA: {path['commit_sha']}"}
    found = [p for p in world.pulls if p["number"] in numbers]
    merged = [{**_simple(p), "merged_at": "2026-11-24T00:00:00Z", "state": "closed"} for p in found]
    return 200, merged


def get_run(world: World, path: Query, _: Query, __: Any) -> Answer:
    """One workflow run."""
    found = [run for run in world.runs if run["id"] == int(path["run_id"])]
    return (200, found[0]) if found else _gone()


def list_artifacts(world: World, path: Query, query: Query, _: Any) -> Answer:
    """Artifacts of a run."""
    found = [
        of_schema(
            "artifact",
            id=number,
            name=name,
            size_in_bytes=len(data),
            expired=number in world.expired,
        )
        for number, (run, name, data) in world.artifacts.items()
        if run == int(path["run_id"]) and query.get("name", name) == name
    ]
    return 200, {"total_count": len(found), "artifacts": found}


def get_artifact(world: World, path: Query, _: Query, __: Any) -> Answer:
    """The address of its archive, at another host."""
    number = int(path["artifact_id"])
    return (302, f"/_store/{number}") if number in world.artifacts else _gone()


def get_content(world: World, path: Query, _: Query, __: Any) -> Answer:
    """A file of the default branch."""
    content = world.content(path["path"])
    return (200, content) if content is not None else _gone()


ROUTES: dict[str, Callable[[World, Query, Query, Any], Answer]] = {
    f"get {R}/pulls": list_pulls,
    f"get {R}/pulls/{{pull_number}}": get_pull,
    f"get {R}/issues/{{issue_number}}/comments": list_comments,
    f"post {R}/issues/{{issue_number}}/comments": create_comment,
    f"patch {R}/issues/comments/{{comment_id}}": change_comment,
    f"delete {R}/issues/comments/{{comment_id}}": delete_comment,
    f"post {R}/check-runs": create_check,
    f"patch {R}/check-runs/{{check_run_id}}": change_check,
    f"get {R}/commits/{{ref}}/check-runs": list_checks,
    f"get {R}/commits/{{commit_sha}}/pulls": pulls_of_commit,
    f"get {R}/actions/runs/{{run_id}}": get_run,
    f"get {R}/actions/runs/{{run_id}}/artifacts": list_artifacts,
    f"get {R}/actions/artifacts/{{artifact_id}}/{{archive_format}}": get_artifact,
    f"get {R}/contents/{{path}}": get_content,
}


def _check_keys(body: Any) -> dict[str, Any]:
    keys = ("name", "head_sha", "status", "conclusion", "external_id")
    known = {key: body.get(key) for key in keys}
    output = {"title": None, "summary": None, "text": None, **(body.get("output") or {})}
    return {
        **known,
        "output": {**output, "annotations_count": 0, "annotations_url": "https://x.invalid/"},
    }


def _simple(pull: Any) -> Any:
    simple = of_schema("pull-request-simple")
    return {key: pull.get(key, value) for key, value in simple.items()}


def _gone() -> Answer:
    return 404, {"message": "Not Found"}
