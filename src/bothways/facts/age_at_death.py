"""How long the connection had been silent, and how old it was, when its packets began to be lost.

State that a device keeps for a connection lives by timers. What dies after a silence longer than one of them, or at the
age of a timer for half-open connections, may have died of it.
"""

from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import SEVERAL
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.units import SECOND, Duration, between, plain
from bothways.way import Way
from bothways.wire.sequence import distance


class Death(StrEnum):
    """When the connection's packets began to be lost."""

    AFTER_SILENCE = "after-silence"
    """With the first packet after a silence."""
    AT_TIMER = "at-timer"
    """In use, at the age at which known devices give half-open connections up."""
    IN_USE = "in-use"
    """In use, at no such age."""


AGE_AT_DEATH = Kind(
    id="age-at-death",
    asks="How long was the connection silent, and how old was it, when its packets began to be lost?",
    family="age",
    answers=Death,
)

SILENCE = Duration(2 * SECOND)
"""A pause longer than any round trip and any usual delay of an answer. Devices that forget sooner are misconfigured;
the timers below are what they forget after unless told otherwise."""

NEAR = 0.1
"""Share of a timer by which an age may differ from it: timers are checked now and then, not at once."""


class Timer(Struct, frozen=True, kw_only=True):
    """After how long a device gives state up, unless it is told otherwise."""

    after: Duration
    whose: str


IDLE_TIMERS = (
    Timer(after=Duration(240 * SECOND), whose="Azure Load Balancer"),  # learn.microsoft.com, "TCP idle timeout": 4 min
    Timer(after=Duration(350 * SECOND), whose="AWS Network Load Balancer"),  # AWS, What's New, 3 September 2024
    Timer(after=Duration(1200 * SECOND), whose="Google Cloud NAT"),  # Compute API, tcpEstablishedIdleTimeoutSec
    Timer(after=Duration(3600 * SECOND), whose="Cisco ASA"),  # ASA CLI configuration guide, `timeout conn` 1:00:00
    Timer(after=Duration(7440 * SECOND), whose="a translator that keeps to RFC 5382"),  # section 5, REQ-5: not sooner
    Timer(after=Duration(86_400 * SECOND), whose="pf"),  # OpenBSD and FreeBSD pfvar.h, PFTM_TCP_ESTABLISHED_VAL
    Timer(after=Duration(432_000 * SECOND), whose="Linux"),  # nf_conntrack_tcp_timeout_established, read on 6.18
)
"""For connections that are open and silent."""

HALF_OPEN_TIMERS = (
    # ASA `set connection timeout embryonic` 0:0:30; pfvar.h, PFTM_TCP_OPENING_VAL
    Timer(after=Duration(30 * SECOND), whose="Cisco ASA or pf"),
    Timer(after=Duration(60 * SECOND), whose="Linux"),  # nf_conntrack_tcp_timeout_syn_recv, read on 6.18
    # nf_conntrack_tcp_timeout_syn_sent, read on 6.18; pfvar.h, PFTM_TCP_FIRST_PACKET_VAL
    Timer(after=Duration(120 * SECOND), whose="Linux or pf"),
    # RFC 5382 section 5, REQ-5: the "transitory connection idle-timeout", not sooner
    Timer(after=Duration(240 * SECOND), whose="a translator that keeps to RFC 5382"),
    Timer(after=Duration(300 * SECOND), whose="Linux"),  # nf_conntrack_tcp_timeout_unacknowledged, _max_retrans
)
"""For connections of which a device has seen one way only, however much they are used: it takes them for half-open."""


def age_at_death(subject: Subject) -> Fact:
    """When what the client sent ceased to be acknowledged, though earlier data was."""
    if not subject.exemplars:
        return unknown(AGE_AT_DEATH, "no failed connection was captured")
    return agreed([_in(exchange) for exchange in subject.exemplars])


def _in(exchange: Exchange) -> Fact:
    acked = exchange.acknowledged(Way.THERE)
    own = [seen for seen in exchange.seen if seen.observer.place is not Place.SERVER and seen.sides.there.syns]
    for seen in own:
        data = [segment for segment in seen.there if segment.payload]
        fatal = next((one for one in data if acked is not None and distance(acked, one.seq) >= 0), None)
        if fatal is None or fatal is data[0]:
            continue
        reset = any(one.is_reset and one.number > fatal.number for one in seen.back)
        if reset or sum(one.seq == fatal.seq for one in data) >= SEVERAL:
            return _measured(seen, fatal)
    return unknown(AGE_AT_DEATH, "no connection is seen to work at first and to lose its packets later")


def _measured(seen: Seen, fatal: Segment) -> Fact:
    everything = (*seen.there, *seen.back)
    before = [segment for segment in everything if segment.number < fatal.number]
    silent = between(max(segment.at for segment in before), fatal.at)
    age = between(min(segment.at for segment in before), fatal.at)
    timer = next((one for one in HALF_OPEN_TIMERS if abs(age - one.after) <= one.after * NEAR), None)
    if silent >= SILENCE:
        longest = [one for one in IDLE_TIMERS if one.after <= silent]
        known = (
            f", longer than the {plain(longest[-1].after)} after which {longest[-1].whose} may forget"
            if longest
            else ""
        )
        says = f"the first packet that was lost came after {plain(silent)} of silence{known}"
        return _fact(seen, Death.AFTER_SILENCE, says, fatal)
    if timer is not None:
        says = f"in use, at an age of {plain(age)}: {timer.whose} may give half-open ones up after {plain(timer.after)}"
        return _fact(seen, Death.AT_TIMER, says, fatal)
    return _fact(seen, Death.IN_USE, f"in use, at an age of {plain(age)}", fatal)


def _fact(seen: Seen, answer: Death, says: str, fatal: Segment) -> Fact:
    return Fact(
        kind=AGE_AT_DEATH,
        answer=answer,
        says=says,
        way=Way.THERE,
        vantage=seen.observer.vantage,
        cites=cite(seen, fatal),
    )
