"""Selective acknowledgements that name what nobody sent."""

from typing import TYPE_CHECKING

from bothways.facts.answer_number import Acknowledges, answer_acknowledges
from bothways.facts.rewriting import Blocks, sack_blocks
from bothways.facts.strange_blocks import strangers
from tests.helpers import packets as p
from tests.helpers.network import RTO, Network

if TYPE_CHECKING:
    from bothways.connections.exchange import Seen
    from bothways.facts.subject import Subject

SHIFT = 1 << 30


def subject(*shifts: int) -> "Subject":
    """A client's data that is sent again and again; each acknowledgement of the server has a block that is shifted."""
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S", options=[p.mss(1460), p.sack_permitted()])
    talk.back(20, "SA", options=[p.mss(1460), p.sack_permitted()])
    talk.there(40, "A")
    talk.there(41, "PA", 200, seq=1)
    talk.there(42, "PA", 200, seq=201)
    for number, shift in enumerate(shifts):
        edge = (talk.isn["there"] + 201 + shift) % (1 << 32)
        talk.back(62 + number, "A", options=[p.sack((edge, (edge + 200) % (1 << 32)))])
    for ms in RTO:
        talk.there(ms + 100, "PA", 200, seq=1)
    network.idle(12_000)
    return network.subject()


def seen(made: "Subject") -> "Seen":
    return made.exemplars[0].seen[0]


def test_blocks_far_from_all_that_was_sent_are_strange() -> None:
    made = subject(SHIFT, SHIFT, SHIFT)
    found = strangers(seen(made))
    assert found is not None
    assert len(found[1]) == 3
    assert sack_blocks(made).answer is Blocks.NOT_REWRITTEN
    assert answer_acknowledges(made).answer is Acknowledges.STRANGE_BLOCKS


def test_blocks_of_what_was_sent_are_not() -> None:
    made = subject(0, 0, 0)
    assert strangers(seen(made)) is None
    assert answer_acknowledges(made).answer is Acknowledges.THE_SYN


def test_one_block_that_fits_shows_that_the_numbers_are_right() -> None:
    assert strangers(seen(subject(SHIFT, 0, SHIFT, SHIFT))) is None


def test_a_packet_or_two_may_be_damaged() -> None:
    assert strangers(seen(subject(SHIFT, SHIFT))) is None
