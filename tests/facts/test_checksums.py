from typing import TYPE_CHECKING

from msgspec.structs import replace

from bothways.evidence.segment import Checksum
from bothways.facts.checksums import Sums, checksum_at_server
from bothways.unknown import Unknown
from tests.helpers.network import Network, half_open, worked

if TYPE_CHECKING:
    from bothways.evidence.segment import Segment
    from bothways.facts.fact import Fact


LIKE_ACKS = object()


def measured(
    *, syn: Checksum | None, later: Checksum | None, data: object = LIKE_ACKS, vantage: str = "server"
) -> "Fact":
    """A server that answers the SYN and ignores what follows it, with checksums as told."""
    network = Network(vantage)
    half_open(network.talk(), last=vantage)
    subject = network.subject()
    (exchange,) = subject.exemplars
    (seen,) = exchange.seen
    assert seen.packets

    def told(segment: "Segment") -> "Segment":
        ack = later if data is LIKE_ACKS or not segment.payload else None
        return replace(segment, checksum=syn if segment.is_syn else ack)

    packets = replace(seen.packets, segments=tuple(told(segment) for segment in seen.packets.segments))
    seen = replace(seen, packets=packets)
    return checksum_at_server(replace(subject, exemplars=(replace(exchange, seen=(seen,)),)))


def test_what_arrives_broken_beside_a_sound_syn_is_bad() -> None:
    fact = measured(syn=Checksum.GOOD, later=Checksum.BAD)
    assert fact.answer is Sums.BAD
    assert fact.settles
    assert measured(syn=Checksum.GOOD, later=Checksum.GOOD).answer is Sums.GOOD


def test_where_the_answered_syn_looks_broken_too_the_capture_says_nothing() -> None:
    for syn in (Checksum.BAD, Checksum.UNFINISHED, None):
        assert isinstance(measured(syn=syn, later=Checksum.BAD).answer, Unknown)


def test_what_was_left_to_a_card_or_cut_off_is_not_bad() -> None:
    for later in (Checksum.UNFINISHED, None):
        assert isinstance(measured(syn=Checksum.GOOD, later=later).answer, Unknown)


def test_bare_acks_that_were_kept_whole_tell_though_the_data_was_cut_off() -> None:
    assert measured(syn=Checksum.GOOD, later=Checksum.GOOD, data=None).answer is Sums.GOOD
    assert measured(syn=Checksum.GOOD, later=Checksum.BAD, data=None).answer is Sums.BAD


def test_only_what_arrives_at_the_server_is_judged() -> None:
    assert isinstance(measured(syn=Checksum.GOOD, later=Checksum.BAD, vantage="client").answer, Unknown)
    network = Network("server")
    worked(network.talk())
    assert isinstance(checksum_at_server(network.subject()).answer, Unknown)
