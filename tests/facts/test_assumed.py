from hypothesis import given

from bothways.evidence.citation import Citation
from bothways.facts.acceptance import SERVER_TOOK_ACK, SYN_ACK_REPEATS, Repeats, Took
from bothways.facts.assumed import BY_YOUR_WORD, Assumed, believe
from bothways.facts.fact import Fact, unknown
from tests.helpers import judging
from tests.helpers.judging import fact

TAKEN = Assumed(kind=SERVER_TOOK_ACK, answer=Took.TAKEN)
FRAME = Citation(file="client.pcap", frame=8)


def test_what_is_not_known_is_answered_by_his_word() -> None:
    believed = believe([unknown(SERVER_TOOK_ACK, "no capture")], [TAKEN])
    (said,) = believed.facts
    assert said.answer is Took.TAKEN
    assert said.sure
    assert said.settles
    assert said.cites == (BY_YOUR_WORD,)
    assert believed.overruled == ()


def test_what_was_measured_otherwise_is_kept_and_not_weighed() -> None:
    measured = fact(SERVER_TOOK_ACK, Took.NOT_TAKEN, cites=(FRAME,))
    believed = believe([measured], [TAKEN])
    assert [item.answer for item in believed.facts] == [Took.TAKEN]
    assert believed.overruled == (measured,)


def test_he_vouches_for_a_measurement_that_says_the_same() -> None:
    believed = believe([fact(SERVER_TOOK_ACK, Took.TAKEN, cites=(FRAME,), sure=False, decisive=False)], [TAKEN])
    (said,) = believed.facts
    assert said.sure
    assert said.settles
    assert said.cites == (FRAME, BY_YOUR_WORD)
    assert believed.overruled == ()


def test_he_writes_it_as_it_is_shown() -> None:
    assert str(TAKEN) == "server-took-ack=taken"


@given(judging.facts())
def test_nothing_else_is_changed(measured: list[Fact]) -> None:
    word = [Assumed(kind=SYN_ACK_REPEATS, answer=Repeats.ONE)]
    believed = believe(measured, word)
    assert [item.kind for item in believed.facts] == [item.kind for item in measured]
    for before, after in zip(measured, believed.facts, strict=True):
        assert after == before or (before.kind is SYN_ACK_REPEATS and after.answer is Repeats.ONE)
    assert believe(measured, []).facts == tuple(measured)
