"""Names hint, the user's word decides."""

from pathlib import Path

import pytest

from bothways.errors import CallError
from bothways.evidence.case import Role
from bothways.host.found import Found
from bothways.host.hints import hinted, roles, tap_in, word
from bothways.way import Way

FILES = tuple(
    Found(path=Path("/somewhere") / name, cited=name) for name in ("a/x.pcap", "b/x.pcap", "client.pcap", "there.txt")
)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("client.pcap", Role(vantage="client")),
        ("CLIENT-2.PCAP", Role(vantage="client")),
        ("server_eth0.pcapng", Role(vantage="server")),
        ("firewall-inside.pcap", Role(vantage="firewall-inside")),
        ("firewall-outside.1.pcap", Role(vantage="firewall-outside")),
        ("firewall.nft.txt", Role()),
        ("outbound.mtr.txt", Role(way=Way.THERE)),
        ("there.json", Role(way=Way.THERE)),
        ("inbound.txt", Role(way=Way.BACK)),
        ("back-1.txt", Role(way=Way.BACK)),
        ("control-inbound.mtr.txt", Role(way=Way.BACK, control=True)),
        ("control-client.pcap", Role(vantage="client", control=True)),
        ("background.txt", Role()),
        ("thereafter.txt", Role()),
        ("controller.pcap", Role()),
        ("capture1.pcap", Role()),
    ],
)
def test_what_a_name_hints_at(name: str, role: Role) -> None:
    assert hinted(name) == role


def test_the_users_word_overrules_the_name() -> None:
    found = roles(FILES, word(["client.pcap=server"], ["there.txt=back"]))
    assert found["client.pcap"] == Role(vantage="server", decided=True)
    assert found["there.txt"] == Role(way=Way.BACK, decided=True)
    assert found["a/x.pcap"] == Role()


def test_a_word_about_the_way_does_not_decide_a_hinted_vantage() -> None:
    assert roles(FILES, word([], ["client.pcap=back"]))["client.pcap"].vantage is None


@pytest.mark.parametrize(
    ("vantages", "ways"), [(["x=client", "x=server"], []), ([], ["x=there", "x=back"])], ids=["vantage", "way"]
)
def test_two_words_about_one_file_contradict_each_other(vantages: list[str], ways: list[str]) -> None:
    with pytest.raises(CallError, match="was said of the same file before; say one of them"):
        word(vantages, ways)


def test_the_same_word_twice_is_one_word() -> None:
    assert word(["x=client", "x=client"], []) == word(["x=client"], [])


def test_a_name_may_hold_an_equals_sign() -> None:
    files = (Found(path=Path("a=b.pcap"), cited="a=b.pcap"),)
    assert roles(files, word(["a=b.pcap=client"], []))["a=b.pcap"].vantage == "client"


def test_files_are_meant_by_path_or_by_bare_name() -> None:
    assert roles(FILES, word(["a/x.pcap=client"], []))["a/x.pcap"].vantage == "client"
    assert roles(FILES, word(["/somewhere/b/x.pcap=tap"], []))["b/x.pcap"].vantage == "tap"


@pytest.mark.parametrize(
    ("vantages", "ways", "sentence"),
    [
        (["client.pcap"], [], "--vantage client.pcap: it takes the form FILE=NAME"),
        (["=client"], [], "--vantage =client: it takes the form"),
        (["client.pcap=the client"], [], "a vantage is called client, server"),
        (["client.pcap=\x1b[31m"], [], "client.pcap=\\x1b[31m: a vantage is called"),
        ([], ["there.txt"], "--path there.txt: it takes the form FILE=there or FILE=back"),
        ([], ["there.txt=up"], "--path there.txt=up: a path goes there (client to server) or back"),
        (["nobody.pcap=client"], [], "--vantage nobody.pcap: no such file is among those that were given (a/x.pcap, "),
        (["x.pcap=client"], [], "--vantage x.pcap: several files have this name; say which: a/x.pcap, b/x.pcap"),
    ],
)
def test_a_wrong_word_is_explained(vantages: list[str], ways: list[str], sentence: str) -> None:
    with pytest.raises(CallError) as caught:
        roles(FILES, word(vantages, ways))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("client-out.pcap", "client-in.pcap"),
        ("TAP7_rx.pcap.gz", "tap7-tx.pcapng"),
        ("out.core.pcap", "in.core.pcap"),
        ("firewall-inside-there.pcap", "firewall-inside.back.pcap"),
        ("fw-tx.pcap", "fw-rx.pcap"),
    ],
)
def test_names_of_one_tap_but_for_devices_that_have_ins_and_outs(one: str, other: str) -> None:
    places = [tap_in(name, hinted(name)) for name in (one, other)]
    assert places[0] == places[1]
    assert (places[0] is None) == one.startswith("fw")


@pytest.mark.parametrize("name", ["out.pcap", "in.pcap", "core.pcap", "in-out.pcap", "core-in-out.pcap", "inside.pcap"])
def test_names_that_tell_no_tap(name: str) -> None:
    assert tap_in(name, hinted(name)) is None
