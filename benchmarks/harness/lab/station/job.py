"""What the workers of one round are to do, and where its tasks have their slots."""

from dataclasses import dataclass

from benchmarks.harness.shared.spec import LoadPlan, Variant

CANARIES = 64
WARMUP_BLOCKS = 60
FEWEST_IN_A_BLOCK = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One round: canaries, a warm-up, then the runs.

    The slots of the runs come before those of the warm-up, whose length differs: commits and
    libraries are to meet the same measured loads, down to what depends on a task's slot.
    """

    library: str
    variant: Variant
    plan: LoadPlan
    seed: int
    queue_first: bool = False

    def phase_slots(self, tasks: int) -> int:
        """Most slots that *tasks* tasks can take."""
        return tasks * max(task.slots for task in self.variant.tasks)

    @property
    def canary_copies(self) -> int:
        """Canary tasks of each class: one, or one per place of a worker where starting is all."""
        return self.variant.workers.concurrency if self.queues_first else 1

    @property
    def queues_first(self) -> bool:
        """Whether the canaries wait for the workers instead of the workers for them."""
        return self.queue_first or not self.plan.phases

    @property
    def canary_slots(self) -> int:
        """Slots that one canary order takes."""
        return self.canary_copies * sum(task.slots for task in self.variant.tasks)

    @property
    def warmup_block(self) -> int:
        """Tasks of one warm-up block."""
        return max(FEWEST_IN_A_BLOCK, self.plan.scaled(self.plan.warmup_tasks, self.library))

    @property
    def first_run_slot(self) -> int:
        """Where the slots of the runs begin."""
        return CANARIES * self.canary_slots

    @property
    def first_warmup_slot(self) -> int:
        """Where those of the warm-up begin."""
        tasks = sum(self.plan.scaled(phase.tasks, self.library) for phase in self.plan.phases)
        return self.first_run_slot + self.phase_slots(self.plan.runs_per_round * tasks)

    @property
    def slots(self) -> int:
        """Slots of the whole round."""
        warmup = WARMUP_BLOCKS * self.warmup_block if self.plan.phases else 0
        return self.first_warmup_slot + self.phase_slots(warmup)
