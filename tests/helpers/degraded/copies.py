"""Packets that a file holds twice, and files in which they stand in another order than they passed."""

from dataclasses import replace
from itertools import chain

from tests.helpers.degraded.headers import headers_of
from tests.helpers.degraded.taken import Evidence, Record, Taken

_AT_ONCE = 1_000_000


def twice(evidence: Evidence, microseconds: int) -> Evidence:
    """A mirror port that copies both what comes in and what goes out: each packet again, that much later."""

    def doubled(taken: Taken) -> Taken:
        copies = (replace(record, at=record.at + microseconds * 1000) for record in taken.records)
        return _in_time(replace(taken, records=tuple(chain(taken.records, copies))))

    return evidence.each(doubled)


def routed_twice(evidence: Evidence, *vantages: str) -> Evidence:
    """Mirrored on the way into a router and on the way out of it: the copy has a hop less to go."""

    def doubled(taken: Taken) -> Taken:
        copies = (_a_hop_on(replace(record, at=record.at + 30_000)) for record in taken.records)
        return _in_time(replace(taken, records=tuple(chain(taken.records, copies))))

    return evidence.each(doubled, only=vantages)


def _a_hop_on(record: Record) -> Record:
    found = headers_of(record.data)
    if found is None or record.data[found.ttl_at] < 2:
        return record
    data = bytearray(record.data)
    data[found.ttl_at] -= 1
    return replace(record, data=bytes(data))


def _in_time(taken: Taken) -> Taken:
    return replace(taken, records=tuple(sorted(taken.records, key=lambda record: record.at)))


def swapped(evidence: Evidence) -> Evidence:
    """Neighbours within a millisecond stand the other way round, each with its own time: two receive queues."""

    def disordered(taken: Taken) -> Taken:
        records = list(taken.records)
        n = 0
        while n + 1 < len(records):
            if records[n + 1].at - records[n].at < _AT_ONCE:
                records[n], records[n + 1] = records[n + 1], records[n]
                n += 1
            n += 1
        return replace(taken, records=tuple(records))

    return evidence.each(disordered)


def by_interface(evidence: Evidence) -> Evidence:
    """Two interfaces' captures put one behind the other instead of sorted: first all there, then all back."""

    def apart(taken: Taken) -> Taken:
        there: list[Record] = []
        back: list[Record] = []
        for record in taken.records:
            found = headers_of(record.data)
            (there if found is not None and found.source == evidence.client else back).append(record)
        return replace(taken, records=(*there, *back))

    return evidence.each(apart)
