"""Hosts as snprint_addr and fmt_ipinfo of mtr's sources print them."""

import pytest

from bothways.traces.mtr_host import replies


@pytest.mark.parametrize(
    ("host", "name", "address"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("a.example", "a.example", None),
        ("a.example (192.0.2.1)", "a.example", "192.0.2.1"),
        ("AS64500  a.example (2001:db8::1)", "a.example", "2001:db8::1"),
        ("??? 192.0.2.1", None, "192.0.2.1"),
        ("??? (192.0.2.1)", None, "192.0.2.1"),
        ("DE 192.0.2.1", None, "192.0.2.1"),
    ],
)
def test_the_responder_stands_last(host: str, name: str | None, address: str | None) -> None:
    (reply,) = replies(host)
    assert (reply.name, reply.address) == (name, address)


@pytest.mark.parametrize("host", ["???", "AS???    ???", "(waiting for reply)", "", "  "])
def test_silence_is_nobody(host: str) -> None:
    assert replies(host) == ()


def test_of_half_a_host_the_address_is_unknown() -> None:
    assert replies("a.example (192.0.2.1)", cut=True)[0].address is None
    assert replies("192.0.2.1", cut=True)[0].address is None
