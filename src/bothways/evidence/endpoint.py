"""One end of a connection."""

from typing import NamedTuple


class Endpoint(NamedTuple):
    """An IP address in its canonical text form (RFC 5952 for IPv6) and a TCP port."""

    address: str
    port: int

    def __str__(self) -> str:
        """`192.0.2.1:443`, `[2001:db8::1]:443`."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"
