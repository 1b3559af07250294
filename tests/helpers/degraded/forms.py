"""The same packets in other clothes: link headers, tags, file formats."""

import struct
from collections.abc import Callable
from dataclasses import replace

from tests.helpers import packets as p
from tests.helpers.degraded.headers import ETHERNET
from tests.helpers.degraded.taken import Evidence, Form, Taken


def any_v1(evidence: Evidence) -> Evidence:
    """`tcpdump -i any` of older libpcaps: the first cooked header."""
    return _cooked(evidence, p.COOKED_V1, lambda data: struct.pack(">HHH8s", 0, 1, 6, data[6:12]) + data[12:ETHERNET])


def any_v2(evidence: Evidence) -> Evidence:
    """`tcpdump -i any` of newer ones: the second, with the interface's number."""
    return _cooked(
        evidence,
        p.COOKED_V2,
        lambda data: data[12:ETHERNET] + struct.pack(">HIHBB8s", 0, 2, 1, 0, 6, data[6:12]),
    )


def _cooked(evidence: Evidence, link_type: int, header: Callable[[bytes], bytes]) -> Evidence:
    def cooked(taken: Taken) -> Taken:
        changed = taken.with_data(lambda data: header(data) + data[ETHERNET:])
        return replace(changed, form=replace(changed.form, link_type=link_type))

    return evidence.each(cooked)


def tagged(evidence: Evidence, *vantages: str) -> Evidence:
    """Taken where the link is a trunk: one VLAN tag."""
    tag = struct.pack(">HH", 0x8100, 12)
    return evidence.each(lambda taken: taken.with_data(lambda data: data[:12] + tag + data[12:]), only=vantages)


def written(evidence: Evidence, kind: str) -> Evidence:
    """Saved by another program."""
    forms = {
        "pcap ns": Form(nanoseconds=True),
        "pcap big endian": Form(byte_order=">"),
        "pcapng us": Form(blocks=True),
        "pcapng ns": Form(blocks=True, nanoseconds=True),
        "pcapng big endian": Form(blocks=True, nanoseconds=True, byte_order=">"),
    }
    form = forms[kind]

    def saved(taken: Taken) -> Taken:
        return replace(taken, form=replace(form, link_type=taken.form.link_type, snap_length=taken.form.snap_length))

    return evidence.each(saved)
