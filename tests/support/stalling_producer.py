"""The producer with one enqueue call that hangs in the middle of each paced load."""

from time import sleep

from benchmarks.harness.library import producer
from benchmarks.harness.shared.timeline import Timeline

STALL_S = 0.5

_send_all = producer.send_all


def send_all(steps: list[producer.Step], begin_ns: int, line: Timeline) -> None:
    """Send as ever; of a paced load, the call in the middle takes `STALL_S` longer."""
    middle = len(steps) // 2
    slot, offset, send, arguments = steps[middle]

    def hang(*values: object) -> object:
        sleep(STALL_S)
        return send(*values)

    if offset:
        steps[middle] = (slot, offset, hang, arguments)
    _send_all(steps, begin_ns, line)


if __name__ == "__main__":
    producer.send_all = send_all
    producer.main()
