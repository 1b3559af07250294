"""What the two programs say, as far as it can be read: how far TLS got, and whether a refusal was said in words.

Whoever answers at the server's address is the server here: a load balancer or a proxy in front of it, too. What TLS
1.3 encrypts is not read; by its length a client's first sealed record shows that it breaks off.
"""

from collections.abc import Callable
from enum import StrEnum

from bothways.connections.declined import alerted, only_refusals, refuses, turned_away
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import Outcome
from bothways.evidence.said import Says
from bothways.evidence.segment import Content, Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, Tried, cite
from bothways.way import Way


class Spoken(StrEnum):
    """What the first words say."""

    SERVER_ALERT = "server-alert"
    """The server broke TLS off with a fatal alert."""
    CLIENT_ALERT = "client-alert"
    """The client did: it does not accept what the server offers, most often its certificate."""
    HTTP_ERROR = "http-error"
    """Every HTTP answer was a refusal (`bothways.connections.declined`)."""
    BANNER = "refusal-banner"
    """The server spoke first, and turned the client away."""
    ORDINARY = "ordinary"
    """Words of the server that refuse nothing, or that cannot be read."""
    NOTHING = "nothing"
    """The server said nothing."""


class Progress(StrEnum):
    """How far TLS got."""

    NONE = "none"
    """No TLS was spoken."""
    HELLO = "hello"
    """A ClientHello, and no TLS of the server."""
    SERVER_HELLO = "server-hello"
    """The server answered in TLS."""
    ENCRYPTED = "encrypted"
    """Both ends encrypt."""


APPLICATION_ANSWER = Kind(
    id="application-answer",
    asks="What do the programs say to each other, as far as it can be read?",
    family="application-answer",
    answers=Spoken,
)
TLS_PROGRESS = Kind(id="tls-progress", asks="How far did TLS get?", family="tls-progress", answers=Progress)

REFUSALS = (Spoken.SERVER_ALERT, Spoken.CLIENT_ALERT, Spoken.HTTP_ERROR, Spoken.BANNER)
"""Refusals in words."""

ALERTS = {
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}
"""Fatal alerts by their numbers (RFC 8446 section 6; 86: RFC 7507)."""


def application_answer(subject: Subject) -> Fact:
    """What was said in the failing connections, else what a program's log tells of it."""
    measured = [_said_in(exchange) for exchange in subject.exemplars]
    if measured:
        return agreed(measured)
    told = [fact for tried in subject.tried_in_vain() if (fact := _told(tried)) is not None]
    return agreed(told) if told else unknown(APPLICATION_ANSWER, "no failed connection was captured")


def _said_in(exchange: Exchange) -> Fact:
    if exchange.outcome is Outcome.DECLINED:
        refusals = [fact for seen in exchange.seen if (fact := _refusal(seen)) is not None]
        # A filter can say it in an end's name; that it left that end's own card settles who did.
        if refusals:
            return next((fact for fact in refusals if fact.decisive), refusals[0])
    seen = exchange.seen[0]
    data = next((segment for one in exchange.seen for segment in one.back if segment.payload), None)
    if data is not None:
        one = next(one for one in exchange.seen if data in one.back)
        if data.content is Content.CUT_OFF:
            return unknown(APPLICATION_ANSWER, "the capture cut off what the server said")
        return _fact(one, Spoken.ORDINARY, "the server's words refuse nothing that can be read", Way.BACK, data)
    if seen.sides.blind_back or any(one.sides.back.data for one in exchange.seen):
        return unknown(APPLICATION_ANSWER, "the server's words are not in view")
    return _fact(seen, Spoken.NOTHING, "the server said nothing", Way.BACK, next(iter(seen.back), None))


def _refusal(seen: Seen) -> Fact | None:
    """The refusal in words that this observer saw."""
    sides = seen.sides
    if alerted(sides):
        if sides.back.alert is not None:
            segment = _saying(seen, Way.BACK, Says.ALERT)
            says = f"the server broke TLS off with the fatal alert {_name(sides.back.alert)}"
            return _fact(seen, Spoken.SERVER_ALERT, says, Way.BACK, segment)
        code = sides.there.alert
        segment = _saying(seen, Way.THERE, Says.SEALED_ALERT if code is None else Says.ALERT)
        what = "an encrypted alert, by its length" if code is None else f"the fatal alert {_name(code)}"
        says = f"the client broke TLS off with {what}: it does not accept what the server offered"
        return _fact(seen, Spoken.CLIENT_ALERT, says, Way.THERE, segment)
    if only_refusals(sides):
        code = sides.back.statuses[0][0]
        says = f"every HTTP answer is a refusal, the first with status {code}"
        return _fact(seen, Spoken.HTTP_ERROR, says, Way.BACK, _saying(seen, Way.BACK, Says.STATUS))
    if turned_away(sides):
        segment = _saying(seen, Way.BACK, Says.TURNS_AWAY)
        return _fact(seen, Spoken.BANNER, "the server's first words turn the client away", Way.BACK, segment)
    return None


def _name(code: int) -> str:
    return f"{ALERTS.get(code, 'of number')} ({code})"


def _saying(seen: Seen, way: Way, says: Says) -> Segment | None:
    said = (one for one in seen.segments(way) if one.said is not None and one.said.says is says)
    return next(said, None)


def _fact(seen: Seen, answer: Spoken, says: str, way: Way, segment: Segment | None) -> Fact:
    cites = (seen.begins,) if segment is None else cite(seen, segment)
    own = Place.SERVER if way is Way.BACK else Place.CLIENT
    return Fact(
        kind=APPLICATION_ANSWER,
        answer=answer,
        says=says,
        way=way,
        vantage=seen.observer.vantage,
        cites=cites,
        decisive=answer not in REFUSALS or seen.observer.place is own,
    )


def _told(tried: Tried) -> Fact | None:
    """What a program's own log tells of the answer."""
    attempt = tried.attempt
    if attempt.status is not None and refuses(attempt.status):
        answer, says = Spoken.HTTP_ERROR, f"the program was answered with status {attempt.status}"
    elif attempt.status is not None:
        answer, says = Spoken.ORDINARY, f"the program was answered with status {attempt.status}"
    elif attempt.declined:
        answer, says = Spoken.SERVER_ALERT, "TLS was broken off, by an alert of the server or for its certificate"
    else:
        return None
    return Fact(
        kind=APPLICATION_ANSWER,
        answer=answer,
        says=says,
        way=Way.BACK,
        vantage="client",
        cites=(tried.cite(),),
        decisive=answer not in REFUSALS,
    )


def tls_progress(subject: Subject) -> Fact:
    """How far TLS got in the failing connections, by all that anybody saw of it."""
    measured = [_progress_in(exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(TLS_PROGRESS, "no failed connection was captured")


_TLS = frozenset({Content.TLS, Content.CLIENT_HELLO})


def _progress_in(exchange: Exchange) -> Fact:
    def anybody(holds: Callable[[Seen], bool]) -> Seen | None:
        return next((seen for seen in exchange.seen if holds(seen)), None)

    asked = anybody(lambda seen: seen.sides.there.opening is Content.CLIENT_HELLO)
    if asked is None:
        other = anybody(lambda seen: seen.sides.there.opening not in {Content.NOTHING, Content.CUT_OFF, Content.TLS})
        if other is None:
            return unknown(TLS_PROGRESS, "the client's first words are not in view")
        return _progress(other, Progress.NONE, "the client's first words are no TLS")
    answered = anybody(lambda seen: seen.sides.back.opening in _TLS and seen.sides.back.alert is None)
    sealed = anybody(lambda seen: seen.sides.there.ciphered and seen.sides.back.ciphered)
    if sealed is not None:
        return _progress(sealed, Progress.ENCRYPTED, "both ends encrypt")
    if answered is not None:
        return _progress(answered, Progress.SERVER_HELLO, "the server answered the ClientHello in TLS")
    return _progress(asked, Progress.HELLO, "the client sent its ClientHello, and no TLS of the server is in view")


def _progress(seen: Seen, answer: Progress, says: str) -> Fact:
    data = next((segment for segment in (*seen.back, *seen.there) if segment.payload), None)
    cites = (seen.begins,) if data is None else cite(seen, data)
    return Fact(kind=TLS_PROGRESS, answer=answer, says=says, vantage=seen.observer.vantage, cites=cites)
