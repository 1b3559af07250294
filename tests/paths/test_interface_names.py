import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.paths.interface_names import device_of, learnt_devices


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("ae13.cr5.sfo1.transit.example", "cr5.sfo1.transit.example"),
        ("xe-0-0-1-0.r20.city12.uk.bb.example.net", "r20.city12.uk.bb.example.net"),
        ("be2381.ccr41.par01.core.example", "ccr41.par01.core.example"),
        ("ae-1-51.ear3.Town1.Example.net", "ear3.town1.example.net"),
        ("100ge0-32.core2.ams2.example", "core2.ams2.example"),
        ("hu-0-0-0-5-cr1.nyc.example", "cr1.nyc.example"),
        ("core1-te1-2.example", "core1.example"),
        ("rtr1-eth0", "rtr1"),
        ("t2-3.inr-201.campus.example", "inr-201.campus.example"),
        ("reshall-fw--core.campus.example", "reshall-fw.campus.example"),
        ("das1-v3005.town.example", "das1.town.example"),
        ("te0-0-0-1.100.cr1.x.example", "cr1.x.example"),
    ],
)
def test_the_interface_is_taken_out_wherever_it_stands(name: str, device: str) -> None:
    assert device_of(name) == device


@pytest.mark.parametrize(
    "name",
    ["border1.campus.example", "cr1.sfo1.transit.example", "lon-br1.example", "host-1-2-3-4.example", "eth0.example"],
)
def test_what_is_no_interface_and_what_leaves_no_device_stays(name: str) -> None:
    assert device_of(name) is None


def test_three_devices_that_return_under_other_names_show_which_label_is_the_interfaces() -> None:
    there = [f"red.{device}.net.example" for device in ("one", "two", "three")]
    back = [f"blue.{device}.net.example" for device in ("three", "two", "one")]
    learnt = learnt_devices(there, back)
    assert learnt["red.two.net.example"] == learnt["blue.two.net.example"] == "two.net.example"


def test_two_namesakes_teach_nothing() -> None:
    assert not learnt_devices(
        ["red.one.net.example", "red.two.net.example"], ["blue.one.net.example", "blue.two.net.example"]
    )


@given(st.text(max_size=300))
def test_any_text_has_a_device_or_none(name: str) -> None:
    device = device_of(name)
    assert device is None or (device and device != name.casefold())
