from enum import StrEnum
from random import Random
from typing import Any

import pytest

from bothways.facts.fact import Fact
from bothways.facts.rewriting import (
    Addresses,
    Blocks,
    Mss,
    Options,
    Sequence,
    addresses_rewritten,
    mss_rewritten,
    options_rewritten,
    sack_blocks,
    sequence_rewritten,
)
from bothways.facts.subject import Subject
from bothways.unknown import Unknown
from tests.helpers import packets as p
from tests.helpers.network import CLIENT, RTO, SERVER, Network
from tests.helpers.translator import SACK_PERMITTED, TIMESTAMPS, Translator, modulated, moved_to, nat

FAST_OPEN = 34
ASKS_FOR_COOKIE = bytes((FAST_OPEN, 2))


def opening(talk: Any) -> list[bytes]:
    """The usual options of a SYN."""
    del talk
    return [p.mss(1460), p.sack_permitted(), p.window_scale(7), p.timestamps(77, 0), ASKS_FOR_COOKIE]


def subject_beyond(device: Translator, *, blocks: bool = False) -> Subject:
    """Data that is never acknowledged, between whose ends *device* stands."""
    network = Network("client", "server")
    talk = network.talk()
    talk.stamps = True
    talk.there(0, "S", options=opening(talk))
    talk.back(20, "SA", options=opening(talk))
    talk.there(40, "A")
    if blocks:
        edge = talk.isn["back"] + 1500
        talk.there(42, "A", options=[p.sack((edge, edge + 100)), p.timestamps(80, 78)])
    for ms in RTO:
        talk.there(ms + 10, "PA", 200, seq=1)
    network.idle(12_000)
    network.beyond = {"server": device}
    return network.subject()


def answers(subject: Subject) -> list[StrEnum | Unknown]:
    measures = (addresses_rewritten, sequence_rewritten, mss_rewritten, options_rewritten)
    return [measure(subject).answer for measure in measures]


PLAIN = [Addresses.NONE, Sequence.NONE, Mss.KEPT, Options.KEPT]
DEVICES: dict[str, tuple[Translator, list[StrEnum]]] = {
    "nothing": (Translator(), PLAIN),
    "source": (Translator(client=nat(Random(1))), [Addresses.SOURCE, *PLAIN[1:]]),
    "destination": (Translator(server=moved_to("10.9.0.1", 943)), [Addresses.DESTINATION, *PLAIN[1:]]),
    "port alone": (Translator(server=moved_to(SERVER.address, 943)), [Addresses.DESTINATION, *PLAIN[1:]]),
    "both": (Translator(client=nat(Random(1)), server=moved_to("10.9.0.1")), [Addresses.BOTH, *PLAIN[1:]]),
    "client's numbers": (
        Translator(sequence=modulated(Random(1), "there")),
        [PLAIN[0], Sequence.CLIENT, *PLAIN[2:]],
    ),
    "server's numbers": (
        Translator(sequence=modulated(Random(1), "back")),
        [PLAIN[0], Sequence.SERVER, *PLAIN[2:]],
    ),
    "all numbers": (Translator(sequence=modulated(Random(1))), [PLAIN[0], Sequence.BOTH, *PLAIN[2:]]),
    "mss": (Translator(mss=1300), [*PLAIN[:2], Mss.LOWERED, PLAIN[3]]),
    "timestamps": (Translator(strips=frozenset({TIMESTAMPS})), [*PLAIN[:3], Options.TIMESTAMPS_STRIPPED]),
    "stamps": (Translator(stamps=modulated(Random(1))), [*PLAIN[:3], Options.TIMESTAMPS_CHANGED]),
    "sack": (Translator(strips=frozenset({SACK_PERMITTED})), [*PLAIN[:3], Options.SACK_STRIPPED]),
    "scale": (Translator(strips=frozenset({3})), [*PLAIN[:3], Options.SCALE_CHANGED]),
    "fast open": (Translator(strips=frozenset({FAST_OPEN})), [*PLAIN[:3], Options.OTHER_STRIPPED]),
    "several": (Translator(strips=frozenset({3, TIMESTAMPS})), [*PLAIN[:3], Options.SEVERAL]),
}


@pytest.mark.parametrize("how", list(DEVICES))
def test_the_facts_name_exactly_what_was_rewritten(how: str) -> None:
    device, expected = DEVICES[how]
    subject = subject_beyond(device)
    assert answers(subject) == expected
    for measure in (addresses_rewritten, sequence_rewritten, mss_rewritten, options_rewritten):
        cited = [cite.file for cite in measure(subject).cites]
        assert {"client.pcap", "server.pcap"} == set(cited)


def test_the_option_that_was_taken_out_is_named() -> None:
    fact = options_rewritten(subject_beyond(Translator(strips=frozenset({FAST_OPEN}))))
    assert "Fast Open was taken out" in fact.says


def test_ends_and_sizes_are_told_as_they_were_and_as_they_became() -> None:
    subject = subject_beyond(Translator(client=moved_to("203.0.113.7", 9000), mss=1300))
    assert f"{CLIENT} became 203.0.113.7:9000" in addresses_rewritten(subject).says
    assert "the SYN's MSS of 1460 arrived as 1300" in mss_rewritten(subject).says


def test_a_raised_mss_is_told_as_well() -> None:
    network = Network("client", "server")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S", options=[p.mss(536)])
    network.idle(12_000)
    network.beyond = {"server": Translator()}
    network.frames["server"] = [
        p.Packet(at=one.at, frame=one.frame.replace(p.mss(536), p.mss(1460))) for one in network.frames["server"]
    ]
    assert mss_rewritten(network.subject()).answer is Mss.RAISED


@pytest.mark.parametrize(("rewritten", "answer"), [(True, Blocks.CONSISTENT), (False, Blocks.NOT_REWRITTEN)])
def test_blocks_must_be_rewritten_with_the_numbers(rewritten: bool, answer: Blocks) -> None:  # noqa: FBT001 - a column of the table
    fact = sack_blocks(subject_beyond(Translator(sequence=modulated(Random(1)), blocks=rewritten), blocks=True))
    assert fact.answer is answer
    assert len(fact.cites) == 2


@pytest.mark.parametrize("blocks", [True, False])
def test_blocks_are_no_question_without_them_or_without_a_rewriter(blocks: bool) -> None:  # noqa: FBT001 - a column of the table
    device = Translator() if blocks else Translator(sequence=modulated(Random(1)))
    answer = sack_blocks(subject_beyond(device, blocks=blocks)).answer
    assert isinstance(answer, Unknown)
    assert answer.moot


def refused_by_client(*vantages: str) -> Network:
    """The SYN is rewritten, its acknowledgement is not: the client resets, and begins again."""
    network = Network(*vantages)
    for number in range(2):
        talk = network.talk(start=number * 100)
        talk.there(0, "S")
        talk.back(20, "SA", ack=5001)
        talk.there(21, "R", seq=5001)
        for ms in (1000, 3000):
            talk.there(ms, "S", seq=0)
            talk.back(ms + 20, "SA", seq=0, ack=5001)
            talk.there(ms + 21, "R", seq=5001)
    network.idle(12_000)
    return network


def one_way(fact: Fact) -> bool:
    return fact.answer is Sequence.ONE_WAY and "acknowledges" in fact.says and len(fact.cites) >= 2


def test_a_syn_ack_that_acknowledges_another_number_shows_that_one_way_is_rewritten() -> None:
    alone = refused_by_client("client")
    assert one_way(sequence_rewritten(alone.subject()))
    both = refused_by_client("client", "server")
    both.beyond = {"server": Translator(sequence=lambda _, way: 5000 if way == "there" else 0, acks=False)}
    assert len(both.exchanges()) == 2
    assert one_way(sequence_rewritten(both.subject()))


def test_one_observer_shows_no_rewriting_and_says_so() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S")
    network.idle(12_000)
    for answer in answers(network.subject()):
        assert isinstance(answer, Unknown)
        assert "two observers" in answer.why
        assert not answer.moot


def test_options_that_the_snap_length_cut_off_are_not_called_stripped() -> None:
    network = Network("client", "server")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S", options=opening(talk))
    network.frames["server"] = [
        p.Packet(at=one.at, frame=one.frame[:58], wire_length=len(one.frame)) for one in network.frames["server"]
    ]
    network.idle(12_000)
    subject = network.subject()
    answer = options_rewritten(subject).answer
    assert isinstance(answer, Unknown)
    assert "snap length" in answer.why
    assert mss_rewritten(subject).answer is Mss.KEPT
