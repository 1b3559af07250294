"""The addresses of a name, as programs of this machine get them."""

import socket
from threading import Thread

from msgspec import Struct

from bothways.host.network.loop import now
from bothways.host.network.sockets import endpoint
from bothways.units import NANOSECONDS_PER_SECOND, Duration, between


class Resolved(Struct, frozen=True, kw_only=True):
    """What became of a name."""

    addresses: tuple[str, ...]
    """Canonical, in the order of RFC 6724 section 6, in which programs try them."""

    why: str
    """Why there are none; empty where there are."""

    took: Duration


def resolve(host: str, *, family: int | None, within: Duration) -> Resolved:
    """Ask the system's resolver, for no longer than *within*; *family* is 4, 6 or None for both."""
    families = {4: socket.AF_INET, 6: socket.AF_INET6, None: socket.AF_UNSPEC}
    found: list[str] = []
    why: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, None, families[family], socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            why.append((getattr(error, "strerror", None) or str(error)).lower())
            return
        found.extend(dict.fromkeys(endpoint(answer[4]).address for answer in answers))  # type: ignore[arg-type]  # a name's answers are of IP

    began = now()
    # Nothing ends getaddrinfo(3) early: who waits no longer leaves it to end by itself.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(within / NANOSECONDS_PER_SECOND)
    if asking.is_alive():
        why.append(f"the resolver did not answer within {within // NANOSECONDS_PER_SECOND} s")
    return Resolved(addresses=tuple(found), why=next(iter(why), ""), took=between(began, now()))
