"""The files that a repository needs, as text. What they call is documented in docs/github.md."""

import re
from dataclasses import dataclass

from tracker.adopt.layout import Layout, Pages, Suite
from tracker.errors import UsageError

MEASURE = ".github/workflows/performance.yml"
COMMENT = ".github/workflows/performance-comment.yml"
COMMAND = ".github/workflows/performance-command.yml"
SETTINGS = "tracker.toml"
TRIAGE = ".tracker/triage.toml"

_BY_COMMENT = ("pull", "base", "head", "scenarios")
_ASKED = ", ".join(f"{name}: {{type: string}}" for name in (*_BY_COMMENT, "budget"))
_RUN_NAME = "\"${{ inputs.head && format('benchmark #{0} {1}', inputs.pull, inputs.head) || '' }}\""
_EVENTS = "opened, synchronize, reopened, ready_for_review, converted_to_draft, labeled, edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSource:
    """Where the tracker's workflows come from.

    Attributes:
        repository: OWNER/NAME.
        commit: full commit, since tags move.
    """

    repository: str
    commit: str

    def __post_init__(self) -> None:
        """Refuse what would not pin, or would be read as something else.

        Raises:
            UsageError: the repository or the commit is none.
        """
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self.repository):
            raise UsageError(f"{self.repository!r} is not a repository", "write it as OWNER/NAME")
        if not re.fullmatch(r"[0-9a-f]{40}", self.commit):
            raise UsageError(
                f"{self.commit!r} is not a full commit hash",
                "give all 40 digits, as tags and branches move",
            )


def files_for(layout: Layout, source: TrackerSource, *, on_comment: bool = False) -> dict[str, str]:
    """Return path to text of every file that *layout* needs.

    Args:
        layout: what the repository has.
        source: of the workflows.
        on_comment: whether `/benchmark` in a comment is to be obeyed.
    """
    files = {MEASURE: measure_workflow(layout, source), COMMENT: comment_workflow(layout, source)}
    if on_comment:
        files[COMMAND] = command_workflow(source)
    if not layout.settings:
        files[SETTINGS] = settings(layout)
    return files | {TRIAGE: _TRIAGE_TEXT}


def measure_workflow(layout: Layout, source: TrackerSource) -> str:
    """The workflow that measures: without rights for pull requests, with them for the history."""
    jobs = "".join(_measure_job(layout, source, suite) for suite in layout.suites)
    return f"""\
name: performance
run-name: {_RUN_NAME}
on:
  push: {{branches: [{_pattern(layout.branch)}]}}
  pull_request: {{types: [{_EVENTS}]}}
  merge_group: {{}}
  workflow_dispatch:
    inputs: {{range: {{default: NEW}}, create: {{type: boolean}}, {_ASKED}}}
permissions: {{}}
jobs:
{jobs}"""


def comment_workflow(layout: Layout, source: TrackerSource) -> str:
    """The workflow that posts; it runs nothing of a pull request."""
    jobs = "".join(_comment_job(source, suite) for suite in layout.suites)
    return f"""\
name: performance-comment
on:
  # zizmor: ignore[dangerous-triggers] runs nothing of the pull request, and reads one file as data
  workflow_run: {{workflows: [performance], types: [requested, completed]}}
permissions: {{}}
cache-mode: none
jobs:
{jobs}"""


def command_workflow(source: TrackerSource) -> str:
    """The workflow that starts measuring on a comment; it asks GitHub who may."""
    return f"""\
name: performance-command
on:
  # zizmor: ignore[dangerous-triggers] runs nothing of the pull request, and reads one line of text
  issue_comment: {{types: [created]}}
  check_run: {{types: [rerequested]}}
permissions: {{}}
cache-mode: none
jobs:
  command:
    uses: {source.repository}/.github/workflows/command.yml@{source.commit}
    permissions: {{actions: write, contents: read, pull-requests: write}}
    with:
      tracker-repository: {source.repository}
      tracker-ref: {source.commit}
      workflow: {MEASURE}
"""


def site_of(layout: Layout) -> str:
    """Where the sites go, as the input `site` says it: nobody's pages are replaced."""
    if layout.pages is Pages.WORKFLOW:
        return "artifact"
    return "branch" if layout.pages is Pages.BRANCH or len(layout.suites) > 1 else "pages"


def settings(layout: Layout) -> str:
    """`tracker.toml`: the site's address where it is known, and what could be said."""
    owner, _, name = layout.repository.partition("/")
    folder = "performance/" if site_of(layout) == "branch" else ""
    known = owner and site_of(layout) != "artifact"
    site = f'site = "https://{owner.lower()}.github.io/{name}/{folder}"' if known else "# site = "
    return f"""\
# Where the trend site is; comments link to it.
{site}

# Which changes fail a pull request: true, false, or from which size on.
# [gates]
# throughput = 0.10
"""


def _measure_job(layout: Layout, source: TrackerSource, suite: Suite) -> str:
    site = site_of(layout)
    options = {
        "key": suite.key,
        "config": suite.config,
        "site": "" if site == "pages" else site,
        "site-path": f"performance/{suite.key}" if suite.key and site == "branch" else "",
        "range": "\"${{ inputs.range || 'NEW' }}\"",
        "create": '"${{ inputs.create || false }}"',
        **{name: f'"${{{{ inputs.{name} }}}}"' for name in _BY_COMMENT},
        "budget": "\"${{ inputs.budget || '15m' }}\"",
    }
    options |= _installed(suite)
    inputs = "".join(f"      {name}: {value}\n" for name, value in options.items() if value)
    return f"""\
  {_job(suite)}:
    uses: {source.repository}/.github/workflows/performance.yml@{source.commit}
    permissions: {{contents: write, id-token: write, pages: write, pull-requests: write}}
    with:
{inputs}"""


def _installed(suite: Suite) -> dict[str, str]:
    """What the suite's environments need on the runner, which has conda, though not on its path."""
    versions = "".join(f"\n        {version}" for version in suite.pythons)
    conda = 'echo "$CONDA/bin" >> "$GITHUB_PATH"'
    return {
        "python-versions": f"|{versions}" if versions else "",
        "before": conda if suite.uses_conda else "",
    }


def _comment_job(source: TrackerSource, suite: Suite) -> str:
    inputs = f"    with: {{key: {suite.key}}}\n" if suite.key else ""
    return f"""\
  {_job(suite)}:
    uses: {source.repository}/.github/workflows/comment.yml@{source.commit}
    permissions: {{actions: read, checks: write, contents: read, pull-requests: write}}
{inputs}"""


def _job(suite: Suite) -> str:
    return f"performance-{suite.key}" if suite.key else "performance"


def _pattern(branch: str) -> str:
    """*branch* as a filter of GitHub's, to which `+` means something."""
    return branch.replace("+", "\\+")


_TRIAGE_TEXT = """\
# Decisions about changes, reviewed like code. Benchmark, reason and author are required.
#
# [[accept]]                        # known and wanted: shown, does not gate
# benchmark = "suite.Class.method"  # a shell pattern
# metric = "*"
# reason = "Retries are worth 4 %"
# author = "ann"
# expires = 2027-01-31
"""
