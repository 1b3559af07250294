"""People who wait see a line for each stage; programs see nothing."""

import io

import pytest

from bothways.check.progress import Progress
from bothways.check.stages import Stage


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def told(progress: Progress) -> None:
    with progress:
        progress.begin(Stage.NAME, "looking up")
        progress.end("www.example.net is 192.0.2.1")


def test_nothing_is_told_where_nobody_looks() -> None:
    stream = io.StringIO()
    told(Progress(wanted=False, stream=stream))
    assert not stream.getvalue()


def test_plain_lines_are_told_where_they_are_wanted() -> None:
    stream = io.StringIO()
    told(Progress(wanted=True, stream=stream, clock=lambda: 1.0))
    assert stream.getvalue() == "name     www.example.net is 192.0.2.1 (0.0 s)\n"


def test_a_terminal_is_left_with_a_line_for_each_stage_and_no_spinner() -> None:
    screen = Screen()
    told(Progress(wanted=False, stream=screen))
    assert "www.example.net is 192.0.2.1" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_what_a_stranger_wrote_moves_no_cursor() -> None:
    stream = io.StringIO()
    progress = Progress(wanted=True, stream=stream)
    progress.begin(Stage.NAME, "")
    progress.end("\x1b[2Jgone")
    assert "\x1b" not in stream.getvalue()


def test_a_terminal_without_colours_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    told(Progress(wanted=False, stream=screen))
    assert "\x1b[1m" not in screen.getvalue()
