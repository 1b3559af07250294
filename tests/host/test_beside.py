"""What the user names beside the evidence: his lists of devices and address databases."""

from pathlib import Path

import pytest

from bothways.errors import CallError, InputError
from bothways.evidence.case import Case, Kind
from bothways.host.beside import Beside
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers import evidence_files as made
from tests.helpers.mmdb import mmdb

LISTED = '[[device]]\nname = "fw"\nrole = "firewall"\naddress = "10.0.0.254"\n'


def gathered(*paths: Path, inventories: tuple[Path, ...] = (), databases: tuple[Path, ...] = ()) -> Case:
    beside = Beside(
        inventories=tuple(str(path) for path in inventories), databases=tuple(str(path) for path in databases)
    )
    return gather([str(path) for path in paths], said=word([], []), beside=beside)


def refusal(**named: tuple[Path, ...]) -> str:
    folder = next(iter(named.values()))[0].parent
    report = made.text(folder / "outbound.txt", made.MTR)
    with pytest.raises(CallError) as caught:
        gathered(report, **named)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_list_by_option_is_read_and_stands_among_the_files(tmp_path: Path) -> None:
    report = made.text(tmp_path / "outbound.txt", made.MTR)
    case = gathered(report, inventories=(made.text(tmp_path / "mine", LISTED),))
    assert [device.name for device in case.inventories[0].devices] == ["fw"]
    assert [(file.path, file.kind, file.read) for file in case.files[1:]] == [
        ("mine", Kind.INVENTORY, (("devices", 1),))
    ]


def test_a_list_among_the_evidence_is_recognised_also_in_a_folder(tmp_path: Path) -> None:
    made.text(tmp_path / "outbound.txt", made.MTR)
    made.text(tmp_path / "inventory.toml", LISTED)
    made.text(tmp_path / "case.toml", LISTED)
    case = gathered(tmp_path)
    assert [inventory.file for inventory in case.inventories] == ["inventory.toml"]


def test_a_list_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    made.text(tmp_path / "outbound.txt", made.MTR)
    listed = made.text(tmp_path / "inventory.toml", LISTED)
    case = gathered(tmp_path, listed, inventories=(listed, listed))
    assert len(case.inventories) == 1
    assert [file.path for file in case.files] == ["inventory.toml", "outbound.txt"]


def test_two_lists_of_one_name_are_cited_apart(tmp_path: Path) -> None:
    folder, other = tmp_path / "evidence", tmp_path / "mine"
    folder.mkdir()
    other.mkdir()
    made.text(folder / "outbound.txt", made.MTR)
    made.text(folder / "inventory.toml", LISTED)
    case = gathered(folder, inventories=(made.text(other / "inventory.toml", LISTED),))
    assert len({inventory.file for inventory in case.inventories}) == 2


def test_a_database_answers_for_the_addresses_of_the_reports(tmp_path: Path) -> None:
    report = made.text(tmp_path / "outbound.txt", made.MTR)
    book = tmp_path / "asn.mmdb"
    book.write_bytes(mmdb({"192.0.2.0/24": {"asn": "AS64496"}, "198.51.100.0/24": {"asn": "AS64497"}}))
    case = gathered(report, databases=(book,))
    assert {address: network.number for address, network in case.books[0].owners.items()} == {"192.0.2.2": 64496}
    assert case.files[-1].kind is Kind.ADDRESSES


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[device]]\nname = fw\n", "line 2: this is no TOML"),
        ("", "it lists no device: begin each one with [[device]]"),
        ("device,address\n,10.0.0.1\n", "line 2: a line without a device's name"),
    ],
)
def test_a_list_that_cannot_be_read_is_a_wrong_call_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    assert says in refusal(inventories=(made.text(tmp_path / "mine.toml", text),))


def test_a_list_that_is_no_text_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\x7fELF\0\0\xff\xfe" * 9)
    assert "it is no text" in refusal(inventories=(tmp_path / "mine.toml",))


def test_a_slip_in_one_device_is_told_beside_the_file_and_the_rest_counts(tmp_path: Path) -> None:
    report = made.text(tmp_path / "outbound.txt", made.MTR)
    listed = made.text(tmp_path / "mine", LISTED + "colour = 1\n")
    case = gathered(report, inventories=(listed,))
    assert "line 5: colour is not known" in str(case.files[-1].problems[0])
    assert case.inventories[0].devices[0].addresses == ("10.0.0.254",)


@pytest.mark.parametrize("option", ["inventories", "databases"])
def test_a_name_that_is_no_files_is_a_wrong_call(tmp_path: Path, option: str) -> None:
    (tmp_path / "folder").mkdir()
    assert "there is no such file" in refusal(**{option: (tmp_path / "gone",)})
    assert "it is a folder; name the file" in refusal(**{option: (tmp_path / "folder",)})


def test_a_list_alone_is_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to judge"):
        gathered(inventories=(made.text(tmp_path / "mine.toml", LISTED),))
