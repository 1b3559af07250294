"""A trace of a check as the report of a path: what any other tool's trace would have shown.

Only traces in which every device on the way has a say count: packets of a connection's inside end where the drop is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bothways.evidence.path_report import Hop, HopReply, Mark, PathReport
from bothways.evidence.probing import Came, ProbeTrace, Reply, Sends, Shot

PROBES = {Sends.SYN: "tcp-syn", Sends.STRAY_ACK: "tcp-ack", Sends.UDP: "udp"}
"""What the probes of such a trace are called in path reports."""

TOOL = "bothways"

_THE_END_ITSELF = frozenset({Came.SYN_ACK, Came.RESET, Came.ACK, Came.DATA})


class CheckedPath(Struct, frozen=True, kw_only=True):
    """One way there, and for what it was probed."""

    report: PathReport
    control: bool


def path_of(trace: ProbeTrace, *, file: str) -> CheckedPath | None:
    """*trace* as a report of the way there; None of one that tells no path, or of whose routers nobody is named."""
    probe = PROBES.get(trace.sends)
    senders = {reply.sender for shot in trace.shots for reply in shot.replies}
    # Of routers that answered without a name a report could only say that they are silent, which they are not.
    if probe is None or not senders - {None} or (None in senders and senders <= {None, trace.destination.address}):
        return None
    by_distance: defaultdict[int, list[Shot]] = defaultdict(list)
    for shot in trace.shots:
        by_distance[shot.ttl].append(shot)
    distances = sorted(by_distance)
    arrived = [ttl for ttl in distances if _arrives(by_distance[ttl], trace)]
    # Every distance from the end on shows the end.
    shown = [ttl for ttl in distances if not arrived or ttl <= arrived[0]]
    report = PathReport(
        file=file,
        tool=TOOL,
        probe=probe,
        source=trace.source.address,
        source_address=trace.source.address,
        destination=trace.name or trace.destination.address,
        destination_address=trace.destination.address,
        hops=tuple(_hop(ttl, by_distance[ttl], trace) for ttl in shown),
        line=trace.line,
        started=min(shot.at for shot in trace.shots),
        reached=True if arrived else None if trace.ended is None else False,
        # Of datagrams each goes to a port of its own.
        port=None if trace.sends is Sends.UDP else trace.destination.port,
        flow=f"from port {trace.source.port}",
    )
    return CheckedPath(report=report, control=trace.control)


def _arrives(shots: Iterable[Shot], trace: ProbeTrace) -> bool:
    return any(_is_the_end(reply, trace) for shot in shots for reply in shot.replies)


def _is_the_end(reply: Reply, trace: ProbeTrace) -> bool:
    """Whether what was probed answered, or its host that nobody listens (RFC 1122 section 3.2.2.1)."""
    if reply.came in _THE_END_ITSELF:
        return True
    return reply.came is Came.UNREACHABLE and reply.sender == trace.destination.address


def _hop(ttl: int, shots: Sequence[Shot], trace: ProbeTrace) -> Hop:
    replies = [reply for shot in shots for reply in shot.replies]
    # An error of which the kernel did not say whose it was is an answer and tells no router.
    nameless = any(reply.sender is None for reply in replies)
    answered = sum(bool(shot.replies) for shot in shots)
    fits = [reply.mtu for reply in replies if reply.mtu is not None]
    return Hop(
        index=ttl,
        line=shots[0].line,
        replies=tuple(_by_sender(replies, trace)),
        sent=None if nameless else len(shots),
        loss=None if nameless else 1 - answered / len(shots),
        mtu=min(fits, default=None),
    )


def _by_sender(replies: Sequence[Reply], trace: ProbeTrace) -> Iterable[HopReply]:
    """Who answered, in the order of the first answers; each with all its round trips."""
    groups: defaultdict[tuple[str, tuple[Mark, ...]], list[Reply]] = defaultdict(list)
    for reply in replies:
        if reply.sender is not None:
            groups[reply.sender, _marks(reply, trace)].append(reply)
    for (sender, marks), told in groups.items():
        yield HopReply(
            name=None,
            address=sender,
            marks=marks,
            round_trips=tuple(reply.after for reply in told),
            reply_ttl=told[0].ttl,
            quoted=told[0].quoted,
        )


def _marks(reply: Reply, trace: ProbeTrace) -> tuple[Mark, ...]:
    if reply.came is Came.TOO_BIG:
        return (Mark.NEEDS_FRAGMENTATION,)
    if reply.came is not Came.UNREACHABLE or _is_the_end(reply, trace):
        return ()
    return (reply.mark or Mark.OTHER,)
