"""The two ways between two ends, laid side by side from path reports."""

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.diagnosis.roles import Roles
from bothways.diagnosis.two_ways import WaysOf
from bothways.evidence.attempt import Outcome
from bothways.evidence.case import Case, PathEvidence
from bothways.facts.fact import Fact
from bothways.facts.ways import Stands
from bothways.paths.alignment import Kinship
from bothways.paths.stateful import Rests
from bothways.theories.questions import CLIENT, SERVER
from bothways.way import Way
from tests.helpers.network import SERVER as TARGET
from tests.helpers.surroundings import attempt, back, control_back, evidence, log, there

OUT = there("gw.example fw.example core.example border.example a.example", destination_address=TARGET.address)
HOME = back("border.example core.example gw.example 10.0.0.2", destination_address="10.0.0.2")
CONTROL = control_back("border.example core.example fw.example gw.example 10.0.0.2")


def diagnosed(*reports: PathEvidence, firewalls: tuple[str, ...] = ()) -> Diagnosis:
    return diagnose(Case(files=(), paths=reports), Roles(firewalls=firewalls))


def ways(*reports: PathEvidence, firewalls: tuple[str, ...] = ()) -> WaysOf:
    (made,) = diagnosed(*reports, firewalls=firewalls).ways
    return made


def test_path_reports_alone_are_undetermined_and_side_by_side() -> None:
    made = diagnosed(OUT, HOME)
    assert made.verdict.ruling is Ruling.UNDETERMINED
    assert [one.target for one in made.ways] == [None]
    assert made.ways[0].alignment is not None


def test_every_station_of_both_ways_stands_in_one_row() -> None:
    made = ways(OUT, HOME)
    assert made.there
    assert made.back
    assert [row.there for row in made.rows if row.there] == list(made.there.routers)
    assert [row.back for row in made.rows if row.back] == list(reversed(made.back.routers))


def test_one_report_shows_one_way_and_says_nothing_of_the_other() -> None:
    made = ways(OUT)
    assert (made.alignment, made.back) == (None, None)
    assert made.there
    assert [row.kinship for row in made.rows] == [Kinship.UNTOLD] * len(made.there.routers)


def test_the_users_firewall_is_a_device_and_its_name_alone_is_a_weak_one() -> None:
    (named,) = ways(OUT, HOME).devices
    (told,) = ways(OUT, HOME, firewalls=("fw.example",)).devices
    assert (named.label, named.there, named.back) == ("fw.example", 2, None)
    assert (named.by_name_only, told.by_name_only) == (True, False)
    assert [reason.rests for reason in told.recognitions] == [Rests.WORD, Rests.NAME]


def test_without_a_control_an_absence_is_not_known_and_the_control_is_asked_for() -> None:
    made = diagnosed(OUT, HOME, firewalls=("fw.example",))
    fact = made.ways[0].absence
    assert isinstance(fact, Fact)
    assert not fact.known
    (ask,) = (ask for ask in made.next if ask.id == "control-path-back")
    assert ask.who == SERVER
    assert "control-inbound.mtr.txt" in ask.command
    assert "asymmetric-bypass" in ask.separates
    assert [row.kinship for row in made.ways[0].rows if row.there and row.there.name == "fw.example"] == [
        Kinship.UNTOLD
    ]


def test_with_a_control_the_absence_is_proven_drawn_and_needs_no_question() -> None:
    made = diagnosed(OUT, HOME, CONTROL, firewalls=("fw.example",))
    fact = made.ways[0].absence
    assert isinstance(fact, Fact)
    assert fact.answer is Stands.THERE_ONLY
    (row,) = (row for row in made.ways[0].rows if row.there and row.there.name == "fw.example")
    assert row.kinship is Kinship.ONLY_THERE
    assert not [ask for ask in made.next if ask.id.startswith("control-")]


def test_the_clients_capture_is_asked_for_first() -> None:
    ask, *_ = diagnosed(OUT, HOME).next
    assert (ask.id, ask.who, ask.separates) == ("client-capture", CLIENT, ())


def test_a_way_that_nobody_reported_is_asked_for() -> None:
    assert "path-back" in [ask.id for ask in diagnosed(OUT).next]
    assert "path-there" in [ask.id for ask in diagnosed(HOME).next]
    assert not [ask for ask in diagnosed(OUT, HOME).next if ask.id.startswith("path-")]


def test_a_hostile_address_reaches_no_command() -> None:
    evil = there("gw.example $(reboot)", destination="$(reboot)")
    assert "reboot" not in " ".join(ask.command for ask in diagnosed(evil).next)


def test_the_ways_of_a_target_bear_its_id() -> None:
    made = diagnose(Case(files=(), paths=(OUT, HOME), attempts=(log(attempt(Outcome.STALLED)),)))
    assert [one.target for one in made.ways] == [made.targets[0].id]


def test_ways_that_two_targets_share_stand_once() -> None:
    tried = log(attempt(Outcome.STALLED), attempt(Outcome.STALLED, port=8443))
    made = diagnose(Case(files=(), paths=(OUT, HOME), attempts=(tried,)))
    assert len(made.targets) == 2
    assert len(made.ways) == 1


def test_without_path_reports_there_are_no_ways() -> None:
    assert diagnose(Case(files=(), attempts=(log(attempt(Outcome.STALLED)),))).ways == ()


def test_reports_to_somewhere_else_are_no_ways_of_the_target() -> None:
    elsewhere = evidence("gw.example x.example", destination="x.example", destination_address="198.51.100.7")
    made = diagnose(Case(files=(), paths=(elsewhere,), attempts=(log(attempt(Outcome.STALLED)),)))
    assert [one.target for one in made.ways] in ([], [None])


def test_a_report_of_nothing_is_taken_as_it_is() -> None:
    made = diagnosed(evidence("?", Way.THERE))
    assert all(row.there and row.there.silent for one in made.ways for row in one.rows)


def test_who_answers_last_is_most_likely_the_other_end_and_no_router_of_the_picture() -> None:
    made = ways(there("gw.example core.example www.example"), back("core.example gw.example laptop.example"))
    assert made.assumed == {Way.THERE, Way.BACK}
    labels = {station.label for row in made.rows for station in (row.there, row.back) if station}
    assert labels == {"gw.example", "core.example"}


def test_a_report_that_may_have_ended_anywhere_proves_no_absence_behind_it() -> None:
    """A host that knows no way back answers its own probes: one hop, and no word that it is not the other end."""
    made = ways(OUT, back("www.example"), CONTROL, firewalls=("fw.example",))
    assert isinstance(made.absence, Fact)
    assert not made.absence.known
    assert Way.BACK not in made.assumed


def test_what_lies_beyond_the_end_of_a_report_is_no_parting() -> None:
    made = ways(there("gw.example fw.example ?"), back("border.example core.example fw.example ?"))
    assert made.alignment
    assert made.alignment.detours == ()


def test_a_private_router_before_a_translated_client_is_not_said_to_stand_on_one_way_only() -> None:
    out = there("gw.home=192.168.1.1 isp.example core.example 192.0.2.2", destination_address="192.0.2.2")
    home = back("core.example isp.example 198.51.100.5", destination_address="198.51.100.5")
    made = ways(out, home)
    assert made.alignment is not None
    assert made.alignment.detours == ()
    known = ways(out, back("core.example isp.example 192.168.1.20", destination_address="192.168.1.20"))
    assert known.alignment is not None
    assert [[one.label for one in detour.there] for detour in known.alignment.detours] == [["gw.home"]]
