"""What `ping` reported: echo requests of one size to one host, how many came back, and what was said of the others."""

from msgspec import Struct


class TooLarge(Struct, frozen=True, kw_only=True):
    """A line that says that a request does not fit."""

    sender: str | None
    """Address of the router that said so, canonical; None where the own host did, or a name stands there alone."""

    mtu: int | None
    """What would fit, bytes of the IP packet; None where it is not told."""

    line: int


class EchoRun(Struct, frozen=True, kw_only=True):
    """One call of ping."""

    destination: str
    """As printed (escaped text): a name or an address."""

    address: str | None
    """Its IP address, canonical; None where none is printed."""

    payload: int
    """Data bytes of each request, without the headers of ICMP (8 bytes) and IP (20, or 40 of IPv6)."""

    unfragmented: bool | None
    """Whether the requests said "don't fragment" (or are IPv6, which no router fragments); None where nothing tells."""

    sent: int
    received: int
    """Requests that were answered, each counted once."""

    other_errors: int
    """Lines with another error of ICMP: unreachable, time exceeded."""

    too_large: tuple[TooLarge, ...]
    line: int
    """Where the run begins."""

    @property
    def packet(self) -> int:
        """Bytes of each request as an IP packet; a reply is as large."""
        return self.payload + (48 if ":" in (self.address or "") else 28)


class EchoLog(Struct, frozen=True, kw_only=True):
    """All runs of one file, in its order."""

    file: str
    runs: tuple[EchoRun, ...]
