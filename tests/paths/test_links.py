from hypothesis import given
from hypothesis import strategies as st

from bothways.paths.links import are_one_link, links_between


def hops(*addresses: str) -> list[frozenset[str]]:
    return [frozenset({address} if address else ()) for address in addresses]


def test_the_two_ends_of_a_link_are_neighbours() -> None:
    assert links_between(hops("192.0.2.1", "198.51.100.2"), hops("198.51.100.1", "203.0.113.9")) == {(1, 0): True}


def test_a_network_with_room_for_others_is_weaker() -> None:
    assert links_between(hops("198.51.100.2"), hops("198.51.100.77")) == {(0, 0): False}


def test_a_network_in_which_more_than_two_answer_tells_no_neighbours() -> None:
    assert not links_between(hops("198.51.100.2", "198.51.100.60"), hops("198.51.100.120"))


def test_where_links_have_two_addresses_the_middle_of_four_are_of_two_links() -> None:
    there, back = hops("198.51.100.1", "198.51.100.3"), hops("198.51.100.2")
    assert links_between(there, back) == {(1, 0): True}


def test_one_address_on_both_ways_is_no_link() -> None:
    assert not links_between(hops("198.51.100.2"), hops("198.51.100.2"))


def test_ends_of_links_in_either_version() -> None:
    assert are_one_link("2001:db8::a", "2001:db8::b")
    assert are_one_link("2001:db8::1", "2001:db8::2")
    assert not are_one_link("192.0.2.3", "192.0.2.4")
    assert not are_one_link("192.0.2.1", "2001:db8::1")


@given(st.ip_addresses(v=4), st.ip_addresses(v=4))
def test_a_link_has_no_direction(one: object, other: object) -> None:
    assert are_one_link(str(one), str(other)) == are_one_link(str(other), str(one))
