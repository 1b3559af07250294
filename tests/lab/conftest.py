"""The lab's own runs begin with the first test and are looked at last: they mostly wait, and other tests need not."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.lab.runs import PATIENCE, Runs

FIXTURE = "runs"
SIDE_BY_SIDE = 6

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
    scratch = TemporaryDirectory(prefix="bothways-lab-")
    out = str(Path(scratch.name) / "runs")
    command = [sys.executable, "-m", "bothways", "lab", "all", "--out", out, "--jobs", str(SIDE_BY_SIDE)]
    command += ["--set", f"patience={PATIENCE}"]
    with (Path(scratch.name) / "said").open("w") as said:
        begun = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, text=True)
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
    begun.terminate()
    begun.wait()
    scratch.cleanup()
