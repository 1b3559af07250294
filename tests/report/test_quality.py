"""What is said about an observer."""

from msgspec.structs import replace

from bothways.connections.company import Company
from bothways.connections.observer import Place
from bothways.connections.quality import WHOLE, Keeps, Quality
from bothways.evidence.capture import ConnectionRow, WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.left_out import Crowd, Kind, LeftOut
from bothways.evidence.problem import Problem
from bothways.report.quality import Flaw, remarks
from bothways.units import SECOND, Duration
from tests.helpers.diagnoses import START, observer, survey


def limits(**changes: object) -> str:
    return "; ".join(remark.says for remark in remarks(observer(survey(**changes))) if remark.limits)


def test_a_good_capture_has_no_limits() -> None:
    assert limits() == ""


def test_a_sure_place_is_told_by_ttls() -> None:
    assert remarks(observer())[0].says == "taken at the client, by its TTLs"


def test_the_users_word_is_named_as_such() -> None:
    assert remarks(observer(certainty=1.0))[0].says == "taken at the client, as you said"


def test_a_place_that_is_not_sure_can_be_made_so() -> None:
    remark = remarks(observer(certainty=0.95))[0]
    assert "95% sure" in remark.says
    assert "--vantage" in remark.says
    assert remark.limits


def test_an_unclear_place_is_said() -> None:
    assert "cannot be told" in remarks(observer(place=Place.UNCLEAR, certainty=0.0))[0].says


def test_notes_of_the_placing_are_kept() -> None:
    assert any(remark.says == "odd" for remark in remarks(observer(notes=("odd",))))


def test_an_empty_capture_proves_nothing() -> None:
    assert "proves nothing" in limits(packets=0, tcp_packets=0, first=None, last=None)


def test_a_capture_without_tcp_says_so() -> None:
    assert "none of its 54 packets is TCP" in limits(tcp_packets=0)


def test_lost_packets_make_absence_uncertain() -> None:
    assert "lost 3 packets" in limits(dropped=3)


def test_cut_headers_are_unknown_not_absent() -> None:
    said = limits(cut_packets=7, snap_length=60)
    assert "7 packets cut off by a snap length of 60 bytes" in said
    assert "unknown, not absent" in said


def test_a_short_snap_length_costs_the_names() -> None:
    assert "keeps 96 bytes of each packet" in limits(snap_length=96)
    assert limits(snap_length=262144) == ""


def one_way_row() -> ConnectionRow:
    seen = WayCounters(packets=3, syns=1, bare_acks=2, first_ack=901)
    return ConnectionRow(
        number=0,
        opener=Endpoint("10.0.0.1", 40000),
        other=Endpoint("192.0.2.2", 443),
        first_frame=1,
        first_number=1,
        last_number=3,
        history="SA",
        sent=seen,
    )


def test_a_tap_of_one_way_is_blind_not_a_witness_of_loss() -> None:
    assert "sees nothing of the way back, which by itself proves no loss" in limits(rows=(one_way_row(),))


def test_a_row_that_stands_for_many_counts_as_many() -> None:
    way = WayCounters(packets=3, syns=1, first_ack=901)
    both = replace(one_way_row(), number=1, sent=way, received=replace(way, syns=0, syn_acks=1))
    many = replace(one_way_row(), stands_for=7)
    assert "sees nothing of the way back of 7 of its 8 connections" in limits(rows=(many, both))
    assert ", 8 connections" in "; ".join(one.says for one in remarks(observer(survey(rows=(many, both)))))


def test_damage_is_told_with_its_place() -> None:
    problems = (Problem(says="cut \x1b[1m", offset=96), Problem(says="more"))
    said = limits(problems=problems)
    assert "at byte 96: cut \\x1b[1m (and 1 more problem)" in said


def test_what_was_left_out_is_told_once_and_is_no_damage() -> None:
    gone = LeftOut(kind=Kind.ONE_PACKET, connections=9_600_000, packets=9_600_000)
    crowd = Crowd(most=400_000, left_out=(gone,))
    told = "more than 400,000 connections: 9,600,000 of which one packet was seen were left out"
    problems = (Problem(says=str(crowd)),)
    assert flaws(crowd=crowd, problems=problems) == [Flaw.CROWDED]
    assert limits(crowd=crowd, problems=problems).count(told) == 1


def test_offload_is_explained_among_the_details() -> None:
    details = [remark.says for remark in remarks(observer(survey(largest_frame=32834))) if not remark.limits]
    assert any("32834 bytes" in says and "offload" in says for says in details)


def test_what_a_file_does_not_record_is_not_nought() -> None:
    unrecorded = [remark.says for remark in remarks(observer())]
    assert "the file does not record whether packets were lost while capturing" in unrecorded
    assert not any("no packets were lost" in says for says in unrecorded)
    assert any("no packets were lost" in remark.says for remark in remarks(observer(survey(dropped=0))))


def flaws(quality: Quality = WHOLE, **changes: object) -> list[Flaw]:
    return [remark.flaw for remark in remarks(observer(survey(**changes), quality=quality)) if remark.flaw]


def test_a_filter_is_said_and_whether_it_is_certain() -> None:
    assert flaws(Quality(keeps=Keeps.OPENINGS)) == [Flaw.FILTERED]
    certain = [remark.says for remark in remarks(observer(quality=Quality(keeps=Keeps.OPENINGS)))]
    assert any("only packets with SYN" in says and "proves nothing" in says for says in certain)
    doubtful = [remark.says for remark in remarks(observer(quality=Quality(keeps=Keeps.SYNS, certain=False)))]
    assert any("cannot be told" in says for says in doubtful)


def test_the_files_own_filter_is_quoted() -> None:
    told = [remark.says for remark in remarks(observer(survey(filter="host 192.0.2.1\x1b[2J")))]
    assert "captured with the filter `host 192.0.2.1\\x1b[2J`" in told


def test_what_was_acknowledged_unseen_is_said_as_a_share() -> None:
    assert flaws(Quality(misses=0.07)) == [Flaw.LOSSY]
    assert any("about 7%" in remark.says for remark in remarks(observer(quality=Quality(misses=0.07))))
    assert flaws(Quality(misses=0.001)) == []


def test_copies_and_disorder_take_nothing_away() -> None:
    made = remarks(observer(survey(disordered=3), quality=Quality(copies=5)))
    assert [(remark.flaw, remark.limits) for remark in made if remark.flaw] == [
        (Flaw.COPIES, False),
        (Flaw.DISORDER, False),
    ]


def test_a_clock_that_was_set_back_and_a_pause_limit_what_can_be_said() -> None:
    assert "step back twice" not in limits(steps_back=1, furthest_back=Duration(30 * SECOND))
    assert "once, by up to 30 s" in limits(steps_back=1, furthest_back=Duration(30 * SECOND))
    assert "2 times" in limits(steps_back=2, furthest_back=Duration(30 * SECOND))
    pause = {"longest_silence": Duration(600 * SECOND), "silent_from": START}
    assert "nothing for 10 min 0 s" in limits(**pause)
    assert limits(longest_silence=Duration(60 * SECOND), silent_from=START) == ""


def test_what_is_encrypted_is_hidden_and_not_absent() -> None:
    said = limits(encrypted=12, layers=(("esp", 12),))
    assert "12 packets encrypted: connections in them are hidden, not absent" in said


def test_fragments_that_did_not_all_come_leave_something_unknown() -> None:
    assert "2 fragmented packets not seen whole" in limits(fragments=5, unfinished=2)
    assert limits(fragments=5) == ""


def test_what_carried_the_packets_is_said() -> None:
    said = [remark.says for remark in remarks(observer(survey(layers=(("vlan", 3), ("vxlan", 2)), fragments=4)))]
    assert "packets inside of others, of which the innermost connection is judged: vlan (3), vxlan (2)" in said
    assert "4 IP fragments, put together where all came" in said


def test_what_cannot_be_told_apart_from_others_is_counted() -> None:
    made = remarks(observer(), Company(undecided=3))
    assert [(remark.flaw, remark.limits) for remark in made if remark.flaw] == [(Flaw.UNDECIDED, True)]
    assert any("3 connections could each be several" in remark.says for remark in made)
