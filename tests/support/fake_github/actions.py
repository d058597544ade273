"""What the fake GitHub knows of workflow runs: attempts, jobs, artifacts, dispatches, re-runs."""

from typing import Any

from tests.support.fake_github.description import of_schema
from tests.support.fake_github.world import World

type Answer = tuple[int, Any]
type Query = dict[str, str]


def get_run(world: World, path: Query, _: Query, __: Any) -> Answer:
    """One workflow run, as its newest attempt has it."""
    attempts = world.attempts(int(path["run_id"]))
    return (200, attempts[-1]) if attempts else _gone()


def get_attempt(world: World, path: Query, _: Query, __: Any) -> Answer:
    """One attempt of a run."""
    number = int(path["attempt_number"])
    attempts = world.attempts(int(path["run_id"]))
    found = [attempt for attempt in attempts if attempt["run_attempt"] == number]
    return (200, found[0]) if found else _gone()


def list_runs(world: World, path: Query, query: Query, _: Any) -> Answer:
    """The newest attempts of the runs of one workflow, newest run first."""
    newest = {run["id"]: run for run in sorted(world.runs, key=lambda run: run["run_attempt"])}
    found = [
        run
        for run in sorted(newest.values(), key=lambda run: -run["id"])
        if run["path"].endswith(f"/{path['workflow_id']}")
        and query.get("status", run["status"]) == run["status"]
    ]
    return 200, {"total_count": len(found), "workflow_runs": found}


def list_jobs(world: World, path: Query, _: Query, __: Any) -> Answer:
    """The jobs of an attempt; those that were not run again keep their times."""
    key = int(path["run_id"]), int(path["attempt_number"])
    found = [of_schema("job", **job) for job in world.jobs.get(key, [])]
    return 200, {"total_count": len(found), "jobs": found}


def list_artifacts(world: World, path: Query, query: Query, _: Any) -> Answer:
    """Artifacts of a run, those of all its attempts."""
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


def dispatch(world: World, path: Query, _: Query, body: Any) -> Answer:
    """Start a workflow with these inputs, which its file on that ref must take."""
    taken = world.workflows.get(path["workflow_id"])
    if taken is None or body["ref"] != world.default_branch:
        return _gone()
    unexpected = set(body.get("inputs", {})) - taken
    if unexpected:
        return 422, {"message": f"Unexpected inputs provided: {sorted(unexpected)}"}
    world.dispatches.append({"workflow": path["workflow_id"], **body})
    return 204, None


def rerun(world: World, path: Query, _: Query, __: Any) -> Answer:
    """Begin another attempt."""
    attempts = world.attempts(int(path["run_id"]))
    if not attempts:
        return _gone()
    number = attempts[-1]["run_attempt"] + 1
    again = {"run_attempt": number, "status": "queued", "conclusion": None}
    world.runs.append({**attempts[-1], **again})
    return 201, {}


def _gone() -> Answer:
    return 404, {"message": "Not Found"}
