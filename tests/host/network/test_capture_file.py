from io import BytesIO

from bothways.captures.pcapng import SECTION_HEADER, read_pcapng
from bothways.captures.raw_packet import FileFacts, RawPacket
from bothways.captures.stream import ByteStream
from bothways.host.network.capture_file import CaptureFile
from bothways.units import Instant
from bothways.wire.link import COOKED_V2

AT = Instant(1_795_000_000_123_456_789)


def read(data: bytes) -> tuple[list[RawPacket], FileFacts]:
    facts = FileFacts()
    stream = ByteStream([data])
    assert stream.take(4) == SECTION_HEADER
    items = list(read_pcapng(stream, facts))
    packets = [item for item in items if isinstance(item, RawPacket)]
    assert packets == items
    return packets, facts


def test_our_own_reader_finds_packets_to_the_nanosecond_and_what_was_lost() -> None:
    file = BytesIO()
    writer = CaptureFile(file, link_type=COOKED_V2, snap_length=9216, filter_="host 192.0.2.1 or icmp")
    writer.packet(AT, b"a" * 21, 21)
    writer.lost(AT, 3)
    writer.packet(Instant(AT + 1), b"b" * 40, 70_000)
    writer.lost(AT, 5)
    packets, facts = read(file.getvalue())
    assert [(one.at, one.data, one.wire_length, one.link_type) for one in packets] == [
        (AT, b"a" * 21, 21, COOKED_V2),
        (AT + 1, b"b" * 40, 70_000, COOKED_V2),
    ]
    assert (facts.dropped, facts.snap_length, list(facts.filters)) == (5, 9216, [b"host 192.0.2.1 or icmp"])
    assert not facts.ended_early


def test_the_file_is_whole_after_each_packet() -> None:
    file = BytesIO()
    writer = CaptureFile(file, link_type=COOKED_V2, snap_length=9216, filter_="icmp")
    for count in range(3):
        packets, facts = read(file.getvalue())
        assert (len(packets), facts.dropped, facts.ended_early) == (count, None, False)
        writer.packet(AT, bytes(20 + count), 20 + count)
