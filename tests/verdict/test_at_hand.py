from bothways.theories.questions import CLIENT, FIREWALL, QUESTIONS, SERVER, Brings
from bothways.verdict.at_hand import MADE_BY, at_hand


def test_nobody_helps_where_nothing_is_there() -> None:
    assert at_hand(()) == frozenset()


def test_whoever_made_evidence_helps() -> None:
    assert at_hand({Brings.PATH_THERE, Brings.RULES}) == {CLIENT, FIREWALL}
    assert at_hand({Brings.SERVER_SOCKETS}) == {SERVER}


def test_evidence_is_made_by_whom_a_question_asks_for_it() -> None:
    asked = {brings: question.who for question in QUESTIONS for brings in question.brings}
    assert asked == dict(MADE_BY)
