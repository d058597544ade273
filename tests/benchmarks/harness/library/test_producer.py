"""The producer: both forms send the same tasks at the same instants, in order, stamped before."""

import asyncio
from time import monotonic_ns

import numpy as np
import pytest

from benchmarks.harness.library import producer
from benchmarks.harness.library.producer import Order
from benchmarks.harness.shared import timeline
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, Variant, Work, WorkerPlan
from benchmarks.harness.shared.timeline import Timeline

TASKS = (
    TaskClass(name="one", workload="noop", share=3.0),
    TaskClass(name="chain", workload="noop", then=("noop", "noop"), queue="high"),
)


@pytest.fixture
def context(tmp_path):
    """A context whose timeline has a hundred slots."""
    timeline.create(tmp_path / "timeline", 100)
    return AppContext(
        library="fake", broker_url="redis://", timeline=str(tmp_path / "timeline"),
        folder=str(tmp_path), variant=Variant(tasks=TASKS),
    )  # fmt: skip


def send_all(context: AppContext, order: Order, *, asynchronous: bool):
    """What was sent (slot, class), and the cells afterwards."""
    line, sent = Timeline(context.timeline), []

    def sender(kind: int):
        def send(slot):
            sent.append((slot, kind))

        async def send_async(slot):
            send(slot)

        return send_async if asynchronous else send

    steps = producer.plan(order, context, [sender(kind) for kind in range(len(TASKS))])
    begin_ns = producer.stamp_due(steps, context, order, line)
    if asynchronous:
        asyncio.run(producer.send_all_async(steps, begin_ns, line))
    else:
        producer.send_all(steps, begin_ns, line)
    line.close()
    return sent, np.fromfile(context.timeline, dtype=np.int64).reshape(-1, timeline.WIDTH), begin_ns


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("rate_per_s", [0.0, 400.0])
def test_every_task_is_sent_once_in_order_and_not_before_it_is_due(
    context, asynchronous, rate_per_s
):
    """Twenty tasks, a quarter of them chains of three: slots without gaps, due <= sent."""
    order = Order(id=1, first_slot=10, tasks=20, rate_per_s=rate_per_s, seed=5)
    sent, cells, begin_ns = send_all(context, order, asynchronous=asynchronous)
    slots = [slot for slot, _ in sent]
    heads = cells[slots]

    assert slots == sorted(set(slots))
    assert [kind for _, kind in sent].count(1) == 5
    assert (heads[:, timeline.DUE] >= begin_ns).all()
    assert (heads[:, timeline.SENT] >= heads[:, timeline.DUE]).all()
    assert (np.diff(heads[:, timeline.SENT]) > 0).all()
    assert not cells[:10].any()
    assert not cells[10 + 15 + 15 :].any()


def test_both_forms_send_the_same(context, tmp_path):
    """Sync or async, the order of the classes and their slots are the same."""
    order = Order(id=1, first_slot=0, tasks=30, rate_per_s=0, seed=9)
    first, _, _ = send_all(context, order, asynchronous=False)
    second, _, _ = send_all(context, order, asynchronous=True)

    assert first == second


def test_a_paced_load_keeps_its_pace(context):
    """Forty tasks at 400 a second take a tenth of a second by their due times."""
    order = Order(id=1, first_slot=0, tasks=30, rate_per_s=400, seed=2)
    sent, cells, begin_ns = send_all(context, order, asynchronous=False)
    due = cells[[slot for slot, _ in sent], timeline.DUE]

    assert 70e6 < due.max() - begin_ns <= 75e6


def test_steps_of_a_chain_carry_their_kind_and_no_due(context):
    """A follower is class + 100 per step; what it waits for is not the producer's business."""
    order = Order(id=1, first_slot=0, tasks=0, rate_per_s=0, seed=1, canaries=1)
    _, cells, _ = send_all(context, order, asynchronous=False)

    assert cells[:4, timeline.KIND].tolist() == [0, 1, 101, 201]
    assert (cells[:2, timeline.DUE] > 0).all()
    assert not cells[2:4, [timeline.DUE, timeline.SENT]].any()


def test_context_survives_the_environment():
    """What the harness says is what a process in another environment reads."""
    context = AppContext(
        library="celery", broker_url="redis://x", timeline="/t", folder="/f", seed=3,
        variant=Variant(
            name="v", tasks=TASKS, events=True, options=(("a", "b"),),
            workers=WorkerPlan(work=Work.CPU, concurrency=3, queues=("high", "low")),
        ),
        extra={"MOCK_API_URL": "http://y"},
    )  # fmt: skip
    environment = context.to_environment()

    assert AppContext.from_environment(environment) == context
    assert environment["MOCK_API_URL"] == "http://y"


def test_the_cheapest_stretch_says_what_sending_costs(context):
    """One of three pieces was left alone; without stretches the whole counts as it was."""
    order = Order(id=1, first_slot=0, tasks=25, rate_per_s=0, seed=1, stretch=10)
    steps = producer.plan(order, context, [print, print])
    pieces = producer.stretches(steps, 8)

    assert [len(piece) for piece in pieces] == [8, 8, 9]
    assert [step for piece in pieces for step in piece] == steps
    assert producer.cost_s(pieces, [1.0, 1.5, 1.58, 2.3]) == pytest.approx(25 * 0.08 / 8)
    assert producer.cost_s([steps], [1.0, 1.5]) == 0.5
    assert producer.stretches(steps[:6], 10) == [steps[:6]]


def test_garbage_is_collected_before_the_begin_is_set(context, monkeypatch):
    """What lies between the begin and the first send would count as the library's time."""
    collected_ns = []
    monkeypatch.setattr(producer.gc, "collect", lambda: collected_ns.append(monotonic_ns()))
    line = Timeline(context.timeline)
    order = Order(id=1, first_slot=0, tasks=3, rate_per_s=0, seed=1)
    before_ns = monotonic_ns()
    _, begin_ns = producer.prepare(order, context, [print, print], line)
    line.close()

    assert before_ns < collected_ns[0] < begin_ns - producer.COARSE_NS
