"""An absence counts as far as its observer would have shown the packet; from a bad one a fact is unknown, or unsure.

Every fact that rests on something not being in a capture passes through here.
"""

from msgspec.structs import replace

from bothways.connections.exchange import Seen
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.facts.fact import Fact, unknown
from bothways.way import Way


def resting_on_absence(fact: Fact, seen: Seen, way: Way, *kinds: PacketClass) -> Fact:
    """*fact*, as far as *seen*'s capture would have shown packets of *kinds* on *way* if they had passed.

    Unknown where it would not; unsure where nobody can tell, or where it missed so many packets that it may have missed
    these.
    """
    quality, vantage = seen.observer.quality, seen.observer.vantage
    sure = not quality.lossy
    for kind in kinds:
        match quality.shows(way, kind):
            case Shows.NO:
                return unknown(fact.kind, f"the capture of the {vantage} {quality.why_not(way, kind)}")
            case Shows.PERHAPS:
                sure = False
            case Shows.YES:
                pass
    return fact if sure else replace(fact, sure=False)
