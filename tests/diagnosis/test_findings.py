import json

import pytest

from bothways.connections.traits import Trait
from bothways.diagnosis import findings
from bothways.diagnosis.findings import MOST_SIGNATURES
from bothways.diagnosis.model import Diagnosis, Finding, Ruling, TargetDiagnosis
from bothways.evidence.endpoint import Endpoint
from bothways.facts.catalogue import measure
from bothways.facts.fact import Fact
from bothways.facts.many import DIFFERS_BY, SHARE_OF_CONNECTIONS, TIME_PATTERN, Pattern
from bothways.facts.subject import Subject
from bothways.report.json_document import document
from bothways.report.page import page_of
from bothways.report.symbols import ASCII
from bothways.report.terminal import draw
from tests.helpers.network import RTO, SERVER, START, SYNS, Network, Talk, half_open, tcp_kept, worked

SECOND = 1000


def refused(talk: Talk) -> None:
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)


def unanswered(talk: Talk) -> None:
    for ms in SYNS:
        talk.there(ms, "S")


def closed_later(talk: Talk) -> None:
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A")
    talk.there(60, "PA", 200)
    talk.back(80, "R", seq=1)


def two_faults() -> Network:
    """First some are half open; from the hundredth second on the port is closed."""
    network = Network("client", "server")
    for number in range(4):
        half_open(network.talk(start=number * 20 * SECOND), last="client")
    for number in range(3):
        refused(network.talk(start=(100 + number) * SECOND))
    return network


def only(diagnosis: Diagnosis) -> TargetDiagnosis:
    (target,) = [target for target in diagnosis.targets if target.server == SERVER]
    return target


def answers(finding: Finding) -> dict[str, str]:
    return {fact.kind.id: str(fact.answer) for fact in finding.facts if fact.known}


def test_two_faults_of_one_target_are_two_findings_the_worst_first() -> None:
    target = only(two_faults().diagnose())
    assert [(item.verdict.ruling, item.connections) for item in target.findings] == [
        (Ruling.CONFIRMED, 3),
        (Ruling.OPEN, 4),
    ]
    first, second = target.findings
    assert first.verdict.theory == "port-closed"
    assert "port-closed" not in second.verdict.possible
    assert {signature.outcome for signature in second.signatures} == {"half-open"}


def test_a_target_speaks_with_the_words_of_its_worst_finding() -> None:
    target = only(two_faults().diagnose())
    worst = target.findings[0]
    assert (target.verdict, target.judged, target.facts, target.next) == (
        worst.verdict,
        worst.judged,
        worst.facts,
        worst.next,
    )
    assert target.failed == 7


def test_each_finding_tells_its_own_times() -> None:
    closed, half = only(two_faults().diagnose()).findings
    assert (half.first_seen, half.last_seen) == (START, START + 60 * 10**9)
    assert (closed.first_seen, closed.last_seen) == (START + 100 * 10**9, START + 102 * 10**9)


def test_one_fault_that_shows_in_several_ways_is_one_finding() -> None:
    """Of the second connection the server's repeats were not seen, so that its data is all that waits."""
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    other = network.talk(start=50)
    other.there(0, "S")
    other.back(20, "SA")
    other.there(40, "A", lost="client")
    tcp_kept(other, RTO, 200, lost="client")
    target = only(network.diagnose())
    assert len({signature.outcome for signature in target.signatures}) == 2
    assert [item.connections for item in target.findings] == [2]


def test_what_works_has_no_finding() -> None:
    network = Network("client")
    worked(network.talk())
    assert only(network.diagnose()).findings == ()


def begins_in_the_middle() -> Network:
    network = Network("client")
    for number in range(15):
        worked(network.talk(start=number * SECOND, port=40_000 + number * 37 % 101))
    for number in range(15):
        unanswered(network.talk(start=(20 + number) * SECOND, port=40_001 + number * 41 % 103))
    return network


def test_since_when_it_fails_and_how_many_worked_before() -> None:
    (finding,) = only(begins_in_the_middle().diagnose()).findings
    assert (finding.connections, finding.worked_before, finding.worked_after) == (15, 15, 0)
    assert finding.first_seen == START + 20 * 10**9
    assert answers(finding)[TIME_PATTERN.id] == "since-a-moment"
    assert answers(finding)[SHARE_OF_CONNECTIONS.id] == "a-part"


def test_odd_source_ports_that_fail_beside_even_ones_that_work_are_said_on_the_page_and_in_the_document() -> None:
    network = Network("client")
    for number in range(30):
        talk = network.talk(start=number * SECOND, port=40_000 + number)
        (unanswered if number % 2 else worked)(talk)
    diagnosis = network.diagnose()
    (finding,) = only(diagnosis).findings
    assert answers(finding)[DIFFERS_BY.id] == "source-port"
    assert answers(finding)[TIME_PATTERN.id] == "intermittent"
    page = page_of(diagnosis)
    says = "the source port is odd in 15 of 15 that failed and in 0 of 15 that worked"
    assert page.parts[0].differs == says
    shared = "15 of 30 connections, since 2023-11-14 22:13:21 UTC, the last at 22:13:49 UTC"
    assert page.parts[0].share.startswith(shared)
    (told,) = json.loads(document(diagnosis, page))["targets"][0]["findings"]
    assert told["share"] == 0.5
    assert [(item["trait"], item["failed"], item["says"]) for item in told["differs_by"]] == [
        (str(Trait.SOURCE_PORT), [15, 15], says)
    ]


def test_the_document_gives_each_further_finding_its_own_facts() -> None:
    diagnosis = two_faults().diagnose()
    (target,) = json.loads(document(diagnosis, page_of(diagnosis)))["targets"]
    first, second = target["findings"]
    assert "facts" not in first
    assert first["verdict"] == target["verdict"]
    assert second["verdict"]["standing"] == "open"
    known = {fact["id"] for fact in second["facts"]}
    assert {name for theory in second["theories"] for name in (*theory["for"], *theory["against"])} <= known


@pytest.mark.parametrize("detail", [False, True])
def test_the_page_tells_the_further_finding_after_the_worst(*, detail: bool) -> None:
    text = draw(page_of(two_faults().diagnose()), width=200, colour=False, symbols=ASCII, detail=detail)
    assert text.index("Confirmed: 192.0.2.2:443 is refused from 10.0.0.0/24 in 3 of 7 connections") < text.index(
        "Open: 192.0.2.2:443 times out from 10.0.0.0/24 in 4 of 7 connections"
    )
    assert "Also wrong with it" in text


def test_signatures_beyond_counting_are_counted_with_what_ends_alike() -> None:
    """Each client opens with another order of letters; none gets an answer to its data."""
    network = Network("client")
    for number in range(MOST_SIGNATURES + 6):
        talk = network.talk(start=number * 50)
        talk.handshake()
        for bit in range(7):
            if number >> bit & 1:
                (talk.there if bit % 2 else talk.back)(50 + 10 * bit, "PA", 10 + bit)
            else:
                (talk.there if bit % 2 else talk.back)(50 + 10 * bit, "A")
        tcp_kept(talk, [200 + ms for ms in RTO], 200, lost="client")
    target = only(network.diagnose())
    assert sum(item.connections for item in target.findings) == target.failed


def test_signatures_are_judged_by_themselves_only_as_far_as_the_allowance_of_all_targets_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured: list[Subject] = []

    def counted(subject: Subject) -> tuple[Fact, ...]:
        measured.append(subject)
        return measure(subject)

    targets = 8
    monkeypatch.setattr(findings, "MOST_ALONE", 2 * targets)
    monkeypatch.setattr(findings, "measure", counted)
    network = Network("client")
    for number in range(targets):
        server = Endpoint(f"198.51.100.{number + 1}", 443)
        for place, script in enumerate((unanswered, refused, closed_later)):
            script(network.talk(start=(number * 60 + place * 20) * SECOND, server=server))
    network.idle((targets * 60 + 20) * SECOND)
    diagnosis = network.diagnose()
    assert len(measured) == 2 * targets
    assert [sum(item.connections for item in target.findings) for target in diagnosis.targets] == [3] * targets


def test_what_fails_at_the_same_hour_of_several_days_is_said_to() -> None:
    network = Network("client")
    hour = 3600 * SECOND
    for day in range(4):
        for place, minute in enumerate((0, 10, 20, 30)):
            unanswered(network.talk(start=(24 * day) * hour + minute * 60 * SECOND, port=40_000 + day * 40 + place))
        for place, later in enumerate((3, 6, 9, 12, 15, 18, 21)):
            worked(network.talk(start=(24 * day + later) * hour, port=40_010 + day * 40 + place))
    (finding,) = only(network.diagnose()).findings
    fact = next(fact for fact in finding.facts if fact.kind is TIME_PATTERN)
    assert fact.answer is Pattern.DAILY
    assert "between 22:13 and 22:43 UTC, on 4 days, and 0 of 28 that worked" in fact.says
