"""Where the per-series part of the judgement runs: here, on local processes, on a Dask cluster.

Each way keeps the order, so the answers are the same to the bit, whatever way is taken.
"""

import importlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from tracker.errors import NetworkError, UsageError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_BATCHES_PER_WORKER = 8  # enough to even out series of unequal length
_TIMEOUT_S = 10


class Mapper(Protocol):
    """Has many tasks done, all at once or in batches."""

    def __call__[Task, Answer](
        self, function: Callable[[Sequence[Task]], list[Answer]], tasks: Sequence[Task], /
    ) -> list[Answer]:
        """Return the answers of *function*, which does many at once, to *tasks*, in order."""


@contextmanager
def open_mapper(scheduler: str | None, processes: int) -> Iterator[Mapper]:
    """Give the mapper for a Dask *scheduler* address, or for so many local *processes*."""
    if scheduler:
        with _open_cluster(scheduler) as mapper:
            yield mapper
    elif processes > 1:
        with _open_processes(processes) as mapper:
            yield mapper
    else:
        yield _do_here


def _do_here[Task, Answer](
    function: Callable[[Sequence[Task]], list[Answer]], tasks: Sequence[Task], /
) -> list[Answer]:
    return function(tasks)


@contextmanager
def _open_processes(count: int) -> Iterator[Mapper]:
    import multiprocessing  # both only here: most calls start no processes
    from concurrent.futures import ProcessPoolExecutor

    # Not fork: numpy and git may have threads running that a fork would cut off.
    context = multiprocessing.get_context("forkserver")
    reader, writer = context.Pipe(duplex=False)
    # The writer is closed first: when all is done, and also when we are interrupted or killed.
    with (
        reader,
        ProcessPoolExecutor(
            max_workers=count, mp_context=context, initializer=_end_with, initargs=(reader,)
        ) as pool,
        writer,
    ):

        def mapper[Task, Answer](
            function: Callable[[Sequence[Task]], list[Answer]], tasks: Sequence[Task], /
        ) -> list[Answer]:
            return list(chain.from_iterable(pool.map(function, _split(tasks, count))))

        yield mapper


def _end_with(reader: "Connection[Any, Any]") -> None:
    """Have this process end as soon as the other end of *reader* is closed.

    Otherwise it works on when we are interrupted, and when we are killed waits for ever for tasks,
    with all of the pool's named semaphores.
    """

    def wait() -> None:
        reader.poll(None)
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def _open_cluster(address: str) -> Iterator[Mapper]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise UsageError(
            "--scheduler needs Dask, which is not installed",
            "pip install 'asynctasq-tracker[cluster]', here and on the workers",
        ) from error
    try:
        client = distributed.Client(address, timeout=_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NetworkError(
            f"no Dask scheduler answers at {address}",
            "start one (dask scheduler, dask worker ADDRESS), or leave --scheduler out",
        ) from error

    def mapper[Task, Answer](
        function: Callable[[Sequence[Task]], list[Answer]], tasks: Sequence[Task], /
    ) -> list[Answer]:
        workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        futures = client.map(function, _split(tasks, workers), pure=False)
        answers: list[list[Answer]] = client.gather(futures)
        return list(chain.from_iterable(answers))

    with client:
        yield mapper


def _split[Task](tasks: Sequence[Task], workers: int) -> list[Sequence[Task]]:
    """Cut *tasks* into batches, several for each of *workers*, none empty."""
    size = max(1, -(-len(tasks) // (workers * _BATCHES_PER_WORKER)))
    return [tasks[start : start + size] for start in range(0, len(tasks), size)]
