"""CPU work in processes: a function of its own for each workload, since closures cannot be sent."""

import pickle

from benchmarks.harness.library.process_pool import POOL_BODIES
from benchmarks.harness.library.workloads import WORKLOADS


def test_every_cpu_workload_can_be_sent_to_a_pool():
    """Each has its function under its own name, which survives pickling."""
    assert set(POOL_BODIES) == {name for name, workload in WORKLOADS.items() if workload.cpu}
    for name, body in POOL_BODIES.items():
        assert body.__name__ == name
        assert pickle.loads(pickle.dumps(body)) is body  # noqa: S301 -- our own
