"""A target is one host and what is said to it; whoever is everybody is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.check.target import target_of
from bothways.errors import CallError
from bothways.host.network.errand import Ask


@pytest.mark.parametrize(
    ("written", "host", "port", "ask", "path"),
    [
        ("www.example.net", "www.example.net", 443, Ask.HTTPS, "/"),
        ("WWW.Example.NET.", "www.example.net", 443, Ask.HTTPS, "/"),
        ("www.example.net:80", "www.example.net", 80, Ask.HTTP, "/"),
        ("192.0.2.1:22", "192.0.2.1", 22, Ask.GREETING, "/"),
        ("2001:DB8::1", "2001:db8::1", 443, Ask.HTTPS, "/"),
        ("[2001:db8::1]:25", "2001:db8::1", 25, Ask.GREETING, "/"),
        ("[2001:db8::1]", "2001:db8::1", 443, Ask.HTTPS, "/"),
        ("https://www.example.net/a?b=c#d", "www.example.net", 443, Ask.HTTPS, "/a?b=c"),
        ("http://user:secret@www.example.net:8080", "www.example.net", 8080, Ask.HTTP, "/"),
        ("https://www.example.net?q", "www.example.net", 443, Ask.HTTPS, "/?q"),
        ("ssh://www.example.net", "www.example.net", 22, Ask.GREETING, "/"),
        ("imaps://www.example.net", "www.example.net", 993, Ask.TLS, "/"),
        ("tcp://www.example.net:9000", "www.example.net", 9000, Ask.GREETING, "/"),
        ("bücher.example", "xn--bcher-kva.example", 443, Ask.HTTPS, "/"),
        ("localhost:8443", "localhost", 8443, Ask.HTTPS, "/"),
    ],
)
def test_a_target_is_read(written: str, host: str, port: int, ask: Ask, path: str) -> None:
    target = target_of(written)
    assert (target.host, target.port, target.ask, target.path) == (host, port, ask, path)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("192.0.2.0/24", "range"),
        ("2001:db8::/32", "range"),
        ("192.0.2.1-20", "range"),
        ("192.0.2.*", "range"),
        ("255.255.255.255", "broadcast"),
        ("224.0.0.1", "multicast"),
        ("[ff02::1]:443", "multicast"),
        ("0.0.0.0", "no host"),  # noqa: S104 - a word, no socket
        ("::", "no host"),
        ("0.1.2.3", "no host"),
        ("250.1.2.3", "reserved"),
        ("::ffff:224.0.0.1", "multicast"),
        ("fe80::1", "link-local"),
        ("169.254.169.254", "link-local"),
        ("www.example.net:0", "from 1 to 65535"),
        ("www.example.net:65536", "from 1 to 65535"),
        ("www.example.net:", "from 1 to 65535"),
        ("www.example.net:99999999999999999999", "from 1 to 65535"),
        ("gopher://www.example.net", "no scheme"),
        ("tcp://www.example.net", "which port"),
        ("", "neither"),
        ("192.0.2.300", "neither"),
        ("www..example.net", "neither"),
        ("a b", "neither"),
        ("[192.0.2.1]:80", "cannot be read"),
        ("1:2:3", "cannot be read"),
    ],
)
def test_what_is_no_single_host_is_refused_with_a_reason(written: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        target_of(written)


@given(st.text(max_size=40))
def test_any_text_is_a_target_or_refused_in_printable_words(written: str) -> None:
    complaint, target = "", None
    try:
        target = target_of(written)
    except CallError as error:
        complaint = str(error)
    assert complaint.isprintable()
    if target is not None:
        assert 1 <= target.port <= 0xFFFF
        assert target.host.isascii()
        assert target.path.isascii()
        assert target.path.isprintable()
        assert " " not in target.path
