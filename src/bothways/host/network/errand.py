"""What is tried over one connection, and when each stage of it was reached."""

from enum import StrEnum

from msgspec import Struct

from bothways.units import Instant

MEBIBYTE = 1 << 20


class Ask(StrEnum):
    """What to say over a connection once it is there."""

    NOTHING = "nothing"
    """The connection is held open, and its kernel sends no data: the place for probes inside it."""
    TLS = "tls"
    """A TLS handshake, with the name or without, and no more."""
    HTTPS = "https"
    """The handshake, then a GET, read to its end."""
    HTTP = "http"
    """A plain GET, read to its end."""
    GREETING = "greeting"
    """Nothing: the server is to speak first."""


class Errand(Struct, frozen=True, kw_only=True):
    """One connection to be made."""

    address: str
    """IP address, with its zone where it is link-local (`fe80::1%eth0`)."""

    port: int
    ask: Ask
    name: str | None = None
    """For the ClientHello (RFC 6066 section 3) and the Host field, in ASCII. None: no name in the ClientHello, and the
    address in the Host field."""

    path: str = "/"
    padding: int = 0
    """Bytes by which an HTTP request is made longer, as cookies make it."""

    source: str | None = None
    """Address to send from; None leaves it to the routes."""

    source_port: int = 0
    """0: the kernel chooses. One that a connection before had may be used again at once."""

    interface: str | None = None
    ttl: int | None = None
    """TTL or hop limit of all its packets; None: the system's own."""

    mss: int | None = None
    """Segments held so small, both ways (TCP_MAXSEG before the SYN): 88 to 32767 bytes on Linux."""

    most: int = MEBIBYTE
    """Bytes of the answer that are read; one that goes on counts as complete then."""


class Stages(Struct, kw_only=True):
    """When each stage was reached; None where it was not."""

    began: Instant
    """Just before connect(2)."""

    connected: Instant | None = None
    """This kernel took the SYN+ACK, which says nothing of the ACK's fate."""

    spoke: Instant | None = None
    """The first of our own bytes was given to the kernel."""

    heard: Instant | None = None
    """The first byte of the server came."""

    latest: Instant | None = None
    """The last bytes of the server came."""

    secured: Instant | None = None
    """The TLS handshake was done."""

    answered: Instant | None = None
    """The first byte of the application's answer."""

    ended: Instant | None = None
    """The answer was complete, or the connection closed, reset or given up."""
