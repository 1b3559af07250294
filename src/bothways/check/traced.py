"""Which traces are worth their packets, by what the connections showed so far.

The differential: packets of one flow that differ in one thing each are sent along the same path, and where one kind
ends and another goes on stands the device that minds the difference. Without a failure there is nothing to compare.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.check.trial import OF_TARGET, TLS, Purpose, Tried
from bothways.evidence.attempt import Outcome
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import Sends


class Trace(Struct, frozen=True, kw_only=True):
    """One trace to make."""

    sends: Sends
    server: Endpoint
    name: str | None = None
    """What a ClientHello says."""

    source_port: int = 0
    """0: any that no socket uses."""


class Shown(StrEnum):
    """What a connection that did not answer showed so far."""

    UNANSWERED = "unanswered"
    """Nothing came back to its SYNs."""
    STALLED = "stalled"
    """It is open, and its answer does not come or does not go on."""
    REFUSED = "refused"
    """A reset or an ICMP error came in place of the SYN+ACK."""
    BROKEN = "broken"
    """It was open, and a reset or an early end came."""
    FINE = "fine"


def shown(tried: Tried) -> Shown:
    """What *tried* showed so far."""
    if tried.is_good or (tried.over and tried.attempt.outcome is Outcome.UNKNOWN):
        return Shown.FINE
    if tried.connected is None:
        return Shown.REFUSED if tried.over and tried.attempt.outcome is not Outcome.NO_CONNECTION else Shown.UNANSWERED
    return Shown.BROKEN if tried.over and tried.attempt.outcome is not Outcome.STALLED else Shown.STALLED


INSIDE = (Sends.INSIDE_SYN, Sends.INSIDE_ACK)
"""In the connection that stalls itself: its own packets once more."""

INSIDE_OWN = (Sends.INSIDE_DATA, Sends.INSIDE_HELLO, Sends.INSIDE_OTHER_HELLO, Sends.INSIDE_LARGE)
"""Each in a connection of its own, to which its kernel wrote nothing."""


def of_target(tried: Tried) -> tuple[Trace, ...]:
    """What is sent to a server whose connection *tried* is not fine."""
    server, name = tried.trial.server, tried.trial.name
    port = tried.local.port if tried.local else 0
    plain = (Trace(sends=Sends.SYN, server=server), Trace(sends=Sends.UDP, server=server))
    match shown(tried):
        case Shown.FINE:
            return ()
        case Shown.STALLED:
            has_tls = tried.trial.ask in TLS
            own = [one for one in INSIDE_OWN if has_tls or one not in {Sends.INSIDE_HELLO, Sends.INSIDE_OTHER_HELLO}]
            inside = [Trace(sends=one, server=server, name=name, source_port=port) for one in INSIDE]
            inside += [Trace(sends=one, server=server, name=name) for one in own]
            return (*inside, Trace(sends=Sends.STRAY_ACK, server=server), *plain)
        case Shown.BROKEN:
            return (Trace(sends=Sends.STRAY_ACK, server=server), *plain)
        case Shown.UNANSWERED | Shown.REFUSED:
            # A stray ACK says nothing of a path on which not even the SYN is known to pass.
            return plain


def of_control(target: Shown, control: Tried) -> tuple[Trace, ...]:
    """What is sent to a control beside a target of that fate: the same kinds of packets, so far as it may tell."""
    kinds = {
        Shown.FINE: (),
        Shown.STALLED: (Sends.SYN, Sends.STRAY_ACK),
        Shown.BROKEN: (Sends.SYN, Sends.STRAY_ACK),
        Shown.UNANSWERED: (Sends.SYN,),
        Shown.REFUSED: (Sends.SYN,),
    }
    return tuple(Trace(sends=kind, server=control.trial.server) for kind in kinds[target])


def worst(tries: Sequence[Tried], server: Endpoint) -> Tried | None:
    """The connection to *server* that shows most: one that stalls, else one without answer, else any not fine."""
    own = [tried for tried in tries if tried.trial.server == server and tried.trial.purpose in OF_TARGET]
    order = (Shown.STALLED, Shown.UNANSWERED, Shown.BROKEN, Shown.REFUSED)
    return next((tried for fate in order for tried in own if shown(tried) is fate), None)


def best_control(tries: Sequence[Tried], server: Endpoint) -> Tried | None:
    """With which other host *server* is compared: one that answers, rather than one that at least connects."""
    family = ":" in server.address
    others = [
        tried
        for tried in tries
        if tried.trial.server.address != server.address
        and (":" in tried.trial.server.address) is family
        and tried.trial.purpose in {Purpose.ELSEWHERE, Purpose.REAL}
    ]
    good = [tried for tried in others if tried.is_good]
    return next(iter(good or [tried for tried in others if tried.connected is not None]), None)
