import pytest

from bothways.connections.observer import (
    SURE,
    Observer,
    Place,
    along_path,
    place_observers,
)
from bothways.connections.ttl import initial_ttl, routers_passed
from bothways.evidence.case import Role
from tests.helpers.diagnoses import survey as empty_survey
from tests.helpers.network import Network, half_open, worked


def placed(network: Network, **roles: Role) -> dict[str, Observer]:
    """Observers by their file."""
    captures = network.captures(**roles)
    made = place_observers([(capture.survey, capture.role) for capture in captures])
    return {observer.file.removesuffix(".pcap"): observer for observer in made}


def talked(*vantages: str, ttl: int = 64, named: bool = False) -> Network:
    network = Network(*vantages, named=named)
    talk = network.talk()
    talk.ttl = {"there": ttl, "back": ttl}
    worked(talk)
    return network


@pytest.mark.parametrize(
    ("ttl", "initial"), [(1, 64), (63, 64), (64, 64), (65, 128), (128, 128), (129, 255), (255, 255)]
)
def test_a_ttl_comes_from_the_next_usual_one_above(ttl: int, initial: int) -> None:
    assert initial_ttl(ttl) == initial
    assert routers_passed(ttl) == initial - ttl


@pytest.mark.parametrize("ttl", [64, 128, 255])
def test_both_ends_are_known_by_untouched_ttls_of_every_system(ttl: int) -> None:
    observers = placed(talked("client", "firewall-inside", "server", ttl=ttl))
    assert observers["client"].place is Place.CLIENT
    assert observers["server"].place is Place.SERVER
    assert observers["firewall-inside"].place is Place.BETWEEN
    assert observers["client"].sure
    assert observers["server"].sure


def test_routers_are_counted_from_each_end() -> None:
    observers = placed(talked("client", "firewall-inside", "server"))
    assert (observers["client"].routers_there, observers["client"].routers_back) == (0, 6)
    assert (observers["firewall-inside"].routers_there, observers["firewall-inside"].routers_back) == (2, 4)
    assert (observers["server"].routers_there, observers["server"].routers_back) == (6, 0)


def test_ends_of_different_systems_are_told_apart() -> None:
    network = Network("client", "server", named=False)
    talk = network.talk()
    talk.ttl = {"there": 128, "back": 255}
    worked(talk)
    observers = placed(network)
    assert observers["client"].place is Place.CLIENT
    assert observers["server"].place is Place.SERVER


def test_without_a_router_between_the_ends_nothing_can_be_told() -> None:
    network = Network("client", named=False)
    talk = network.talk()
    talk.ttl = {"there": 64, "back": 70}
    worked(talk)
    observer = placed(network)["client"]
    assert observer.place is Place.UNCLEAR
    assert observer.vantage == "unclear" or observer.vantage.startswith("on-path")


def test_a_name_decides_what_content_leaves_open_but_not_surely() -> None:
    network = Network("client")
    talk = network.talk()
    talk.ttl = {"there": 64, "back": 70}
    worked(talk)
    observer = placed(network)["client"]
    assert observer.place is Place.CLIENT
    assert observer.certainty < SURE


def test_a_name_that_content_agrees_with_makes_surer() -> None:
    unnamed = placed(talked("client"))["client"]
    named = placed(talked("client", named=True))["client"]
    assert named.certainty > unnamed.certainty
    assert named.vantage == "client"


def test_content_overrules_a_name() -> None:
    observer = placed(talked("client"), client=Role(vantage="server"))["client"]
    assert observer.place is Place.CLIENT
    assert observer.vantage == "client"
    assert "server" in observer.notes[0]
    assert not observer.sure


def test_the_users_word_overrules_content() -> None:
    observer = placed(talked("client"), client=Role(vantage="server", decided=True))["client"]
    assert (observer.place, observer.vantage) == (Place.SERVER, "server")


def test_a_word_that_the_ttls_dispute_decides_and_eliminates_nothing() -> None:
    observer = placed(talked("client"), client=Role(vantage="server", decided=True))["client"]
    assert not observer.sure
    assert observer.notes == ("you call it server, but its TTLs speak for the client",)


def test_a_word_that_nothing_disputes_is_certain() -> None:
    observer = placed(talked("client"), client=Role(vantage="client", decided=True))["client"]
    assert (observer.certainty, observer.notes) == (1.0, ())


def test_the_user_may_give_a_place_a_name_of_his_own() -> None:
    observer = placed(talked("firewall-inside"), firewall_inside=Role(vantage="rack-7", decided=True))
    assert observer["firewall-inside"].vantage == "rack-7"
    assert observer["firewall-inside"].place is Place.BETWEEN


def test_unnamed_captures_in_mid_path_are_numbered_along_the_path() -> None:
    observers = placed(talked("tap", "firewall-inside"))
    assert observers["firewall-inside"].vantage == "on-path-1"
    assert observers["tap"].vantage == "on-path-2"


def test_two_captures_of_one_name_are_numbered() -> None:
    network = talked("firewall-inside", "firewall-outside")
    role = Role(vantage="firewall-inside")
    observers = placed(network, firewall_inside=role, firewall_outside=role)
    assert {item.vantage for item in observers.values()} == {"firewall-inside", "firewall-inside-2"}


def test_observers_stand_in_order_from_the_client_to_the_server() -> None:
    network = talked("server", "tap", "client", "firewall-outside", "firewall-inside")
    order = [item.file for item in along_path(list(placed(network).values()))]
    assert order == ["client.pcap", "firewall-inside.pcap", "firewall-outside.pcap", "tap.pcap", "server.pcap"]


def test_taps_of_the_way_back_are_ordered_by_it() -> None:
    network = Network("tap", "firewall-inside", named=False)
    talk = network.talk()
    talk.there(0, "S", lost="client")
    for ms in (20, 1020, 3020):
        talk.back(ms, "SA", seq=0)
    order = [item.file for item in along_path(list(placed(network).values()))]
    assert order == ["firewall-inside.pcap", "tap.pcap"]


def test_a_tap_of_one_way_beside_the_client_is_fairly_sure() -> None:
    network = Network("client", named=False)
    network.talk().there(0, "S", lost="client")
    observer = placed(network)["client"]
    assert observer.place is Place.CLIENT
    assert not observer.sure


def test_a_tap_of_one_way_in_mid_path_is_only_known_not_to_be_the_sender() -> None:
    network = Network("tap", named=False)
    network.talk().there(0, "S")
    assert placed(network)["tap"].place is Place.UNCLEAR
    assert placed(network, tap=Role(vantage="client"))["tap"].place is not Place.CLIENT
    assert placed(network, tap=Role(vantage="server"))["tap"].place is Place.SERVER


def test_where_only_resets_come_back_the_place_may_be_a_filters() -> None:
    network = Network("server", named=False)
    talk = network.talk()
    talk.there(0, "S")
    talk.back(10, "RA", seq=0, ack=1)
    observer = placed(network)["server"]
    assert observer.place is Place.SERVER
    assert not observer.sure
    assert observer.routers_back is None


def test_a_reset_from_afar_places_nobody() -> None:
    network = Network("tap", named=False)
    talk = network.talk()
    talk.there(0, "S")
    talk.back(10, "RA", seq=0, ack=1)
    assert placed(network)["tap"].place is Place.UNCLEAR


def test_a_capture_without_connections_is_unclear() -> None:
    (observer,) = place_observers([(empty_survey(), Role())])
    assert (observer.place, observer.vantage, observer.certainty) == (Place.UNCLEAR, "unclear", 0.0)
    assert (observer.routers_there, observer.routers_back) == (None, None)


def test_connections_of_which_little_was_seen_do_not_lessen_it() -> None:
    network = Network("server", named=False)
    worked(network.talk())
    for number in range(5):
        network.talk(start=number * 10).there(0, "S")
        refused = network.talk(start=number * 10)
        refused.there(0, "S")
        refused.back(10, "RA", seq=0, ack=1)
    observer = placed(network)["server"]
    assert observer.place is Place.SERVER
    assert observer.sure


def test_resets_of_a_filter_do_not_outvote_what_passes_it() -> None:
    network = Network("firewall-inside", named=False)
    worked(network.talk())
    for number in range(5):
        refused = network.talk(start=number * 10)
        refused.there(0, "S")
        refused.back(10, "RA", seq=0, ack=1, ttl=68)  # untouched where it was made, right here
    observer = placed(network)["firewall-inside"]
    assert observer.place is Place.BETWEEN
    assert observer.sure


def test_connections_that_disagree_lessen_the_certainty() -> None:
    network = Network("client", named=False)
    half_open(network.talk(), last="client")
    other = network.talk()
    other.ttl = {"there": 60, "back": 70}
    worked(other)
    assert not placed(network)["client"].sure


def test_a_path_tools_syns_say_nothing_of_the_place() -> None:
    network = Network("client", named=False)
    worked(network.talk())
    for ttl in range(1, 20):
        probe = network.talk(start=ttl * 10)
        probe.ttl = {"there": ttl, "back": 64}
        probe.there(0, "S")
        probe.back(10, "SA")
    observer = placed(network)["client"]
    assert observer.place is Place.CLIENT
    assert observer.sure
