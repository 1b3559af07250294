from bothways.facts.receipts import receipt
from bothways.way import Way
from tests.helpers.network import Network, half_open, worked


def test_the_first_packet_that_acknowledges_data_is_its_receipt_whoever_saw_it() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(70, "PA", 150, unseen=["client"])
    talk.there(90, "A", unseen=["client"])
    there, back = receipt(network.exchange(), Way.THERE), receipt(network.exchange(), Way.BACK)
    assert there is not None
    assert back is not None
    assert (there[0].observer.vantage, there[1].payload) == ("server", 150)
    assert (back[0].observer.vantage, back[1].is_bare_ack) == ("server", True)


def test_a_syn_and_a_fin_are_no_data() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.closes(100)
    assert receipt(network.exchange(), Way.THERE) is None
    assert receipt(network.exchange(), Way.BACK) is None


def test_without_the_beginning_nobody_knows_what_an_acknowledgement_covers() -> None:
    network = Network("client")
    worked(network.talk())
    network.frames["client"] = network.frames["client"][2:]
    assert receipt(network.exchange(), Way.BACK) is None


def test_a_handshake_that_the_server_did_not_take_has_no_receipts() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    assert receipt(network.exchange(), Way.THERE) is None
