"""Makes tests that were not run visible, and where they are required, failures.

Some tests need what not every machine has: root, a browser, another program. They carry a marker for it and are skipped
where it is missing. Every run ends with how many of each kind were not run, and why. `BOTHWAYS_REQUIRE=lab,browser`
names the kinds that this machine must be able to run: skipping one of those fails. A whole file skipped while it is
collected carries no marker yet, so it fails as soon as any kind is required.
"""

import os
from collections import Counter
from collections.abc import Generator, Sequence

import pytest

KINDS = ("lab", "browser", "oracle")
VARIABLE = "BOTHWAYS_REQUIRE"

_UNRUN = pytest.StashKey[Counter[tuple[str, str]]]()
_REQUIRED = pytest.StashKey[frozenset[str]]()


def pytest_configure(config: pytest.Config) -> None:
    required = frozenset(kind.strip() for kind in os.environ.get(VARIABLE, "").split(",") if kind.strip())
    if unheard_of := required.difference(KINDS):
        message = f"{VARIABLE} names {', '.join(sorted(unheard_of))}; known kinds of test are {', '.join(KINDS)}"
        raise pytest.UsageError(message)
    config.stash[_REQUIRED] = required
    config.stash[_UNRUN] = Counter()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("lab") and os.geteuid() != 0:
        pytest.skip("needs root")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not report.skipped or hasattr(report, "wasxfail"):
        return report
    kinds = [kind for kind in KINDS if item.get_closest_marker(kind)]
    reason = _reason(report)
    for kind in kinds:
        item.config.stash[_UNRUN][kind, reason] += 1
    if demanded := item.config.stash[_REQUIRED].intersection(kinds):
        report.outcome = "failed"
        report.longrepr = f"not run, though {VARIABLE} demands {', '.join(sorted(demanded))}: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and (required := collector.config.stash[_REQUIRED]):
        report.outcome = "failed"
        report.longrepr = (
            f"a whole file not run, though {VARIABLE} demands {', '.join(sorted(required))}: {_reason(report)}"
        )
    return report


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        for kind in KINDS:
            if item.get_closest_marker(kind):
                item.config.stash[_UNRUN][kind, "deselected"] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    unrun = config.stash[_UNRUN]
    if not unrun:
        return
    terminalreporter.section("not run")
    for (kind, reason), count in sorted(unrun.items()):
        terminalreporter.line(f"{count} {kind} test{'' if count == 1 else 's'} not run: {reason}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    where = report.longrepr
    text = where[2] if isinstance(where, tuple) else str(where)
    return text.removeprefix("Skipped: ")
