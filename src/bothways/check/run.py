"""One whole check: carried out, and its evidence in a folder for as long as it is needed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from msgspec import Struct

from bothways.check.course import Course
from bothways.check.ending import folder_until_ended
from bothways.check.evidence import write
from bothways.check.live import LiveNetwork
from bothways.check.made import Made
from bothways.check.progress import Progress
from bothways.check.stages import Stage, Told
from bothways.check.told import tried_lines
from bothways.check.wish import Wish
from bothways.errors import InputError
from bothways.host.network.loop import now
from bothways.report.text import clean


class Evidence(Struct, frozen=True, kw_only=True):
    """What a check brought, for as long as its folder is there."""

    folder: Path
    """It holds what `host/gather` reads."""

    tried: tuple[str, ...]
    """What was tried and how it went, a line each."""

    captured: bool
    """Whether packets were captured, which takes a privilege."""


class Telling(Enum):
    """Where it is told how a check goes."""

    NOWHERE = "nowhere"
    TERMINAL = "terminal"
    """On standard error, if that is a terminal."""
    ANYWHERE = "anywhere"
    """On standard error, whatever it is."""


@contextmanager
def evidence(wish: Wish, *, command: Sequence[str], telling: Telling) -> Iterator[Evidence]:
    """Carry *wish* out; the folder with its evidence is gone afterwards, whatever ends it.

    Args:
        wish: What is to be checked.
        command: The call, for the manifest.
        telling: Where to say how it goes.

    Raises:
        InputError: There is nothing to connect to.
        MissingPermissionError: It insists on raw packets, which this user may not send.
    """
    with folder_until_ended() as folder:
        began = now()
        with _progress(telling) as told, LiveNetwork(wish, folder) as network:
            course = Course(wish, network, told)
            made = course.run()
            if not made.running:
                raise InputError(clean(_unreachable(made)))
            network.part()
            if network.capture is not None:
                network.capture.close()
            for one in made.running:
                one.close()
            write(folder, made, network, began=began, command=command)
            tried = tried_lines(made.tried)
        yield Evidence(folder=folder, tried=tried, captured=not made.unwatched)


@contextmanager
def _progress(telling: Telling) -> Iterator[Told]:
    if telling is Telling.NOWHERE:
        yield _Silent()
        return
    with Progress(wanted=telling is Telling.ANYWHERE) as progress:
        yield progress


def _unreachable(made: Made) -> str:
    """Why there is nothing to connect to, and what to do about it."""
    whys = [f"{found.target.host}: {road.why}" for found in made.found for road in found.roads if road.why]
    nameless = [found for found in made.found if not found.looked.addresses]
    whys += [f"{found.target.host}: {found.looked.why or 'it has no address'}" for found in nameless]
    advice = ""
    if any(found.target.is_address for found in nameless):
        advice = "; -4 and -6 leave out addresses of the other family"
    elif nameless:
        target = nameless[0].target
        advice = (
            "; look at its spelling and at this machine's resolver, or give the address yourself: "
            f"--resolve {target.host}:{target.port}:ADDRESS"
        )
    return f"cannot reach {'; '.join(dict.fromkeys(whys))}{advice}"


class _Silent:
    """Tells nobody."""

    def begin(self, stage: Stage, doing: str) -> None:
        """Nothing."""

    def end(self, says: str) -> None:
        """Nothing."""
