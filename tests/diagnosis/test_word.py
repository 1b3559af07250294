"""What the user says he knows: it is weighed, and the verdict tells what rests on it."""

from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.diagnosis.roles import Roles
from bothways.diagnosis.word import rests_on
from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.assumed import Assumed
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.reach import SEEN_AT_SERVER, Reached
from bothways.theories.catalogue import THEORIES
from bothways.verdict.standing import Standing, judge
from tests.helpers.judging import fact
from tests.helpers.network import Network, half_open, worked

BYPASSED = Assumed(kind=FIREWALL_STATE, answer=Remembered.BYPASSED)
ONLY_SYN = Assumed(kind=SEEN_AT_SERVER, answer=Reached.SYN)
TAKEN = Assumed(kind=SERVER_TOOK_ACK, answer=Took.TAKEN)
ANSWERED = Assumed(kind=ANSWER_TO_SYN, answer=Answer.SYN_ACK)


def judged(*word: Assumed) -> Diagnosis:
    network = Network("client")
    half_open(network.talk(), last="client")
    return network.diagnose(Roles(assumed=word))


def test_his_word_can_confirm_and_the_verdict_says_so() -> None:
    assert judged().verdict.ruling is Ruling.OPEN
    verdict = judged(BYPASSED, ONLY_SYN).verdict
    assert verdict.theory == "asymmetric-bypass"
    assert {item.kind for item in verdict.rests_on} == {FIREWALL_STATE, SEEN_AT_SERVER}


def test_his_word_can_eliminate() -> None:
    (target,) = judged(TAKEN).targets
    standing = {item.theory: item.standing for item in target.judged}
    assert standing["asymmetric-bypass"] is Standing.ELIMINATED
    assert [item.kind for item in target.verdict.rests_on] == [SERVER_TOOK_ACK]


def test_what_it_overrules_stands_beside_it() -> None:
    (target,) = judged(TAKEN).targets
    assert [item.answer for item in target.overruled] == [Took.NOT_TAKEN]
    assert target.overruled[0] not in target.facts


def test_nothing_rests_on_what_the_evidence_says_as_well() -> None:
    (target,) = judged(ANSWERED).targets
    assert target.verdict.rests_on == ()
    assert target.verdict.possible == judged().targets[0].verdict.possible


def test_where_either_of_two_words_would_do_it_rests_on_both() -> None:
    took, reached = fact(SERVER_TOOK_ACK, Took.NOT_TAKEN), fact(FIREWALL_STATE, Remembered.BYPASSED)
    measured = [fact(ANSWER_TO_SYN, Answer.SYN_ACK), took, reached]
    word = [BYPASSED, ONLY_SYN]
    weighed = judge(THEORIES, [*measured, ONLY_SYN.fact()])
    assert {item.kind for item in rests_on(measured, word, weighed)} <= {FIREWALL_STATE, SEEN_AT_SERVER}
    assert rests_on(measured, [], weighed) == ()


def test_where_nothing_fails_his_word_is_not_used_and_he_is_told() -> None:
    network = Network("client")
    worked(network.talk())
    diagnosis = network.diagnose(Roles(assumed=(BYPASSED,)))
    assert diagnosis.verdict.ruling is Ruling.HEALTHY
    assert any("firewall-state=bypassed" in note for note in diagnosis.notes)
