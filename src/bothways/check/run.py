"""One whole check: carried out, and its evidence in a folder for as long as it is needed."""

import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bothways.check.course import Course
from bothways.check.evidence import write
from bothways.check.live import LiveNetwork
from bothways.check.progress import Progress
from bothways.check.wish import Wish
from bothways.errors import InputError
from bothways.host.network.loop import now
from bothways.report.text import clean


@contextmanager
def evidence(wish: Wish, *, command: Sequence[str], tells: bool) -> Iterator[Path]:
    """Carry *wish* out; the folder holds what `host/gather` reads, and is gone afterwards, whatever ends it.

    Args:
        wish: What is to be checked.
        command: The call, for the manifest.
        tells: Whether to say how it goes where standard error is a terminal.

    Raises:
        InputError: There is nothing to connect to.
        MissingPermissionError: It insists on raw packets, which this user may not send.
    """
    with _requests_to_end(), tempfile.TemporaryDirectory(prefix="bothways-check-") as name:
        folder = Path(name)
        began = now()
        with Progress(wanted=False) as progress, LiveNetwork(wish, folder) as network:
            course = Course(wish, network, progress if tells else _Silent())
            made = course.run()
            if not made.running:
                whys = [found.looked.why for found in made.found] + [
                    road.why for found in made.found for road in found.roads
                ]
                hosts = ", ".join(target.host for target in wish.targets)
                message = f"cannot reach {hosts}: {'; '.join(filter(None, whys)) or 'it has no address'}"
                raise InputError(clean(message))
            network.part()
            if network.capture is not None:
                network.capture.close()
            write(folder, made, network, began=began, command=command)
        yield folder


class _Silent:
    """Tells nobody."""

    def begin(self, stage: object, doing: str) -> None:
        """Nothing."""

    def end(self, says: str) -> None:
        """Nothing."""


@contextmanager
def _requests_to_end() -> Iterator[None]:
    """Have SIGTERM end it as SIGINT does: by an exception that every `with` cleans up behind."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
