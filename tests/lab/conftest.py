"""The lab's own runs begin with the first test and are looked at last: they mostly wait, and other tests need not."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.helpers.repository import TOP
from tests.lab.runs import Runs

FIXTURE = "runs"

SECONDS_TO_END = 30
"""An interrupted lab takes its networks down first, in a second or two."""

_BEGUN = pytest.StashKey[tuple[subprocess.Popen[str], TemporaryDirectory[str]]]()


def _look_at_runs(item: pytest.Item) -> bool:
    return FIXTURE in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever the order is, those who wait for the runs come last."""
    items.sort(key=_look_at_runs)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the runs, if any test is to look at them and they can be made."""
    if session.config.option.collectonly or os.geteuid() != 0 or not any(map(_look_at_runs, session.items)):
        return
    scratch = TemporaryDirectory(prefix="bothways-lab-", ignore_cleanup_errors=True)
    command = [sys.executable, "-m", "tests.lab.runs", str(Path(scratch.name) / "runs")]
    with (Path(scratch.name) / "said").open("w") as said:
        begun = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, text=True, cwd=TOP)
    session.config.stash[_BEGUN] = (begun, scratch)


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> Runs:
    """All of them, done."""
    begun, scratch = request.config.stash[_BEGUN]
    status = begun.wait()
    folder = Path(scratch.name)
    return Runs(folder / "runs", status, (folder / "said").read_text(encoding="utf-8"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing running, and nothing behind."""
    if _BEGUN not in config.stash:
        return
    begun, scratch = config.stash[_BEGUN]
    begun.send_signal(signal.SIGINT)
    try:
        begun.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        begun.kill()
        begun.wait()
    scratch.cleanup()
