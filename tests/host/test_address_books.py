import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bothways.errors import CallError
from bothways.evidence.case import Kind
from bothways.evidence.networks import Network
from bothways.host.address_books import addresses_of, read_book
from bothways.host.found import Found, find
from tests.helpers.mmdb import Value, encoded, mmdb
from tests.helpers.surroundings import there

RECORDS: dict[str, Value] = {
    "192.0.2.0/24": {"autonomous_system_number": 64496, "autonomous_system_organization": "Example Networks"},
    "192.0.2.128/25": {"asn": "AS64497", "as_name": "Inside"},
    "2001:db8::/32": {"autonomous_system_number": 4200000000},
}
WANTED = ("192.0.2.1", "192.0.2.200", "198.51.100.1", "2001:db8::7", "2001:db9::7")
ROW = "192.0.2.0\t192.0.2.255\t64496\tUS\tEXAMPLE\n"


def made(tmp_path: Path, data: bytes, name: str = "book.mmdb") -> Found:
    path = tmp_path / name
    path.write_bytes(data)
    (found,) = find([str(path)])
    return found


def refusal(found: Found) -> str:
    with pytest.raises(CallError) as caught:
        read_book(found, WANTED)
    assert str(caught.value).startswith("--addresses ")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("record_size", [24, 28, 32])
def test_a_database_tells_number_and_organisation_of_each_address(tmp_path: Path, record_size: int) -> None:
    file, book = read_book(made(tmp_path, mmdb(RECORDS, record_size=record_size)), WANTED)
    assert book.owners == {
        "192.0.2.1": Network(number=64496, organisation="Example Networks"),
        "192.0.2.200": Network(number=64497, organisation="Inside"),
        "2001:db8::7": Network(number=4200000000),
    }
    assert (file.kind, file.path, file.read, file.problems) == (Kind.ADDRESSES, "book.mmdb", (("networks", 3),), ())


def test_a_database_of_ipv4_knows_no_other_addresses(tmp_path: Path) -> None:
    records = {"192.0.2.0/24": RECORDS["192.0.2.0/24"]}
    file, book = read_book(made(tmp_path, mmdb(records, version=4)), WANTED)
    assert set(book.owners) == {"192.0.2.1", "192.0.2.200"}
    assert file.problems == ()


def test_a_table_in_text_serves_as_well_also_compressed(tmp_path: Path) -> None:
    for name, data in (("ip2asn.tsv", ROW.encode()), ("ip2asn.tsv.gz", gzip.compress(ROW.encode()))):
        file, book = read_book(made(tmp_path, data, name), WANTED)
        assert {address: network.number for address, network in book.owners.items()} == {
            "192.0.2.1": 64496,
            "192.0.2.200": 64496,
        }
        assert file.read == (("rows", 1),)


def test_rows_that_are_none_are_counted(tmp_path: Path) -> None:
    file, book = read_book(made(tmp_path, (ROW * 60 + "nonsense\n" * 2).encode()), WANTED)
    assert [str(problem) for problem in file.problems] == ["2 of 62 rows were not understood and left out"]
    assert len(book.owners) == 2


@pytest.mark.parametrize("data", [b"", b"hello\n", b"\x00" * 5000, b"x" * 100_000, b"Start: mtr\n" * 99])
def test_what_is_no_database_is_a_wrong_call(tmp_path: Path, data: bytes) -> None:
    assert "no address database that is known" in refusal(made(tmp_path, data))


def test_a_damaged_database_is_a_wrong_call(tmp_path: Path) -> None:
    whole = mmdb(RECORDS)
    assert "damaged MaxMind DB" in refusal(made(tmp_path, whole[:-60]))
    assert "damaged MaxMind DB" in refusal(made(tmp_path, b"\xab\xcd\xefMaxMind.com" + encoded([1])))


def test_a_record_that_is_damaged_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    # A map of one entry whose key is a map: no dictionary can have it.
    odd = mmdb({"198.51.100.0/24": "?"} | RECORDS).replace(encoded("?"), b"\xe1\xe0", 1)
    file, book = read_book(made(tmp_path, odd), WANTED)
    assert "192.0.2.1" in book.owners
    assert "damaged" in str(file.problems[0])


def test_a_file_that_cannot_be_read_is_a_wrong_call(tmp_path: Path) -> None:
    found = Found(path=tmp_path / "gone.mmdb", cited="gone.mmdb")
    assert "it cannot be read: no such file" in refusal(found)
    assert "it is a pipe" in refusal(Found(path=tmp_path, cited="x", trouble="it is a pipe"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_raises_anything_else(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(mmdb(RECORDS, record_size=28))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = made(tmp_path, bytes(whole))
    try:
        _, book = read_book(found, WANTED)
    except CallError:
        assert refusal(found).isprintable()
    else:
        assert all((network.organisation or "").isprintable() for network in book.owners.values())


def test_all_addresses_of_the_reports_are_looked_up_but_those_of_links() -> None:
    reports = [there("10.0.0.1|10.0.0.2 ? gw fe80::1%eth0 192.0.2.2", destination_address="192.0.2.9")]
    assert set(addresses_of(reports)) == {"10.0.0.1", "10.0.0.2", "192.0.2.2", "192.0.2.9"}
