import pytest

from bothways.facts.flag_match import Carries, taken

SYN, ACK, DATA = Carries.SYN, Carries.ACK, Carries.DATA


@pytest.mark.parametrize(
    ("match", "packets"),
    [
        ("syn", {SYN}),
        ("ack", {ACK, DATA}),
        ("psh", {DATA}),
        ("syn,ack", {SYN, ACK, DATA}),
        ("syn | ack", {SYN, ACK, DATA}),
        ("! syn", {ACK, DATA}),
        ("== ack", {ACK}),
        ("!= syn", {ACK, DATA}),
        ("syn / syn,ack", {SYN}),
        ("ack / syn,ack", {ACK, DATA}),
        ("!= syn / fin,syn,rst,ack", {ACK, DATA}),
        ("& (fin|syn|rst|ack) == syn", {SYN}),
        ("& (fin | syn | rst | ack) != syn", {ACK, DATA}),
        ("& syn == 0x0", {ACK, DATA}),
        ("& (syn|ack) == 0", set()),
        ("rst", set()),
        ("& (fin|syn) == fin|syn", set()),
        ("fin,psh,urg / fin,psh,urg", set()),
    ],
)
def test_which_packets_of_a_connection_a_match_takes(match: str, packets: set[Carries]) -> None:
    assert taken(match) == frozenset(packets)


@pytest.mark.parametrize("match", ["", "@set", "{ syn, ack }", "0x12", "& 0x02 == 0x02", "syn / "])
def test_what_is_written_otherwise_is_not_read(match: str) -> None:
    assert taken(match) is None
