"""What a connection's own packets tell of it, for those who send packets inside of it."""

from bothways.evidence.endpoint import Endpoint
from bothways.probes.arrival import read_answer
from bothways.probes.kinds import inside_ack, inside_large, inside_syn
from bothways.probes.opened import opened
from bothways.probes.plan import Heard
from bothways.units import Instant
from tests.helpers import packets as p

CLIENT, SERVER = Endpoint("2001:db8::10", 40_000), Endpoint("2001:db8:1::80", 443)
ISN, SERVER_ISN = 2**32 - 1, 2**32 - 2
OFFER = [p.mss(1440), p.sack_permitted(), p.timestamps(100, 0), p.nop(), p.window_scale(7)]


def there(at: int, flags: str, seq: int, ack: int = 0, *, payload: bytes = b"", options: object = None) -> Heard:
    stamped = [p.nop(), p.nop(), p.timestamps(100 + at, 900)] if options is None else OFFER
    tcp = p.tcp(40_000, 443, flags=flags, seq=seq, ack=ack, options=stamped, payload=payload, window=500)
    return Heard(at=Instant(at), packet=p.ip(CLIENT.address, SERVER.address, tcp))


def back(at: int, flags: str, seq: int, ack: int, *, payload: bytes = b"") -> Heard:
    options = [p.mss(1220), p.nop(), p.nop(), p.timestamps(900 + at, 100)]
    tcp = p.tcp(443, 40_000, flags=flags, seq=seq, ack=ack, options=options, payload=payload)
    return Heard(at=Instant(at), packet=p.ip(SERVER.address, CLIENT.address, tcp, ttl=57))


SHAKEN = [there(1, "S", ISN, options=OFFER), back(31, "SA", SERVER_ISN, 0), there(32, "A", 0, 2**32 - 1)]


def test_a_handshake_tells_all_numbers_across_the_end_of_their_space() -> None:
    found = opened(SHAKEN, CLIENT, SERVER)
    assert found is not None
    assert (found.client_isn, found.server_isn) == (ISN, SERVER_ISN)
    assert (found.acknowledged, found.seq, found.ack) == (0, 0, 2**32 - 1)
    assert (found.ts_value, found.ts_echo, found.server_mss) == (132, 931, 1220)
    assert (found.round_trip, found.server_ttl) == (30, 57)
    assert found.syn_options.window_scale == 7


def test_what_was_sent_and_got_since_counts_and_a_repeated_handshake_does_not() -> None:
    later = [there(40, "PA", 0, 2**32 - 1, payload=b"x" * 10), back(70, "SA", SERVER_ISN, 0)]
    found = opened([*SHAKEN, *later], CLIENT, SERVER)
    assert found is not None
    assert (found.acknowledged, found.seq, found.ack, found.round_trip) == (0, 10, 2**32 - 1, 30)
    answered = opened([*SHAKEN, *later, back(80, "PA", 2**32 - 1, 10, payload=b"y" * 5)], CLIENT, SERVER)
    assert answered is not None
    assert (answered.acknowledged, answered.ack) == (10, 4)


def test_the_round_trip_of_a_repeated_syn_is_unknown() -> None:
    found = opened([there(0, "S", ISN, options=OFFER), *SHAKEN], CLIENT, SERVER)
    assert found is not None
    assert found.round_trip is None


def test_without_an_answer_nothing_is_open() -> None:
    assert opened(SHAKEN[:1], CLIENT, SERVER) is None
    assert opened(SHAKEN[1:], CLIENT, SERVER) is None
    assert opened([Heard(at=Instant(0), packet=b"\x45")], CLIENT, SERVER) is None


def test_the_probes_bear_the_numbers_of_the_connection() -> None:
    found = opened(SHAKEN, CLIENT, SERVER)
    assert found is not None
    syn, ack = (read_answer(kind(found).build(3, 5)) for kind in (inside_syn, inside_ack))
    first = read_answer(SHAKEN[0].packet)
    assert syn is not None
    assert ack is not None
    assert first is not None
    assert (syn.header.seq, syn.header.flags, syn.header.options) == (ISN, 2, first.header.options)
    assert (ack.header.seq, ack.header.ack, ack.header.flags) == (2**32 - 1, 2**32 - 1, 0x10)
    assert (syn.ttl, ack.ttl) == (3, 3)


def test_the_largest_segment_is_as_large_as_the_servers_offer_allows() -> None:
    found = opened(SHAKEN, CLIENT, SERVER)
    assert found is not None
    assert len(inside_large(found).build(1, 1)) == 40 + 20 + 1220
