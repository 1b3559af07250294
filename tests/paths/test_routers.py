import pytest

from bothways.paths.routers import GENERIC_NAMES, is_called, label, same_router
from tests.helpers.surroundings import reply, report


def test_one_address_is_one_router_whatever_its_names() -> None:
    assert same_router(reply("a=10.0.0.1"), reply("b=10.0.0.1"))
    assert same_router(reply("10.0.0.1"), reply("10.0.0.1"))


def test_one_name_is_one_router_whatever_its_addresses() -> None:
    assert same_router(reply("core.example=10.0.0.1"), reply("CORE.example=10.0.0.9"))


@pytest.mark.parametrize("name", sorted(GENERIC_NAMES))
def test_a_name_that_many_bear_identifies_nobody(name: str) -> None:
    assert not same_router(reply(f"{name}=10.0.0.1"), reply(f"{name}=10.0.0.9"))


def test_a_missing_name_or_address_equals_no_other_missing_one() -> None:
    assert not same_router(reply("a"), reply("10.0.0.1"))
    assert not same_router(reply("10.0.0.1"), reply("10.0.0.2"))
    assert not same_router(reply("a"), reply("b"))


def test_a_router_is_called_by_its_name_its_first_label_or_its_address() -> None:
    hop = reply("Edge.campus.example=10.0.0.1")
    assert all(is_called(hop, word) for word in ("edge.campus.example", "EDGE", "10.0.0.1"))
    assert not any(is_called(hop, word) for word in ("campus", "dge", "10.0.0.11", ""))
    assert not is_called(reply("10.0.0.1"), "")


def test_a_hop_is_called_by_the_best_that_is_known_of_it() -> None:
    named, addressed, silent = report("a.example=10.0.0.1 10.0.0.2 ?").hops
    assert [label(hop) for hop in (named, addressed, silent)] == ["a.example", "10.0.0.2", "silent hop 3"]
