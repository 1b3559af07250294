import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.paths.called import Closeness, closeness, in_doubt, meant_by, own_label
from tests.helpers.surroundings import reply

HALL = reply("reshall-fw--core.campus.example=10.0.2.1")


@pytest.mark.parametrize(
    ("word", "how"),
    [
        ("reshall-fw--core.campus.example", Closeness.EXACT),
        ("Reshall-FW--core", Closeness.EXACT),
        ("10.0.2.1", Closeness.EXACT),
        ("10.0.2.0/24", Closeness.EXACT),
        ("10.0.2.77/24", Closeness.EXACT),
        ("reshall-fw", Closeness.DEVICE),
        ("fw", Closeness.PART),
        ("reshall", Closeness.PART),
        ("core", None),
        ("campus", None),
        ("shall-fw", None),
        ("10.0.3.0/24", None),
        ("2001:db8::/32", None),
        ("10.0.2.11", None),
        ("/", None),
        ("", None),
    ],
)
def test_a_word_means_a_hop_by_its_address_its_name_or_words_of_its_own_label(word: str, how: Closeness | None) -> None:
    assert closeness(HALL, word) is how


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("fw1.example.net", "fw1"),
        ("FW1--core.example.net", "fw1"),
        ("fw1-to-core.example.net", "fw1"),
        ("core--fw1.example.net", "core"),
        ("xe-0-0-1.fw1.campus.example", "fw1"),
        ("fw1-eth0.example.net", "fw1"),
        ("ae6.transit.example", "ae6"),
        ("ae6.cr1.sfo1.transit.example", "cr1"),
    ],
)
def test_the_interface_and_the_neighbour_are_no_part_of_a_devices_own_name(name: str, own: str) -> None:
    assert own_label(name) == own


def test_one_report_gives_the_whole_name_and_another_the_hosts_alone() -> None:
    assert closeness(reply("guard"), "guard.campus.example") is Closeness.DEVICE
    assert closeness(reply("guard.else.example"), "guard.campus.example") is None


def test_interfaces_of_a_device_are_meant_by_its_name() -> None:
    one, other = reply("ge-0-0-1.fw1.campus.example=10.0.0.1"), reply("ge-0-0-2.fw1.campus.example=10.0.1.1")
    assert meant_by("fw1", [one, other, reply("fw2.campus.example")]) == (one, other)
    assert closeness(one, "fw1.campus.example") is Closeness.DEVICE


def test_the_closest_hops_are_meant_and_no_others() -> None:
    exact, part = reply("core.example=10.0.0.1"), reply("core-fw.example=10.0.0.2")
    assert meant_by("core", [part, exact]) == (exact,)


def test_a_part_that_several_devices_share_means_none_and_is_told() -> None:
    several = [reply("fw-a.example=10.0.0.1"), reply("fw-b.example=10.0.0.2"), reply("fw-a.example=10.0.0.3")]
    assert meant_by("fw", several) == ()
    assert in_doubt("fw", several) == ("fw-a", "fw-b")
    assert in_doubt("fw-a", several) == ()


def test_a_prefix_may_mean_several_devices() -> None:
    several = [reply("fw-a.example=10.0.0.1"), reply("10.0.0.2"), reply("10.1.0.2")]
    assert meant_by("10.0.0.0/24", several) == tuple(several[:2])
    assert in_doubt("10.0.0.0/24", several) == ()


def test_an_address_is_no_name_of_which_a_part_could_be_meant() -> None:
    assert closeness(reply("10.0.0.1"), "10") is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_raises(word: str, name: str) -> None:
    hop = reply("a=10.0.0.1")
    assert closeness(hop, word) in {None, *Closeness}
    assert isinstance(own_label(name), str)
