from typing import Any

from msgspec.structs import replace

from bothways.evidence.case import PathEvidence
from bothways.evidence.inventory import State
from bothways.evidence.path_report import Mark
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.paths.course import Course, courses_of
from bothways.paths.probe_fates import prohibited, rewritten, stopped
from bothways.paths.stateful import Rests
from tests.helpers.surroundings import paths, there


def course(*reports: PathEvidence) -> Course:
    (one,) = courses_of(paths(*reports))
    return one


def by(probe: str, hops: str, **more: Any) -> PathEvidence:
    return there(hops, probe=probe, file=f"{probe}.txt", destination_address="192.0.2.2", **more)


def answering(evidence: PathEvidence, index: int, **more: Any) -> PathEvidence:
    """*evidence* with *more* in the replies of one hop."""
    hops = tuple(
        replace(hop, replies=tuple(replace(reply, **more) for reply in hop.replies)) if hop.index == index else hop
        for hop in evidence.report.hops
    )
    return replace(evidence, report=replace(evidence.report, hops=hops))


def quoting(**quotes: QuotedProbe) -> PathEvidence:
    made = by("udp", "gw=10.0.0.254 edge=10.0.1.1 core=10.0.2.1 192.0.2.2", source_address="10.0.0.1")
    for place, quote in quotes.items():
        made = answering(made, int(place.removeprefix("hop")), quoted=quote)
    return made


SYNS = by("tcp-syn", "gw edge core far 192.0.2.2")
SENT, CHANGED = QuotedProbe(source="10.0.0.1"), QuotedProbe(source="198.51.100.7")


def test_where_acks_end_and_syns_go_on_something_looks_at_more_than_the_destination() -> None:
    ((index, reason),) = stopped(course(SYNS, by("tcp-ack", "gw edge ? ? ?")))
    assert (index, reason.rests, reason.keeps) == (3, Rests.PROBES, State.FIREWALL)
    assert reason.because.startswith(
        "TCP ACKs end behind hop 2 and TCP SYNs go on: that hop stops them, or the next one"
    )
    assert [str(cite) for cite in reason.cites] == ["tcp-ack.txt line 4", "tcp-syn.txt line 7"]


def test_where_all_probes_end_alike_nothing_chooses_among_them() -> None:
    assert not [*stopped(course(SYNS, by("icmp", "gw edge core far 192.0.2.2")))]
    assert not [*stopped(course(by("tcp-syn", "gw edge ? ? ?"), by("tcp-ack", "gw edge ? ? ?")))]


def test_a_hop_that_does_not_answer_and_a_report_cut_short_stop_nothing() -> None:
    assert not [*stopped(course(SYNS, by("udp", "gw edge ?")))]
    assert not [*stopped(course(SYNS, by("udp", "gw edge")))]
    assert not [*stopped(course(SYNS, by("udp", "gw ? core far 192.0.2.2")))]


def test_a_host_at_the_end_that_keeps_silent_is_no_device_of_the_path() -> None:
    assert not [*stopped(course(SYNS, by("udp", "gw edge core far ? ? ?")))]


def test_reports_that_do_not_say_how_they_probed_are_not_compared() -> None:
    assert not [*stopped(course(SYNS, there("gw edge ? ? ?", probe=None)))]


def test_a_hop_that_says_prohibited_stops_probes_itself() -> None:
    marked = answering(by("tcp-syn", "gw edge core"), 2, marks=(Mark.PROHIBITED,))
    ((index, reason),) = prohibited(course(marked))
    assert (index, reason.because) == (2, "it answers that probes are prohibited (!X)")
    assert not [*prohibited(course(answering(by("udp", "gw edge"), 2, marks=(Mark.HOST,))))]


def test_the_destination_that_says_so_is_none_of_the_path() -> None:
    assert not [*prohibited(course(answering(by("udp", "gw 192.0.2.2"), 2, marks=(Mark.PROHIBITED,))))]


def test_the_last_hop_that_got_the_probe_as_sent_rewrites_it() -> None:
    ((index, reason),) = rewritten(course(quoting(hop1=SENT, hop2=SENT, hop3=CHANGED)))
    assert (index, reason.rests, reason.keeps) == (2, Rests.TRANSLATION, State.TRANSLATOR)
    assert "source address" in reason.because


def test_rewritten_before_the_first_hop_it_was_no_hop() -> None:
    assert not [*rewritten(course(quoting(hop1=CHANGED, hop2=CHANGED)))]


def test_between_hops_that_quote_nothing_nobody_knows_who_rewrote_it() -> None:
    assert not [*rewritten(course(quoting(hop1=SENT, hop3=CHANGED)))]


def test_what_is_quoted_as_it_was_sent_tells_nothing() -> None:
    assert not [*rewritten(course(quoting(hop1=SENT, hop2=SENT, hop3=SENT)))]
    unsaid = replace(quoting(hop1=SENT, hop2=CHANGED))
    assert not [*rewritten(course(replace(unsaid, report=replace(unsaid.report, source_address=None))))]


def test_another_destination_or_port_is_rewritten_as_well() -> None:
    sent, balanced = QuotedProbe(destination="192.0.2.2"), QuotedProbe(destination="10.8.0.1")
    ((index, reason),) = rewritten(course(quoting(hop2=sent, hop3=balanced)))
    assert (index, "destination address" in reason.because) == (2, True)
