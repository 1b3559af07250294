"""Scripts of connections that work: generators of records in order of time, as a tap between the ends sees them."""

import random
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import NamedTuple

from bench.large.frames import ACK, FIN, NOTHING, PSH, RST, SYN, Payload, Talk, Timed, Way
from bench.large.payloads import (
    client_hello,
    finished,
    get,
    greeting,
    page,
    parts,
    reply,
    request,
    sealed,
    server_flight,
)

Say = Callable[..., Timed]
Script = Generator[Timed, None, int]
"""Gives records, and at the end when it is over."""

GAP = 14
"""Microseconds between two segments of a burst."""

MILLISECOND = 1000
SECOND = 1_000_000
KEEPALIVE = 45 * SECOND
PUSH = PSH | ACK
TROUBLED = 0.02
"""Share of bursts in which a packet is lost, late or seen twice."""

LARGEST_BURST = 64
RESUMED = 110
"""Bytes that a server has to say beyond its hello where the client knows it: no certificates."""

VARIANTS = 8


class Scene(NamedTuple):
    """What a script is told."""

    talk: Talk
    at: int
    name: str
    dice: random.Random
    end: int
    """Of the capture: what goes on for ever need not go on for longer."""


def shake(talk: Talk, at: int) -> Script:
    """SYN, SYN+ACK, ACK."""
    yield talk.there(at, SYN)
    at += 2 * talk.server.host.away
    yield talk.back(at, SYN | ACK)
    at += 2 * talk.client.host.away
    yield talk.there(at)
    return at


def deliver(talk: Talk, at: int, said: Sequence[Payload], dice: random.Random, *, back: bool) -> Script:
    """Data and its acknowledgements, in bursts that grow."""
    ahead = 2 * (talk.client if back else talk.server).host.away
    behind = 2 * (talk.server if back else talk.client).host.away
    start, window = 0, 10
    while start < len(said):
        burst = said[start : start + window]
        start += len(burst)
        window = min(2 * window, LARGEST_BURST)
        troubled = len(burst) > 2 and dice.random() < TROUBLED
        events = _troubled(talk, at, burst, dice, back=back) if troubled else _burst(talk, at, burst, back=back)
        if ahead <= GAP * len(burst) or troubled:
            events.sort(key=_when)
        yield from events
        at = events[-1][0] + (behind if start < len(said) else 0)
    return at


def _when(item: Timed) -> int:
    return item[0]


def _burst(talk: Talk, at: int, burst: Sequence[Payload], *, back: bool) -> list[Timed]:
    """Segments, then an acknowledgement of every second one and of the last."""
    say, hear, sender = _sides(talk, back=back)
    away = (talk.client if back else talk.server).host.away
    found, acks = [], []
    last = len(burst) - 1
    for place, one in enumerate(burst):
        found.append(say(at + GAP * place, PUSH if place == last else ACK, one))
        if place & 1 or place == last:
            acks.append((at + GAP * place + 2 * away, sender.next))
    found += [hear(when, ACK, ack=number) for when, number in acks]
    return found


def _sides(talk: Talk, *, back: bool) -> tuple[Say, Say, Way]:
    """Who sends data, who acknowledges it, and the count of what was sent."""
    return (talk.back, talk.there, talk.server) if back else (talk.there, talk.back, talk.client)


def _troubled(talk: Talk, at: int, burst: Sequence[Payload], dice: random.Random, *, back: bool) -> list[Timed]:
    """A burst with one packet that is lost on either side of the tap, overtaken, or copied by the mirror port."""
    say, hear, sender = _sides(talk, back=back)
    ahead = 2 * (talk.client if back else talk.server).host.away
    whole = ahead + 2 * (talk.server if back else talk.client).host.away
    which = int(dice.random() * (len(burst) - 1))
    what = int(dice.random() * 4)
    begin, found, numbers = sender.next, [], [sender.next]
    for place, one in enumerate(burst):
        found.append(say(at + GAP * place, ACK, one))
        numbers.append(sender.next)
    when, record = found[which]
    again = at + GAP * len(burst) + whole + 5 * MILLISECOND
    if what == 0:  # overtaken by the next one
        found[which] = when + GAP + 3, record
    elif what == 1:  # copied
        found.append((when + 2, record))
    else:  # lost: before the tap, or behind it
        if what == 2:
            del found[which]
        later = len(burst) - which - 1
        found += [hear(when + ahead + GAP * (more + 1), ACK, ack=numbers[which]) for more in range(min(later, 4))]
        found.append(say(again, ACK, burst[which], seq=numbers[which]))
    done = again + ahead if what >= 2 else at + GAP * len(burst) + ahead
    if begin != sender.next:
        found.append(hear(done, ACK, ack=sender.next))
    return found


def close(talk: Talk, at: int, dice: random.Random, *, by_server: bool = False) -> Script:
    """FIN, FIN, ACK; now and then with an ACK more, or by a RST of a client in a hurry."""
    say, hear, _ = _sides(talk, back=by_server)
    away = 2 * (talk.client if by_server else talk.server).host.away
    yield say(at, FIN | ACK)
    if not by_server and dice.random() < 0.06:
        at += 300
        yield talk.there(at, RST)
        return at
    at += away
    if dice.random() < 0.4:
        yield hear(at, ACK)
        at += 90
    yield hear(at, FIN | ACK)
    at += 2 * (talk.server if by_server else talk.client).host.away
    yield say(at, ACK)
    return at


def secure(scene: Scene, at: int) -> Script:
    """The handshake of TLS 1.3."""
    talk, dice = scene.talk, scene.dice
    variant = int(dice.random() * VARIANTS)
    hello = client_hello(scene.name, variant, 512 if dice.random() < 0.97 else 1750)
    at = yield from deliver(talk, at + 150, parts(hello.data, talk.mss), dice, back=False)
    size = RESUMED if dice.random() < 0.9 else (2400, 2900, 3700, 4300)[variant & 3]
    flight = server_flight(size, variant & 3)
    at = yield from deliver(talk, at + 400, parts(flight, talk.mss), dice, back=True)
    at += 600
    yield talk.there(at, PUSH, finished(variant))
    return at


def size_of(dice: random.Random) -> int:
    """Bytes of an answer: most are short; one of few sizes, so that they are made only once."""
    drawn = dice.random()
    if drawn < 0.9:
        return 100 + 100 * int(dice.random() * 8)
    if drawn < 0.993:
        return 1500 + 500 * int(dice.random() * 8)
    return 10_000 + 5000 * int(dice.random() * 6)


def web(scene: Scene) -> Iterator[Timed]:
    """A browser and a site by TLS."""
    talk, dice = scene.talk, scene.dice
    at = yield from shake(talk, scene.at)
    at = yield from secure(scene, at)
    drawn = dice.random()
    for _ in range(1 if drawn < 0.91 else 2 + int(dice.random() * (3 if drawn < 0.99 else 10))):
        variant = int(dice.random() * VARIANTS)
        at += 300
        yield talk.there(at, PUSH, parts(sealed(150 + 60 * variant, variant), 1400)[0])
        at += 2 * talk.server.host.away + 2000 + int(dice.random() * 9000)
        at = yield from deliver(talk, at, parts(sealed(size_of(dice), variant), talk.mss), dice, back=True)
        at += int(dice.random() ** 4 * 3 * SECOND)
    yield from close(talk, at + 200, dice, by_server=dice.random() < 0.25)


def plain(scene: Scene) -> Iterator[Timed]:
    """HTTP without TLS; a few answers say that a page is not there."""
    talk, dice = scene.talk, scene.dice
    at = yield from shake(talk, scene.at)
    for _ in range(1 if dice.random() < 0.9 else 3):
        at += 100
        yield talk.there(at, PUSH, get(scene.name, int(dice.random() * VARIANTS)))
        at += 2 * talk.server.host.away + 1500 + int(dice.random() * 6000)
        missing = dice.random() < 0.02
        said = page(160, "404 Not Found") if missing else page(size_of(dice))
        at = yield from deliver(talk, at, parts(said, talk.mss), dice, back=True)
        at += int(dice.random() ** 4 * 2 * SECOND)
    yield from close(talk, at + 200, dice, by_server=dice.random() < 0.5)


def transfer(scene: Scene, size: int) -> Iterator[Timed]:
    """A long download, or one time in five an upload, by TLS."""
    talk, dice = scene.talk, scene.dice
    at = yield from shake(talk, scene.at)
    at = yield from secure(scene, at)
    yield talk.there(at + 300, PUSH, parts(sealed(300, 1), 1400)[0])
    at += 2 * talk.server.host.away + 3000
    back = dice.random() < 0.8
    for left in range(size, 0, -16 * LARGEST_BURST * 1024):
        piece = min(left, 16 * LARGEST_BURST * 1024)
        at = yield from deliver(talk, at, parts(sealed(piece, 2), talk.mss), dice, back=back)
        at += 400
    yield from close(talk, at, dice)


def database(scene: Scene) -> Iterator[Timed]:
    """Small questions and answers, minutes long."""
    talk, dice = scene.talk, scene.dice
    at = yield from shake(talk, scene.at)
    for _ in range(3 + int(dice.random() * 8)):
        variant = int(dice.random() * VARIANTS)
        at += 80
        yield talk.there(at, PUSH, request(talk.port, variant))
        at += 2 * talk.server.host.away + 300
        yield talk.back(at, PUSH, reply(talk.port, variant))
        at += 2 * talk.client.host.away + 40
        yield talk.there(at)
        at += int(dice.random() ** 3 * 20 * SECOND)
    yield from close(talk, at, dice)


def greeted(scene: Scene) -> Iterator[Timed]:
    """A server that speaks first: SSH, SMTP, IMAP."""
    talk, dice = scene.talk, scene.dice
    at = yield from shake(talk, scene.at)
    at += 2 * talk.server.host.away + 900
    yield talk.back(at, PUSH, greeting(talk.port))
    for _ in range(2 + int(dice.random() * 4)):
        variant = int(dice.random() * VARIANTS)
        at += 2 * talk.client.host.away + 500
        yield talk.there(at, PUSH, request(talk.port, variant))
        at += 2 * talk.server.host.away + 700
        yield talk.back(at, PUSH, reply(talk.port, variant))
    at += 2 * talk.client.host.away
    yield talk.there(at)
    yield from close(talk, at + 500, dice)


def idle(scene: Scene) -> Iterator[Timed]:
    """A connection that works and then stays open, with keepalives (RFC 9293 section 3.8.4) now and then."""
    talk, at = scene.talk, scene.at
    at = yield from shake(talk, at)
    at = yield from secure(scene, at)
    at += 2 * talk.server.host.away + 2000
    yield talk.back(at, PUSH, parts(sealed(600, 3), 1400)[0])
    at += 2 * talk.client.host.away
    yield talk.there(at)
    yield from alive(scene, at)


def alive(scene: Scene, at: int) -> Iterator[Timed]:
    """Keepalives and their answers until the capture ends; also of what was open before it began."""
    talk = scene.talk
    while (at := at + KEEPALIVE) < scene.end:
        yield talk.there(at, ACK, NOTHING, seq=(talk.client.next - 1) & 0xFFFFFFFF)
        yield talk.back(at + 2 * talk.server.host.away, ACK)


def declined(scene: Scene) -> Iterator[Timed]:
    """A site that is overloaded for a moment says so: an answer, and no failure of the target by itself."""
    talk, dice = scene.talk, scene.dice
    at = yield from shake(talk, scene.at)
    yield talk.there(at + 100, PUSH, get(scene.name, 0))
    at += 2 * talk.server.host.away + 4000
    at = yield from deliver(talk, at, parts(page(90, "503 Service Unavailable"), talk.mss), dice, back=True)
    yield from close(talk, at + 100, dice, by_server=True)
