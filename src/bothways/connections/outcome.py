"""Did this connection fail? Defined once, for one connection at one observer, from counters alone.

Failed is a connection that was refused or reset before it did its work, or that waited at least `PATIENCE` for an
answer while the capture still ran. What the capture's start or end cut off is censored, not failed: a connection that
was open before the capture began has failed only if it visibly fails in it.
"""

from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections import handshake
from bothways.connections.declined import is_declined
from bothways.connections.ends import (
    closed_without_answer,
    may_have_been_turned_away,
    newest,
    open_bytes,
    reset_came_first,
    silent_since,
    spoke_unseen,
)
from bothways.connections.handshake import Handshake
from bothways.connections.keepalive import is_kept_alive
from bothways.connections.plain import plainly_worked
from bothways.connections.retransmission import is_content
from bothways.connections.sides import Sides
from bothways.evidence.capture import WayCounters
from bothways.units import SECOND, Duration, Instant, between

PATIENCE = Duration(3 * SECOND)
"""Long enough for a SYN, its repeat after 1 s and a slow answer (RFC 6298 section 2.1 starts the RTO at 1 s), and above
two RTOs of any path whose RTO has settled."""

SEVERAL = 2
"""A server that defers accepting repeats its SYN+ACK once although it holds the ACK; twice it does not."""

REFUSALS = 3
"""Windows of 0 in a row that show the sender to be waiting: what closed it, and the answers to two probes."""

SYN_AND_FIN = 2
"""Sequence numbers that an end uses up without sending a byte of payload."""

PROBE_TTL = 32
"""No host sends with an initial TTL this low (64, 128 and 255 are usual): a SYN that leaves with less measures a
path."""


class Outcome(StrEnum):
    """What became of a connection."""

    WORKED = "worked"
    REFUSED = "refused"
    """A reset answered the SYN."""
    UNREACHABLE = "unreachable"
    """An ICMP error answered the SYN and no SYN+ACK came."""
    UNANSWERED = "unanswered"
    """The SYN had no answer, or none that the client's TCP took: it repeats its SYN."""
    HALF_OPEN = "half-open"
    """The server repeated its SYN+ACK, and nothing completed the handshake."""
    STALLED_THERE = "stalled-there"
    """What the client sent was never acknowledged, its probes of a closed window included."""
    STALLED_BACK = "stalled-back"
    """What the server sent was never acknowledged, or never arrived."""
    SILENT = "silent"
    """The server acknowledged the request and sent nothing."""
    WINDOW_CLOSED = "window-closed"
    """An end's receive window stayed closed while the other asked again and again whether it may send."""
    DECLINED = "declined"
    """TCP worked, and a program refused the service: a fatal alert of TLS, an HTTP error, a banner of refusal, or an
    orderly end instead of an answer. Whether the target fails by that is decided for all its connections together
    (`bothways.diagnosis.gate`): one page that a site refuses is no failure of the site."""
    RESET = "reset"
    """Reset before any answer of the application."""
    IDLE = "idle"
    """Connected, and then neither end said anything while the capture ran on. No failure in view, and no proof of
    health."""
    CENSORED = "censored"
    """The capture's start or end cut it off, or it missed how the waiting ended: nothing can be said."""
    PROBE = "probe"
    """A port scan or traceroute, not a connection that somebody wanted."""

    @cached_property
    def failed(self) -> bool:
        """Whether this is a failure by itself."""
        return self not in _NO_FAILURES

    # What enum gives it is computed in Python, and outcomes are counted by the hundred thousand.
    __hash__ = str.__hash__


_NO_FAILURES = frozenset({Outcome.WORKED, Outcome.DECLINED, Outcome.IDLE, Outcome.CENSORED, Outcome.PROBE})


class Fate(Struct, frozen=True, kw_only=True):
    """The outcome of one connection at one observer."""

    outcome: Outcome
    waited: Duration
    """How long the last unanswered thing had waited when the capture or the connection ended; 0 where nothing
    waited."""


def fate_of(sides: Sides, *, capture_end: Instant) -> Fate:
    """Judge one connection from its counters; *capture_end* is the time of the capture's last packet."""
    return _at_once(Outcome.WORKED) if plainly_worked(sides) else fate_by_all(sides, capture_end=capture_end)


def fate_by_all(sides: Sides, *, capture_end: Instant) -> Fate:
    """`fate_of` without looking for the plain case first."""
    state = handshake.of(sides.history)
    if _is_probe(sides, state):
        return _at_once(Outcome.PROBE)
    if _goes_back_before_the_capture(sides):
        return _at_once(Outcome.CENSORED)
    if state in {Handshake.NOTHING, Handshake.SYN, Handshake.REFUSED} or _client_took_no_answer(sides):
        return _not_offered(sides, state, capture_end)
    if _was_reset(sides):
        # Who refuses in words need not read the rest of the request: closing then resets (RFC 9112 section 9.6).
        return _at_once(Outcome.DECLINED if is_declined(sides) else Outcome.RESET)
    return _after_the_offer(sides, capture_end)


def _goes_back_before_the_capture(sides: Sides) -> bool:
    """It was open when the capture began, and what is in view is no failure.

    Keepalives; or a reset while the client said nothing, with which servers end what was idle or done; either may
    follow work that was done before.
    """
    if sides.opened_in_view:
        return False
    return is_kept_alive(sides) or (sides.back.resets > 0 and not sides.there.data and not sides.back.data)


def _client_took_no_answer(sides: Sides) -> bool:
    """The client repeats its SYN and acknowledges nothing, whatever was sent to it."""
    return sides.there.syns >= SEVERAL and sides.there.first_ack is None and not sides.blind_there


def _after_the_offer(sides: Sides, capture_end: Instant) -> Fate:
    end = _end_of_waiting(sides, capture_end)
    for judge in (_half_open, _unheard, _window_closed, _stalled_there, _stalled_back, _silent):
        fate = judge(sides, end)
        if fate is not None:
            return fate
    if is_declined(sides):
        return _at_once(Outcome.DECLINED)
    if _did_its_work(sides, capture_end):
        return _at_once(Outcome.WORKED)
    return _if_patient(Outcome.IDLE, silent_since(sides), end) or _cut_off(sides, end)


def _at_once(outcome: Outcome) -> Fate:
    return _AT_ONCE[outcome]


_AT_ONCE = {outcome: Fate(outcome=outcome, waited=Duration(0)) for outcome in Outcome}
"""One for the thousands of connections that end so."""


def _cut_off(sides: Sides, end: Instant) -> Fate:
    """Neither failed nor done when the capture ended; an end that repeats itself may have been about to fail."""
    pairs = ((sides.there, sides.back), (sides.back, sides.there))
    waits = [newest(sender) for sender, receiver in pairs if sender.stuck and open_bytes(sender, receiver)]
    spans = [between(since, end) for since in waits if since is not None]
    # Where the clock was set meanwhile, how long it waited is not known, and that it did is.
    return Fate(outcome=Outcome.CENSORED, waited=Duration(max(*spans, 1)) if spans else Duration(0))


def _if_patient(outcome: Outcome, since: Instant | None, end: Instant) -> Fate | None:
    """A failure only if it was waited for long enough."""
    if since is None or between(since, end) < PATIENCE:
        return None
    return Fate(outcome=outcome, waited=between(since, end))


def measures_path(sides: Sides) -> bool:
    """Tell whether the client's packets are a path tool's: its SYNs leave with as many hops as they are to reach."""
    there = sides.there
    return there.syns > 0 and there.ttl_highest is not None and there.ttl_highest < PROBE_TTL


def _is_probe(sides: Sides, state: Handshake) -> bool:
    """A SYN sent with a tiny TTL, or one whose sender resets the SYN+ACK at once, as scanners do.

    A scanner has its answer then, and no RST answers its RST. Who asks again after the reset wants the connection and
    cannot take the reply; and a server that repeats its SYN+ACK never got the reset.
    """
    there = sides.there
    if there.data:
        return False
    if measures_path(sides):
        return True
    once = there.syns == 1 and sides.back.syn_acks <= 1
    scans = there.resets > 0 and there.bare_acks == 0 and once and not sides.back.resets
    return state is Handshake.RESET and scans


def _not_offered(sides: Sides, state: Handshake, capture_end: Instant) -> Fate:
    """No SYN+ACK: refused, unreachable, unanswered, or cut off.

    A SYN that its kernel never repeated was given up by its program within a second (the loser of a race between
    address families, for one): that is not a wait.
    """
    if state is Handshake.REFUSED:
        return _at_once(Outcome.REFUSED)
    if sides.there.icmp_errors:
        return _at_once(Outcome.UNREACHABLE)
    if state is Handshake.NOTHING or sides.there.syns < SEVERAL:
        return _at_once(Outcome.CENSORED)
    return _if_patient(Outcome.UNANSWERED, sides.there.first, capture_end) or _at_once(Outcome.CENSORED)


def _was_reset(sides: Sides) -> bool:
    """The server's side sent a RST before any answer.

    Or while the client's bytes were open and the server had not closed.
    """
    if not sides.back.resets or sides.back.fins:
        return False
    if sides.back.data and not reset_came_first(sides.history):
        return open_bytes(sides.there, sides.back) > 0
    return sides.there.data > 0 or not sides.there.fins


def _end_of_waiting(sides: Sides, capture_end: Instant) -> Instant:
    """Until when somebody waited: the capture's end, or the last packet of a connection that was closed or given up."""
    closed = sides.there.fins or sides.there.resets or sides.back.resets
    lasts = [last for last in (sides.there.last, sides.back.last) if last is not None]
    return max(lasts) if closed and lasts else capture_end


def _half_open(sides: Sides, end: Instant) -> Fate | None:
    """More SYN+ACKs than SYNs ask for, twice or more, and nothing past them: no ACK completed the connection."""
    back = sides.back
    repeats = back.syn_acks - max(sides.there.syns, 1)
    if repeats < SEVERAL or back.data or back.first is None or back.acked != back.first_ack:
        return None
    return Fate(outcome=Outcome.HALF_OPEN, waited=between(back.first, end))


def _window_closed(sides: Sides, end: Instant) -> Fate | None:
    """An end says again and again, up to the last, that it has no room: it is asked, and does not read.

    Once is not enough: who has read all that he wants may close, or be closed, with a window of 0.
    """
    for receiver, sender in ((sides.back, sides.there), (sides.there, sides.back)):
        if receiver.shut >= REFUSALS and receiver.shut_since is not None and not sender.fins:
            fate = _if_patient(Outcome.WINDOW_CLOSED, receiver.shut_since, end)
            if fate is not None:
                return fate
    return None


def _unheard(sides: Sides, _: Instant) -> Fate | None:
    """After the SYN+ACK nothing came back, and the client says over and over that it is there.

    So it probes a window that was closed from the first (RFC 9293 section 3.8.6.1), or asks whether anybody is left
    (section 3.8.4). One ACK alone is what any silent client sends.
    """
    there, back = sides.there, sides.back
    answered = back.packets > back.syn_acks or back.syn_acks != 1 or there.acked != there.first_ack
    if not there.syns or sides.blind_back or answered or there.data or there.bare_acks <= SEVERAL:
        return None
    if there.first is None or there.last is None:
        return None
    return _if_patient(Outcome.STALLED_THERE, there.first, there.last)


def _stalled_there(sides: Sides, end: Instant) -> Fate | None:
    """Client data that no acknowledgement covers or, where the way back is not visible, data repeated without end."""
    there = sides.there
    if sides.blind_back:
        return _stalled_unseen(Outcome.STALLED_THERE, there)
    if not there.data:
        return None
    return _stalled(Outcome.STALLED_THERE, there, there.advanced, end) if open_bytes(there, sides.back) else None


def _stalled_unseen(outcome: Outcome, sender: WayCounters) -> Fate | None:
    """Data or a FIN repeated again and again, and nothing new: the way not in view brings no acknowledgement."""
    if sender.stuck < SEVERAL or sender.stuck_until is None:
        return None
    return _if_patient(outcome, newest(sender), sender.stuck_until)


def _stalled_back(sides: Sides, end: Instant) -> Fate | None:
    """Server data that the client never acknowledged, whether this observer saw the data or only the gap it left."""
    back = sides.back
    if sides.blind_there:
        return _stalled_unseen(Outcome.STALLED_BACK, back)
    if not open_bytes(back, sides.there):
        return None
    since = sides.there.advanced if back.advanced is None else back.advanced
    return _stalled(Outcome.STALLED_BACK, back, since, end)


def _stalled(outcome: Outcome, sender: WayCounters, since: Instant | None, end: Instant) -> Fate | None:
    """Bytes of *sender* wait. A sender that does not repeat them shows that the observer missed how that ended."""
    fate = _if_patient(outcome, since, end)
    return replace(fate, outcome=Outcome.CENSORED) if fate is not None and is_content(sender) else fate


def _silent(sides: Sides, end: Instant) -> Fate | None:
    """The request was acknowledged and no payload ever came back.

    Whether an answer is due to what is sent on a connection that was open before, only a recognised request tells.
    """
    if not sides.there.data or sides.back.data or sides.blind_back:
        return None
    if not sides.opened_in_view and sides.there.name is None:
        return None
    if spoke_unseen(sides) or _sends_unasked(sides.there):
        return None
    # A server that closes ends the wait, also where the observer missed what the client made of it.
    until = sides.back.last if sides.back.fins and sides.back.last is not None else end
    return _if_patient(Outcome.SILENT, sides.there.advanced, min(end, until))


def _sends_unasked(there: WayCounters) -> bool:
    """Whether the client goes on sending without an answer, as log shippers and sensors do.

    It does not wait for one.
    """
    if there.first is None or there.advanced is None:
        return False
    return between(there.first, there.advanced) >= PATIENCE


def _did_its_work(sides: Sides, capture_end: Instant) -> bool:
    """Closed in good order, or data came back, all was acknowledged, and the capture ran on without anybody waiting.

    One way alone proves nothing of the kind: what it acknowledges may be a part, and what fails may be out of view.
    """
    there, back = sides.there, sides.back
    if sides.blind_back or sides.blind_there:
        return False
    if there.fins and back.fins:
        return not (closed_without_answer(sides) or may_have_been_turned_away(sides))
    if open_bytes(there, back) or open_bytes(back, there):
        return False
    lasts = [last for last in (there.last, back.last) if last is not None]
    watched_on = bool(lasts) and between(max(lasts), capture_end) >= PATIENCE
    return there.acked != there.first_ack and (watched_on or there.fins > 0)
