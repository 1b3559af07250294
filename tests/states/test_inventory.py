"""The form is this project's own: docs/inventory.md. samples/inventory.toml and inventory.csv are written by hand."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.evidence.inventory import Device, State
from bothways.states import READERS as STATES
from bothways.states import inventory
from bothways.states.inventory_entry import canonical_prefix
from bothways.traces import READERS as TRACES
from tests.helpers.mangled import mangled
from tests.helpers.repository import TOP

SAMPLES = Path(__file__).parent / "samples"
TOML = (SAMPLES / "inventory.toml").read_text()
CSV = (SAMPLES / "inventory.csv").read_text()


def devices(text: str) -> tuple[Device, ...]:
    return inventory.read(text, file="x").content.devices


def problems(text: str) -> list[str]:
    return [str(problem) for problem in inventory.read(text, file="x").problems]


def one(*lines: str) -> str:
    return "\n".join(["[[device]]", 'name = "fw"', *lines])


def test_a_device_has_addresses_names_a_role_and_a_place() -> None:
    fw, wire, cgn, old = devices(TOML)
    assert (fw.name, fw.addresses, fw.keeps) == ("reshall-fw", ("10.0.2.1", "10.9.0.0/24"), State.FIREWALL)
    assert (wire.lowers_ttl, wire.between) == (False, ("core-1", "border-1"))
    assert (cgn.addresses, cgn.keeps, cgn.line) == (("100.64.0.1",), State.TRANSLATOR, 14)
    assert (old.addresses, old.keeps, old.lowers_ttl) == (("2001:db8::1",), None, True)
    assert problems(TOML) == []


def test_a_spreadsheet_tells_the_same() -> None:
    assert problems(CSV) == []
    assert [replace(device, line=0) for device in devices(CSV)] == [replace(one, line=0) for one in devices(TOML)]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_spreadsheets_put_other_marks_between_cells(delimiter: str) -> None:
    assert devices(CSV.replace(",", delimiter)) == devices(CSV)
    assert devices("\ufeff" + CSV.replace("\n", "\r\n")) == devices(CSV)


@pytest.mark.parametrize("text", [TOML, CSV])
def test_content_tells_it_and_no_other_reader_claims_it(text: str) -> None:
    assert inventory.recognises(text)
    assert not any(recognises(text) for _, recognises, _ in TRACES)
    assert [name for name, _, recognises, _ in STATES if recognises(text)] == ["a list of devices"]


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        (["adresses = []"], 3, "adresses is not known and was left out; known are name, address, addresses"),
        (['address = "10.0.0"'], 3, "10.0.0 is no address and no prefix"),
        (["addresses = [", "1, 2]"], 3, "addresses takes texts in quotes"),
        (['role = "wall"'], 3, "the role wall is not known: say firewall, nat"),
        (['stateful = "yes"'], 3, "stateful takes true or false, without quotes"),
        (['ttl = "64"'], 3, 'say "not lowered", or leave it out'),
        (['between = ["a"]'], 3, "between takes the names or addresses of the two neighbours"),
        (['ttl = "not lowered"'], 1, "no traceroute shows where it stands"),
        (["role = 7"], 3, "role takes one text in quotes"),
        (["role = firewall"], 3, "this is no TOML (Invalid value): texts stand in quotes"),
        (["x = " + "[" * 900], 3, "this is no TOML ("),
        (["x = '" + "y" * 1000 + "'"], 3, "longer than 1000 characters"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(lines: list[str], line: int, says: str) -> None:
    (problem,) = problems(one(*lines))
    assert problem.startswith(f"line {line}: ")
    assert says in problem


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[device]\nname = "a"', 1, "write [[device]], with two brackets"),
        ('title = 1\n[[device]]\nname = "a"', 1, "title is not known here"),
        ("[[device]]\nrole = 'nat'", 1, "a device needs a name"),
        ("device,address,color\nfw,10.0.0.1,red", 1, "the column color is not known"),
        ("device,address\nfw,10.0.0.1,x", 2, "3 cells under 2 columns"),
        ("device,address\n,10.0.0.1", 2, "a line without a device's name"),
        ("device,address,role\na,10.0.0.1,nat\na,10.0.0.2,fw", 3, "its role was nat in line 2, which counts"),
        ("device,address,stateful\na,10.0.0.1,maybe", 2, "stateful takes true or false, not maybe"),
        ("device,address\na,10.0.0.1\nb,10.0.0.1", 3, "10.0.0.1 is a's already (line 2): give it to one of them"),
        ('device,address\na,"' + "1" * 20_000, 2, "longer than 10000 characters"),
    ],
)
def test_a_mistake_in_the_whole_is_told_too(text: str, line: int, says: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(f"line {line}: ")
    assert says in problem


def test_what_is_wrong_with_one_device_spares_the_others() -> None:
    text = one('address = "x"') + "\n" + TOML
    assert [device.name for device in devices(text)] == ["fw", "reshall-fw", "wire-fw", "cgn-1", "fw-old"]


def test_a_text_that_lists_nothing_says_how_to_begin() -> None:
    assert "begin each one with [[device]]" in problems("# nothing")[0]
    assert "at most" not in problems("# nothing")[0]
    assert "list the devices near your paths" in problems("#" * (inventory.LARGEST + 1))[0]


def test_entries_of_one_name_are_one_device() -> None:
    (device,) = devices(one('address = "10.0.0.1"') + "\n" + one('address = "10.0.0.2"', 'role = "lb"'))
    assert (device.addresses, device.keeps) == (("10.0.0.1", "10.0.0.2"), State.BALANCER)


def test_an_address_may_stand_for_the_name() -> None:
    assert devices("[[device]]\naddress = '10.0.0.1'\nstateful = true")[0].name == "10.0.0.1"


@pytest.mark.parametrize(
    ("said", "keeps"),
    [
        (["stateful = true"], State.OTHER),
        (["stateful = false", 'role = "firewall"'], None),
        (["stateful = true", 'role = "router"'], State.OTHER),
        (['role = "Load Balancer"'], State.BALANCER),
        ([], None),
    ],
)
def test_what_keeps_state_is_told_by_the_role_or_outright(said: list[str], keeps: State | None) -> None:
    assert devices(one(*said))[0].keeps is keeps


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("10.0.2.77/24", "10.0.2.0/24"),
        ("10.0.2.1/32", "10.0.2.1"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("2001:db8::1/64", "2001:db8::/64"),
        ("fe80::1%eth0/64", "fe80::/64"),
        ("10.0.2.1/33", None),
        ("10.0.2.1/255.255.255.0", None),
        ("10.0.2", None),
        ("/", None),
        ("", None),
    ],
)
def test_addresses_and_prefixes_are_canonical(text: str, canonical: str | None) -> None:
    assert canonical_prefix(text) == canonical


def test_nothing_of_a_strangers_list_reaches_a_terminal_as_it_is() -> None:
    (device,) = devices('device,name\n"\x1b]0;x","\u202ey"')
    assert (device.name + "".join(device.names)).isprintable()


@given(mangled(TOML, CSV))
def test_no_damage_raises(text: str) -> None:
    reading = inventory.read(text, file="x")
    assert all(problem.says.isprintable() for problem in reading.problems)
    assert all(device.name for device in reading.content.devices)


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert isinstance(inventory.recognises(text), bool)
    inventory.read(text, file="x")
    inventory.read("[[device]]\n" + text, file="x")
    inventory.read("device,address\n" + text, file="x")


def examples(language: str) -> list[str]:
    return re.findall(
        rf"```{language}\n(.*?)```", (TOP / "docs" / "inventory.md").read_text(encoding="utf-8"), re.DOTALL
    )


def test_the_examples_of_the_page_work_and_say_the_same() -> None:
    (toml,), (table,) = examples("toml"), examples("csv")
    assert problems(toml) == problems(table) == []
    assert [device.name for device in devices(toml)] == [device.name for device in devices(table)]
    assert [device.keeps for device in devices(toml)] == [device.keeps for device in devices(table)]
    assert [device.between for device in devices(toml)] == [device.between for device in devices(table)]
