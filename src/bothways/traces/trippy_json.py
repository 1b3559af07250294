"""`trip --mode json`: one object with the target in `info` and the hops with mtr's figures.

As in trippy-tui src/report/types.rs, 0.5 to 0.13: figures are numbers or, since 0.9, strings; `extensions` and `nat`
came later. The figures are of a hop, whoever of its hosts answered, so they stand with the first.
"""

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.quoted_probe import Label, QuotedProbe
from bothways.evidence.reading import Reading
from bothways.traces.json_labels import labels
from bothways.traces.json_objects import Located, Objects, vocabulary
from bothways.traces.json_values import Value, address, figure, listed, member, milliseconds, network, whole, words
from bothways.traces.mtr_host import MOST_REPLIES
from bothways.traces.runs import MOST_HOPS
from bothways.units import Duration

MOST_SENT = 1 << 31

_UNRESOLVED = ("Failed:", "Timeout:")


def recognises(text: str) -> bool:
    """Whether the first object of *text* has Trippy's hops."""
    return {"hosts", "loss_pct", "ttl"} <= vocabulary(text)


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    return Objects(file=file, program="trip").read(text, _take)


def _take(found: Located, objects: Objects) -> None:
    members = found.members()
    if "hops" not in members:
        objects.problem("no report of Trippy: it has no hops", found)
        return
    target = member(found.value, "info", "target")
    destination = address(member(target, "ip"))
    hops: list[Hop] = []
    rewritten: bool | None = None
    for one in members["hops"].elements():
        index = whole(member(one.value, "ttl"), 1, MOST_HOPS)
        if index is None or index <= (hops[-1].index if hops else 0):
            objects.problem("a hop without its TTL, or out of order, was left out", one)
            continue
        # It tells where the probe changed; from there on it is another one than was sent.
        nat = member(one.value, "nat")
        rewritten = True if rewritten or nat is True else False if nat is False else rewritten
        hops.append(_hop(one, index, rewritten=rewritten if isinstance(nat, bool) else None))
    answered = any(reply.address == destination for hop in hops for reply in hop.replies)
    objects.runs.add(
        PathReport(
            file=objects.file,
            tool="trippy",
            probe=None,
            source=None,
            destination=words(member(target, "hostname")) or destination,
            destination_address=destination,
            hops=tuple(hops),
            line=found.line,
            reached=answered if destination and hops else None,
        )
    )


def _hop(found: Located, index: int, *, rewritten: bool | None) -> Hop:
    hop = found.value
    sent, loss = whole(member(hop, "sent"), 0, MOST_SENT), figure(member(hop, "loss_pct"))
    quoted = None if rewritten is None else QuotedProbe(rewritten=rewritten)
    replies: list[HopReply] = []
    for host in listed(member(hop, "hosts"))[:MOST_REPLIES]:
        name, networks = _named(member(host, "hostname"))
        first = not replies
        if address(member(host, "ip")) or name:
            replies.append(
                HopReply(
                    name=name,
                    address=address(member(host, "ip")),
                    round_trips=_trips(hop) if first else (),
                    quoted=quoted if first else None,
                    labels=_labels(hop) if first else (),
                    networks=networks,
                )
            )
    return Hop(
        index=index,
        line=found.line,
        replies=tuple(replies),
        sent=sent,
        loss=loss / 100 if loss is not None and loss <= 100 else None,
    )


def _trips(hop: Value) -> tuple[Duration, ...]:
    """Best, average, worst; none where nothing came back, of which it prints zeros."""
    measured = [milliseconds(member(hop, name)) for name in ("best", "avg", "worst")]
    kept = tuple(trip for trip in measured if trip is not None)
    return kept if len(kept) == len(measured) and whole(member(hop, "recv"), 1, MOST_SENT) else ()


def _named(hostname: Value) -> tuple[str | None, tuple[int, ...]]:
    """Its name, if the address has one, and the network that may stand before it."""
    parts = (words(hostname) or "").split()
    number = network(parts[0]) if parts and parts[0].startswith("AS") else None
    if number:
        parts = parts[1:]
    if not parts or parts[0] in _UNRESOLVED or address(parts[0]):
        parts = []
    return parts[0] if parts else None, (number,) if number else ()


def _labels(hop: Value) -> tuple[Label, ...]:
    extensions = listed(member(hop, "extensions")) or listed(member(hop, "extensions", "extensions"))
    return labels(entry for one in extensions for entry in listed(member(one, "mpls", "members")))
