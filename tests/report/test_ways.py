"""What is said of two ways in words and in JSON, from reports to sentences."""

import json
from typing import Any

import pytest
from rich.cells import cell_len

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.roles import Roles
from bothways.evidence.attempt import Outcome
from bothways.evidence.case import Case, PathEvidence
from bothways.report.json_document import document
from bothways.report.page import Page, page_of
from bothways.report.symbols import UNICODE
from bothways.report.terminal import draw
from bothways.report.ways import WaysPart
from tests.helpers.surroundings import attempt, back, control_back, evidence, log, there

OUT = there("gw.example fw.example core.example border.example www.example=192.0.2.2", destination_address="192.0.2.2")
HOME = back("border.example core.example gw.example laptop.example=10.0.0.2", destination_address="10.0.0.2")
CONTROL = control_back("border.example core.example fw.example gw.example laptop.example")


def page(*reports: PathEvidence, firewalls: tuple[str, ...] = (), **more: Any) -> Page:
    return page_of(diagnose(Case(files=(), paths=reports, **more), Roles(firewalls=firewalls)))


def part(*reports: PathEvidence, firewalls: tuple[str, ...] = ()) -> WaysPart:
    (made,) = page(*reports, firewalls=firewalls).ways
    return made


def said(made: WaysPart) -> str:
    return " ".join(made.says)


def test_the_headline_says_that_nothing_failed_and_what_is_most_to_be_known() -> None:
    assert page(OUT, HOME, CONTROL, firewalls=("fw",)).headline == (
        "Undetermined: no connection was seen, so nothing says whether any fails; the ways part behind gw.example and "
        "meet again at core.example, and fw.example stands on the way there only."
    )


def test_ways_through_the_same_routers_are_said_to_be_the_same() -> None:
    made = part(OUT, back("border.example core.example fw.example gw.example laptop.example"))
    assert made.same
    assert made.gist == (
        "both ways pass the same 4 routers, and fw.example, a firewall by its name, stands on both ways"
    )


def test_one_report_says_which_way_is_missing() -> None:
    assert part(OUT).gist == "only the way there is reported, no report shows the way back"
    assert part(HOME).gist == "only the way back is reported, no report shows the way there"


def test_silent_hops_are_counted_and_devices_without_a_hop_are_mentioned() -> None:
    words = said(part(there("gw.example ? core.example www.example"), HOME))
    assert "1 silent hop on the way there could hide a device;" in words
    assert "what lowers no TTL (a bridge, a transparent firewall) shows in no path report" in words


def test_a_firewall_by_its_name_is_weak_and_one_by_word_is_not() -> None:
    assert "because of its name, which is weak" in said(part(OUT, HOME))
    assert "because you said so; also because of its name" in said(part(OUT, HOME, firewalls=("fw.example",)))


def test_a_report_that_stops_claims_nothing_about_tcp() -> None:
    words = said(part(there("gw.example core.example ?"), HOME))
    assert "ends at hop 2, core.example (silence behind it, up to hop 3), and does not reach the other end" in words
    assert "this alone does not say that TCP fails" in words


def test_a_way_in_circles_is_the_headline() -> None:
    circle = there("gw.example a.example b.example a.example b.example a.example b.example ?")
    assert part(circle).gist == "the way there goes round in circles"
    assert "goes round and round from hop" in said(part(circle))


def test_what_follows_is_told_with_the_cause_in_words() -> None:
    known, *_ = part(OUT, HOME, CONTROL, firewalls=("fw.example",)).follows
    assert known.known
    assert "speaks for asymmetric-bypass (the way back skips the stateful firewall)" in known.means
    unknown, *_ = (item for item in part(OUT, HOME, firewalls=("fw.example",)).follows if not item.known)
    assert "fw.example is not seen on the way back" in unknown.says
    assert any(clause.startswith("there-only would speak for asymmetric-bypass") for clause in unknown.means)


EVIL = "ev\x1b[31mil\u202e.example"


def test_names_of_strangers_are_disarmed_everywhere() -> None:
    reports = (there(f"{EVIL}=10.0.0.1 {EVIL} www.example"), back(f"{EVIL}=10.0.0.2 laptop.example"))
    made = diagnose(Case(files=(), paths=reports), Roles(firewalls=(EVIL,)))
    for detail in (False, True):
        drawn = draw(page_of(made), width=100, colour=False, symbols=UNICODE, detail=detail)
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn
    text = document(made, page_of(made)).decode()
    assert "\\u001b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("detail", [False, True])
def test_the_whole_section_fits(width: int, *, detail: bool) -> None:
    made = page(OUT, HOME, CONTROL, firewalls=("fw.example",))
    lines = draw(made, width=width, colour=False, symbols=UNICODE, detail=detail).splitlines()
    assert all(cell_len(line) <= width for line in lines if not line.lstrip().startswith("$ "))


def test_beside_a_verdict_the_picture_is_short_and_equal_ways_are_a_sentence() -> None:
    tried = log(attempt(Outcome.STALLED))
    differ = draw(page(OUT, HOME, attempts=(tried,)), width=80, colour=False, symbols=UNICODE)
    assert "there, downward" in differ
    assert "If connections between these ends fail" not in differ
    there_alike = there("gw.example core.example border.example a.example")
    drawn = draw(page(there_alike, HOME, attempts=(tried,)), width=80, colour=False, symbols=UNICODE)
    assert "both ways pass the same 3 routers." in drawn.replace("\n", " ")
    assert "there, downward" not in drawn


def entry(*reports: PathEvidence, firewalls: tuple[str, ...] = ()) -> dict[str, Any]:
    made = diagnose(Case(files=(), paths=reports), Roles(firewalls=firewalls))
    (ways,) = json.loads(document(made, page_of(made)))["ways"]
    return dict(ways)


def test_the_document_has_every_row_with_its_hops_and_on_what_it_rests() -> None:
    made = entry(OUT, HOME, CONTROL, firewalls=("fw.example",))
    first, fw, *_ = made["rows"]
    assert (first["kinship"], first["bases"][0]) == ("same", "name")
    assert (first["there"]["index"], first["back"]["index"]) == (1, 3)
    assert (fw["there"]["name"], fw["back"], fw["kinship"]) == ("fw.example", None, "only-there")
    assert fw["absent"] == "control"
    assert made["detours"][0] | {"confidence": 0} == {
        "before": 0,
        "after": 2,
        "there": [2],
        "back": [],
        "proven": True,
        "confidence": 0,
    }


def test_the_document_has_devices_absence_controls_and_what_follows() -> None:
    made = entry(OUT, HOME, CONTROL, firewalls=("fw.example",))
    assert [reason["rests_on"] for reason in made["devices"][0]["reasons"]] == ["word", "name"]
    assert made["absence"]["stands"] == "there-only"
    assert made["absence"]["cites"]
    assert made["controls"][0]["files"] == ["control-inbound.mtr.txt"]
    assert made["means"][0]["for"] == ["asymmetric-bypass"]
    assert made["target"] is None
    assert made["says"]


def test_an_absence_that_is_not_proven_is_null_with_its_reason() -> None:
    made = entry(OUT, HOME, firewalls=("fw.example",))
    assert made["absence"]["stands"] is None
    assert "not seen on the way back" in made["absence"]["says"]
    assert made["rows"][1]["absent"] in {"unproven", "silent-hops", "unrecognised", "unended"}


def test_without_path_reports_the_document_has_no_ways() -> None:
    made = diagnose(Case(files=(), attempts=(log(attempt(Outcome.STALLED)),)))
    assert json.loads(document(made, page_of(made)))["ways"] == []


def test_what_belongs_to_neither_way_is_left_out_and_named() -> None:
    aside = evidence("x.example y.example", file="elsewhere.txt", destination_address="198.51.100.7")
    mine = there("gw.example www.example", destination_address="192.0.2.2")
    home = back("gw.example laptop.example", destination_address="10.0.0.2")
    words = said(part(mine, home, aside))
    assert "elsewhere.txt is left out: it " in words
