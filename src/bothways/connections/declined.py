"""TCP did its work, and the service was refused: by a word that can be read, or by an end without one.

Who refuses is a program, at the server or, with a certificate that it does not trust, at the client. Read from one
observer's counters alone.
"""

from bothways.connections.ends import closed_without_answer, spoke_unseen
from bothways.connections.sides import Sides
from bothways.evidence.segment import Content

REFUSING = frozenset({403, 407, 413, 421, 429, 451})
"""Statuses of HTTP below 500 by which a server refuses to serve the client at all: Forbidden, Proxy Authentication
Required, Content Too Large, which mostly cuts the upload off (RFC 9110 sections 15.5.4, 15.5.8, 15.5.14), Misdirected
Request (15.5.20), Too Many Requests (RFC 6585 section 4), Unavailable For Legal Reasons (RFC 7725). That a page is not
there (404), has not changed (304) or wants a password (401) is an answer like any other."""

SERVER_ERRORS = range(500, 600)
"""RFC 9110 section 15.6: "the server is aware that it has erred or is incapable of performing the requested method"."""

ASKING = frozenset({Content.CLIENT_HELLO, Content.HTTP_REQUEST})
"""First words of a client to which an answer is due."""


def refuses(status: int) -> bool:
    """Whether an HTTP status refuses the service."""
    return status in REFUSING or status in SERVER_ERRORS


def is_declined(sides: Sides) -> bool:
    """Whether the service was refused in this connection, by either end's program."""
    return alerted(sides) or only_refusals(sides) or turned_away(sides) or closed_mute(sides)


def alerted(sides: Sides) -> bool:
    """TLS was broken off by a fatal alert before it carried anything: in clear, or the first thing that was sealed.

    Where the capture missed some of what the client sent, the first sealed words in view need not be the first.
    """
    there, back = sides.there, sides.back
    if there.alert is not None or back.alert is not None:
        return True
    return there.sealed_alert and not there.ciphered and back.ciphered and not there.missed


def only_refusals(sides: Sides) -> bool:
    """Every HTTP answer in view was a refusal: who is asked for a password and then serves has not refused."""
    statuses = sides.back.statuses
    return bool(statuses) and all(refuses(status) for status, _ in statuses)


def turned_away(sides: Sides) -> bool:
    """The server spoke first, and what it said was no welcome."""
    return sides.back.turns_away and "d" in sides.history.partition("D")[0]


def closed_mute(sides: Sides) -> bool:
    """The server took a recognised request and closed in good order without a word."""
    if sides.blind_back or sides.blind_there or spoke_unseen(sides):
        return False
    return closed_without_answer(sides) and sides.there.opening in ASKING
