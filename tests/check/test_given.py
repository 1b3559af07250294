"""`--resolve` is read as curl reads it."""

import pytest

from bothways.check.given import given
from bothways.errors import CallError


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["www.example.net:443:192.0.2.1"], {("www.example.net", 443): ("192.0.2.1",)}),
        (["WWW.example.net:443:192.0.2.1,[2001:DB8::1]"], {("www.example.net", 443): ("192.0.2.1", "2001:db8::1")}),
        (["a.example:80:192.0.2.1", "a.example:80:192.0.2.2"], {("a.example", 80): ("192.0.2.1", "192.0.2.2")}),
        (["a.example:80:2001:db8::1"], {("a.example", 80): ("2001:db8::1",)}),
        (["[2001:db8::1]:443:2001:db8::2"], {("2001:db8::1", 443): ("2001:db8::2",)}),
        (["+a.example:80:192.0.2.1"], {("a.example", 80): ("192.0.2.1",)}),
    ],
)
def test_addresses_are_given(values: list[str], found: dict[tuple[str, int], tuple[str, ...]]) -> None:
    assert given(values) == found


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("www.example.net:443", "HOST:PORT:ADDRESS"),
        ("www.example.net:https:192.0.2.1", "HOST:PORT:ADDRESS"),
        ("-www.example.net:443", "HOST:PORT:ADDRESS"),
        ("*:443:192.0.2.1", "range|neither"),
        ("www.example.net:443:other.example", "is no address"),
        ("www.example.net:443:192.0.2.1,", "is no address"),
        ("www.example.net:443:224.0.0.1", "multicast"),
    ],
)
def test_what_has_another_form_is_refused(value: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        given([value])
