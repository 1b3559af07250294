"""The words of a hop (traceroute(8))."""

from bothways.traces.traceroute_hop import MOST_REPLIES, HopWords


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
