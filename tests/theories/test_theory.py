import pytest

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.theories.theory import Expect, expect, proof
from tests.helpers.judging import theory


def test_what_is_not_stated_never_happens() -> None:
    words = expect(SYN_ACK_REPEATS, {Repeats.SEVERAL: Expect.USUALLY}).words
    assert words == {Repeats.SEVERAL: Expect.USUALLY, Repeats.ONE: Expect.NEVER, Repeats.NONE: Expect.NEVER}


def test_the_rest_may_be_stated() -> None:
    words = expect(SYN_ACK_REPEATS, {Repeats.NONE: Expect.ALWAYS}, rest=Expect.RARELY).words
    assert words[Repeats.ONE] is words[Repeats.SEVERAL] is Expect.RARELY


def test_an_answer_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="server-took-ack has no answer yes"):
        expect(SERVER_TOOK_ACK, {Acked.YES: Expect.ALWAYS})


def test_the_same_word_of_another_kind_is_refused() -> None:
    assert Repeats.NONE.value == "none"
    with pytest.raises(ValueError, match="syn-ack-repeats has no answer taken"):
        expect(SYN_ACK_REPEATS, {Repeats.NONE: Expect.ALWAYS, Took.TAKEN: Expect.EVEN})


def test_a_theory_says_what_it_expects_of_a_kind() -> None:
    took = expect(SERVER_TOOK_ACK, {Took.TAKEN: Expect.ALWAYS})
    assert theory("mtu-black-hole", took).of(SERVER_TOOK_ACK) is took


def test_a_theory_says_nothing_of_what_it_does_not_care_for() -> None:
    assert theory("mtu-black-hole").of(CLIENT_DATA_ACKED) is None


def test_a_proof_is_all_its_answers_in_any_order() -> None:
    took, acked = (SERVER_TOOK_ACK, Took.TAKEN), (CLIENT_DATA_ACKED, Acked.YES)
    assert proof(took, acked) == proof(acked, took)
    assert proof(took) < proof(took, acked)
