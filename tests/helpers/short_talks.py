"""Many short connections to one server, of the kinds that captures are full of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.helpers import packets as p
from tests.helpers.conversation import START

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

CLIENT, SERVER = "10.0.0.1", "192.0.2.2"
REQUEST = b"GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\n\r\n"


class _End(NamedTuple):
    """Where a client sends from, and its initial TTL."""

    port: int
    client: str = CLIENT
    ttl: int = 64


class Talks:
    """The packets of all of them; times are milliseconds since an arbitrary start."""

    def __init__(self) -> None:
        self.packets: list[p.Packet] = []
        self._identification = 0

    def worked(
        self,
        ms: float,
        *,
        port: int,
        client: str = CLIENT,
        request: bytes = REQUEST,
        answer: bytes = ANSWER,
        mss: int = 1460,
        ttl: int = 64,
    ) -> list[p.Packet]:
        """A request, its answer, an orderly end; gives its packets, which are among all others."""
        asked, answered = 101 + len(request), 901 + len(answer)
        before = len(self.packets)
        end = _End(port, client, ttl)
        self._say(end, ms, "> S", 100, 0, options=[p.mss(mss)])
        self._say(end, ms + 10, "< SA", 900, 101, options=[p.mss(1460)])
        self._say(end, ms + 11, "> A", 101, 901)
        self._say(end, ms + 12, "> PA", 101, 901, payload=request)
        self._say(end, ms + 30, "< PA", 901, asked, payload=answer)
        self._say(end, ms + 31, "> FA", asked, answered)
        self._say(end, ms + 40, "< FA", answered, asked + 1)
        self._say(end, ms + 41, "> A", asked + 1, answered + 1)
        return self.packets[before:]

    def reset(self, ms: float, *, port: int, says: str = "> R") -> p.Packet:
        """A reset of a connection that ended, which is among all other packets."""
        self._say(_End(port), ms, says, 102 + len(REQUEST), 0)
        return self.packets[-1]

    def half_open(self, ms: float, *, port: int) -> None:
        """A SYN+ACK that nothing answers, repeated."""
        end = _End(port)
        self._say(end, ms, "> S", 100, 0)
        for after in (10, 1010, 3010, 7010):
            self._say(end, ms + after, "< SA", 900, 101)

    def stalled(self, ms: float, *, port: int) -> None:
        """Data that is repeated and never acknowledged."""
        end = _End(port)
        self._say(end, ms, "> S", 100, 0)
        self._say(end, ms + 10, "< SA", 900, 101)
        self._say(end, ms + 11, "> A", 101, 901)
        for after in (12, 212, 612, 1412, 3012, 6212):
            self._say(end, ms + after, "> PA", 101, 901, payload=REQUEST)

    def many(self, random: Random, count: int) -> None:
        """All kinds of them, some between ports that were used before, some disturbed."""
        for number in range(count):
            ms, port = random.uniform(0, 10_000), random.choice([2000, 2001, 3000 + number])
            kind = random.choice([self.worked, self.worked, self.half_open, self.stalled, None])
            if kind is None:
                self._say(_End(port), ms, random.choice(["> S", "> S", "> A", "> R"]), random.choice([100, 7]), 0)
            else:
                kind(ms, port=port)
            if random.random() < 0.2:
                self._say(_End(port), ms + random.choice([20, 500]), random.choice(["> RA", "< RA"]), 101, 901)
        self.packets.sort(key=lambda packet: packet.at)

    def _say(
        self,
        end: _End,
        ms: float,
        says: str,
        seq: int,
        ack: int,
        *,
        payload: bytes = b"",
        options: Sequence[bytes] = (),
    ) -> None:
        """*says*: which way, and the flags."""
        self._identification = self._identification % 60_000 + 1
        there, flags = says[0] == ">", says[2:]
        ends = (end.client, SERVER, end.port, 443) if there else (SERVER, end.client, 443, end.port)
        frame = p.tcp_frame(
            *ends,
            flags=flags,
            seq=seq,
            ack=ack,
            payload=payload,
            options=options,
            ttl=end.ttl,
            identification=self._identification,
        )
        self.packets.append(p.Packet(at=START + round(ms * 1_000_000), frame=frame))
