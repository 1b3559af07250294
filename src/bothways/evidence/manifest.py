"""What a dossier says of itself: what was asked, of whom, how, and what each of its files is."""

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant
from bothways.way import Way

MANIFEST = "manifest.json"
"""How the file with it is called."""


class Asked(Struct, frozen=True, kw_only=True):
    """One server that was looked at."""

    server: Endpoint
    name: str = ""
    """The name under which it was asked for; empty where it was asked for by its address."""


class Listed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file of a dossier, as its maker knew it."""

    name: str
    """Without folders."""

    sha256: str
    """Of its bytes, lower-case hex."""

    kind: str = ""
    """What it holds, for people; whoever reads it goes by its content."""

    vantage: str | None = None
    """Where it was taken."""

    way: Way | None = None
    """Which way goes the path that it reports."""

    control: bool = False
    """It is about something that was looked at for comparison."""


class Manifest(Struct, frozen=True, kw_only=True):
    """One dossier."""

    file: str
    version: str = ""
    """Of bothways, that made it."""

    began: Instant | None = None
    ended: Instant | None = None
    command: tuple[str, ...] = ()
    """The words of the command line, whose first is the program."""

    privileges: tuple[str, ...] = ()
    """What its maker was allowed beyond an ordinary user, as Linux names capabilities: `CAP_NET_RAW`."""

    targets: tuple[Asked, ...] = ()
    """What is to be judged."""

    controls: tuple[Asked, ...] = ()
    """What was looked at to compare."""

    files: tuple[Listed, ...] = ()
