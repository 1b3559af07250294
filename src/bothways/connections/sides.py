"""Who is the client: a row of counters read from the client's side."""

from msgspec import Struct

from bothways.evidence.capture import ConnectionRow, WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant
from bothways.wire.sequence import distance

EPHEMERAL_FROM = 32768
"""Linux hands out source ports from here (net.ipv4.ip_local_port_range); IANA's range starts at 49152 (RFC 6335
section 6)."""


class Sides(Struct, frozen=True, kw_only=True):
    """One connection at one observer, with its ends named."""

    row: ConnectionRow
    client: Endpoint
    server: Endpoint
    there: WayCounters
    back: WayCounters
    opener_is_client: bool

    @property
    def history(self) -> str:
        """The row's history with capitals for the client."""
        return self.row.history if self.opener_is_client else self.row.history.swapcase()

    @property
    def first(self) -> Instant | None:
        """When the first packet of either way was seen."""
        there, back = self.there.first, self.back.first
        if there is None or back is None:
            return back if there is None else there
        return min(there, back)

    @property
    def mixed_up(self) -> bool:
        """Packets of the server bear times before the first SYN, and acknowledge another one.

        They are of a connection that used the same ports before, and the file is in no order (two interfaces' packets
        one behind the other's): which packets are whose, the counters no longer tell.
        """
        there, back = self.there, self.back
        if there.isn is None or there.first is None or back.first is None or back.first_ack is None:
            return False
        return back.first < there.first and not 0 < distance(there.isn, back.first_ack) <= 1 + there.payload

    @property
    def opened_in_view(self) -> bool:
        """The observer saw it begin, by one half of the handshake or both."""
        return bool(self.there.syns or self.back.syn_acks)

    @property
    def blind_back(self) -> bool:
        """The observer shows nothing of the way back although the client acknowledges what came along it."""
        return self.back.packets == 0 and self.there.first_ack is not None

    @property
    def blind_there(self) -> bool:
        """The observer shows nothing of the way there although the server acknowledges what came along it."""
        return self.there.packets == 0 and self.back.first_ack is not None


def sides_of(row: ConnectionRow) -> Sides:
    """Name the ends of *row*: a SYN comes from the client, a SYN+ACK from the server; failing both, ports decide.

    Without a handshake the end with the higher port is taken for the client when the other's lies below the ephemeral
    range, otherwise whoever was seen first.
    """
    opener_is_client = _opener_is_client(row)
    there, back = (row.sent, row.received) if opener_is_client else (row.received, row.sent)
    client, server = (row.opener, row.other) if opener_is_client else (row.other, row.opener)
    return Sides(row=row, client=client, server=server, there=there, back=back, opener_is_client=opener_is_client)


def _opener_is_client(row: ConnectionRow) -> bool:
    if row.sent.syns or row.received.syn_acks:
        return True
    if row.received.syns or row.sent.syn_acks:
        return False
    if (row.opener.port < EPHEMERAL_FROM) != (row.other.port < EPHEMERAL_FROM):
        return row.opener.port >= EPHEMERAL_FROM
    return True
