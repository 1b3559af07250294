"""What an observer did not keep: bytes of packets, packets that a filter left out, times outside the capture."""

from collections.abc import Callable
from dataclasses import replace

from tests.helpers.degraded.headers import FIN, RST, SYN, Headers, headers_of
from tests.helpers.degraded.taken import Evidence, Record, Taken


def snap(evidence: Evidence, length: int) -> Evidence:
    """`tcpdump -s LENGTH`."""

    def cut(taken: Taken) -> Taken:
        kept = taken.with_each(lambda record: replace(record, data=record.data[:length]))
        return replace(kept, form=replace(kept.form, snap_length=length))

    return evidence.each(cut)


def _tcp_where(evidence: Evidence, keep: Callable[[Headers], bool]) -> Evidence:
    def liked(record: Record) -> bool:
        found = headers_of(record.data)
        return found is not None and found.tcp_at is not None and keep(found)

    return evidence.each(lambda taken: taken.where(liked))


def syn_only(evidence: Evidence) -> Evidence:
    """`tcp[13] == 2`, for both address families."""
    return _tcp_where(evidence, lambda found: found.flags == SYN)


def syn_or_syn_ack(evidence: Evidence) -> Evidence:
    """`tcp[tcpflags] & tcp-syn != 0`, for both address families."""
    return _tcp_where(evidence, lambda found: bool(found.flags & SYN))


def syn_fin_rst(evidence: Evidence) -> Evidence:
    """`tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0`: the usual filter for connection logs."""
    return _tcp_where(evidence, lambda found: bool(found.flags & (SYN | FIN | RST)))


def payload_only(evidence: Evidence) -> Evidence:
    """Only what carries data: a filter that somebody wrote to see requests."""
    return _tcp_where(evidence, lambda found: found.payload > 0)


def server_only(evidence: Evidence) -> Evidence:
    """`host SERVER`: the controls are missing, and so is what routers between say to the client."""

    def of_server(record: Record) -> bool:
        found = headers_of(record.data)
        return found is not None and evidence.server in {found.source, found.target}

    return evidence.each(lambda taken: taken.where(of_server))


def without_icmp(evidence: Evidence) -> Evidence:
    """`tcp`: errors from routers and hosts are missing."""
    return _tcp_where(evidence, lambda _: True)


def _is_there(evidence: Evidence, record: Record) -> bool:
    """Whether it went away from the client's side."""
    found = headers_of(record.data)
    return found is not None and found.source == evidence.client


def there_only(evidence: Evidence, *vantages: str) -> Evidence:
    """A tap of the way there only."""
    return evidence.each(lambda taken: taken.where(lambda record: _is_there(evidence, record)), only=vantages)


def back_only(evidence: Evidence, *vantages: str) -> Evidence:
    """A tap of the way back only."""
    return evidence.each(lambda taken: taken.where(lambda record: not _is_there(evidence, record)), only=vantages)


def halves(evidence: Evidence) -> Evidence:
    """Each vantage taken by two taps, one for each way, into two files."""
    captures: dict[str, Taken] = {}
    for taken in evidence.captures.values():
        captures[f"{taken.vantage}-tx.pcap"] = taken.where(lambda record: _is_there(evidence, record))
        captures[f"{taken.vantage}-rx.pcap"] = taken.where(lambda record: not _is_there(evidence, record))
    return replace(evidence, captures=captures)


def late(evidence: Evidence, packets: int) -> Evidence:
    """Started when some packets had passed."""
    return evidence.each(lambda taken: replace(taken, records=taken.records[packets:]))


def late_by(evidence: Evidence, seconds: float) -> Evidence:
    """Started that long after the first packet."""
    return evidence.each(lambda taken: taken.where(lambda record: record.at >= _start(taken) + seconds * 1e9))


def stopped(evidence: Evidence, seconds: float) -> Evidence:
    """Ended that long after the first packet."""
    return evidence.each(lambda taken: taken.where(lambda record: record.at <= _start(taken) + seconds * 1e9))


def _start(taken: Taken) -> int:
    return min(record.at for record in taken.records)


def truncated(evidence: Evidence, octets: int) -> Evidence:
    """The file ends within its last record, as when the disk was full."""
    return evidence.each(
        lambda taken: replace(taken, form=replace(taken.form, without_last=octets)) if taken.records else taken
    )


def missing(evidence: Evidence, *vantages: str) -> Evidence:
    """The files of these vantages are not there."""
    kept = {name: taken for name, taken in evidence.captures.items() if not taken.vantage.startswith(vantages)}
    return replace(evidence, captures=kept)
