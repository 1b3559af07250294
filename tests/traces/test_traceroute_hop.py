"""The words of a hop (traceroute(8))."""

from bothways.evidence.path_report import HopReply
from bothways.traces.traceroute_hop import MOST_REPLIES, HopWords, words_of


def test_remarks_are_passed_over() -> None:
    hop = HopWords()
    words = "192.0.2.1 [AS64500] <MPLS:L=1,E=0,S=1,T=1> F=1500 0.5 ms '-9' 0.6ms"
    strange = hop.take(words.split())
    assert strange == []
    assert hop.replies()[0].round_trips == (500_000, 600_000)


def test_what_is_neither_responder_nor_time_is_given_back() -> None:
    hop = HopWords()
    assert hop.take(["unknown", "0.5", "ms", "!H"]) == ["unknown", "0.5", "ms", "!H"]
    assert hop.replies() == ()
    assert hop.loss() is None


def test_responders_are_bounded() -> None:
    hop = HopWords()
    hop.take([f"10.0.{n // 250}.{n % 250}" for n in range(500)])
    assert len(hop.replies()) == MOST_REPLIES


def said(text: str) -> tuple[HopReply, ...]:
    hop = HopWords()
    assert hop.take(words_of(text)) == []
    return hop.replies()


def test_networks_belong_to_the_responder_before_the_time_or_behind_them() -> None:
    linux = said("a.example (192.0.2.1) [AS1/AS2] 1 ms 192.0.2.2 (192.0.2.2) [AS3] 1 ms")
    bsd = said("[AS1] a.example (192.0.2.1)  1 ms [AS3] 192.0.2.2 (192.0.2.2)  1 ms")
    cisco = said("192.0.2.1 [AS 1] 0 msec 192.0.2.2 [AS 3] [MPLS: Label 5 Exp 0] 1 msec")
    assert [reply.networks for reply in linux] == [(1, 2), (3,)]
    assert [reply.networks for reply in bsd] == [reply.networks for reply in cisco] == [(1,), (3,)]


def test_the_first_stack_that_a_responder_shows_is_kept() -> None:
    (reply,) = said("192.0.2.1 1 ms [MPLS: Label 19 Exp 0] [MPLS: Label 24 Exp 0] 1 ms [MPLS: Label 20 Exp 0]")
    assert [label.value for label in reply.labels] == [19, 24]


def test_the_ttl_of_a_reply_is_kept_where_it_is_printed() -> None:
    first, second, third = said(
        "192.0.2.1 1 ms (62) 192.0.2.2 1 ms (ttl=58!) (TOS=8!) paris (192.0.2.3)[AS7] 1 ms [ 9]"
    )
    assert (first.reply_ttl, second.reply_ttl, third.reply_ttl) == (62, 58, 9)
    assert third.networks == (7,)


def test_who_hides_the_address_has_a_name_alone() -> None:
    (reply,) = said("Internal (Internal)  0.5 ms  0.6 ms")
    assert (reply.name, reply.address, len(reply.round_trips)) == ("Internal", None, 2)


def test_cisco_knows_an_answer_that_it_cannot_name() -> None:
    hop = HopWords(cisco=True)
    assert hop.take(words_of("?  ?  192.0.2.1 4 msec !U")) == []
    assert (hop.sent, hop.lost, hop.replies()[0].marks) == (3, 2, ())
    assert HopWords().take(["?"]) == ["?"]
