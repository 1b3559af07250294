from bothways.evidence.inventory import Device, Inventory, State
from bothways.paths.course import courses_of
from bothways.paths.firewalls import firewalls_of
from bothways.paths.known import Known
from bothways.paths.stateful import Rests, StatefulDevice, strongest_first
from bothways.way import Way
from tests.helpers.surroundings import back, control_back, paths, there


def devices(*reports: object, words: tuple[str, ...] = ()) -> tuple[StatefulDevice, ...]:
    return firewalls_of(courses_of(paths(*reports)), words=words)  # type: ignore[arg-type] # all evidence


def test_all_devices_on_a_way_are_kept_each_with_its_reasons() -> None:
    found = devices(there("gw fw-in=10.0.1.1 core lb1=10.0.2.1 192.0.2.2"), words=("10.0.1.1",))
    assert [(one.index, one.strongest.rests, one.keeps) for one in found] == [
        (2, Rests.WORD, State.FIREWALL),
        (4, Rests.NAME, State.BALANCER),
    ]
    assert [reason.rests for reason in found[0].recognitions] == [Rests.WORD, Rests.NAME]


def test_a_name_alone_is_weak_and_the_users_word_is_not() -> None:
    named, said = devices(there("fw=10.0.0.1 guard=10.0.1.1 a.example"), words=("guard",))
    assert (named.by_name_only, named.certain) == (True, False)
    assert (said.by_name_only, said.certain) == (False, True)


def test_a_device_that_stands_on_two_ways_is_on_each_of_them() -> None:
    found = devices(there("gw fw=10.0.1.1 192.0.2.2"), back("fw=10.0.1.9 gw 10.0.0.1"))
    assert [(one.way, one.index) for one in found] == [(Way.THERE, 2), (Way.BACK, 1)]


def test_the_host_at_the_end_is_no_device_of_the_path_by_its_name() -> None:
    assert devices(there("gw=10.0.0.254 lb=192.0.2.2", destination_address="192.0.2.2")) == ()


def test_the_best_reason_goes_first_then_the_cases_own_ways() -> None:
    found = devices(control_back("guard=10.0.1.1 fw-b 10.0.0.9"), back("fw-a 10.0.0.1"), words=("guard",))
    assert [one.label for one in strongest_first(found)] == ["guard", "fw-a", "fw-b"]


def test_the_users_list_tells_firewalls_and_takes_a_name_back() -> None:
    listed = Inventory(
        file="inventory.toml",
        devices=(
            Device(name="guard", addresses=("10.0.1.0/24",), keeps=State.FIREWALL, line=3),
            Device(name="fw-old", keeps=None, line=7),
        ),
    )
    courses = courses_of(paths(there("fw-old=10.0.0.1 10.0.1.1 192.0.2.2")))
    (found,) = firewalls_of(courses, known=Known(inventories=(listed,)))
    assert (found.index, found.strongest.rests, found.certain) == (2, Rests.INVENTORY, True)
    assert found.basis == "your list of devices has it as guard, a firewall"
    assert [str(cite) for cite in found.strongest.cites] == ["outbound.mtr.txt line 4", "inventory.toml line 3"]


def test_what_becomes_of_probes_is_likely_and_not_certain() -> None:
    (found,) = devices(
        there("gw edge core a.example=192.0.2.2", probe="tcp-syn", file="a"),
        there("gw ? ? ? ?", probe="udp", file="b"),
    )
    assert (found.label, found.strongest.rests, found.certain, found.by_name_only) == (
        "edge",
        Rests.PROBES,
        False,
        False,
    )


def test_of_the_two_hops_that_may_stop_probes_the_one_that_is_known_otherwise_does() -> None:
    syns, datagrams = "gw fw-1 core far a.example=192.0.2.2", "gw fw-1 ? ? ? ?"
    (found,) = devices(there(syns, probe="tcp-syn", file="a"), there(datagrams, probe="udp", file="b"))
    assert [found.label, *(reason.rests for reason in found.recognitions)] == ["fw-1", Rests.PROBES, Rests.NAME]


def test_a_packet_filter_that_the_users_list_says_keeps_no_state_is_none_whatever_it_stops() -> None:
    listed = Inventory(file="x", devices=(Device(name="edge", keeps=None),))
    courses = courses_of(
        paths(
            there("gw edge core a.example=192.0.2.2", probe="tcp-syn", file="a"),
            there("gw ? ? ? ?", probe="udp", file="b"),
        )
    )
    assert firewalls_of(courses, known=Known(inventories=(listed,))) == ()
