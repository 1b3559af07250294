"""Log lines of Linux 6.18's nftables from dmesg (tests/states/samples/dmesg.txt), and fronts of other log daemons."""

from pathlib import Path

import pytest
from hypothesis import given

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.logged_packet import LoggedPacket, PacketLog, Said
from bothways.states import firewall_log
from tests.helpers.mangled import mangled

DMESG = (Path(__file__).parent / "samples" / "dmesg.txt").read_text()
PACKET = (
    "IN=eth0 OUT=eth1 MAC=aa:bb:cc:dd:ee:ff:11:22:33:44:55:66:08:00 SRC=10.0.0.2 DST=192.0.2.9 LEN=52 TOS=0x00 "
    "PREC=0x00 TTL=63 ID=7 DF PROTO=TCP SPT=51963 DPT=443 SEQ=1 ACK=2 WINDOW=64 RES=0x00 ACK PSH URGP=0 "
)
ICMP = (
    "IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=10.0.0.2 LEN=88 TOS=0x00 PREC=0xC0 TTL=64 ID=9 PROTO=ICMP TYPE=3 CODE=1 "
    "[SRC=10.0.0.2 DST=192.0.2.9 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=1 PROTO=TCP SPT=5 DPT=443 SYN URGP=0 ] "
)
FRONTS = (
    "",
    "[71910.873115] ",
    "[    1.000001] ",
    "Feb  6 16:27:08 fw kernel: ",
    "Feb  6 16:27:08 fw kernel: [71910.873115] ",
    "<4>Feb  6 16:27:08 fw kernel: ",
    "<4>1 2026-11-22T17:40:41.906909+00:00 fw kernel - - - ",
    "2026-11-22T17:40:41.906909+00:00 fw kernel: [71910.873115] ",
    "2026-11-22T17:40:41+0000 fw kernel: ",
    "[Sun Nov 22 17:40:41 2026] ",
    "Nov 22 17:40:41 fw ulogd[312]: ",
)


def log(text: str) -> PacketLog:
    reading = firewall_log.read(text, file="x")
    assert not reading.problems
    return reading.content


def one(text: str) -> LoggedPacket:
    (packet,) = log(text).packets
    return packet


def test_the_kernels_own_lines() -> None:
    packets = log(DMESG).packets
    assert len(packets) == len(DMESG.splitlines())
    first, six = packets[0], next(packet for packet in packets if ":" in packet.source.address)
    assert (first.prefix, first.said, first.stateful) == ("DROP ESTABLISHED:", Said.DROPPED, False)
    assert (first.came_in, first.went_out, first.protocol) == ("lo", "", "TCP")
    assert (first.source, first.destination) == (Endpoint("10.55.0.43", 51963), Endpoint("203.0.113.70", 445))
    assert first.flags == {"ACK"}
    assert (six.source.address, six.prefix, six.flags) == ("2001:db8::70", "[UFW BLOCK]", frozenset({"SYN"}))


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("prefix", ["IN-INVALID DROP: ", "[UFW BLOCK] ", "DROP:", ""])
def test_what_the_log_daemon_puts_in_front_is_no_prefix(front: str, prefix: str) -> None:
    packet = one(front + prefix + PACKET)
    assert packet.prefix == prefix.strip()
    assert (packet.came_in, packet.went_out) == ("eth0", "eth1")
    assert packet.flags == {"ACK", "PSH"}
    assert packet.destination == Endpoint("192.0.2.9", 443)


def test_only_a_time_with_date_and_zone_is_one() -> None:
    whole = "2026-11-22T17:40:41.906909+01:00 fw kernel: "
    assert one(whole + PACKET).at == 1_795_365_641_906_909_000
    assert {one(front + PACKET).at for front in FRONTS if "2026-" not in front} == {None}
    assert one(f"2026-13-22T17:40:41Z fw kernel: {PACKET}").at is None


@pytest.mark.parametrize(
    ("prefix", "said", "stateful"),
    [
        ("FINAL_REJECT: ", Said.REJECTED, False),
        ("STATE_INVALID_DROP: ", Said.DROPPED, True),
        ("Shorewall:net2fw:DROP:", Said.DROPPED, False),
        ("[UFW AUDIT INVALID] ", Said.NOTHING, True),
        ("[UFW ALLOW] ", Said.ACCEPTED, False),
        ("IPTABLES Dropped: ", Said.DROPPED, False),
        ("New not syn:", Said.NOTHING, True),
        ("deny out of state ", Said.DROPPED, True),
        ("drop or accept ", Said.NOTHING, False),
        ("raindrops ", Said.NOTHING, False),
        ("", Said.NOTHING, False),
    ],
)
def test_a_prefix_is_its_authors_word(prefix: str, said: Said, stateful: bool) -> None:  # noqa: FBT001 - a table's column
    packet = one(prefix + PACKET)
    assert (packet.said, packet.stateful) == (said, stateful)


def test_the_packet_that_an_icmp_error_quotes_was_not_here() -> None:
    packet = one(f"DROP {ICMP}")
    assert (packet.protocol, packet.source, packet.destination) == (
        "ICMP",
        Endpoint("192.0.2.1", 0),
        Endpoint("10.0.0.2", 0),
    )
    assert packet.flags == frozenset()


def test_the_rest_of_a_log_is_passed_over() -> None:
    text = f"Feb  6 16:27:08 fw sshd[1]: hello\n{'x ' * 9000}\nFeb  6 16:27:09 fw kernel: DROP {PACKET}\n"
    assert firewall_log.recognises(text)
    assert one(text).line == 3


def test_a_full_table_is_told() -> None:
    text = "[12.5] nf_conntrack: nf_conntrack: table full, dropping packet\n"
    assert firewall_log.recognises(text)
    assert log(text).table_full == (1,)


@pytest.mark.parametrize("broken", [PACKET.replace("192.0.2.9", "192.0.2.999"), PACKET.replace("DPT=443", "DPT=99999")])
def test_a_packet_without_ends_is_told(broken: str) -> None:
    reading = firewall_log.read(broken, file="x")
    assert reading.content.packets == ()
    assert [problem.line for problem in reading.problems] == [1]


@pytest.mark.parametrize("text", ["IN= OUT= nothing\n", "SRC=1.2.3.4 DST=5.6.7.8\n", "hello"])
def test_other_texts_are_not_its(text: str) -> None:
    assert not firewall_log.recognises(text)


def test_a_prefix_from_a_stranger_is_harmless() -> None:
    assert "\x1b" not in one(f"\x1b]0;evil\x07 DROP {PACKET}").prefix


@given(mangled(DMESG[:2000], *(front + PACKET for front in FRONTS), ICMP))
def test_no_text_raises(text: str) -> None:
    firewall_log.recognises(text)
    for packet in firewall_log.read(text, file="x").content.packets:
        assert packet.prefix.isprintable()
