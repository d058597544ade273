"""What people decided about changes: accepted ones with their reason, silenced ones on request."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Served, describe, serving, show
from tests.support.site_histories import make_history
from tracker.publish.site import publish
from tracker.settings.triage import Action, TriageRule
from tracker.site_data.build import Extras

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site where changes of throughput are accepted and those of memory silenced."""
    folder = tmp_path_factory.mktemp("decided")
    triage = (
        rule(Action.ACCEPT, "throughput", "durable by default"),
        rule(Action.SILENCE, "memory_peak", "the allocator's mood"),
    )
    publish(make_history(), folder, Extras(triage=triage, today=date(2026, 1, 1)))
    with serving(folder) as address:
        yield describe(folder, address)


def rule(action: Action, metric: str, reason: str) -> TriageRule:
    """A decision of Ada's about every benchmark's *metric*."""
    return TriageRule(
        action=action, benchmark="*", metric=metric, commit="", reason=reason, author="Ada",
        expires=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("new", "new"),
        ("confirmed", "confirmed"),
        ("accepted", "accepted by Ada: durable by default"),
        ("silenced", "silenced by Ada: the allocator's mood"),
    ],
)
def test_changes_are_shown_by_state(page: Page, decided: Served, state: str, status: str) -> None:
    """Each state lists its own changes, decided ones with who and why; the address names it."""
    show(page, decided, f"#/changes?state={state}")
    expect(page.get_by_label("status")).to_have_value(state)
    shown = page.locator("td[data-title=Status]").all_inner_texts()
    assert shown
    assert set(shown) == {status}


def test_silenced_changes_stay_out_of_the_way(page: Page, decided: Served) -> None:
    """The list that nobody narrowed and the overview tell accepted changes, not silenced ones."""
    show(page, decided, "#/changes")
    expect(page.locator("tbody")).to_contain_text("accepted by Ada")
    expect(page.locator("tbody")).not_to_contain_text("silenced")
    for place in ("", "list/1.html"):
        show(page, decided, place)
        expect(page.locator("main")).not_to_contain_text("silenced by")
