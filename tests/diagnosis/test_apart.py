from bothways.connections.background import Background
from bothways.diagnosis.apart import MOST_CLIENTS, counted_apart
from bothways.diagnosis.model import Apart, Diagnosis, Ruling
from bothways.diagnosis.roles import Roles, Wanted
from bothways.evidence.endpoint import Endpoint
from tests.helpers.network import CLIENT, SERVER, Network, worked

SIX, SIX_SERVER = "2001:db8::1", Endpoint("2001:db8:2::2", 443)


def scan(network: Network, *, client: str = "198.51.100.7", count: int = 40, host: str = "192.0.2.77") -> None:
    for number in range(count):
        network.talk(client=client, server=Endpoint(host, 1000 + number), start=number * 50).there(
            0, "S", lost="client"
        )


def with_races(count: int, *, answered: bool = False) -> Diagnosis:
    network = Network("client")
    for number in range(count):
        network.talk(client=SIX, server=SIX_SERVER, start=number * 5000).there(0, "S", lost="client")
        worked(network.talk(start=number * 5000 + 250))
    if answered:
        worked(network.talk(client=SIX, server=SIX_SERVER, start=60_000))
    network.idle(90_000)
    return network.diagnose()


def test_background_is_counted_by_kind_and_client() -> None:
    network = Network("client")
    worked(network.talk())
    scan(network)
    for ttl in (1, 2, 3):
        network.talk(start=100 * ttl).there(0, "S", ttl=ttl, lost="client")
    network.idle(90_000)
    diagnosis = network.diagnose()
    assert diagnosis.background == (
        Apart(kind=Background.PATH_PROBE, client=CLIENT.address, connections=3, servers=1),
        Apart(kind=Background.SCAN, client="198.51.100.7", connections=40, servers=40),
    )
    assert [(target.server, target.seen, target.background) for target in diagnosis.targets] == [
        (SERVER, 1, ((Background.PATH_PROBE, 3),))
    ]
    assert diagnosis.verdict.ruling is Ruling.HEALTHY


def test_the_clients_of_a_flood_are_not_all_listed_and_all_counted() -> None:
    network = Network("client")
    for number in range(MOST_CLIENTS + 5):
        talk = network.talk(client=f"10.1.0.{number}", start=number)
        talk.back(0, "SA", seq=0, ack=1)
        talk.there(10, "R", seq=1)
    diagnosis = network.diagnose()
    assert len(diagnosis.background) == MOST_CLIENTS + 1
    assert diagnosis.background[-1] == Apart(kind=Background.STRAY, client=None, connections=5, servers=1)
    assert sum(apart.connections for apart in diagnosis.background) == MOST_CLIENTS + 5


def test_what_the_user_names_is_judged_whatever_it_looks_like() -> None:
    network = Network("client")
    scan(network)
    network.idle(90_000)
    assert network.diagnose().targets == ()
    (target,) = network.diagnose(Roles(targets=(Wanted(host="192.0.2.77", port=1003),))).targets
    assert (target.server.port, target.seen, target.background) == (1003, 1, ())


def test_a_family_that_never_answers_is_worth_a_word_and_no_failure() -> None:
    diagnosis = with_races(3)
    (remark,) = diagnosis.notes
    assert remark == (
        "IPv6 to [2001:db8:2::2]:443 was tried 3 times and never answered; the other family was used instead"
    )
    assert [target.server for target in diagnosis.targets] == [SERVER]
    assert diagnosis.verdict.ruling is Ruling.HEALTHY
    assert [(apart.kind, apart.connections) for apart in diagnosis.background] == [(Background.RACE_LOSER, 3)]


def test_a_single_lost_race_and_a_family_that_answers_at_times_are_not() -> None:
    assert with_races(1).notes == ()
    assert with_races(3, answered=True).notes == ()


def test_nothing_apart_is_nothing() -> None:
    assert counted_apart({}) == ()
