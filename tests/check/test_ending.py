"""The folder of a check is gone afterwards, whenever the check is ended."""

import os
import signal
import tempfile
from pathlib import Path

import pytest

from bothways.check.ending import folder_until_ended


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_ends_it_and_the_folder_goes(place: Path, number: signal.Signals) -> None:
    def ended() -> None:
        with folder_until_ended() as folder:
            (folder / "client.pcapng").write_bytes(b"packets")
            os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt):
        ended()
    assert not list(place.iterdir())


def test_a_request_that_comes_while_the_folder_is_made_leaves_none(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir = os.mkdir

    def interrupted(path: str, mode: int = 0o777) -> None:
        mkdir(path, mode)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(os, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), folder_until_ended():
        pytest.fail("it went on")
    assert not list(place.iterdir())


def test_a_second_request_while_the_folder_is_removed_leaves_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rmdir = os.rmdir

    def interrupted(*words: object, **options: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        rmdir(*words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "rmdir", interrupted)
    with pytest.raises(KeyboardInterrupt), folder_until_ended():
        pass
    assert not list(place.iterdir())


def test_signals_mean_afterwards_what_they_meant_before(place: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with folder_until_ended() as folder:
        assert folder.parent == place
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
