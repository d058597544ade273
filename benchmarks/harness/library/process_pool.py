"""CPU workloads in processes, as plain functions that can be sent to one.

For libraries with a pool of their own these are the task functions; for those without (arq,
procrastinate) `run_in_pool` is what their documentation advises: an executor of the worker's own.
"""

import asyncio
import functools
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared.app_context import AppContext


@functools.cache
def _stamped(name: str) -> Callable[..., None]:
    return WORKLOADS[name].stamped(__name__)


def hash_password(slot: int) -> None:
    """Run the workload of that name, stamped."""
    _stamped("hash_password")(slot)


def compute(slot: int) -> None:
    """Run the workload of that name, stamped."""
    _stamped("compute")(slot)


POOL_BODIES = {"hash_password": hash_password, "compute": compute}


@functools.cache
def own_pool() -> ProcessPoolExecutor:
    """The pool of this worker process, made on first use and closed with it."""
    processes = AppContext.from_environment().variant.workers.processes
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


async def run_in_pool(name: str, slot: int) -> None:
    """Run a CPU workload in the pool without blocking the event loop."""
    await asyncio.get_running_loop().run_in_executor(own_pool(), POOL_BODIES[name], slot)
