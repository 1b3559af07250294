"""The handshake as a transition table: how far a connection got, as one observer saw it.

Theory of operation. A connection is opened by three packets (RFC 9293 section 3.5): the client's SYN, the server's
SYN+ACK, the client's ACK. An observer in the middle sees each of them leave or pass; it never sees one *arrive*. So the
states below say what was sent, and only an answer proves that something was received:

    NOTHING   no packet of the handshake seen yet
    SYN       the client asked
    REFUSED   a reset answered the SYN, as far as the letters tell
    OFFERED   the server answered with SYN+ACK: it received the SYN
    ACKED     the client sent its ACK: it received the SYN+ACK. Nobody's handshake is complete on its own word:
              whether the server took this ACK is still open
    TAKEN     the server sent something that only an established server sends (an ACK past its SYN+ACK, data, FIN)
    RESET     a reset ended it after the SYN+ACK and before TAKEN

Rows are states, columns events; an event that a state does not list leaves it unchanged. `of` runs the table over a
history string; capitals are the client's packets, small letters the server's.
"""

from enum import StrEnum
from functools import lru_cache

from bothways.evidence.segment import Segment
from bothways.wire.sequence import distance


class Handshake(StrEnum):
    """How far the opening of a connection got."""

    NOTHING = "nothing"
    SYN = "syn"
    REFUSED = "refused"
    OFFERED = "offered"
    ACKED = "acked"
    TAKEN = "taken"
    RESET = "reset"


_FROM_CLIENT = dict.fromkeys("ADTF", Handshake.ACKED)
_FROM_SERVER = dict.fromkeys("adtf", Handshake.TAKEN)
_RESETS = dict.fromkeys("Rr", Handshake.RESET)

TRANSITIONS: dict[Handshake, dict[str, Handshake]] = {
    Handshake.NOTHING: {"S": Handshake.SYN, "h": Handshake.OFFERED} | _FROM_CLIENT | _FROM_SERVER | _RESETS,
    Handshake.SYN: {"h": Handshake.OFFERED, "r": Handshake.REFUSED}
    | _FROM_CLIENT
    | dict.fromkeys("dtf", Handshake.TAKEN),
    Handshake.OFFERED: _FROM_CLIENT | _FROM_SERVER | _RESETS,
    Handshake.ACKED: _FROM_SERVER | _RESETS,
    Handshake.REFUSED: {"S": Handshake.SYN, "h": Handshake.OFFERED, "R": Handshake.RESET}
    | _FROM_CLIENT
    | dict.fromkeys("dtf", Handshake.TAKEN),
    Handshake.TAKEN: {},
    Handshake.RESET: {},
}
"""A bare `a` in answer to a SYN is a challenge (RFC 5961 section 4), not an acceptance. From NOTHING a client's ACK or
data moves to ACKED: the observer may not see the way back at all. `a` after OFFERED is
a server's ACK, which an endpoint in SYN-RECEIVED does not send (RFC 9293 section 3.10.7.4: it repeats the SYN+ACK).

Who was refused says no more, except to ask again. So what a client says after REFUSED shows that the reset did not
answer its SYN: its SYN+ACK passed elsewhere or was missed. A client's reset answers that SYN+ACK, whose connection is
gone."""


@lru_cache(maxsize=1 << 12)  # Thousands of connections share few histories.
def of(history: str) -> Handshake:
    """Run the table over *history*, in which capitals stand for the client."""
    state = Handshake.NOTHING
    for event in history:
        state = TRANSITIONS[state].get(event, state)
    return state


def refuses(reset: Segment, syn: Segment) -> bool:
    """Whether *reset* can answer *syn*.

    A RST that answers a SYN acknowledges it (RFC 9293 section 3.10.7.1), and a client that has sent nothing else heeds
    no other (section 3.10.7.3). One without ACK answers a packet that acknowledges something.
    """
    if not reset.has_ack:
        return False
    return 1 <= distance(syn.seq, reset.ack) <= 1 + syn.payload
