from msgspec.structs import replace

from bothways.evidence.case import PathEvidence
from bothways.facts.back_distance import BACK_DISTANCE, Length, back_distance
from bothways.facts.fact import Fact
from bothways.unknown import Unknown
from tests.facts.test_distance import arrives
from tests.helpers.network import SERVER, Network, half_open
from tests.helpers.surroundings import back, paths, there

FIVE = "a b c d e 192.0.2.2"


def replied(evidence: PathEvidence, **shown: int) -> PathEvidence:
    """The report whose last hop's reply shows how far it came."""
    *hops, last = evidence.report.hops
    answered = replace(last, replies=tuple(replace(reply, **shown) for reply in last.replies))
    return replace(evidence, report=replace(evidence.report, hops=(*hops, answered)))


def measured(*reports: PathEvidence, ttl: int | None = None, vantages: tuple[str, ...] = ("client",)) -> Fact:
    network = Network(*vantages)
    if ttl is not None:
        half_open(network.talk(), last="client")
        arrives(network, "client", SERVER.address, ttl=ttl)
    return back_distance(network.subject(paths=paths(*reports)))


def why(fact: Fact) -> str:
    assert isinstance(fact.answer, Unknown)
    return fact.answer.why


def test_reports_of_both_ways_count_their_routers() -> None:
    fact = measured(there(FIVE, reached=True), back("e d a 10.0.0.1", reached=True))
    assert fact.answer is Length.SHORTER
    assert fact.says == "5 routers there (by the report of that way), 3 back (by the report of that way)"


def test_what_arrives_at_the_client_tells_without_a_report_of_the_way_back() -> None:
    assert measured(there(FIVE, reached=True), ttl=61).answer is Length.SHORTER
    assert measured(there(FIVE, reached=True), ttl=123).answer is Length.AS_LONG
    fact = measured(there(FIVE, reached=True), ttl=247)
    assert fact.answer is Length.LONGER
    assert "8 back (by the TTL 247 in the capture, taken for 255 at first)" in fact.says


def test_a_ttl_far_below_every_usual_one_is_ambiguous() -> None:
    assert "no usual initial TTL is near" in why(measured(there(FIVE, reached=True), ttl=20))


def test_with_captures_at_both_ends_no_initial_ttl_is_guessed() -> None:
    fact = measured(ttl=62, vantages=("client", "server"))
    assert fact.answer is Length.SHORTER
    assert "6 routers there (by the captures at both ends), 2 back" in fact.says


def test_the_tools_own_count_and_the_ttl_of_replies_tell_of_the_way_back() -> None:
    assert measured(replied(there(FIVE, reached=True), back=4)).answer is Length.SHORTER
    assert measured(replied(there(FIVE, reached=True), reply_ttl=59)).answer is Length.AS_LONG


def test_sources_that_contradict_each_other_are_said_and_widen_the_range() -> None:
    whole = replied(there(FIVE, reached=True), back=4)
    fact = measured(whole, ttl=62)
    assert fact.answer is Length.SHORTER
    assert "2 to 3 back (contradictory: 2 by the TTL 62" in fact.says
    assert "2 to 6 back" in why(measured(replied(there(FIVE, reached=True), back=7), ttl=62))


def test_a_report_that_ends_early_gives_the_least() -> None:
    longer = back("a b c d e f g ?", reached=False)
    assert measured(there(FIVE, reached=True), longer).answer is Length.LONGER
    assert "3 or more back" in why(measured(there(FIVE, reached=True), back("a b c ?", reached=False)))


def test_it_never_settles_anything() -> None:
    assert not BACK_DISTANCE.decisive
    assert not measured(there(FIVE, reached=True), ttl=61).settles


def test_one_way_alone_tells_nothing() -> None:
    assert "the way there" in why(measured(ttl=61))
    assert "the way back" in why(measured(there(FIVE, reached=True)))
