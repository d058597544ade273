"""Addresses on the published site, from names that may be hostile."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.comparison_examples import row
from tracker.errors import DataError
from tracker.report.links import LONGEST, parse_site, plots_of

SITE = "https://example.org/results"


def test_a_row_links_to_its_series_on_all_machines():
    """The site's own filters, as its address keeps them."""
    ours = replace(row(), scenario="basic_throughput", library="asynctasq", metric="throughput")
    assert plots_of(SITE, ours) == (
        f"{SITE}/#/?library=asynctasq&scenario=basic_throughput&metric=throughput"
    )


def test_a_foreign_benchmark_links_to_a_search_for_its_name():
    """Projects with benchmarks of their own have no library and no scenario."""
    foreign = replace(row(), library="", benchmark="time_it.Suite.time_x")
    assert plots_of(SITE, foreign) == f"{SITE}/#/?q=time_it.Suite.time_x"


@given(name=st.text(max_size=300))
def test_no_name_leaves_the_address(name):
    """Whatever a benchmark is called: no space, bracket, quote or line break, and not too long."""
    address = plots_of(SITE, replace(row(), library="", benchmark=name))
    assert re.fullmatch(r"[A-Za-z0-9:/#?&=%+._~*-]*", address)
    assert len(address) <= LONGEST


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "https://a b", "https://a)](https://b", 7, "//x"]
)
def test_what_is_no_address_is_refused(bad):
    """A link in a comment is only ever http or https, in plain characters."""
    with pytest.raises(DataError, match="site cannot be"):
        parse_site({"site": bad})


def test_without_a_site_there_are_no_links():
    """The setting is optional; a slash at its end does not matter."""
    assert parse_site({}) == ""
    assert parse_site({"site": f"{SITE}/"}) == SITE
