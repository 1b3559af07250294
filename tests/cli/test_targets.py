import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.cli.targets import check_scope, wanted
from bothways.connections.window import OnDate
from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.diagnosis.roles import Roles, Wanted
from bothways.errors import CallError, InputError
from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant
from tests.helpers.diagnoses import diagnosis, target

OTHERS = (
    (Endpoint("203.0.113.9", 443), ""),
    (Endpoint("198.51.100.4", 80), "www.example.org"),
    (Endpoint("2001:db8::7", 443), "fonts.example.com"),
)


def check(text: str, made: Diagnosis | None = None) -> None:
    check_scope(made or diagnosis(target(Ruling.OPEN), others=OTHERS), Roles(targets=wanted([text])))


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("203.0.113.2", "203.0.113.2", 0),
        ("203.0.113.2:443", "203.0.113.2", 443),
        ("2001:DB8:0::1", "2001:db8::1", 0),
        ("[2001:db8::1]:443", "2001:db8::1", 443),
        ("[2001:db8::1]", "2001:db8::1", 0),
        ("Fonts.Example.net", "fonts.example.net", 0),
        ("fonts.example.net.:8443", "fonts.example.net", 8443),
        ("localhost", "localhost", 0),
        ("_dmarc.example.net", "_dmarc.example.net", 0),
    ],
)
def test_a_target_is_an_address_or_a_name_with_or_without_port(text: str, host: str, port: int) -> None:
    assert wanted([text]) == (Wanted(host=host, port=port),)


@pytest.mark.parametrize(
    "text", ["", ":443", "a b", "192.0.2", "192.0.2.256", "[::1", "[::1]x", "-x", "a" * 254, "a:b:c"]
)
def test_what_is_neither_is_told_the_forms(text: str) -> None:
    with pytest.raises(CallError, match="it takes an IP address or a server's name"):
        wanted([text])


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_a_mistaken_call(text: str) -> None:
    said = ""
    try:
        (found,) = wanted([text])
    except CallError as error:
        said = str(error)
    else:
        assert found.host
        assert 0 <= found.port <= 0xFFFF
    assert said.isprintable()


@pytest.mark.parametrize("text", ["203.0.113.2", "203.0.113.2:443", "FONTS.example.net", "fonts.example.net:443"])
def test_a_target_that_is_judged_is_there(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("203.0.113.2:80", "fonts.example.net (203.0.113.2:443)"),
        ("203.0.113.8", "fonts.example.net (203.0.113.2:443), 203.0.113.9:443"),
        ("font.example.net", "fonts.example.net (203.0.113.2:443)"),
        ("fonts.example.com:80", "fonts.example.com ([2001:db8::7]:443)"),
        ("2001:db8::8", "fonts.example.com ([2001:db8::7]:443)"),
    ],
)
def test_a_target_that_nothing_speaks_of_is_answered_with_the_nearest(text: str, first: str) -> None:
    with pytest.raises(CallError) as caught:
        check(text)
    assert f"--target {text}: no evidence speaks of it; the nearest that there is: {first}" in str(caught.value)


def test_what_is_there_and_was_left_out_is_not_called_absent() -> None:
    with pytest.raises(CallError, match="none of its connections can be judged"):
        check("www.example.org")


def test_where_there_is_nothing_at_all_nothing_is_near() -> None:
    with pytest.raises(CallError, match="nor of any other target"):
        check("a.example", diagnosis())


def test_each_of_several_targets_must_be_there() -> None:
    with pytest.raises(CallError, match=r"--target a.example"):
        check_scope(diagnosis(target(Ruling.OPEN)), Roles(targets=wanted(["203.0.113.2", "a.example"])))


def test_a_window_in_which_nothing_began_is_told() -> None:
    roles = Roles(since=OnDate(instant=Instant(0)))
    with pytest.raises(InputError, match="nothing to judge: as the note says"):
        check_scope(diagnosis(notes=("as the note says",)), roles)


def test_names_of_strangers_are_printed_harmlessly() -> None:
    made = diagnosis(others=((Endpoint("192.0.2.1", 443), "a\x1b[2J"),))
    with pytest.raises(CallError) as caught:
        check("a.example", made)
    assert str(caught.value).isprintable()
