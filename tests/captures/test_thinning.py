"""Which connections others stand for, by both readers; and that reasoning would have judged them alike."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.captures import native
from bothways.captures.merged import Part
from bothways.captures.thinning import MANY, is_kept, is_lone_syn, sample, thinned, went_plainly
from bothways.connections.join import join, see
from bothways.connections.observer import place_observers
from bothways.connections.outcome import Outcome, fate_of, measures_path
from bothways.connections.sides import sides_of
from bothways.evidence.capture import ConnectionRow, Survey
from bothways.evidence.case import Role
from bothways.units import SECOND, Instant
from tests.helpers import packets as p
from tests.helpers.conversation import Script
from tests.helpers.readers import survey_parts
from tests.helpers.repository import TOP
from tests.helpers.short_talks import ANSWER, REQUEST, Talks

CAPTURES = sorted((TOP / "tests").rglob("*.pcap"))


def read(packets: Iterable[p.Packet], *, many: int | None = None) -> Survey:
    data = p.pcap_file(sorted(packets, key=lambda packet: packet.at), nanoseconds=True)
    return survey_parts([Part(file="x", chunks=[data])], consecutive=True, many=many)


def only_row(packets: Iterable[p.Packet]) -> ConnectionRow:
    (row,) = read(packets).rows
    return row


def judged_alike(survey: Survey, *, after: int = 0) -> int:
    """Assert that what may be left out is judged as it says; gives how many that are."""
    assert survey.end is not None
    end = Instant(survey.end + after)
    plain = [row for row in survey.rows if went_plainly(row)]
    observers = place_observers([(survey, Role())])
    exchanges = {one.seen[0].sides.row.number: one for one in join(observers, [see(observers[0], ())])}
    for row in plain:
        assert row.number not in exchanges or not exchanges[row.number].unresolved  # another row's, translated
        sides = sides_of(row)
        assert fate_of(sides, capture_end=end).outcome is Outcome.WORKED
        assert sides.opener_is_client
        assert not sides.mixed_up
        assert not measures_path(sides)
    for row in filter(is_lone_syn, survey.rows):
        assert fate_of(sides_of(row), capture_end=end).outcome in {Outcome.CENSORED, Outcome.PROBE}
        assert not sides_of(row).mixed_up
    return len(plain)


def test_a_request_its_answer_and_an_orderly_end_are_plain() -> None:
    row = only_row(Talks().worked(0, port=2000))
    assert went_plainly(row)
    assert not is_lone_syn(row)


@pytest.mark.parametrize("missing", range(8))
def test_none_of_which_a_packet_is_missing_is_plain_unless_it_told_nothing(missing: int) -> None:
    packets = Talks().worked(0, port=2000)
    del packets[missing]
    assert went_plainly(only_row(packets)) == (missing == 2)  # the bare ACK of the handshake: data says the same


@pytest.mark.parametrize("twice", range(8))
@pytest.mark.parametrize("later_ms", [1, 300])
def test_none_of_which_a_packet_came_again_is_plain(twice: int, later_ms: int) -> None:
    packets = Talks().worked(0, port=2000)
    again = packets[twice]
    packets.append(p.Packet(at=again.at + later_ms * 10**6, frame=again.frame))
    assert went_plainly(only_row(packets)) == (later_ms == 300 and twice in {2, 7})  # a bare ACK repeats nothing


@pytest.mark.parametrize(
    ("after", "resets", "ms", "plain"),
    [(7, 1, 60, True), (6, 1, 60, True), (6, 3, 60, True), (5, 1, 60, False), (8, 1, 60, True), (6, 1, 1031, False)],
    ids=["both closed", "the client closed", "several resets", "nobody closed", "after all", "in vain"],
)
def test_a_client_may_reset_what_it_closed(after: int, resets: int, ms: int, *, plain: bool) -> None:
    talks = Talks()
    packets = talks.worked(0, port=2000)[:after]
    packets += [talks.reset(ms + number, port=2000) for number in range(resets)]
    row = only_row(packets)
    assert row.sent.resets == resets
    assert went_plainly(row) == plain
    assert judged_alike(read(packets)) == plain


def test_no_connection_that_the_server_resets_is_plain() -> None:
    talks = Talks()
    assert not went_plainly(only_row([*talks.worked(0, port=2000), talks.reset(60, port=2000, says="< R")]))


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        (ANSWER, True),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", True),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", False),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (b"\x15\x03\x03\0\x02\x02\x28", False),
        (b"554 5.7.1 go away\r\n", False),
        (b"220 welcome\r\n", True),
    ],
)
def test_no_refusal_is_plain(answer: bytes, *, plain: bool) -> None:
    assert went_plainly(only_row(Talks().worked(0, port=2000, answer=answer))) == plain


def test_a_path_tools_connection_is_not_plain() -> None:
    assert not went_plainly(only_row(Talks().worked(0, port=2000, ttl=31)))


def test_a_lone_syn_is_one_packet_and_nothing_else() -> None:
    script = Script()
    script.there(0, flags="S", seq=100)
    assert is_lone_syn(script.row())
    script.there(1000, flags="S", seq=100)
    assert not is_lone_syn(script.row())


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), after=st.sampled_from([0, 10 * SECOND]))
def test_whatever_may_be_left_out_worked(seed: int, after: int) -> None:
    random = Random(seed)
    talks = Talks()
    answers = [ANSWER, b"", b"x", b"12345678", b"\x17\x03\x03\0\x13" + b"z" * 19, b"HTTP/1.1 500 No\r\n\r\n"]
    packets = talks.worked(
        0,
        port=2000,
        request=random.choice([REQUEST, b"", b"x", p.client_hello("a.example"), b"\x15\x03\x03\0\x02\x02\x28"]),
        answer=random.choice(answers),
        ttl=random.choice([64, 40, 20]),
    )
    for _ in range(random.choice([0, 1, 1, 2])):
        place = random.randrange(len(packets))
        change = random.choice(["drop", "again", "later", "stranger", "reset"])
        if change == "drop":
            del packets[place]
        elif change == "again":
            packets.append(p.Packet(at=packets[place].at + random.choice([5, 400]) * 10**6, frame=packets[place].frame))
        elif change == "later":
            packets[place] = p.Packet(
                at=packets[place].at + random.choice([-30, 30]) * 10**6, frame=packets[place].frame
            )
        elif change == "reset":
            packets.append(
                talks.reset(random.choice([13, 32, 42, 5000]), port=2000, says=random.choice(["> R", "< R"]))
            )
        else:
            talks.many(random, 1)
            packets = talks.packets
    random.shuffle(packets) if random.random() < 0.1 else packets.sort(key=lambda packet: packet.at)
    data = p.pcap_file(packets, nanoseconds=True)
    judged_alike(survey_parts([Part(file="x", chunks=[data])], consecutive=True), after=after)


def test_in_every_capture_of_the_tests_what_may_be_left_out_worked() -> None:
    plain = sum(judged_alike(found) for found in map(_surveyed, CAPTURES) if found.end is not None)
    assert plain > 100


def _surveyed(path: Path) -> Survey:
    return native.survey([path.read_bytes()], file=path.name)


def test_of_each_group_the_first_are_kept_and_a_part_of_every_doubling() -> None:
    assert all(map(is_kept, range(8)))
    assert [sum(map(is_kept, range(2**doubling, 2 ** (doubling + 1)))) for doubling in range(3, 14)] == [2] * 11


def test_what_is_kept_stands_for_all() -> None:
    talks = Talks()
    for number in range(100):
        talks.worked(100 * number, port=2000 + number)
        talks.worked(100 * number, port=2000 + number, client="10.0.7.1")
        talks.stalled(100 * number + 1, port=3000 + number)
    whole, thin = read(talks.packets), read(talks.packets, many=299)
    assert len(whole.rows) == sum(row.stands_for for row in thin.rows) == 300
    assert thin.thinned == 300 - len(thin.rows)
    kept = 8 + 2 + 2 + 2 + 2
    assert len(thin.rows) == 2 * kept + 100
    assert [row.stands_for for row in thin.rows if row.opener.port >= 3000] == [1] * 100
    by_number = {row.number: row for row in whole.rows}
    assert all(by_number[row.number].history == row.history for row in thin.rows)


@pytest.mark.parametrize(
    "differs", [{"client": "10.0.1.1"}, {"request": REQUEST.replace(b"www", b"web")}, {"mss": 1380}]
)
def test_what_differs_stands_for_itself(differs: dict[str, object]) -> None:
    talks = Talks()
    for number in range(41):
        talks.worked(100 * number, port=2000 + number)
    talks.worked(5000, port=4000, **differs)  # type: ignore[arg-type] # its keywords
    assert read(talks.packets, many=0).rows[-1].opener.port == 4000
    talks.worked(5100, port=4001)
    assert read(talks.packets, many=0).rows[-1].opener.port == 4000


def test_lone_syns_to_one_server_stand_for_each_other_whoever_sends_them() -> None:
    packets = [
        p.Packet(at=n, frame=p.tcp_frame(f"198.18.{n}.1", "192.0.2.2", 9, 443, flags="S", seq=n)) for n in range(100)
    ]
    thin = read(packets, many=99)
    assert len(thin.rows) == 8 + 2 + 2 + 2 + 2
    assert sum(row.stands_for for row in thin.rows) == 100
    assert thin.thinned == 100 - len(thin.rows)


def test_a_capture_of_few_connections_is_left_as_it_is() -> None:
    talks = Talks()
    for number in range(40):
        talks.worked(100 * number, port=2000 + number)
    whole = read(talks.packets)
    assert thinned(whole) is whole
    assert len(whole.rows) < MANY
    assert read(talks.packets, many=40) == whole


def test_of_those_between_two_that_are_kept_each_stands_for_the_nearer_half() -> None:
    talks = Talks()
    for number in range(64):
        talks.worked(100 * number, port=2000 + number)
    stands = {row.number: row.stands_for for row in read(talks.packets, many=0).rows}
    assert stands == dict.fromkeys(range(7), 1) | {7: 1, 8: 3, 12: 4, 16: 6, 24: 8, 32: 12, 48: 23}


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_each_connection_is_counted_once(seed: int) -> None:
    talks = Talks()
    talks.many(Random(seed), 40)
    whole = read(talks.packets)
    stands = sample(whole.rows)
    assert sum(stands) == len(whole.rows)
    assert [(row.number, row.stands_for) for row in read(talks.packets, many=0).rows] == [
        (row.number, count) for row, count in zip(whole.rows, stands, strict=True) if count
    ]
