from bothways.evidence.endpoint import Endpoint
from bothways.facts.fact import Fact
from bothways.facts.other_clients import Others, other_clients
from bothways.facts.subject import Neighbour
from bothways.unknown import Unknown
from tests.helpers.network import CLIENT, SERVER, Network, worked

NEXT_DOOR = "10.0.9.9"
INSIDE = "firewall-inside"


def beside(network: Network, *, client: str = NEXT_DOOR, works: bool = True, ahead: bool = True) -> Fact:
    """Three SYNs of the usual client that die at the firewall, and what another client meets."""
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost=INSIDE)
    for start in (4000, 8000):
        other = network.talk(client=client, start=start)
        if works:
            worked(other)
        else:
            for ms in (0, 1000, 3000):
                other.there(ms, "S", lost=INSIDE)
    network.idle(30_000)
    if not ahead:
        network.frames[INSIDE] = [packet for packet in network.frames[INSIDE] if NEXT_DOOR_BYTES not in packet.frame]
    mine = tuple(item for item in network.exchanges() if item.client.address == CLIENT.address)
    others = tuple(item for item in network.exchanges() if item.client.address != CLIENT.address)
    near = (Neighbour(server=Endpoint(SERVER.address, SERVER.port), name="", exchanges=others),)
    return other_clients(network.subject(connections=mine, exemplars=mine[:1], neighbours=near))


NEXT_DOOR_BYTES = bytes(map(int, NEXT_DOOR.split(".")))


def test_another_client_is_served_past_the_same_observer() -> None:
    fact = beside(Network(INSIDE, "server"))
    assert fact.answer is Others.WORK
    assert NEXT_DOOR in fact.says
    assert fact.cites


def test_one_that_only_the_server_saw_may_have_come_another_way() -> None:
    assert beside(Network(INSIDE, "server"), ahead=False).answer is Others.WORK_ELSEWHERE


def test_others_can_fail_in_the_same_way() -> None:
    assert beside(Network(INSIDE, "server"), works=False).answer is Others.FAIL_ALIKE


def test_the_clients_own_connections_are_no_other_clients() -> None:
    assert isinstance(beside(Network(INSIDE, "server"), client=CLIENT.address).answer, Unknown)
