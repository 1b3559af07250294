"""A path with observers on it, and the script of what crossed it: evidence of several vantages from one conversation.

    network = Network("client", "firewall-inside", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(21, "A", lost="firewall-inside")     # the last observer that sees it
    exchange = network.exchange()

Sequence numbers are relative, as tcpdump prints them: the SYN is 0, data starts at 1, `seq` and `ack` default to what
an end has used up and has heard. `size` is a payload's length. TTLs and the time on the way follow from the places.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bothways.connections.clock import clock_offset
from bothways.connections.join import join, see
from bothways.connections.joined import join_captures
from bothways.connections.observer import along_path, place_observers
from bothways.connections.selection import select
from bothways.diagnosis.diagnose import diagnose
from bothways.evidence.case import CaptureEvidence, Case, Role
from bothways.evidence.endpoint import Endpoint
from bothways.facts.subject import Subject
from tests.helpers import packets as p
from tests.helpers.readers import extract, survey
from tests.helpers.translator import Translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bothways.connections.exchange import Exchange, Seen
    from bothways.connections.observer import Observer
    from bothways.connections.window import Span
    from bothways.diagnosis.model import Diagnosis
    from bothways.diagnosis.roles import Roles

START = 1_700_000_000 * 10**9
CLIENT = Endpoint("10.0.0.1", 40_000)
SERVER = Endpoint("192.0.2.2", 443)

PLACES = {"client": 0, "firewall-inside": 2, "firewall-outside": 3, "tap": 4, "server": 6}
"""Routers between the client and an observer."""

HOP_MS = 1.0
"""What each router adds."""

SIX = 6
ISN_THERE, ISN_BACK = 1_000, 900_000


class Network:
    """Observers between one client and its servers."""

    def __init__(self, *vantages: str, clocks: dict[str, float] | None = None, named: bool = True) -> None:
        """*clocks*: by how many ms an observer's clock is ahead; *named*: the files bear their vantages' names."""
        self.vantages = vantages
        self.frames: dict[str, list[p.Packet]] = {vantage: [] for vantage in vantages}
        self.clocks = clocks or {}
        self.named = named
        self.beyond: dict[str, Translator] = {}
        """What an observer's packets went through before it saw them."""
        self.talks = 0
        self.identification = 0
        self.span: Span | None = None
        """What the user limits the judgement to."""
        self._joined: tuple[int, tuple[Exchange, ...]] = (0, ())
        self._observers: tuple[Observer, ...] = ()

    def talk(
        self, *, port: int | None = None, server: Endpoint = SERVER, client: str = CLIENT.address, start: float = 0
    ) -> Talk:
        """One more connection, from another port unless *port* says which; its times count from *start*."""
        self.talks += 1
        source = Endpoint(client, port or CLIENT.port + self.talks - 1)
        return Talk(self, source, server, number=self.talks, start=start)

    def idle(self, ms: float) -> None:
        """Every capture runs on until *ms*: a stranger's UDP packet shows it."""
        frame = p.ethernet(p.ipv4("198.51.100.77", "198.51.100.78", bytes(16), protocol=17, ttl=50))
        for vantage in self.vantages:
            self.record(vantage, ms, frame)

    def record(self, vantage: str, ms: float, frame: bytes) -> None:
        at = START + round((ms + self.clocks.get(vantage, 0)) * 1_000_000)
        self.frames[vantage].append(p.Packet(at=at, frame=frame))

    # --- what becomes of it ---

    def captures(self, **roles: Role) -> tuple[CaptureEvidence, ...]:
        """Both passes over each observer's file."""
        seen = {
            vantage: self.beyond.get(vantage, Translator()).rewritten(sorted(frames, key=lambda packet: packet.at))
            for vantage, frames in self.frames.items()
        }
        data = {vantage: p.pcap_file(frames, nanoseconds=True) for vantage, frames in seen.items()}
        surveys = {vantage: survey([data[vantage]], file=f"{vantage}.pcap") for vantage in data}
        named = {
            vantage: roles.get(vantage.replace("-", "_"), Role(vantage=vantage if self.named else None))
            for vantage in data
        }
        chosen = select(join_captures([(surveys[vantage], named[vantage]) for vantage in data]), self.span)
        return tuple(
            CaptureEvidence(
                survey=surveys[vantage],
                packets=extract([data[vantage]], file=f"{vantage}.pcap", chosen=chosen[f"{vantage}.pcap"]),
                role=named[vantage],
            )
            for vantage in data
        )

    def case(self, **more: Any) -> Case:
        return Case(files=(), captures=self.captures(), **more)

    def diagnose(self, roles: Roles | None = None, **more: Any) -> Diagnosis:
        self.span = roles.span if roles else None
        return diagnose(self.case(**more), roles)

    def observers(self) -> tuple[Observer, ...]:
        return place_observers([(capture.survey, capture.role) for capture in self.captures()])

    def exchanges(self) -> tuple[Exchange, ...]:
        """The same objects until somebody says more: observers are told apart by identity."""
        size = sum(map(len, self.frames.values()))
        if size != self._joined[0]:
            self._joined = (size, self._join())
        return self._joined[1]

    def _join(self) -> tuple[Exchange, ...]:
        captures = self.captures()
        observers = place_observers([(capture.survey, capture.role) for capture in captures])
        self._observers = along_path(observers)
        seen_by = [see(observer, item.packets) for observer, item in zip(observers, captures, strict=True)]
        return join(observers, seen_by)

    def observers_as_joined(self) -> tuple[Observer, ...]:
        """The very observers that `exchanges` name, from the client to the server."""
        self.exchanges()
        return self._observers

    def exchange(self) -> Exchange:
        """The only connection."""
        (exchange,) = self.exchanges()
        return exchange

    def seen(self, vantage: str) -> Seen:
        found = self.exchange().at(vantage)
        assert found is not None
        return found

    def subject(self, *, server: Endpoint = SERVER, name: str = "", **more: Any) -> Subject:
        """The failing connections to *server*, and the others as neighbours' connections beside them."""
        exchanges = self.exchanges()
        mine = tuple(item for item in exchanges if item.server == server and item.outcome.value not in _NOT_JUDGED)
        failed = tuple(item for item in mine if item.outcome.failed)
        ordered = along_path(_observers_of(exchanges))
        made = Subject(
            client=CLIENT.address,
            server=server,
            name=name,
            exemplars=tuple(item for item in failed if item.outcome is failed[0].outcome)[:3],
            connections=mine,
            neighbours=(),
            observers=ordered,
            offsets=tuple(
                (up.vantage, down.vantage, clock_offset(exchanges, up.vantage, down.vantage))
                for up, down in combinations(ordered, 2)
            ),
            paths=(),
            sessions=(),
            rules=(),
            attempts=(),
            firewalls=(),
        )
        return replace(made, **more)


_NOT_JUDGED = {"censored", "probe"}


def _observers_of(exchanges: Sequence[Exchange]) -> list[Observer]:
    found: dict[str, Observer] = {}
    for exchange in exchanges:
        for seen in exchange.seen:
            found.setdefault(seen.observer.vantage, seen.observer)
    return list(found.values())


class Talk:
    """The script of one connection."""

    def __init__(self, network: Network, client: Endpoint, server: Endpoint, *, number: int, start: float) -> None:
        self.network = network
        self.client, self.server = client, server
        self.isn = {"there": ISN_THERE + 100_000 * number, "back": ISN_BACK + 100_000 * number}
        self.used = {"there": 0, "back": 0}
        self.start = start
        self.stamps = False
        self.ttl = {"there": 64, "back": 64}
        self.translated: dict[str, Endpoint] = {}
        """How an observer sees the client, where a translator stands before it."""

    def there(self, ms: float, flags: str, size: int = 0, **more: Any) -> None:
        """The client sends; *lost* names the last place that it reaches, *unseen* those that the way goes around."""
        self._say("there", ms, flags, size, more)

    def back(self, ms: float, flags: str, size: int = 0, **more: Any) -> None:
        """The server sends."""
        self._say("back", ms, flags, size, more)

    def handshake(self, ms: float = 0, *, unseen: Sequence[str] = ()) -> None:
        """SYN, SYN+ACK, ACK, all of which arrive."""
        self.there(ms, "S")
        self.back(ms + 20, "SA", unseen=unseen)
        self.there(ms + 40, "A")

    def closes(self, ms: float) -> None:
        """An orderly end, the client first."""
        self.there(ms, "FA")
        self.back(ms + 20, "FA")
        self.there(ms + 40, "A")

    def error(self, ms: float, *, kind: int = 3, code: int = 13, reporter: str = "10.0.9.9") -> None:
        """A router at the client's side answers a SYN with an ICMP error."""
        segment = p.tcp(self.client.port, self.server.port, seq=self.isn["there"], flags="S")
        quoted = p.ipv4(self.client.address, self.server.address, segment, ttl=60)
        packet = p.icmp_error(reporter, self.client.address, quoted, kind=kind, code=code, ttl=62)
        self.network.record("client", self.start + ms, p.ethernet(packet))

    def _say(self, way: str, ms: float, flags: str, size: int, more: dict[str, Any]) -> None:
        other = "back" if way == "there" else "there"
        seq = more.pop("seq", 0 if "S" in flags else self.used[way])
        ack = more.pop("ack", max(self.used[other], 1))
        lost, unseen = more.pop("lost", None), more.pop("unseen", ())
        content = more.pop("content", None)
        payload = content if content is not None else b"x" * size
        self.used[way] = max(self.used[way], seq + len(payload) + ("S" in flags) + ("F" in flags))
        said = {
            "flags": flags,
            "seq": self.isn[way] + seq,
            "ack": self.isn[other] + ack if "A" in flags else 0,
            "payload": payload,
            "options": self._options(flags, ms) if "options" not in more else more.pop("options"),
            **more,
        }
        self._cross(way, ms, said, lost, unseen)

    def _options(self, flags: str, ms: float) -> list[bytes]:
        listed = [p.mss(1460)] if "S" in flags else []
        return [*listed, p.timestamps(round(ms) + 1, 1)] if self.stamps else listed

    def _cross(self, way: str, ms: float, said: dict[str, Any], lost: str | None, unseen: Sequence[str]) -> None:
        """Every observer on the way up to the one after which it is *lost* records the packet."""
        self.network.identification += 1
        initial = said.pop("ttl", self.ttl[way])
        reach = SIX if lost is None else _routers(way, lost)
        for vantage in self.network.vantages:
            routers = _routers(way, vantage)
            if vantage not in unseen and routers <= reach:
                client = self.translated.get(vantage, self.client)
                ends = (client, self.server) if way == "there" else (self.server, client)
                frame = p.tcp_frame(
                    ends[0].address,
                    ends[1].address,
                    ends[0].port,
                    ends[1].port,
                    ttl=initial - routers,
                    identification=said.get("identification", self.network.identification),
                    **{key: value for key, value in said.items() if key != "identification"},
                )
                self.network.record(vantage, self.start + ms + routers * HOP_MS, frame)


def _routers(way: str, place: str) -> int:
    """Routers between the sender and *place*."""
    return PLACES[place] if way == "there" else SIX - PLACES[place]


def tcp_kept(talk: Talk, times: Sequence[float], size: int, *, lost: str | None) -> None:
    """The client sends the same first data at *times*, and it never gets past *lost*."""
    for ms in times:
        talk.there(ms, "PA", size, seq=1, lost=lost)


SYNS = (0, 1000, 3000, 7000)
"""When a client repeats its SYN."""

RTO = (41, 250, 670, 1500, 3200, 6600)
"""When a client resends its first data."""


def half_open(
    talk: Talk, *, last: str, unseen: Sequence[str] = (), size: int = 200, content: bytes | None = None
) -> None:
    """SYN+ACK repeated three times, each answered; nothing of the client gets past the observer *last* but the SYN."""
    talk.there(0, "S")
    talk.back(20, "SA", unseen=unseen)
    talk.there(40, "A", lost=last)
    events = [(ms, "data") for ms in (RTO if size or content else ())] + [(ms, "offer") for ms in (1020, 3060, 7100)]
    for ms, what in sorted(events):
        if what == "data":
            talk.there(ms, "PA", size, seq=1, ack=1, lost=last, **({"content": content} if content else {}))
        else:
            talk.back(ms, "SA", seq=0, ack=1, unseen=unseen)
            talk.there(ms + 20, "A", seq=(1 + (len(content) if content else size)), ack=1, lost=last)


def worked(talk: Talk, ms: float = 0) -> None:
    """A request, its answer, an orderly end."""
    talk.handshake(ms)
    talk.there(ms + 41, "PA", 100)
    talk.back(ms + 70, "PA", 300)
    talk.there(ms + 90, "A")
    talk.closes(ms + 91)
