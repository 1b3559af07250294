from msgspec.structs import replace

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.two_ways import WaysOf
from bothways.evidence.case import Case, EvidenceFile, Kind, Role
from bothways.evidence.networks import AddressBook, Network
from bothways.report.page import page_of
from bothways.report.ways_json import ways_entry
from bothways.report.ways_networks import network_words
from tests.helpers.surroundings import back, there

OUT = there("gw=10.0.0.254 edge=10.0.1.1 ? isp=198.51.100.1 198.51.100.9|203.0.113.9 203.0.113.1 192.0.2.2")
BACK = back("far=198.51.100.7 edge=10.0.1.9 gw=10.0.0.254 10.0.0.1")
OWNERS = {
    **dict.fromkeys(("10.0.0.254", "10.0.1.1"), Network(number=64512)),
    **dict.fromkeys(("198.51.100.1", "198.51.100.9"), Network(number=64496, organisation="Example \x1b Net")),
    **dict.fromkeys(("203.0.113.9", "203.0.113.1"), Network(number=64497)),
}


def case(*books: AddressBook) -> Case:
    file = EvidenceFile(path="outbound.mtr.txt", sha256="0" * 64, kind=Kind.PATH, role=Role())
    return Case(files=(file,), paths=(OUT, BACK), books=books)


def ways(*books: AddressBook) -> WaysOf:
    (laid,) = diagnose(case(*books)).ways
    return laid


def test_each_way_tells_the_networks_that_it_passes_in_order() -> None:
    said, back_again = network_words(ways(AddressBook(file="asn.mmdb", owners=OWNERS)))
    assert said.startswith("By your address database the way there passes AS64512 (hops 1 to 2), AS64496 Example")
    assert "(hop 4) and AS64497 (hop 6)." in said
    assert back_again == "By your address database the way back passes AS64512 (hop 3)."


def test_without_a_database_nothing_is_said() -> None:
    assert [*network_words(ways())] == []
    assert [*network_words(replace(ways(), there=None, back=None))] == []


def test_the_document_tells_the_network_of_each_address() -> None:
    entry = ways_entry(ways(AddressBook(file="asn.mmdb", owners=OWNERS)))
    assert [(one.address, one.number) for one in entry.networks][:2] == [("10.0.0.254", 64512), ("10.0.1.1", 64512)]
    assert {one.organisation for one in entry.networks} == {None, "Example \\x1b Net"}


def test_the_page_says_it_and_no_escape_reaches_it() -> None:
    page = page_of(diagnose(case(AddressBook(file="asn.mmdb", owners=OWNERS))))
    said = [words for part in page.ways for words in part.says if "address database" in words]
    assert len(said) == 2
    assert all(words.isprintable() for words in said)
