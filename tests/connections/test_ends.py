import pytest

from bothways.connections.ends import may_have_been_turned_away
from bothways.connections.sides import Sides
from bothways.evidence.capture import ConnectionRow, WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Content


def closed(history: str, *, said: int, opening: Content = Content.NOTHING) -> Sides:
    """A request of 100 bytes and *said* bytes of the server, as the numbers of SYN and FIN tell."""
    client, server = Endpoint("10.0.0.1", 40_000), Endpoint("192.0.2.2", 443)
    there = WayCounters(syns=1, fins=1, isn=1000, end=1102)
    back = WayCounters(syn_acks=1, fins=1, isn=5000, end=5002 + said, opening=opening)
    row = ConnectionRow(
        number=0,
        opener=client,
        other=server,
        first_frame=1,
        first_number=1,
        last_number=4,
        history=history,
        sent=there,
        received=back,
    )
    return Sides(row=row, client=client, server=server, there=there, back=back, opener_is_client=True)


@pytest.mark.parametrize(
    ("history", "said", "opening", "perhaps"),
    [
        ("ShfF", 0, Content.NOTHING, True),
        ("ShFf", 0, Content.NOTHING, False),
        ("SADFhaf", 0, Content.NOTHING, True),
        ("haSAFf", 0, Content.NOTHING, True),
        ("ShFf", 7, Content.CUT_OFF, True),
        ("ShfF", 8, Content.CUT_OFF, False),
        ("ShfF", 7, Content.OTHER, False),
    ],
)
def test_words_out_of_view_that_are_too_short_for_an_answer_may_have_been_a_refusal(
    history: str,
    said: int,
    opening: Content,
    perhaps: bool,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    assert may_have_been_turned_away(closed(history, said=said, opening=opening)) is perhaps
