"""Several harnesses that answer requests side by side, for what does not disturb each other."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tracker.compare.harness_process import HarnessDiedError, HarnessProcess

type Answer = dict[str, Any] | HarnessDiedError


@dataclass(frozen=True, slots=True)
class HarnessPool:
    """Running harnesses; `harness_pool` opens one."""

    _free: SimpleQueue[HarnessProcess]
    _threads: ThreadPoolExecutor

    def ask(self, requests: Sequence[Mapping[str, object]]) -> Iterator[Answer]:
        """Yield the answer to each of *requests* in their order; one that died is its answer."""
        for future in [self._threads.submit(self._ask, request) for request in requests]:
            yield future.result()

    def _ask(self, request: Mapping[str, object]) -> Answer:
        harness = self._free.get()
        try:
            return harness.ask(request)
        except HarnessDiedError as error:
            return error
        finally:
            self._free.put(harness)


@contextmanager
def harness_pool(command: tuple[str, ...], root: Path, size: int) -> Iterator[HarnessPool]:
    """Open *size* harnesses, each started by its first request; none outlives the block."""
    harnesses = [HarnessProcess(command, root) for _ in range(size)]
    free: SimpleQueue[HarnessProcess] = SimpleQueue()
    for harness in harnesses:
        free.put(harness)
    threads = ThreadPoolExecutor(size)
    interrupted = True
    try:
        yield HarnessPool(free, threads)
        interrupted = False
    finally:
        threads.shutdown(wait=False, cancel_futures=True)  # else what waits starts them again
        for harness in harnesses:
            harness.close(at_once=interrupted)
        threads.shutdown()
