"""Names that lookups inside of a lab find, forwards and in reverse, without asking anybody."""

from collections.abc import Sequence
from pathlib import Path

from bothways.lab.model.network import Name
from bothways.lab.world.world import WORK, bind

# Every word that nsswitch.conf(5) may be asked for stays with the files; only hosts had somebody else to ask.
_SWITCH = "".join(
    f"{database}: files\n" for database in ("passwd", "group", "shadow", "services", "protocols", "hosts")
)


def publish(names: Sequence[Name]) -> None:
    """Let getaddrinfo(3) and getnameinfo(3) of this lab's programs know these names alone.

    An address with several names is called by the first in reverse. A file that this machine does not have is not
    shadowed: it would have to be made.
    """
    lines = ("127.0.0.1 localhost", "::1 localhost", *(f"{name.address} {name.name}" for name in names))
    texts = {
        "/etc/hosts": "".join(f"{line}\n" for line in lines),
        "/etc/nsswitch.conf": _SWITCH,
        "/etc/resolv.conf": "",
        # A name service cache would answer with this machine's names; no socket there, no cache (nscd(8)).
        "/run/nscd/socket": "",
    }
    for path, text in texts.items():
        over = Path(path)
        if over.exists():
            file = WORK / over.name
            file.write_text(text)
            bind(file, over)
