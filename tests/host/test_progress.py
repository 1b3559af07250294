import io
import sys

import pytest

from bothways.host.progress import MEBIBYTE, ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_a_short_wait_needs_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    clock = Clock()
    progress = ProgressLine(clock)
    progress("a.pcap", MEBIBYTE, 10 * MEBIBYTE)
    clock.now += 0.9
    progress("a.pcap", 10 * MEBIBYTE, 10 * MEBIBYTE)
    progress.wipe()
    assert not terminal.getvalue()


def test_a_long_wait_tells_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    clock = Clock()
    progress = ProgressLine(clock)
    progress("a.pcap", 0, 1000 * MEBIBYTE)
    clock.now += 2
    progress("a.pcap", 400 * MEBIBYTE, 1000 * MEBIBYTE)
    assert terminal.getvalue() == "\r\x1b[Kreading a.pcap: 400 of 1000 MiB, 200 MiB/s, 3 s left"
    progress.wipe()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_another_file_has_a_rate_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    clock = Clock()
    progress = ProgressLine(clock)
    progress("a.pcap", 400 * MEBIBYTE, 400 * MEBIBYTE)
    clock.now += 10
    progress("b.pcap", MEBIBYTE, 9 * MEBIBYTE)
    assert terminal.getvalue().endswith("reading b.pcap: 1 of 9 MiB")
    clock.now += 1
    progress("b.pcap", 3 * MEBIBYTE, 9 * MEBIBYTE)
    assert terminal.getvalue().endswith("reading b.pcap: 3 of 9 MiB, 2 MiB/s, 3 s left")


def test_a_file_of_unknown_length_has_no_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    clock = Clock()
    progress = ProgressLine(clock)
    progress("standard input", MEBIBYTE, 0)
    clock.now += 300
    progress("standard input", 601 * MEBIBYTE, 0)
    assert terminal.getvalue().endswith("reading standard input: 601 MiB, 2 MiB/s")


def test_who_reads_no_terminal_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = io.StringIO()
    monkeypatch.setattr(sys, "stderr", quiet)
    clock = Clock()
    progress = ProgressLine(clock)
    clock.now += 5
    progress("a.pcap", MEBIBYTE, 10 * MEBIBYTE)
    assert not quiet.getvalue()
