import shlex

import pytest

from bothways.connections.window import AfterStart
from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.diagnosis.roles import Roles, Wanted
from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint
from bothways.report.summary import summary
from bothways.units import seconds
from tests.helpers.network import RTO, SERVER, START, SYNS, Network, half_open, worked
from tests.helpers.noise import healthy_noise
from tests.helpers.packets import client_hello
from tests.helpers.surroundings import attempt, log, paths, rule, rules, session, sessions, there

OTHER = Endpoint("192.0.2.9", 443)
REFUSING = Endpoint("192.0.2.8", 443)


def several() -> Network:
    """A target that works, one that is half open, one that refuses, one of which nothing is known."""
    network = Network("client", "server")
    worked(network.talk(server=OTHER))
    half_open(network.talk(start=3000), last="client")
    refused = network.talk(server=REFUSING, start=4000)
    refused.there(0, "S")
    refused.back(20, "RA", seq=0, ack=1)
    network.talk(server=Endpoint("192.0.2.7", 443), start=9000).there(0, "S")
    return network


def test_the_worst_target_comes_first_and_gives_the_verdict() -> None:
    diagnosis = several().diagnose()
    rulings = [target.verdict.ruling for target in diagnosis.targets]
    assert rulings == [Ruling.CONFIRMED, Ruling.OPEN, Ruling.UNDETERMINED, Ruling.HEALTHY]
    assert diagnosis.verdict is diagnosis.targets[0].verdict
    assert diagnosis.verdict.theory == "port-closed"


def test_targets_are_judged_apart() -> None:
    found = {target.server: target for target in several().diagnose().targets}
    assert found[OTHER].facts == ()
    assert found[OTHER].judged == ()
    assert found[OTHER].next == ()
    assert (found[SERVER].seen, found[SERVER].failed) == (1, 1)
    assert "asymmetric-bypass" in found[SERVER].verdict.possible


def test_of_two_open_targets_the_one_that_failed_more_often_is_worse() -> None:
    network = Network("client")
    half_open(network.talk(server=OTHER), last="client")
    for number in range(2):
        half_open(network.talk(start=number * 100), last="client")
    assert [target.server for target in network.diagnose().targets] == [SERVER, OTHER]


def test_the_users_target_is_the_only_one() -> None:
    diagnosis = several().diagnose(Roles(targets=(Wanted(host=OTHER.address, port=OTHER.port),)))
    assert [target.server for target in diagnosis.targets] == [OTHER]
    assert diagnosis.verdict.ruling is Ruling.HEALTHY


def test_the_same_case_gives_the_same_diagnosis_in_whatever_order_its_files_come() -> None:
    case = several().case()
    turned = Case(files=(), captures=tuple(reversed(case.captures)))
    assert [(t.id, t.verdict, t.facts) for t in diagnose(case).targets] == [
        (t.id, t.verdict, t.facts) for t in diagnose(turned).targets
    ]


def test_a_target_that_only_a_log_knows_is_judged_by_it() -> None:
    tries = log(attempt(Told.NO_CONNECTION), attempt(Told.ANSWERED, address="192.0.2.99", line=20))
    (target,) = Network("client").diagnose(attempts=(tries,)).targets
    assert target.verdict.ruling is Ruling.OPEN
    assert (target.seen, target.failed) == (1, 1)
    assert target.name == "a.example"


def test_failures_that_only_a_log_tells_of_prove_nothing_where_all_that_was_captured_works() -> None:
    blocks = rules(rule(destinations=("192.0.2.0/24",)))
    tries = log(attempt(Told.NO_CONNECTION), attempt(Told.ANSWERED, address="192.0.2.99", line=20))
    verdict = Network("client").diagnose(rules=(blocks,), attempts=(tries,)).verdict
    assert verdict.theory == "destination-blocked"
    network = Network("client")
    worked(network.talk())
    verdict = network.diagnose(rules=(blocks,), attempts=(tries,)).verdict
    assert (verdict.ruling, verdict.possible[0]) == (Ruling.OPEN, "destination-blocked")


def test_loss_that_captures_show_settles_also_where_only_a_log_tells_of_a_failure() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.stamps = True
    talk.handshake()
    for number in range(60):
        ms, seq = 100 + 40 * number, 1 + 500 * number
        if number in {3, 17, 18, 30, 44}:
            talk.there(ms, "PA", 500, seq=seq, lost="client")
            ms += 15
        talk.there(ms, "PA", 500, seq=seq)
        talk.back(ms + 10, "A", ack=seq + 500)
    talk.closes(2600)
    tries = log(attempt(Told.NO_CONNECTION), attempt(Told.ANSWERED, address="192.0.2.99", line=20))
    (target,) = network.diagnose(attempts=(tries,)).targets
    (loss,) = [fact for fact in target.facts if fact.kind.id == "loss-there"]
    assert loss.answer == "random"
    assert loss.settles
    assert not any(fact.settles for fact in target.facts if fact.kind.id == "answer-to-syn")


def test_controls_of_a_log_are_never_targets_whether_the_log_begins_with_them_or_not() -> None:
    fails, works = attempt(Told.STALLED, line=20), attempt(Told.ANSWERED, address="192.0.2.99")
    for tries in (log(works, fails), log(fails, works)):
        (target,) = Network("client").diagnose(attempts=(tries,)).targets
        assert target.server == SERVER
        assert target.verdict.ruling is Ruling.OPEN


def test_a_target_that_only_a_state_table_knows_fails() -> None:
    records = sessions(session(), session(ms=9000, server=OTHER))
    (target,) = Network("client").diagnose(sessions=(records,)).targets
    assert target.server == SERVER
    assert target.verdict.ruling is Ruling.OPEN
    assert target.client == "10.0.0.0/24"


def test_path_reports_alone_are_undetermined() -> None:
    diagnosis = diagnose(Case(files=(), paths=(there("10.0.0.254 192.0.2.2"),)))
    assert diagnosis.targets == ()
    assert diagnosis.verdict.ruling is Ruling.UNDETERMINED
    assert [ways.target for ways in diagnosis.ways] == [None]
    assert paths(there("10.0.0.254"))


def test_an_empty_case_says_nothing() -> None:
    diagnosis = diagnose(Case(files=()))
    assert diagnosis.verdict.ruling is Ruling.UNDETERMINED
    assert diagnosis.notes == ()


@pytest.mark.parametrize(
    "name",
    ["$(reboot)", "a.example; rm -rf ~", "`id`", "a b", "-oProxyCommand=x", "a'b", 'a"b', "a\\x1b[2J", "{client}"],
)
def test_a_hostile_name_never_reaches_a_command(name: str) -> None:
    network = Network("client")
    for number in range(3):
        talk = network.talk(start=number * 100)
        talk.handshake()
        for ms in RTO:
            talk.there(ms, "PA", content=client_hello(name.encode()), seq=1, lost="client")
    (target,) = network.diagnose().targets
    assert target.name
    assert target.next
    for ask in target.next:
        assert name not in ask.command
        assert shlex.split(ask.command.replace("$i", "").partition("#")[0])


def test_an_ordinary_name_stands_in_the_command_that_needs_it() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", content=client_hello("a.example"), seq=1, lost="client")
    (target,) = network.diagnose().targets
    assert any("a.example" in ask.command for ask in target.next)


def test_censored_connections_and_probes_are_counted_apart() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    network.talk(start=7000).there(0, "S")
    for ttl in (1, 2, 3):
        network.talk(start=100 * ttl).there(0, "S", ttl=ttl, lost="client")
    (target,) = network.diagnose().targets
    assert (target.seen, target.failed, target.censored, target.probes) == (2, 1, 1, 3)


def test_signatures_count_connections_that_went_alike() -> None:
    network = Network("client")
    for number in range(5):
        half_open(network.talk(start=number * 100), last="client")
    (target,) = network.diagnose().targets
    (signature,) = target.signatures
    assert (signature.outcome, signature.connections, signature.example) == ("half-open", 5, "client.pcap frame 1")


# --- the user's window ---


def seconds_after_start(count: float) -> AfterStart:
    return AfterStart(duration=seconds(count))


def mended() -> Network:
    """It failed for a minute and works since; the other one works all the time."""
    network = Network("client", "server", clocks={"server": 187_000})
    for number in range(6):
        half_open(network.talk(start=number * 10_000), last="client")
        worked(network.talk(start=60_000 + number * 10_000))
        worked(network.talk(server=OTHER, start=number * 20_000))
    return network


def test_only_what_began_in_the_window_is_judged() -> None:
    before = mended().diagnose(Roles(until=seconds_after_start(59)))
    assert [(target.server, target.seen, target.failed) for target in before.targets] == [(SERVER, 6, 6), (OTHER, 3, 0)]
    after = mended().diagnose(Roles(since=seconds_after_start(60)))
    assert [(target.server, target.seen, target.failed) for target in after.targets] == [(SERVER, 6, 0), (OTHER, 3, 0)]
    assert after.verdict.ruling is Ruling.HEALTHY
    assert before.verdict.ruling is not Ruling.HEALTHY


def test_a_diagnosis_says_its_window_and_how_many_it_left_out() -> None:
    made = mended().diagnose(Roles(since=seconds_after_start(60)), attempts=(log(attempt(Told.ANSWERED)),))
    (note,) = made.notes
    assert note == (
        "judged is what began since 2023-11-14 22:14:20 UTC: 9 connections began outside; logs of attempts and path "
        "reports that tell no time were used whenever they were made"
    )


def test_the_facts_of_a_window_cite_its_own_packets() -> None:
    made = mended().diagnose(Roles(since=seconds_after_start(45), until=seconds_after_start(55)))
    (target,) = (item for item in made.targets if item.failed)
    cited = {cite.frame for fact in target.facts for cite in fact.cites if cite.file == "client.pcap"}
    whole = mended()
    frames = sorted(whole.frames["client"], key=lambda packet: packet.at)
    assert cited
    assert all(frames[frame - 1].at >= START + 45 * 10**9 for frame in cited if frame)


# --- much else in the capture ---


def amid_noise(*failing: Endpoint, count: int = 300) -> Diagnosis:
    noise = healthy_noise(count, seed=7)
    network = Network("client", "server")
    for place, server in enumerate(failing):
        half_open(network.talk(server=server, start=20_000 + place * 500), last="client")
    for vantage in network.vantages:
        network.frames[vantage] += noise[vantage]
    return network.diagnose()


def test_one_failing_target_is_found_among_many_healthy_connections() -> None:
    made = amid_noise(SERVER)
    assert len(made.targets) == 31
    assert (made.targets[0].server, made.targets[0].failed) == (SERVER, 1)
    assert all(target.verdict.ruling is Ruling.HEALTHY for target in made.targets[1:])
    assert made.verdict.ruling is not Ruling.HEALTHY
    assert made.background == ()


def test_a_target_that_failed_once_ranks_behind_one_that_failed_often() -> None:
    network = Network("client")
    once = network.talk(server=OTHER)
    for ms in SYNS:
        once.there(ms, "S", lost="client")
    for number in range(40):
        often = network.talk(start=number * 100)
        for ms in SYNS:
            often.there(ms, "S", lost="client")
    network.idle(30_000)
    targets = network.diagnose().targets
    assert [(target.server, target.failed) for target in targets] == [(SERVER, 40), (OTHER, 1)]


def test_a_single_syn_to_another_host_is_no_failure_at_all() -> None:
    network = Network("client")
    network.talk(server=OTHER).there(0, "S", lost="client")
    half_open(network.talk(), last="client")
    assert [(target.server, target.failed) for target in network.diagnose().targets] == [(SERVER, 1), (OTHER, 0)]


def test_one_failure_of_many_is_told_as_that() -> None:
    network = Network("client")
    for number in range(50):
        worked(network.talk(start=number * 200))
    half_open(network.talk(), last="client")
    made = network.diagnose()
    assert "in 1 of 51 connections" in summary(made.targets[0])


def test_what_failing_targets_share_is_a_note() -> None:
    made = amid_noise(*(Endpoint(f"192.0.2.{number}", 443) for number in range(1, 5)))
    compared, alike = made.notes
    assert compared == "all 4 targets that time out are in 192.0.2.0/24, and none that works is"
    assert alike.startswith("4 targets fail alike (possible: ")
    assert ", all in 192.0.2.0/24 and on port 443, since 2023-11-14 22:13:40 UTC" in alike
    assert amid_noise(SERVER).notes == ()
