from typing import TYPE_CHECKING

import pytest

from bothways.evidence.citation import Citation
from bothways.evidence.inventory import Device, Inventory
from bothways.evidence.networks import AddressBook, Network
from bothways.paths.known import NOBODY_SAID, Known
from tests.helpers.surroundings import reply

if TYPE_CHECKING:
    from bothways.paths.knowledge import Knowledge

LISTED = Known(
    inventories=(
        Inventory(
            file="inventory.toml",
            devices=(
                Device(name="wide", addresses=("10.0.0.0/8",), line=1),
                Device(name="fw1", addresses=("10.0.2.0/24", "2001:db8::1"), names=("guard.campus.example",), line=4),
                Device(name="wire", lowers_ttl=False, between=("a", "b"), line=9),
            ),
        ),
    ),
    books=(
        AddressBook(file="a", owners={"192.0.2.1": Network(number=64496)}),
        AddressBook(file="b", owners={"192.0.2.1": Network(number=64497), "192.0.2.2": Network(number=64498)}),
    ),
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("10.0.2.7", "fw1"),
        ("10.0.3.7", "wide"),
        ("2001:db8::1", "fw1"),
        ("2001:db8::2", None),
        ("fw1", "fw1"),
        ("xe-0-0-1.fw1.campus.example=192.0.2.9", "fw1"),
        ("FW1--core.campus.example", "fw1"),
        ("guard.campus.example", "fw1"),
        ("guard.else.example", None),
        ("core=192.0.2.9", None),
    ],
)
def test_a_device_is_found_by_address_by_the_narrowest_prefix_or_by_name(said: str, name: str | None) -> None:
    assert LISTED.device(reply(said)) == name


def test_the_list_is_cited_where_it_tells_of_the_device() -> None:
    assert LISTED.cite(reply("10.0.2.7")) == Citation(file="inventory.toml", line=4)
    assert LISTED.cite(reply("core")) is None


def test_of_two_databases_the_first_that_knows_an_address_counts() -> None:
    assert [LISTED.network(f"192.0.2.{last}") for last in (1, 2, 3)] == [64496, 64498, None]


def test_devices_that_no_report_can_show_are_told_apart() -> None:
    assert [device.name for _, device in LISTED.unseen] == ["wire"]


def test_it_is_knowledge_as_the_alignment_asks_for_it() -> None:
    asked: Knowledge = LISTED
    assert asked.network("192.0.2.1") == 64496
    assert NOBODY_SAID.device(reply("fw1=10.0.2.7")) is None
