"""Scripts of connections that fail, as a tap between the client and whatever breaks them sees them."""

import struct
from collections.abc import Iterator

from bench.large.frames import ACK, FIN, RST, SYN, Host, Talk, Timed, icmp_frame, record
from bench.large.payloads import client_hello, get, parts, reply, request, sealed, server_flight
from bench.large.talks import MILLISECOND, PUSH, SECOND, Scene, deliver, secure, shake

RECORD_AND_LINK = 16 + 14
REPEATS = (1, 3, 7, 15)
"""Seconds after which a SYN or a SYN+ACK is sent again (RFC 6298, doubled each time)."""

RTO = (220, 660, 1540, 3300, 6800, 13_800)
"""The same for data, milliseconds."""


def unanswered(scene: Scene) -> Iterator[Timed]:
    """Nothing answers the SYN."""
    talk, at = scene.talk, scene.at
    yield talk.there(at, SYN)
    for later in REPEATS:
        yield talk.there(at + later * SECOND, SYN, seq=talk.client.isn)


def refused(scene: Scene) -> Iterator[Timed]:
    """A reset answers it."""
    talk, at = scene.talk, scene.at
    yield talk.there(at, SYN)
    yield talk.back(at + 2 * talk.server.host.away, RST | ACK, seq=0)


def half_open(scene: Scene) -> Iterator[Timed]:
    """What the client sends after its SYN goes missing behind the tap: the server repeats its SYN+ACK."""
    talk, at = scene.talk, scene.at
    start = yield from shake(talk, at)
    hello = client_hello(scene.name, 0)
    first = talk.client.next
    events = [talk.there(start + 200, PUSH, hello)]
    events += [talk.there(start + ms * MILLISECOND, PUSH, hello, seq=first) for ms in RTO]
    for later in REPEATS:
        again = at + later * SECOND + 2 * talk.server.host.away
        events.append(talk.back(again, SYN | ACK, seq=talk.server.isn, ack=first))
        events.append(talk.there(again + 2 * talk.client.host.away, ACK))
    yield from sorted(events, key=lambda item: item[0])


def _stalled(talk: Talk, at: int, said: tuple[bytes, ...], *, back: bool) -> Iterator[Timed]:
    """Segments of which none arrives: all once, the first again and again."""
    say, sender = (talk.back, talk.server) if back else (talk.there, talk.client)
    first = sender.next
    for place, data in enumerate(said):
        yield say(at + 14 * place, PUSH, parts(data, len(data))[0])
    for ms in RTO:
        yield say(at + ms * MILLISECOND, ACK, parts(said[0], len(said[0]))[0], seq=first)


def name_filtered(scene: Scene) -> Iterator[Timed]:
    """The ClientHello with this name never gets through."""
    at = yield from shake(scene.talk, scene.at)
    yield from _stalled(scene.talk, at + 200, (client_hello(scene.name, 1).data,), back=False)


def name_reset(scene: Scene) -> Iterator[Timed]:
    """Something on the way resets the connection as soon as it reads the name."""
    talk = scene.talk
    at = yield from shake(talk, scene.at)
    yield talk.there(at + 200, PUSH, client_hello(scene.name, 2))
    talk.server.ttl = 62
    yield talk.back(at + 900, RST | ACK)


def hole_back(scene: Scene) -> Iterator[Timed]:
    """Large packets of the server never reach the client, and nobody tells the server."""
    talk = scene.talk
    at = yield from shake(talk, scene.at)
    at = yield from deliver(talk, at + 200, (client_hello(scene.name, 3),), scene.dice, back=False)
    flight = tuple(one.data for one in parts(server_flight(2900, 1), talk.mss)[:2])
    yield from _stalled(talk, at + 500, flight, back=True)


def hole_there(scene: Scene) -> Iterator[Timed]:
    """Large packets of the client never reach the server."""
    talk = scene.talk
    at = yield from shake(talk, scene.at)
    at = yield from secure(scene, at)
    at += 2 * talk.server.host.away
    yield talk.back(at, PUSH, parts(sealed(230, 4), 1400)[0])
    upload = tuple(one.data for one in parts(sealed(8000, 5), talk.mss)[:5])
    yield from _stalled(talk, at + 2 * talk.client.host.away + 200, upload, back=False)


def silent(scene: Scene) -> Iterator[Timed]:
    """The server takes the request and never says a word; the client gives up after half a minute."""
    talk = scene.talk
    at = yield from shake(talk, scene.at)
    yield talk.there(at + 100, PUSH, get(scene.name, 3))
    at += 100 + 2 * talk.server.host.away
    yield talk.back(at)
    at += 20 * SECOND
    yield talk.there(at, FIN | ACK)
    yield talk.back(at + 2 * talk.server.host.away, ACK)


def reset_after_data(scene: Scene) -> Iterator[Timed]:
    """The server takes the request and resets the connection."""
    talk = scene.talk
    at = yield from shake(talk, scene.at)
    yield talk.there(at + 100, PUSH, get(scene.name, 2))
    at += 2 * talk.server.host.away + 100
    yield talk.back(at)
    yield talk.back(at + 40 * MILLISECOND, RST | ACK)


def window_closed(scene: Scene) -> Iterator[Timed]:
    """The server's program reads no more: its window stays closed, whatever it is asked."""
    talk = scene.talk
    at = yield from shake(talk, scene.at)
    upload = parts(sealed(14_000, 6), talk.mss)
    for place, one in enumerate(upload[:8]):
        yield talk.there(at + 100 + 14 * place, ACK, one)
    at += 2 * talk.server.host.away + 400
    yield talk.back(at, ACK, window=0)
    for ms in RTO:
        probe = at + ms * MILLISECOND
        yield talk.there(probe, ACK, seq=(talk.client.next - 1) & 0xFFFFFFFF)
        yield talk.back(probe + 2 * talk.server.host.away, ACK, window=0)


def _told(reporter: Host, talk: Talk, kind: tuple[int, int], syn: Timed, after: int) -> Timed:
    """An ICMP error that *reporter* sends about a packet of the client."""
    at, packet = syn
    start = RECORD_AND_LINK + (4 if talk.client.host.vlan or talk.server.host.vlan else 0)
    frame = icmp_frame(reporter, talk.client.host, kind, struct.pack(">I", 0) + packet[start:])
    return at + after, record(at + after, frame)


def _router(talk: Talk, number: int) -> Host:
    """A router on the way, *number* of its network."""
    server = talk.server.host
    address = (
        bytes.fromhex("20010db8fffe") + bytes(9) + bytes([number]) if len(server.address) == 16 else bytes([192, 0, 2])
    )
    address = address if len(address) == 16 else address + bytes([number])
    return Host(address=address, mac=server.mac, ttl=62, away=1500)


def _unreachable(scene: Scene, kinds: tuple[tuple[int, int], tuple[int, int]], after: int) -> Iterator[Timed]:
    talk = scene.talk
    kind = kinds[len(talk.client.host.address) == 16]
    router = _router(talk, 9)
    for later in (0, *REPEATS[:3]):
        syn = talk.there(scene.at + later * SECOND, SYN, seq=talk.client.isn)
        yield syn
        yield _told(router, talk, kind, syn, after)


def prohibited(scene: Scene) -> Iterator[Timed]:
    """A filter answers with an ICMP error: communication administratively prohibited."""
    return _unreachable(scene, ((3, 13), (1, 1)), 1500)


def no_route(scene: Scene) -> Iterator[Timed]:
    """A router knows no way to the host, and says so after it has asked for it."""
    return _unreachable(scene, ((3, 1), (1, 3)), 800 * MILLISECOND)


def loop(scene: Scene) -> Iterator[Timed]:
    """Two routers hand the SYN to each other, the tap between them, until its hops run out."""
    talk = scene.talk
    router = _router(talk, 17)
    for later in (0, *REPEATS[:3]):
        at, packet = syn = talk.there(scene.at + later * SECOND, SYN, seq=talk.client.isn)
        yield syn
        for hops in range(2, talk.client.host.ttl, 2):
            at += 700
            yield at, _routed(packet, at, hops)
        yield _told(router, talk, (11, 0), syn, at - syn[0] + 350)


def _routed(packet: bytes, at: int, hops: int) -> bytes:
    """An IPv4 packet that passed the tap before, *hops* routers later."""
    start = packet.index(b"\x08\x00\x45", 16) + 2
    header = bytearray(packet[start : start + 20])
    header[8] -= hops
    check = (header[10] << 8 | header[11]) + (hops << 8)
    header[10:12] = ((check & 0xFFFF) + (check >> 16)).to_bytes(2, "big")
    return record(at, packet[16:start] + bytes(header) + packet[start + 20 :])


def state_expired(scene: Scene) -> Iterator[Timed]:
    """A firewall forgets a connection that was idle: what the client says then goes missing."""
    talk = scene.talk
    at = yield from shake(talk, scene.at)
    for variant in range(3):
        yield talk.there(at + 80, PUSH, request(talk.port, variant))
        at += 2 * talk.server.host.away + 300
        yield talk.back(at, PUSH, reply(talk.port, variant))
        at += 2 * talk.client.host.away
        yield talk.there(at)
    yield from _stalled(talk, at + 20 * SECOND, (request(talk.port, 4).data,), back=False)
