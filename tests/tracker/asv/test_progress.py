"""How far a measurement is, read off the lines that asv and the harness really print."""

from tracker.asv.progress import RunProgress, ScenarioProgress

RUN = """\
· Creating environments
· Discovering benchmarks
·· Building 92f5b55e <v1.7.0> for uv-py3.13
· Running 68 total benchmarks (2 commits * 1 environments * 34 benchmarks)
[ 0.00%] · For asynctasq commit 92f5b55e <v1.7.0>:
[ 0.00%] ·· Benchmarking uv-py3.13
  basic_throughput: asynctasq, default, round 1 of 3
[ 0.98%] ··· Setting up basic_throughput:51                                  ok
[25.00%] ··· basic_throughput.BasicThroughput.track_wait_p50                 ok
[25.00%] ··· ============ ====
  cold_start: asynctasq, default, round 1 of 3
[26.00%] ··· Setting up cold_start:40                                    failed
[50.00%] ··· cold_start.ColdStart.track_time_to_ready                    failed
[50.00%] · For asynctasq commit 88e09e8c:
[50.00%] ·· Building for uv-py3.13
[50.00%] ·· Benchmarking uv-py3.13
[75.00%] ··· basic_throughput.BasicThroughput.track_wait_p50          1.23±0.1ms
[100.00%] ··· cold_start.ColdStart.track_time_to_ready                     22.1
"""


def follow(text: str) -> tuple[list[ScenarioProgress], list[ScenarioProgress]]:
    """The steps that were shown, and those that ended."""
    shown: list[ScenarioProgress] = []
    ended: list[ScenarioProgress] = []
    run = RunProgress(on_change=shown.append, on_end=ended.append)
    for line in text.splitlines(keepends=True):
        (run.read_harness if line.startswith("  ") else run.read_asv)(line)
    run.close()
    return shown, ended


def test_each_scenario_of_each_commit_ends_once():
    """Four steps, with commit, share and outcome; a commit without a name goes by its hash."""
    _, ended = follow(RUN)
    assert [(step.title, round(step.share, 2), step.failed) for step in ended] == [
        ("commit 1 of 2, v1.7.0: basic_throughput", 0.25, False),
        ("commit 1 of 2, v1.7.0: cold_start", 0.5, True),
        ("commit 2 of 2, 88e09e8c: basic_throughput", 0.75, False),
        ("commit 2 of 2, 88e09e8c: cold_start", 1.0, False),
    ]


def test_what_the_harness_does_is_shown_while_asv_is_silent():
    """The rounds of a scenario come from the harness, before asv says a word of it."""
    shown, _ = follow(RUN)
    details = [(step.scenario, step.detail) for step in shown if step.detail]
    assert ("basic_throughput", "asynctasq, default, round 1 of 3") in details
    assert ("", "building") in details
