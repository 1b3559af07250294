"""What pass one says about carriers, and copies inside and outside of a tunnel."""

from bothways.connections.copies import without_copies
from bothways.evidence.capture import Chosen, Survey
from tests.helpers import encapsulated as e
from tests.helpers import packets as p
from tests.helpers.carriers import OUTER
from tests.helpers.conversation import START
from tests.helpers.readers import extract, survey
from tests.helpers.repository import TOP

ENDS = ("10.1.0.1", "10.1.0.2")


def packet(seq: int, *, ttl: int = 64, flags: str = "A", size: int = 0, identification: int = 1) -> bytes:
    segment = p.tcp(40_000, 443, seq=seq, ack=9, flags=flags, payload=bytes(size))
    return p.ipv4(*ENDS, segment, ttl=ttl, identification=identification)


def read(*frames: bytes, link_type: int = 1) -> tuple[Survey, bytes]:
    data = p.pcap_file(
        [p.Packet(at=START + at * 10**6, frame=frame) for at, frame in enumerate(frames)], link_type=link_type
    )
    return survey([data], file="x"), data


def test_kinds_of_carriers_are_counted_without_their_names() -> None:
    found, _ = read(
        p.ethernet(packet(1), vlans=[(0x8100, 5)]),
        p.ethernet(e.vxlan(OUTER, p.ethernet(packet(2), vlans=[(0x8100, 6)]), network=1)),
        p.ethernet(e.vxlan(OUTER, p.ethernet(packet(3)), network=2)),
        p.ethernet(packet(4)),
        p.ethernet(p.ip(*OUTER, bytes(40), protocol=50)),
    )
    assert found.layers == (("vlan", 2), ("vxlan", 2), ("esp", 1))
    assert (found.tcp_packets, found.encrypted, found.other_ip_packets) == (4, 1, 0)
    (row,) = found.rows
    assert row.sent.layers == ("vlan 5",)
    assert row.received.layers == ()


def test_a_packet_seen_inside_and_outside_of_a_tunnel_is_a_copy() -> None:
    syn = packet(100, flags="S", identification=7)
    routed = packet(100, flags="S", ttl=63, identification=7)
    found, data = read(p.ethernet(syn), p.ethernet(e.vxlan(OUTER, p.ethernet(routed))))
    (row,) = found.rows
    assert (row.sent.packets, row.sent.duplicates, row.sent.syns, row.sent.repeated, row.sent.ttl) == (1, 1, 1, 0, 64)
    chosen = Chosen(number=0, opener=row.opener, other=row.other, first_number=1, last_number=2)
    (kept,) = extract([data], file="x", chosen=[chosen])
    assert [(one.ttl, len(one.layers)) for one in kept.segments] == [(64, 0), (63, 1)]
    assert [one.frame for one in without_copies(kept.segments)] == [1]


def test_distances_go_by_the_innermost_ttl() -> None:
    found, _ = read(p.ethernet(e.gre(OUTER, packet(1, ttl=51))))
    assert found.rows[0].sent.ttl == 51


def test_a_tunnels_packet_whose_content_was_not_kept_counts_as_cut() -> None:
    frame = p.ethernet(e.vxlan(OUTER, p.ethernet(packet(1))))
    data = p.pcap_file([p.Packet(at=START, frame=frame)], snap_length=60)
    found = survey([data], file="x")
    assert (found.cut_packets, found.other_ip_packets, found.tcp_packets) == (1, 0, 0)


def test_overlapping_fragments_are_a_problem() -> None:
    first, second, *_ = e.fragments(packet(1, size=100), 48)
    false = p.ipv4(*ENDS, b"x" * 48, identification=7, fragment_offset=48, more_fragments=True)
    found, _ = read(*(p.ethernet(one) for one in (first, second, false)))
    (problem,) = found.problems
    assert problem.says == "IP packets whose fragments overlap were left out, as RFC 5722 asks: 1"


def test_a_first_fragment_that_waited_in_vain_is_counted_where_it_stood() -> None:
    first = e.fragments(packet(1, size=100), 48)[0]
    others = [p.ethernet(packet(101 + at, size=1, identification=20 + at)) for at in range(3)]
    found, data = read(p.ethernet(first), *others)
    (row,) = found.rows
    assert (row.first_number, row.last_number, row.sent.packets, found.unfinished) == (1, 4, 4, 1)
    chosen = Chosen(number=0, opener=row.opener, other=row.other, first_number=1, last_number=4)
    (kept,) = extract([data], file="x", chosen=[chosen])
    assert next((one.frame, one.partial, one.payload) for one in kept.segments) == (1, True, 28)


def test_a_first_fragment_of_an_earlier_use_of_the_ports_is_left_out() -> None:
    first = e.fragments(packet(1, size=100), 48)[0]
    found, _ = read(
        p.ethernet(packet(1)), p.ethernet(first), p.ethernet(packet(2)), p.ethernet(packet(5000, flags="S"))
    )
    assert [row.sent.packets for row in found.rows] == [2, 1]
    (problem,) = found.problems
    assert problem.says == "first fragments of an earlier use of the same ports were left out: 1"


def test_a_segment_whose_first_fragment_lies_before_the_chosen_frames_is_extracted() -> None:
    pieces = e.fragments(packet(1, size=100), 48)
    frames = [p.ethernet(one) for one in (*pieces[:-1], packet(9), pieces[-1])]
    found, data = read(*frames)
    choice = Chosen(
        number=0,
        opener=found.rows[0].opener,
        other=found.rows[0].other,
        first_number=len(pieces),
        last_number=len(frames),
    )
    (kept,) = extract([data], file="x", chosen=[choice])
    assert [(one.frame, one.payload) for one in kept.segments] == [(len(pieces), 0), (len(frames), 100)]


def test_all_packets_of_an_aggregate_are_counted_and_extracted() -> None:
    frame = e.wifi(b"", qos=True, subframes=[packet(1, size=5), packet(6, size=5)])
    found, data = read(frame, link_type=105)
    (row,) = found.rows
    assert (row.sent.data, row.sent.payload) == (2, 10)
    (kept,) = extract(
        [data], file="x", chosen=[Chosen(number=0, opener=row.opener, other=row.other, first_number=1, last_number=1)]
    )
    assert [one.seq for one in kept.segments] == [1, 6]
    assert kept.segments[0].link_source == "02:00:00:00:00:01"


def test_a_large_packet_and_its_pieces_in_a_tunnel_are_no_retransmission() -> None:
    frames = [
        p.Packet(at=START, frame=p.ethernet(packet(1))),
        p.Packet(at=START + 1, frame=p.ethernet(e.vxlan(OUTER, p.ethernet(packet(1))))),
        p.Packet(at=START + 10, frame=p.ethernet(packet(1, size=300))),
        *[
            p.Packet(at=START + 20 + at, frame=p.ethernet(e.vxlan(OUTER, p.ethernet(packet(1 + at, size=100)))))
            for at in (0, 100, 200)
        ],
    ]
    data = p.pcap_file(frames, nanoseconds=True)
    (row,) = survey([data], file="x").rows
    assert (row.sent.packets, row.sent.duplicates, row.sent.repeated, row.sent.payload) == (2, 4, 0, 300)
    chosen = Chosen(number=0, opener=row.opener, other=row.other, first_number=1, last_number=6)
    (kept,) = extract([data], file="x", chosen=[chosen])
    assert [one.frame for one in without_copies(kept.segments)] == [1, 3]


def sample(name: str) -> Survey:
    return survey([(TOP / "tests" / "captures" / "samples" / "carriers" / name).read_bytes()], file=name)


def test_a_host_that_saw_a_tunnel_from_both_sides_counts_each_packet_once() -> None:
    cable, host = sample("vxlan.pcap"), sample("vxlan-any.pcap")
    (outside,), (both,) = cable.rows, host.rows
    assert (outside.history, both.history) == ("ShADadAfFa", "ShADadAfFa")
    assert (outside.sent.packets, outside.received.packets, outside.received.payload) == (5, 7, 4019)
    assert (both.sent.packets, both.received.packets, both.received.payload) == (5, 5, 4019)
    assert (both.sent.duplicates, both.received.duplicates) == (5, 7)
    assert [way.repeated + way.refilled for way in (outside.sent, outside.received, both.sent, both.received)] == [
        0
    ] * 4
    assert (cable.fragments, cable.unfinished, cable.layers) == (4, 0, (("vxlan", 12),))


def test_a_rules_log_is_a_capture_of_one_way() -> None:
    (row,) = sample("nflog.pcap").rows
    assert (row.sent.packets, row.received.packets) == (5, 0)
    assert row.sent.name == "sample.example"
