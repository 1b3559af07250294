"""`ss`, the socket listing of iproute2 (ss(8), misc/ss.c): TCP sockets with their queues, timers and TCP_INFO.

A row has a network id (if several kinds were asked for), the state, two queues, two addresses, and what options add:
the process, timers, and with -i the kernel's TCP_INFO, on a line of its own that begins with a blank, or behind the
row. The state is missing where only one was asked for; then the command in front of the listing tells it, or nothing
does. Sockets of other kinds are passed over.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, head, lines, prompted
from bothways.evidence.socket import Socket, SocketList, SocketState
from bothways.states.ss_address import SocketAddress, address_and_port, peer_of
from bothways.states.ss_details import drops_of, progress_of, retries_of

STATES = {
    "LISTEN": SocketState.LISTEN,
    "SYN-SENT": SocketState.SYN_SENT,
    "SYN-RECV": SocketState.SYN_RECEIVED,
    "NEW-SYN-RECV": SocketState.SYN_RECEIVED,
    "ESTAB": SocketState.ESTABLISHED,
    "FIN-WAIT-1": SocketState.FIN_WAIT_1,
    "FIN-WAIT-2": SocketState.FIN_WAIT_2,
    "CLOSE-WAIT": SocketState.CLOSE_WAIT,
    "CLOSING": SocketState.CLOSING,
    "LAST-ACK": SocketState.LAST_ACK,
    "TIME-WAIT": SocketState.TIME_WAIT,
    # UDP's, where its rows stand without a network id.
    "UNCONN": SocketState.CLOSED,
}
"""As misc/ss.c, sstate_name, prints them."""

_ASKED = {
    "listening": SocketState.LISTEN,
    "syn-sent": SocketState.SYN_SENT,
    "syn-recv": SocketState.SYN_RECEIVED,
    "established": SocketState.ESTABLISHED,
    "fin-wait-1": SocketState.FIN_WAIT_1,
    "fin-wait-2": SocketState.FIN_WAIT_2,
    "close-wait": SocketState.CLOSE_WAIT,
    "closing": SocketState.CLOSING,
    "last-ack": SocketState.LAST_ACK,
    "time-wait": SocketState.TIME_WAIT,
}
"""As a filter `state NAME` calls them (ss(8), STATE-FILTER)."""

_HEADER = re.compile(r"(?:Netid\s+)?(?P<state>State\s+)?Recv-Q\s+Send-Q\s+Local Address:Port\s+Peer Address:Port.*")
_ROW = re.compile(
    r"(?:(?P<netid>[a-z][a-z0-9_]{1,9})\s+)?"
    rf"(?:(?P<state>{'|'.join(STATES)})\s+)?"
    r"(?P<received>\d{1,10})\s+(?P<pending>\d{1,10})\s+"
    r"(?P<local>\S{1,120}?)\s+(?P<peer>\S{1,120})(?P<rest>\s.*)?",
    re.ASCII,
)
_OTHERS = re.compile(r"(?:nl|p_raw|p_dgr|u_str|u_dgr|u_seq|udp|raw|icmp6?|sctp|dccp|v_str|v_dgr|xdp|tipc|ti)\s.*")
"""Kinds of sockets that are none of TCP, by the network id that their row begins with; MPTCP's carry TCP's twice."""

_TCP = {None, "tcp"}


def recognises(text: str) -> bool:
    """Whether *text* has ss's header, or begins with a row of it that says its state."""
    top = [line for line in head(text) if not prompted(line, "ss")]
    if any(_HEADER.fullmatch(line) for line in top):
        return True
    first = _ROW.fullmatch(top[0]) if top else None
    return first is not None and first["state"] is not None and _ends(first) is not None


def read(text: str, *, file: str) -> Reading[SocketList]:
    """The TCP sockets in *text*."""
    listing = _Listing()
    for line in lines(text):
        listing.take(line)
    listing.finish()
    return Reading(content=SocketList(file=file, sockets=tuple(listing.sockets)), problems=listing.problems.all())


def _ends(row: re.Match[str]) -> tuple[SocketAddress, SocketAddress] | None:
    local, peer = address_and_port(row["local"]), address_and_port(row["peer"])
    return (local, peer) if local is not None and peer is not None else None


class _Listing(Struct):
    """What was read so far."""

    sockets: list[Socket] = field(default_factory=list)
    problems: ProblemList = field(default_factory=ProblemList)
    open: Socket | None = None
    """The last row; its details may follow."""

    passing: bool = False
    """The last row is none of TCP: its details are passed over with it."""

    asked: SocketState | None = None
    """The state that all rows have, where only one was asked for and rows do not say it."""

    def take(self, line: Line) -> None:
        """One more line."""
        text = line.text
        if line.cut:
            self.problems.too_long(line)
        if command := prompted(text, "ss"):
            self.finish()
            self.asked = _asked(command)
        elif not text.strip() or _HEADER.fullmatch(text):
            self.passing = self.passing and not text.strip()
        elif text[0].isspace() and (self.open is not None or self.passing):
            self._details(text)
        elif _OTHERS.fullmatch(text):
            self.finish()
            self.passing = True
        else:
            self._row(line)

    def finish(self) -> None:
        """The row that is open is complete."""
        if self.open is not None:
            self.sockets.append(self.open)
        self.open, self.passing = None, False

    def _details(self, text: str) -> None:
        if self.open is not None:
            self.open = _with_details(self.open, text)

    def _row(self, line: Line) -> None:
        self.finish()
        row = _ROW.fullmatch(line.text)
        if row is not None and (row["netid"] not in _TCP or row["state"] == "UNCONN"):
            self.passing = True
            return
        state = (STATES[row["state"]] if row["state"] else self.asked) if row else None
        ends = _ends(row) if row else None
        if row is None or ends is None:
            self.problems.not_understood(line)
        elif state is None:
            self.problems.add("left out: the state of this socket is not printed; list with `ss -tan`", line)
        elif ends[0].port is None or (ends[1].port is None and state is not SocketState.LISTEN):
            self.problems.add("left out: a port by a name that is not known; list with `ss -tn`", line)
        else:
            self.open = _socket(line, row, ends, state)


def _asked(command: Sequence[str]) -> SocketState | None:
    """The one state that a command asks for."""
    named = [_ASKED.get(after) for word, after in pairwise(command) if word == "state"]
    return named[0] if len(named) == 1 else None


def _socket(line: Line, row: re.Match[str], ends: tuple[SocketAddress, SocketAddress], state: SocketState) -> Socket:
    local, peer = ends
    socket = Socket(
        line=line.number,
        state=state,
        local_address=local.address,
        local_port=local.port or 0,
        peer=peer_of(peer),
        received=int(row["received"]),
        pending=int(row["pending"]),
        retries=None,
        progress=None,
    )
    return _with_details(socket, row["rest"] or "")


def _with_details(socket: Socket, text: str) -> Socket:
    retries, progress, dropped = retries_of(text), progress_of(text), drops_of(text)
    if progress is not None and socket.state is SocketState.SYN_SENT:
        # Nothing was acknowledged yet, and the kernel prints the time since the machine began.
        progress = replace(progress, since_acknowledgement=None)
    return replace(
        socket,
        retries=socket.retries if retries is None else retries,
        progress=socket.progress if progress is None else progress,
        dropped=socket.dropped if dropped is None else dropped,
    )
