"""Whether replies come in by the router that packets are sent to, by link addresses on an end's own segment.

What shows is the last link alone: two routers on it are a reason to look at where their ways lead and prove nothing,
and behind a single one the ways may part as well. Addresses that routers share (VRRP, CARP, HSRP, GLBP) receive and
mostly do not send. What `tcpdump -i any` keeps names senders alone.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import Outcome
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject, cite
from bothways.way import Way


class Router(StrEnum):
    """By which router the replies come in to the end beside which somebody watched."""

    SAME = "same"
    ANOTHER = "another"
    ANOTHER_ALWAYS = "another-always"
    """Another one, and so it is with connections that work."""


REPLY_ROUTER = Kind(
    id="reply-router",
    asks="Do the replies come in by the router that the packets are sent to?",
    # Path reports tell more of the same; it weighs so little that it may stand beside them.
    family="reply-router",
    answers=Router,
    decisive=False,
)

_SHARED = re.compile(
    # VRRP for IPv4 and IPv6 (RFC 9568 section 7.3), whose addresses CARP uses; HSRP 1 and 2; GLBP.
    r"00:00:5e:00:0[12]:..|00:00:0c:07:ac:..|00:00:0c:9f:f.:..|00:05:73:a0:0.:..|00:07:b4:..:..:.."
)


class _Link(Struct, frozen=True, kw_only=True):
    """One connection on the segment of one of its ends."""

    seen: Seen
    sent_to: Segment
    came_from: Segment

    @property
    def by_another(self) -> bool:
        return self.sent_to.link_receiver != self.came_from.link_source


def reply_router(subject: Subject) -> Fact:
    """Compare the receiver of the end's own packets with the sender of those that come in, on each end's segment."""
    links = [found for exchange in subject.exemplars for found in _links(exchange)]
    known = [link for link in links if isinstance(link, _Link)]
    if not known:
        reasons = [link for link in links if isinstance(link, str)]
        return unknown(REPLY_ROUTER, reasons[0] if reasons else "no capture shows both ways of it at one of the ends")
    strange = [link for link in known if link.by_another]
    if not strange:
        return _fact(Router.SAME, known[0], "the replies come in by the router that the packets are sent to")
    link = strange[0]
    says = (
        f"the {link.seen.observer.vantage} sends to {link.sent_to.link_receiver} and gets the other end's packets "
        f"from {link.came_from.link_source}"
    )
    if _usual(subject, link):
        return _fact(Router.ANOTHER_ALWAYS, link, f"{says}, also those of connections that work")
    return _fact(Router.ANOTHER, link, says)


def _links(exchange: Exchange) -> Iterable[_Link | str]:
    """The connection on each end's segment; why it cannot be told where it cannot."""
    for seen in exchange.seen:
        if seen.observer.place in {Place.CLIENT, Place.SERVER}:
            yield _link(seen)


def _link(seen: Seen) -> _Link | str:
    out = Way.THERE if seen.observer.place is Place.CLIENT else Way.BACK
    # A device that resets in the other end's name may stand anywhere.
    left = [segment for segment in seen.segments(out) if not segment.is_reset]
    came = [segment for segment in seen.segments(out.other) if not segment.is_reset]
    if not left or not came:
        return "no capture shows both ways of it at one of the ends"
    why = _ambiguous(left, came, away=seen.observer.routers_back if out is Way.THERE else seen.observer.routers_there)
    return why or _Link(seen=seen, sent_to=left[0], came_from=came[0])


def _ambiguous(left: Sequence[Segment], came: Sequence[Segment], *, away: int | None) -> str | None:
    """Why the link addresses say nothing of routers; None where they do. *away*: routers to the other end."""
    if not away:
        return "no router stands between the ends"
    if any(segment.link_receiver is None or segment.link_source is None for segment in (*left, *came)):
        return "the capture does not name the receivers on the link (`-i any`, or no Ethernet)"
    if len({segment.link_source for segment in left} | {segment.link_receiver for segment in came}) > 1:
        return "the host uses several cards"
    routers = {segment.link_receiver for segment in left} | {segment.link_source for segment in came}
    if len(routers) > 1 and any(_SHARED.fullmatch(router or "") for router in routers):
        return "routers share an address on this link, under which they do not send"
    if len({segment.link_receiver for segment in left}) > 1 or len({segment.link_source for segment in came}) > 1:
        return "the router changes in the midst of the connection"
    return None


def _usual(subject: Subject, link: _Link) -> bool:
    """Whether a connection that works has its replies come in by another router, too, beside the same end."""
    for exchange in subject.captured:
        if exchange.outcome is not Outcome.WORKED:
            continue
        for other in _links(exchange):
            if isinstance(other, _Link) and other.seen.observer is link.seen.observer and other.by_another:
                return True
    return False


def _fact(answer: Router, link: _Link, says: str) -> Fact:
    cites = cite(link.seen, link.sent_to, link.came_from)
    return Fact(kind=REPLY_ROUTER, answer=answer, says=says, vantage=link.seen.observer.vantage, cites=cites)
