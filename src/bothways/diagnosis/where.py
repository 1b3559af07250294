"""Where it is lost: between which observers, and which hops of the path stand there."""

from collections.abc import Sequence

from msgspec.structs import replace

from bothways.connections.observer import Observer, Place
from bothways.connections.outcome import Outcome
from bothways.diagnosis.around import around_of, station_name
from bothways.diagnosis.model import HopName, Where
from bothways.evidence.attempt import Outcome as AttemptOutcome
from bothways.evidence.path_report import Hop
from bothways.facts.fact import Fact
from bothways.facts.probe_runs import Run
from bothways.facts.probe_words import hop, router
from bothways.facts.probes_inside import Inside, inside_stop
from bothways.facts.reach import Lost, Reached
from bothways.facts.resets import Sender
from bothways.facts.stretches import Stretch, stretches
from bothways.facts.subject import Subject, seen_at
from bothways.facts.ways import firewall_of, firewall_on_ways
from bothways.paths.routers import label
from bothways.way import Way


def where_of(subject: Subject, facts: Sequence[Fact]) -> Where | None:
    """The narrowest place that the facts name, and how the other way goes around it; None where they name none."""
    where = _narrowest(subject, facts)
    return replace(where, around=around_of(subject, where.way)) if where else None


def _narrowest(subject: Subject, facts: Sequence[Fact]) -> Where | None:
    found = {fact.kind.id: fact for fact in facts}
    answer = found["place-of-loss"].answer
    if answer is Lost.AT_SERVER:
        return Where(way=Way.THERE, last_seen="server", first_missing="the server's own TCP")
    if isinstance(answer, Lost):
        for way in Way:
            for stretch in stretches(subject, way):
                if stretch.lost:
                    return _on_stretch(subject, stretch)
    if isinstance(found["probes-inside"].answer, Inside):
        probed = _between_probes(subject)
        if probed is not None:
            return probed
    if found["reset-sender"].answer is Sender.SERVER:
        return Where(way=Way.THERE, last_seen="server", first_missing="a program that listens")
    if isinstance(found["seen-at-server"].answer, Reached) and found["seen-at-server"].answer is not Reached.NOTHING:
        return _past_the_way_there(subject)
    return _reporter(subject) or _deepest(subject) or _end_of_trace(subject)


def _between_probes(subject: Subject) -> Where | None:
    """The two hops between which what is sent inside the connection stops; None where all of it passes."""
    stopped = inside_stop(subject)
    if stopped is None:
        return None
    stop = stopped[1]
    first, last = (_probed(subject, run, at) for run, at in ((stop.of, stop.passed), (stop.beside, stop.missing)))
    return Where(
        way=Way.THERE,
        last_seen=hop(subject, stop.of, stop.passed) if stop.passed else "client",
        first_missing=hop(subject, stop.beside, stop.missing),
        hops=(*first, *last),
    )


def _probed(subject: Subject, run: Run, distance: int) -> tuple[HopName, ...]:
    return tuple(
        HopName(name=name if (name := router(subject, sender)) != sender else None, address=sender, index=distance)
        for sender in sorted(run.senders(distance))
    )


def _past_the_way_there(subject: Subject) -> Where | None:
    """The server's host saw the SYN that has no answer: it answered in vain, or not at all."""
    if not _syn_unanswered(subject):
        return None
    views = [seen for exchange in subject.exemplars if (seen := seen_at(exchange, Place.SERVER)) is not None]
    if any(seen.sides.back.syn_acks for seen in views):
        return Where(way=Way.BACK, last_seen="server", first_missing="client")
    return Where(way=Way.THERE, last_seen="server", first_missing="the server's own TCP")


def hop_names(subject: Subject, way: Way, first: int, last: int) -> tuple[HopName, ...]:
    """The hops *first* to *last* of the case's *way*, names and addresses put together from all reports."""
    found: dict[int, HopName] = {}
    for course in subject.ways(way):
        for station in course.stations:
            if first <= station.index <= last and not station.silent:
                found.setdefault(station.index, station_name(subject, station))
    return tuple(found[index] for index in sorted(found))


def _on_stretch(subject: Subject, stretch: Stretch) -> Where:
    way = stretch.way
    start, end = _routers(stretch.upstream, way), _routers(stretch.downstream, way)
    hops: tuple[HopName, ...] = ()
    if start is not None and end is not None:
        hops = hop_names(subject, way, start + 1, max(end, start + 1))
    firewall = firewall_of(subject)
    if firewall is not None and way is Way.THERE and firewall.certain and firewall.way is way:
        narrowed = hop_names(subject, way, firewall.index, firewall.index)
        proven_elsewhere = firewall_on_ways(subject).settles
        hops = narrowed if proven_elsewhere and stretch.upstream.place is Place.CLIENT else hops
    return Where(way=way, last_seen=stretch.upstream.vantage, first_missing=stretch.downstream.vantage, hops=hops)


def _routers(observer: Observer, way: Way) -> int | None:
    return observer.routers_there if way is Way.THERE else observer.routers_back


def _reporter(subject: Subject) -> Where | None:
    """A router that answered with an ICMP error stopped the packet itself."""
    for exchange in subject.exemplars:
        for seen in exchange.seen:
            if not seen.errors or exchange.outcome is not Outcome.UNREACHABLE:
                continue
            reporter = seen.errors[0].reporter
            hop = _hop_of_address(subject, reporter)
            unplaced = HopName(name=subject.called(reporter), address=reporter, index=0)
            hops = hop_names(subject, Way.THERE, hop, hop) if hop else (unplaced,)
            return Where(way=Way.THERE, last_seen=reporter, first_missing="the next hop after it", hops=hops)
    return None


def _hop_of_address(subject: Subject, address: str) -> int | None:
    for path in subject.paths:
        for one in path.hops:
            if path.way is Way.THERE and any(reply.address == address for reply in one.replies):
                return one.index
    return None


_OPENING = {Outcome.UNANSWERED, Outcome.REFUSED}


def _deepest(subject: Subject) -> Where | None:
    """The observer in mid-path nearest to the server that still saw a SYN which got no further answer."""
    if not subject.exemplars or subject.exemplars[0].outcome not in _OPENING:
        return None
    inside = [
        seen.observer
        for seen in subject.exemplars[0].seen
        if seen.observer.place in {Place.BETWEEN, Place.UNCLEAR} and seen.sides.there.syns
    ]
    if not inside or subject.exemplars[0].seen[-1].observer.place is Place.SERVER:
        return None
    last = inside[-1]
    hops = hop_names(subject, Way.THERE, last.routers_there + 1, last.routers_there + 1) if last.routers_there else ()
    return Where(way=Way.THERE, last_seen=last.vantage, first_missing="what follows it on the way there", hops=hops)


def _end_of_trace(subject: Subject) -> Where | None:
    """Where the path reports of the way there end, for a SYN that has no answer."""
    reports = [path for path in subject.paths if path.way is Way.THERE and not path.control]
    if not _syn_unanswered(subject) or any(path.reached for path in reports):
        return None
    for path in reports:
        last = path.last_answering()
        if path.reached is False and last is not None and not _is_last_router(subject, last):
            hops = hop_names(subject, Way.THERE, last.index, last.index)
            return Where(way=Way.THERE, last_seen=label(last), first_missing=f"hop {last.index + 1}", hops=hops)
    return None


def _is_last_router(subject: Subject, last: Hop) -> bool:
    """Whether a control that works is the next hop behind it: then the server may be, too, and its reply be lost."""
    addresses = {reply.address for reply in last.replies}
    for path in subject.paths:
        hops = path.hops[-2:]
        if not path.control or path.way is not Way.THERE or not path.reached or len(hops) < 2:
            continue
        if hops[0].index == last.index and addresses & {reply.address for reply in hops[0].replies}:
            return True
    return False


def _syn_unanswered(subject: Subject) -> bool:
    """Whether the SYN had no answer, by captures or else by a program's log; a state table alone leaves it open."""
    if subject.exemplars:
        return subject.exemplars[0].outcome is Outcome.UNANSWERED
    if subject.flow_exemplars:
        return subject.flow_exemplars[0].outcome is Outcome.UNANSWERED
    outcomes = {item.attempt.outcome for item in subject.tried()}
    return not outcomes or bool(outcomes & {AttemptOutcome.NO_CONNECTION, AttemptOutcome.UNREACHABLE})
