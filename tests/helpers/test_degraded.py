"""The judges of bad evidence: steps do what they say, what is visible is seen, grades tell right from wrong."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bothways.diagnosis.model import Diagnosis, Ruling
from tests.helpers import packets as p
from tests.helpers.cases import CaseFolder, case_folders
from tests.helpers.conversation import CLIENT, SERVER, Script
from tests.helpers.degraded.grades import Cell, Grade, grade
from tests.helpers.degraded.headers import Headers, headers_of
from tests.helpers.degraded.steps import done
from tests.helpers.degraded.table import VIEWS, Degradation, May
from tests.helpers.degraded.taken import Evidence, Record, Taken
from tests.helpers.degraded.visible import shows_failure
from tests.helpers.diagnoses import diagnosis, target, with_verdict
from tests.helpers.evidence_files import cut_off, timing_out, working

NAMES = ("client.pcap", "server.pcap")
CASES = {case.theory: case for case in case_folders()}


def evidence(script: Script) -> Evidence:
    records = tuple(Record(at=one.at, length=len(one.frame), data=one.frame) for one in script.packets)
    captures = {name: Taken(vantage=name.removesuffix(".pcap"), records=records) for name in NAMES}
    return Evidence(captures=captures, others={}, client=CLIENT.address, server=SERVER.address)


def tcp(taken: Taken) -> list[Headers]:
    return [found for record in taken.records if (found := headers_of(record.data)) is not None]


def after(script: Script, *steps: tuple[object, ...], name: str = "server.pcap") -> list[Headers]:
    return tcp(done(evidence(script), steps).captures[name])


def visible(script: Script, *steps: tuple[object, ...]) -> bool:
    return shows_failure(done(evidence(script), steps), NAMES)


def unanswered(*seconds: float) -> Script:
    script = Script()
    for at in seconds:
        script.there(at * 1000, flags="S", seq=7)
    return script


def test_filters_keep_what_their_names_say() -> None:
    assert {found.flags for found in after(timing_out(), ("syn_only",))} == {0x02}
    assert {found.flags for found in after(timing_out(), ("syn_or_syn_ack",))} == {0x02, 0x12}
    assert all(found.payload for found in after(timing_out(), ("payload_only",)))
    assert {found.source for found in after(working(), ("there_only",))} == {CLIENT.address}
    assert {found.source for found in after(working(), ("back_only", "server"))} == {SERVER.address}
    assert len(after(working(), ("back_only", "server"), name="client.pcap")) == 9


def test_translation_is_one_sided_and_one_to_one() -> None:
    inside = after(working(), ("source_nat",), name="client.pcap")
    outside = after(working(), ("source_nat",))
    assert {found.source for found in inside} == {CLIENT.address, SERVER.address}
    assert {found.source for found in outside} == {"100.64.7.9", SERVER.address}
    assert len({found.ports for found in outside}) == 2
    assert [found.seq for found in inside] == [found.seq for found in outside]


def test_rewritten_numbers_still_fit_each_other() -> None:
    plain, rewritten = after(working()), after(working(), ("numbers_rewritten", 99))
    (by,) = {(new.seq - old.seq) % 2**32 for old, new in zip(plain, rewritten, strict=True) if old.ports[1] == 443}
    assert by
    for old, new in zip(plain, rewritten, strict=True):
        from_server = old.ports[0] == 443
        assert (new.seq - old.seq) % 2**32 == (0 if from_server else by)
        assert (new.ack - old.ack) % 2**32 == (by if from_server else 0)


def test_joined_segments_hold_the_same_bytes() -> None:
    script = Script()
    for number in range(4):
        script.back(number / 10, flags="A", seq=1 + 100 * number, ack=5, payload=bytes([number]) * 100)
    (joined,) = done(evidence(script), (("offloaded",),)).captures["server.pcap"].records
    found = headers_of(joined.data)
    assert found is not None
    assert found.payload == 400
    assert joined.data[-400:] == b"".join(bytes([number]) * 100 for number in range(4))


def test_what_a_capture_lost_is_counted_where_it_says_so() -> None:
    silent, counted = (
        done(evidence(working()), (("every_nth", 3, named),)).captures["server.pcap"]
        for named in ({}, {"counted": True})
    )
    assert len(silent.records) == len(counted.records) == 6
    assert (silent.form.dropped, counted.form.dropped) == (None, 3)


def test_clocks_move_only_where_they_are_wrong() -> None:
    moved = done(evidence(working()), (("apart", "server", 60),)).captures
    assert moved["server.pcap"].records[0].at - moved["client.pcap"].records[0].at == 60 * 10**9
    stepped = done(evidence(working()), (("stepped", 60),)).captures["server.pcap"].records
    assert stepped[-1].at - stepped[0].at > 60 * 10**9


@pytest.mark.parametrize("step", [(), ("any_v1",), ("any_v2",), ("tagged",), ("source_nat",), ("snap", 68)])
def test_a_failure_is_seen_in_any_clothes(step: tuple[object, ...]) -> None:
    assert visible(timing_out(), *([step] if step else []))


def test_what_works_or_is_cut_off_shows_no_failure() -> None:
    assert not visible(working())
    assert not visible(cut_off())
    assert not visible(timing_out(), ("stopped", 1))


def test_three_syns_over_three_seconds_are_a_failure_and_fewer_are_none() -> None:
    assert visible(unanswered(0, 1, 3))
    assert not visible(unanswered(0, 3))
    assert not visible(unanswered(0, 0.5, 1))


def test_a_reset_of_the_one_who_asked_refuses_nothing() -> None:
    script = unanswered(0)
    script.there(1, flags="R", seq=8)
    assert not visible(script)
    script.back(2, flags="RA", ack=8)
    assert visible(script)


def test_an_icmp_error_about_a_syn_is_a_failure() -> None:
    script = unanswered(0)
    quoted = p.ipv4(CLIENT.address, SERVER.address, p.tcp(CLIENT.port, SERVER.port, seq=7, flags="S"))[:28]
    script.frame(1, p.ethernet(p.icmp_error("10.9.9.9", CLIENT.address, quoted, kind=3, code=13)))
    assert visible(script)


def test_an_acknowledged_request_without_a_reply_is_a_failure_after_three_seconds() -> None:
    def asked(until_ms: float) -> Script:
        script = Script()
        script.there(0, flags="S", seq=1)
        script.back(1, flags="SA", seq=1, ack=2)
        script.there(2, flags="PA", seq=2, ack=2, payload=b"?")
        script.back(3, flags="A", seq=2, ack=3)
        script.there(until_ms, flags="S", seq=9, port=CLIENT.port + 1)
        return script

    assert visible(asked(4000))
    assert not visible(asked(2000))


def row(may: May, **more: object) -> Degradation:
    made = Degradation(
        name="as the test says",
        steps=(),
        may=dict.fromkeys(VIEWS, may),
        reason="",
        never_confirmed=(),
        absent=(),
        says="",
        named=False,
        slow=False,
        buts=(),
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test says Degradation's fields


CONFIRMED = diagnosis(target(Ruling.CONFIRMED))
OPEN = diagnosis(target(Ruling.OPEN))
OTHER = diagnosis(with_verdict(target(Ruling.OPEN), possible=("unexplained",)))
UNDETERMINED = diagnosis(target(Ruling.UNDETERMINED))
HEALTHY = diagnosis(target(Ruling.HEALTHY))
BYPASS, FINE = CASES["asymmetric-bypass"], CASES["healthy"]


def graded(  # what a cell is made of
    now: Diagnosis | None,
    may: May = May.OPEN,
    *,
    was: Diagnosis | None = CONFIRMED,
    case: CaseFolder = BYPASS,
    seen: Callable[[], bool] = lambda: True,
    **more: object,
) -> Cell:
    return grade(case, row(may, **more), "client", before=was, after=now, without=None, visible=seen)


def test_grades_of_a_failure() -> None:
    assert graded(CONFIRMED).grade is Grade.UNCHANGED
    assert graded(OPEN).grade is Grade.WEAKER
    assert graded(OPEN, May.SAME).grade is Grade.TOO_WEAK
    assert graded(UNDETERMINED).grade is Grade.TOO_WEAK
    assert graded(None, May.VISIBLE).grade is Grade.TOO_WEAK
    assert graded(None, May.VISIBLE, seen=lambda: False).grade is Grade.WEAKER
    assert graded(UNDETERMINED, May.ANYTHING).grade is Grade.WEAKER
    assert graded(CONFIRMED, was=OPEN).grade is Grade.OTHERWISE


def test_what_is_wrong_is_wrong_whatever_the_table_allows() -> None:
    assert graded(HEALTHY, May.ANYTHING).grade is Grade.WRONG
    assert graded(OTHER, May.VISIBLE).grade is Grade.WRONG
    assert graded(CONFIRMED, May.ANYTHING, case=CASES["reply-lost"], was=OPEN).grade is Grade.WRONG
    assert graded(OPEN, May.ANYTHING, case=FINE, was=HEALTHY).grade is Grade.WRONG
    assert graded(CONFIRMED, May.ANYTHING, never_confirmed=("client",)).grade is Grade.WRONG
    assert graded(CONFIRMED, says="nothing of the kind").grade is Grade.WRONG


def test_where_anything_may_be_lost_another_failure_that_is_left_may_be_all_that_is_told() -> None:
    assert graded(OTHER, May.ANYTHING).grade is Grade.WEAKER


def test_a_healthy_case_may_become_undetermined_where_the_table_says_so() -> None:
    assert graded(UNDETERMINED, case=FINE, was=HEALTHY).grade is Grade.WEAKER
    assert graded(UNDETERMINED, May.SAME, case=FINE, was=HEALTHY).grade is Grade.TOO_WEAK
    assert graded(None, was=UNDETERMINED).grade is Grade.UNCHANGED
