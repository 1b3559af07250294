import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.networks import Network
from bothways.states.address_record import as_number, network_in_record

EXAMPLE = Network(number=64496, organisation="Example Networks")


@pytest.mark.parametrize(
    "record",
    [
        {"autonomous_system_number": 64496, "autonomous_system_organization": "Example Networks"},
        {"asn": "AS64496", "name": "Example Networks", "domain": "example.net", "type": "isp"},
        {"country": "DE", "asn": "AS64496", "as_name": "Example Networks", "as_domain": "example.net"},
        {"traits": {"autonomous_system_number": 64496, "autonomous_system_organization": "Example Networks"}},
    ],
)
def test_each_vendors_record_tells_the_network(record: object) -> None:
    assert network_in_record(record) == EXAMPLE


@pytest.mark.parametrize("record", [None, 7, "AS64496", [], {}, {"city": {}}, {"asn": ""}, {"traits": {"traits": {}}}])
def test_other_records_tell_none(record: object) -> None:
    assert network_in_record(record) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("64496", 64496),
        ("as64496", 64496),
        (4294967295, 4294967295),
        (4294967296, None),
        (0, None),
        ("AS0", None),
        (True, None),
        (-1, None),
        ("AS", None),
        ("9" * 5000, None),
        ("\uff16\uff14", None),
        (1.5, None),
    ],
)
def test_numbers_are_those_of_autonomous_systems(value: object, number: int | None) -> None:
    assert as_number(value) == number


def test_a_name_from_a_file_is_made_harmless() -> None:
    network = network_in_record({"asn": 64496, "name": "\x1b[2Jx" + "y" * 500})
    assert network is not None
    assert network.organisation is not None
    assert network.organisation.isprintable()
    assert len(network.organisation) <= 80


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_no_record_raises(record: object) -> None:
    network_in_record(record)
    network_in_record({"asn": record, "traits": record})
