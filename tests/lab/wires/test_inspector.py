"""A box on a wire that looks for names in ClientHellos: what it lets pass, what it keeps back, what it sends."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.lab.wires import inspector as module
from bothways.lab.wires.inspector import Answer, Inspector
from bothways.wire.checksum import internet_checksum
from bothways.wire.ip import parse_ip
from bothways.wire.link import ETHERNET, parse_link
from bothways.wire.tcp import TcpHeader, parse_tcp
from tests.helpers.packets import CLIENT_MAC, SERVER_MAC, client_hello, tcp_frame

CLIENT, SERVER = "10.0.0.1", "192.0.2.2"
ISN = 2**32 - 10  # so that numbers wrap within the ClientHello
BAD, GOOD = client_hello("blocked.example"), client_hello("allowed.example")


def sent(payload: bytes = b"", *, flags: str = "A", offset: int = 0, port: int = 40_000, v6: bool = False) -> bytes:
    """A frame of the client's; *offset* counts payload bytes from the first."""
    source, destination = ("fd00::1", "fd00:2::2") if v6 else (CLIENT, SERVER)
    seq = ISN if "S" in flags else ISN + 1 + offset
    ack = 0 if "S" in flags else 777
    return tcp_frame(source, destination, port, 443, seq=seq, ack=ack, flags=flags, payload=payload)


def inspector(answer: str = "silent") -> Inspector:
    return Inspector(names=["Blocked.example", "other.example"], answer=answer)


def began(box: Inspector, port: int = 40_000, *, v6: bool = False) -> Inspector:
    assert box.look(sent(flags="S", port=port, v6=v6)) is None
    assert box.look(sent(port=port, v6=v6)) is None
    return box


def test_another_name_passes_and_so_does_all_that_follows() -> None:
    box = began(inspector())
    assert box.look(sent(GOOD, flags="PA")) is None
    assert box.look(sent(BAD, offset=len(GOOD))) is None


def test_a_name_that_is_not_liked_silences_the_connection_on_its_way_there() -> None:
    box = began(inspector())
    assert box.look(sent(BAD, flags="PA")) == Answer()
    assert box.look(sent(BAD, flags="PA")) == Answer()
    assert box.look(sent(flags="FA", offset=len(BAD))) == Answer()


def test_the_way_back_and_other_connections_are_left_alone() -> None:
    box = began(inspector())
    box.look(sent(BAD))
    assert box.look(tcp_frame(SERVER, CLIENT, 443, 40_000, seq=777, ack=ISN + 1)) is None
    began(box, 40_001)
    assert box.look(sent(GOOD, port=40_001)) is None


def test_a_new_connection_from_the_same_port_begins_anew() -> None:
    box = began(inspector())
    assert box.look(sent(BAD)) is not None
    began(box)
    assert box.look(sent(GOOD)) is None


def test_names_are_the_same_in_upper_and_lower_case() -> None:
    assert began(inspector()).look(sent(client_hello("BLOCKED.EXAMPLE"))) is not None


def test_a_connection_that_began_before_the_box_looked_is_judged_by_its_first_payload() -> None:
    assert inspector().look(sent(BAD)) is not None


def test_a_name_far_inside_of_the_hello_is_found() -> None:
    hello = client_hello("blocked.example", before=[(21, bytes(2000))])
    box = began(inspector())
    assert box.look(sent(hello[:1460])) is None
    assert box.look(sent(hello[1460:], offset=1460)) is not None


def test_what_a_client_repeats_from_before_the_hello_is_no_part_of_it() -> None:
    """A keepalive repeats an octet that was acknowledged already (RFC 9293 section 3.8.4)."""
    assert began(inspector()).look(sent(b"?" + BAD, offset=-1)) is not None


@given(st.data())
def test_the_name_is_found_however_the_hello_is_cut_and_in_whatever_order_it_comes(data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(BAD) - 1), max_size=5)))
    pieces = [(start, BAD[start:end]) for start, end in zip([0, *cuts], [*cuts, len(BAD)], strict=True)]
    again = data.draw(st.lists(st.sampled_from(pieces), max_size=3))
    box = began(inspector())
    answers = [box.look(sent(payload, offset=offset)) for offset, payload in data.draw(st.permutations(pieces + again))]
    assert any(answer is not None for answer in answers)


@pytest.mark.parametrize(
    "payload",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x16", client_hello(None), b"\x17\x03\x03\x00\x05hello", b"\x16\x03\x01"],
    ids=["http", "one byte", "no name", "application data", "half a header"],
)
def test_what_names_nobody_passes(payload: bytes) -> None:
    box = began(inspector())
    assert box.look(sent(payload)) is None
    assert box.look(sent(offset=len(payload))) is None


@given(st.binary(max_size=80))
def test_any_frame_may_come(noise: bytes) -> None:
    box = inspector("reset")
    box.look(noise)
    box.look(sent(noise))
    assert box.look(sent(BAD)[: 14 + len(noise)]) is None


def test_old_connections_are_forgotten_before_memory_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_CONNECTIONS", 100)
    box = inspector()
    assert box.look(sent(BAD, port=1)) is not None
    for port in range(2, 101):
        assert box.look(sent(flags="S", port=port)) is None
    assert box.look(sent(b"more", offset=len(BAD), port=1)) is not None
    assert box.look(sent(flags="S", port=101)) is None
    assert box.look(sent(b"more", offset=len(BAD), port=1)) is None
    assert len(box._connections) == 100


def test_overlapping_pieces_without_end_are_not_all_held() -> None:
    box = began(inspector())
    for offset in range(1, 2000):
        assert box.look(sent(bytes(1000), offset=offset)) is None
    (opening,) = box._connections.values()
    assert isinstance(opening, module._Opening)
    assert sum(map(len, opening.pieces.values())) <= 2**16 + 20


# --- resets ---


def read(frame: bytes) -> tuple[bytes, bytes, TcpHeader]:
    """Addresses and TCP header of a frame, whose checksums must be right."""
    link = parse_link(ETHERNET, frame)
    assert link is not None
    ip = parse_ip(frame, link.offset, len(frame))
    assert ip is not None
    tcp = parse_tcp(frame, ip.start, ip.length)
    assert tcp is not None
    if len(ip.source) == 4:
        assert internet_checksum(frame[link.offset : ip.start]) == 0
    segment = frame[ip.start :]
    assert len(segment) == ip.length
    assert internet_checksum(ip.source + ip.destination + (6).to_bytes(2) + ip.length.to_bytes(2) + segment) == 0
    return ip.source, ip.destination, tcp


@pytest.mark.parametrize("v6", [False, True], ids=["ipv4", "ipv6"])
def test_both_ends_get_a_reset_that_they_must_believe(v6: bool) -> None:  # noqa: FBT001 - a parameter of the test
    answer = began(inspector("reset"), v6=v6).look(sent(BAD, v6=v6))
    assert answer is not None
    assert answer.onward is not None
    assert answer.returned is not None
    client, server = (ip_address(name).packed for name in (("fd00::1", "fd00:2::2") if v6 else (CLIENT, SERVER)))

    source, destination, tcp = read(answer.onward)
    assert (source, destination, tcp.source_port, tcp.destination_port) == (client, server, 40_000, 443)
    assert (tcp.flags, tcp.seq, tcp.ack) == (0x14, (ISN + 1) % 2**32, 777)
    assert answer.onward[:12] == SERVER_MAC + CLIENT_MAC

    source, destination, tcp = read(answer.returned)
    assert (source, destination, tcp.source_port, tcp.destination_port) == (server, client, 443, 40_000)
    assert (tcp.flags, tcp.seq, tcp.ack) == (0x14, 777, (ISN + 1 + len(BAD)) % 2**32)
    assert answer.returned[:12] == CLIENT_MAC + SERVER_MAC


def test_only_the_frame_that_completes_the_name_is_answered_with_resets() -> None:
    box = began(inspector("reset"))
    assert box.look(sent(BAD[:50])) is None
    first = box.look(sent(BAD[50:], offset=50))
    assert first is not None
    assert first.onward is not None
    assert read(first.onward)[2].seq == (ISN + 51) % 2**32
    assert box.look(sent(BAD[50:], offset=50)) == Answer()
