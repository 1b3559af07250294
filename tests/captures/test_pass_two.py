from types import ModuleType

import pytest

from bothways.captures import native, plain
from bothways.evidence.capture import Chosen, ConnectionRow
from bothways.evidence.icmp_error import Unreachable
from bothways.evidence.segment import Content, Flags, Options
from tests.helpers import packets as p
from tests.helpers.conversation import CLIENT, SERVER, Script, at
from tests.helpers.readers import extract


def chosen(row: ConnectionRow) -> Chosen:
    return Chosen(
        number=row.number,
        opener=row.opener,
        other=row.other,
        first_number=row.first_number,
        last_number=row.last_number,
    )


def conversation() -> Script:
    script = Script()
    script.there(0, flags="S", seq=100, options=[p.mss(1460), p.sack_permitted(), p.window_scale(7)])
    script.there(1, port=5, flags="S", seq=1)
    script.back(20, flags="SA", seq=900, ack=101, ttl=55)
    script.there(22, flags="PA", seq=101, ack=901, payload=p.client_hello("a.example"))
    script.again(23)
    quoted = p.ipv4(CLIENT.address, SERVER.address, p.tcp(CLIENT.port, SERVER.port, seq=101), ttl=1)
    script.frame(30, p.ethernet(p.icmp_error("10.9.9.9", CLIENT.address, quoted, kind=3, code=4, mtu=1400, ttl=60)))
    script.there(60_000, flags="S", seq=777_777)
    return script


def capture(script: Script) -> bytes:
    return p.pcap_file(script.packets, nanoseconds=True)


def test_the_chosen_connection_comes_whole_with_its_copies_and_errors() -> None:
    script = conversation()
    rows = script.survey().rows
    (packets,) = extract([capture(script)], file="x", chosen=[chosen(rows[0])])
    assert [segment.frame for segment in packets.segments] == [1, 3, 4, 5]
    syn, reply, hello, _ = packets.segments
    assert (syn.source, syn.destination, syn.at, syn.flags) == (CLIENT, SERVER, at(0), Flags.SYN)
    assert syn.options == Options(mss=1460, sack_permitted=True, window_scale=7)
    assert (reply.ttl, reply.seq, reply.ack, reply.is_syn_ack) == (55, 900, 101, True)
    assert (hello.content, hello.name, hello.link_source) == (Content.CLIENT_HELLO, "a.example", "02:00:00:00:00:01")
    (error,) = packets.errors
    assert (error.frame, error.reporter, error.says, error.next_hop_mtu) == (6, "10.9.9.9", Unreachable.TOO_BIG, 1400)
    assert (error.source, error.destination, error.seq, error.quoted_ttl, error.ttl) == (CLIENT, SERVER, 101, 1, 60)


def test_each_use_of_the_same_ports_is_kept_apart_and_in_the_order_asked_for() -> None:
    script = conversation()
    rows = script.survey().rows
    picked = extract([capture(script)], file="x", chosen=[chosen(row) for row in reversed(rows)])
    assert [packets.number for packets in picked] == [2, 1, 0]
    assert [[segment.frame for segment in packets.segments] for packets in picked] == [[7], [2], [1, 3, 4, 5]]


def test_nothing_chosen_reads_nothing() -> None:
    assert extract([capture(conversation())], file="x", chosen=[]) == ()


def test_a_file_without_the_chosen_connection_gives_no_packets() -> None:
    choice = Chosen(number=3, opener=CLIENT, other=SERVER, first_number=1, last_number=9)
    (packets,) = extract([b"no capture"], file="x", chosen=[choice])
    assert (packets.number, packets.segments, packets.errors) == (3, (), ())


@pytest.mark.parametrize("reader", [plain, native])
def test_nothing_is_read_behind_the_last_chosen_frame(reader: ModuleType) -> None:
    script = conversation()
    whole = capture(script)
    chunks = iter([whole[start : start + 64] for start in range(0, len(whole), 64)])
    reader.extract(chunks, file="x", chosen=[chosen(script.survey().rows[1])])
    assert len(list(chunks)) > 4
