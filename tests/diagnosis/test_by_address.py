from bothways.diagnosis.by_address import ByAddress
from bothways.evidence.socket import SocketState
from tests.helpers.hosts import THERE, case, half_open, listening, log, logged, sockets
from tests.helpers.network import CLIENT, SERVER

OTHER = "198.51.100.7:443 198.51.100.8:40000"


def test_of_each_list_what_listens_and_what_has_the_address_is_kept_in_order() -> None:
    listed = sockets(f"ESTAB 0 0 {OTHER}", half_open(), listening(0, 5, port=22), f"ESTAB 0 0 {THERE}")
    (kept,) = ByAddress(case(sockets=(listed,))).sockets({SERVER.address})
    assert [socket.line for socket in kept.listing.sockets] == [2, 3, 4]
    (neither,) = ByAddress(case(sockets=(listed,))).sockets({"192.0.2.99"})
    assert [socket.state for socket in neither.listing.sockets] == [SocketState.LISTEN]
    assert neither.role == listed.role


def test_either_end_will_do() -> None:
    listed = sockets(half_open())
    (kept,) = ByAddress(case(sockets=(listed,))).sockets({CLIENT.address})
    assert kept == listed


def test_of_each_log_the_packets_of_the_address_are_kept() -> None:
    other = logged("DROP", "ACK").replace(SERVER.address, "198.51.100.7")
    full = "[12.5] nf_conntrack: nf_conntrack: table full, dropping packet"
    by_address = ByAddress(case(logs=(log(other, logged("DROP", "SYN"), full),)))
    (kept,) = by_address.logs({SERVER.address})
    assert [packet.line for packet in kept.log.packets] == [2]
    assert kept.log.table_full == (3,)
    (both,) = by_address.logs({CLIENT.address})
    assert [packet.line for packet in both.log.packets] == [1, 2]
