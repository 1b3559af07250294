"""A trace of fresh SYNs: connections of this machine's kernel that have a limited way to go, one after the other.

The kernel sends the SYNs itself, so that it knows every SYN+ACK and resets none. All go from one port, so that routers
that share connections among paths send them along the same one (RFC 2992). Who answered is told by captured ICMP
errors; without a capture, only that somebody did (EHOSTUNREACH).
"""

import errno
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bothways.errors import BothwaysError
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import Came, ProbeTrace, Reply, Sends, Shot
from bothways.host.network.attempt import Attempt
from bothways.host.network.capturing import Capture
from bothways.host.network.errand import Ask, Errand
from bothways.host.network.loop import Loop
from bothways.probes.arrival import read_answer, read_error
from bothways.probes.plan import Heard
from bothways.probes.quote import read_quote
from bothways.units import MILLISECOND, SECOND, Duration, Instant, between

FARTHEST = 30
"""Distance at which it ends at the latest: as far as traceroute goes."""

REPEATS = 3
"""SYNs at a distance before its silence counts."""

GAP = 4
"""Silent distances in a row after which it goes no further."""

ROUNDS = 3
"""To the routers that answered, after the server was found: what is silent to others meanwhile lies between them."""

PAUSE = Duration(2 * SECOND)
"""From the beginning of one round to the next: several seconds are enough for routers that limit their answers."""

FIRST_WAIT = Duration(600 * MILLISECOND)
"""For an answer, as long as nobody has given one."""

LEAST_WAIT = Duration(150 * MILLISECOND)
LONGEST_WAIT = Duration(900 * MILLISECOND)
"""A second, and the kernel would send the SYN again (RFC 6298 section 2.1)."""

_SYN_SIZE = {4: 60, 6: 80}
"""Bytes of Linux' SYN with its usual options."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Shot:
    ttl: int
    at: Instant
    seq: int | None = None
    """Of the SYN, once it was captured."""
    replies: list[Reply] = field(default_factory=list)


class LimitedSyns:
    """One such trace; a part of a loop."""

    def __init__(
        self,
        loop: Loop,
        destination: Endpoint,
        ports: tuple[int, int],
        *,
        errand: Errand,
        capture: Capture | None = None,
    ) -> None:
        """Begin.

        Args:
            loop: Where it takes its turns.
            destination: To where.
            ports: Two source ports that no other socket uses. The first finds out how far the server is. From the
                second no SYN ever reaches it, so that no device on the way comes to know a connection of that flow.
            errand: From where: its source address and interface are used.
            capture: Where routers' answers are seen.
        """
        self._loop, self._destination, self._errand = loop, destination, errand
        self.ports = ports
        self._port = ports[0]
        self._capture = capture
        self._shots: list[_Shot] = []
        """From the port in use."""
        self._flows: list[tuple[Endpoint, list[_Shot]]] = []
        self._now: tuple[Attempt, _Shot] | None = None
        self._until = Instant(0)
        self._latest = Instant(0)
        self._reached: int | None = None
        self._again: deque[int] = deque()
        self._rounds = ROUNDS
        self._far = 0
        self._next_round = Instant(0)
        self.over = False
        self.why = ""
        """Why it was broken off by this machine itself."""
        if capture is not None:
            for port in ports:
                capture.apart.port(port)
            capture.listen(self._hear)
        loop.add(self)

    def due(self, moment: Instant) -> Instant | None:
        """The end of waiting for an answer, or at once."""
        if self.over:
            return None
        return moment if self._told() else max(self._until, moment)

    def act(self, moment: Instant) -> None:
        """Take what came, and send the next SYN."""
        self._latest = moment
        if self._now is not None:
            if not self._told() and moment < self._until:
                return
            self._take(*self._now, moment)
        following = self._following()
        if following is None:
            following = self._once_more(moment)
        if following is not None:
            self._send(following, moment)

    def close(self) -> None:
        """End it; the second time nothing happens."""
        if self._now is not None:
            self._now[0].close()
            self._now = None
        if not self.over:
            self.over = True
            self._loop.remove(self)
            if self._capture is not None:
                self._capture.unlisten(self._hear)

    def traces(self) -> list[ProbeTrace]:
        """As evidence: one for each source port that sent any."""
        return [
            ProbeTrace(
                line=0,
                sends=Sends.SYN,
                source=source,
                destination=self._destination,
                size=_SYN_SIZE[6 if ":" in source.address else 4],
                shots=tuple(Shot(line=0, ttl=one.ttl, at=one.at, replies=tuple(one.replies)) for one in shots),
                ended=self._latest if self.over else None,
            )
            for source, shots in self._flows
        ]

    def _send(self, ttl: int, moment: Instant) -> None:
        going = self._errand
        errand = Errand(
            address=self._destination.address,
            port=self._destination.port,
            ask=Ask.NOTHING,
            source=going.source,
            source_port=self._port,
            interface=going.interface,
            ttl=ttl,
        )
        try:
            attempt = Attempt(self._loop, errand)
        except (BothwaysError, OSError) as error:
            self.why = str(error)
            self.close()
            return
        shot = _Shot(ttl=ttl, at=attempt.stages.began)
        self._shots.append(shot)
        if attempt.local is not None and len(self._shots) == 1:
            self._flows.append((attempt.local, self._shots))
        self._now = attempt, shot
        self._until = Instant(moment + self._wait())

    def _told(self) -> bool:
        """Whether the answer is there, whoever tells of it."""
        if self._now is None:
            return False
        attempt, shot = self._now
        return attempt.connected or attempt.error is not None or any(one.came in _ENDING for one in shot.replies)

    def _take(self, attempt: Attempt, shot: _Shot, moment: Instant) -> None:
        came = _came(attempt)
        # With a capture, its word is fuller; a moment later it has it, too.
        if came is not None and not shot.replies and (self._capture is None or came is not Came.ERROR):
            at = attempt.stages.connected or attempt.stages.ended or moment
            sender = self._destination.address if came is not Came.ERROR else None
            shot.replies.append(Reply(came=came, sender=sender, after=between(shot.at, at)))
        if came in {Came.SYN_ACK, Came.RESET}:
            self._reached = shot.ttl
        attempt.close()
        self._now = None

    def _following(self) -> int | None:
        """The next distance to ask; None where it is enough."""
        if self._reached is not None:
            return None
        answered = {one.ttl for one in self._shots if one.replies}
        asked = max((one.ttl for one in self._shots), default=0)
        farthest = max(answered, default=0)
        if asked - farthest < GAP and asked < FARTHEST:
            return asked + 1
        # What is silent behind the last answer is asked again in rounds: a router may only be slow to answer often.
        silent = [ttl for ttl in range(farthest + 1, asked + 1) if self._count(ttl) < REPEATS]
        return min(silent, key=lambda ttl: (self._count(ttl), ttl), default=None)

    def _once_more(self, moment: Instant) -> int | None:
        """The next distance of a later round; None where it has to wait for its time, or is over."""
        if self._again:
            return self._again.popleft()
        if self._rounds == ROUNDS:
            told = (one.ttl for one in self._shots if any(_of_router(reply) for reply in one.replies))
            self._far = max(told, default=0)
            self._shots, self._port = [], self.ports[1]
        if self._rounds == 0 or not self._far:
            self.close()
        elif moment >= self._next_round:
            self._rounds -= 1
            self._next_round = Instant(moment + PAUSE)
            self._again.extend(range(1, self._far + 1))
            return self._again.popleft()
        else:
            self._until = self._next_round
        return None

    def _count(self, ttl: int) -> int:
        return sum(one.ttl == ttl for one in self._shots)

    def _wait(self) -> Duration:
        trips = [reply.after for one in self._shots for reply in one.replies]
        if not trips:
            return FIRST_WAIT
        return Duration(min(max(2 * max(trips) + 50 * MILLISECOND, LEAST_WAIT), LONGEST_WAIT))

    def _hear(self, heard: Heard) -> None:
        error = read_error(heard.packet)
        if error is not None:
            quoted = read_quote(error.quote)
            probe = quoted.probe() if quoted is not None else None
            if quoted is not None and probe is not None and probe.source_port == self._port:
                self._note(
                    heard,
                    lambda one: one.seq is None or quoted.same_number(one.seq),
                    Reply(
                        came=error.came,
                        sender=error.reporter,
                        after=Duration(0),
                        ttl=error.ttl,
                        mark=error.mark,
                        mtu=error.mtu,
                        quoted=probe,
                    ),
                )
            return
        segment = read_answer(heard.packet)
        if segment is None:
            return
        if segment.sender.port == self._port and segment.receiver == self._destination:
            last = self._shots[-1] if self._shots else None
            if last is not None and segment.header.flags & 0x12 == 0x02 and last.ttl == segment.ttl:
                last.seq = segment.header.seq
        elif segment.receiver.port == self._port and segment.sender == self._destination:
            flags = segment.header.flags
            came = Came.RESET if flags & 0x04 else Came.SYN_ACK if flags & 0x12 == 0x12 else Came.ACK
            self._note(
                heard,
                lambda one: one.seq is None or segment.header.ack == (one.seq + 1) % (1 << 32),
                Reply(came=came, sender=segment.sender.address, after=Duration(0), ttl=segment.ttl),
            )

    def _note(self, heard: Heard, is_its: Callable[[_Shot], bool], reply: Reply) -> None:
        for one in reversed(self._shots):
            if is_its(one):
                came = Reply(
                    came=reply.came,
                    sender=reply.sender,
                    after=between(one.at, heard.at),
                    ttl=reply.ttl,
                    mark=reply.mark,
                    mtu=reply.mtu,
                    quoted=reply.quoted,
                )
                if all(known.came is not came.came or known.sender != came.sender for known in one.replies):
                    one.replies.append(came)
                return


def _of_router(reply: Reply) -> bool:
    return reply.came in {Came.TIME_EXCEEDED, Came.ERROR}


_ENDING = frozenset({Came.TIME_EXCEEDED, Came.UNREACHABLE, Came.SYN_ACK, Came.RESET})


def _came(attempt: Attempt) -> Came | None:
    """What the kernel says came."""
    if attempt.connected:
        return Came.SYN_ACK
    if attempt.error in {errno.ECONNREFUSED, errno.ECONNRESET}:
        return Came.RESET
    return None if attempt.error is None else Came.ERROR
