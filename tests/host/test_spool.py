"""What comes only once is kept for the second reading, and leaves nothing behind."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bothways.errors import CallError
from bothways.host import spool as module
from bothways.host.progress import silent
from bothways.host.spool import Spool, spool_pipe, spool_standard_input


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where spools are kept."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    os.close(read)


def spooled(read: int) -> Spool:
    return Spool(read, cited="standard input", report=silent)


def test_a_pipe_can_be_read_again_and_again(folder: Path, pipe: tuple[int, int]) -> None:
    read, write = pipe
    data = bytes(range(256)) * 10_000
    # More than a pipe holds, so that the writer waits for the reader.
    writer = threading.Thread(target=_write_all, args=(write, data))
    writer.start()
    kept = spooled(read)
    writer.join()
    assert b"".join(kept.pieces()) == b"".join(kept.pieces()) == data
    assert (kept.size, kept.problem) == (len(data), None)
    assert list(folder.iterdir()) == []
    kept.close()


def _write_all(write: int, data: bytes) -> None:
    with os.fdopen(write, "wb") as file:
        file.write(data)


def test_what_has_no_room_is_left_out_and_said(
    folder: Path, pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder
    monkeypatch.setattr(module, "CHUNK", 100)
    monkeypatch.setattr("bothways.host.spool.shutil.disk_usage", lambda _: SimpleNamespace(free=700))
    os.write(pipe[1], bytes(1000))
    os.close(pipe[1])
    kept = spooled(pipe[0])
    assert kept.size == 300
    assert kept.problem is not None
    assert kept.problem.offset == 300
    assert "save it to a file" in kept.problem.says
    kept.close()


def test_a_full_disk_keeps_what_came_before(
    folder: Path, pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write", full)
    os.write(pipe[1], bytes(1000))
    os.close(pipe[1])
    kept = spooled(pipe[0])
    assert kept.size == 0
    assert "no space left on device" in str(kept.problem)
    kept.close()


def test_an_interrupt_leaves_nothing_behind(
    folder: Path, pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = len(list(Path("/proc/self/fd").iterdir()))
    with monkeypatch.context() as patched:
        patched.setattr("bothways.host.spool.os.read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            spooled(pipe[0])
    os.close(pipe[1])
    assert list(folder.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before - 1


def test_a_file_behind_a_descriptor_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    with (tmp_path / "a").open("rb", buffering=0) as file:
        file.read(3)
        kept = spooled(file.fileno())
    assert b"".join(kept.pieces()) == b"3456789"
    kept.close()


def test_a_named_pipe_is_waited_for(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"late"))
    writer.start()
    kept = spool_pipe(pipe, cited="pipe", report=silent)
    writer.join()
    assert b"".join(kept.pieces()) == b"late"
    kept.close()


def test_a_terminal_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = os.openpty()
    shown = os.fstat(follower)
    with monkeypatch.context() as patched:
        patched.setattr("bothways.host.spool.os.fstat", lambda _: shown)
        patched.setattr("bothways.host.spool.os.isatty", lambda _: True)
        with pytest.raises(CallError, match="it is a terminal") as caught:
            spool_standard_input(report=silent)
    assert "tcpdump -w - | bothways diagnose -" in str(caught.value)
    os.close(leader)
    os.close(follower)


def test_a_closed_standard_input_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: int) -> None:
        raise OSError(9, "Bad file descriptor")

    with monkeypatch.context() as patched:
        patched.setattr("bothways.host.spool.os.fstat", closed)
        with pytest.raises(CallError, match="it is closed"):
            spool_standard_input(report=silent)
