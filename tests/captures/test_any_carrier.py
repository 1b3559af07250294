"""Whatever carries a packet, however deep and however damaged, both readers say the same of it."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.capture import Chosen, Survey
from tests.helpers import packets as p
from tests.helpers.conversation import START
from tests.helpers.nested import Carriers, damaged
from tests.helpers.readers import extract, survey


def capture(random: Random, count: int) -> bytes:
    """Frames of all link types, of which some were damaged or came twice."""
    links: dict[int, int] = {}
    data = p.pcapng_section()
    at = START
    for _ in range(count):
        link_type, frame = Carriers(random).link(random.randint(0, 3))
        if random.random() < 0.4:
            frame = damaged(random, frame)
        if link_type not in links:
            links[link_type] = len(links)
            data += p.pcapng_interface(link_type=link_type)
        for _copy in range(random.choice((1, 1, 1, 2))):
            at += random.choice((0, 1000, 2_000_000_000))
            length = len(frame) + random.choice((0, 0, 4))
            data += p.pcapng_packet(at, frame, interface=links[link_type], wire_length=length)
    return data


def read_twice(data: bytes) -> Survey:
    """Both passes by both readers, which compare them."""
    found = survey([data], file="x")
    chosen = [
        Chosen(number=r.number, opener=r.opener, other=r.other, first_number=r.first_number, last_number=r.last_number)
        for r in found.rows
    ]
    assert len(extract([data], file="x", chosen=chosen)) == len(found.rows)
    return found


@given(st.integers(0, 2**32 - 1))
def test_both_readers_agree_on_whatever_carries_a_packet(seed: int) -> None:
    assert read_twice(capture(Random(seed), 12)).packets >= 12


def test_every_kind_of_carrier_is_met() -> None:
    kinds = dict(read_twice(capture(Random(7), 1500)).layers)
    assert set(kinds) == {
        *("vlan", "mpls", "pppoe", "macsec", "ipip", "4in6", "6in4", "6in6", "gre", "erspan", "pptp", "vxlan"),
        *("vxlan-gpe", "geneve", "gtp-u", "etherip", "mpls-in-ip", "mpls-in-udp"),
        *("esp", "protected-wifi", "wireguard"),
    }
