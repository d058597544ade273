"""The task bodies, written once for all libraries."""

from benchmarks.harness.workload import Workload


def noop(_slot: int) -> None:
    """Do nothing: what is left is the library."""


async def noop_async(_slot: int) -> None:
    """Do nothing, as a coroutine."""


WORKLOADS = {
    workload.name: workload
    for workload in (Workload(name="noop", body=noop, body_async=noop_async),)
}
