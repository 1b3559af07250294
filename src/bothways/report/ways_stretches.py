"""Where two ways part and where they meet again, in words."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bothways.diagnosis.two_ways import WaysOf
from bothways.facts.ways import Stands
from bothways.paths.alignment import Alignment, Detour, Kinship, Row
from bothways.paths.course import Station
from bothways.report.text import clean, counted, listed, share

MOST_NAMES = 4
"""Routers of one stretch that a sentence names; the picture shows all of them."""


class Stretch(Struct, frozen=True, kw_only=True):
    """Rows between two pairs, whose hops stand on one way as far as one can tell."""

    before: Row | None
    """The pair on the client's side; None where it begins at the client."""

    after: Row | None
    """The pair on the server's side; None where it goes on to the server."""

    rows: tuple[Row, ...]

    detour: Detour | None
    """None where nothing speaks for it that the ways part here."""

    @property
    def certain(self) -> bool:
        """Whether a router is proven to stand on one way only, so that the ways do part."""
        return self.detour is not None and self.detour.proven

    @property
    def parts(self) -> str:
        """`part`, `probably part`; empty where it cannot be told."""
        return "part" if self.certain else "probably part" if self.detour else ""

    @property
    def answers(self) -> bool:
        """Whether any hop of it does."""
        return any(not station.silent for row in self.rows for station in (row.there, row.back) if station)

    @property
    def gist(self) -> str:
        """`the ways part behind a and meet again at b`."""
        start = f"behind {clean(_label(self.before))}" if self.before else "at the client"
        end = f"at {clean(_label(self.after))}" if self.after else _AT_THE_END
        return f"the ways {self.parts} {start} and meet again {end}"


def stretches_of(alignment: Alignment) -> tuple[Stretch, ...]:
    """All of them, from the client to the server."""
    found: list[Stretch] = []
    before, between = None, list[Row]()
    for row in (*alignment.rows, None):
        if row is not None and row.kinship is not Kinship.SAME:
            between.append(row)
            continue
        if between:
            detour = next((one for one in alignment.detours if one.before is before and one.after is row), None)
            found.append(Stretch(before=before, after=row, rows=tuple(between), detour=detour))
        before, between = row, []
    return tuple(found)


def gist(ways: WaysOf) -> str:
    """What is most to be known of two ways, as a clause."""
    if ways.circle and ways.circle.way:
        return f"the way {ways.circle.way} goes round in circles"
    if ways.alignment is None:
        missing = "back" if ways.there else "there"
        return f"only the way {'there' if ways.there else 'back'} is reported, no report shows the way {missing}"
    firewall = _firewall(ways)
    return f"{_course(ways.alignment)}{f', and {firewall}' if firewall else ''}"


def _course(alignment: Alignment) -> str:
    found, pairs = stretches_of(alignment), len(alignment.pairs)
    if not pairs:
        return "no router is recognised on both ways"
    if not found:
        return f"both ways pass the same {counted(pairs, 'router')}"
    certain = [stretch for stretch in found if stretch.certain] or [stretch for stretch in found if stretch.parts]
    if certain:
        more = len(certain) - MOST_GISTS
        return listed(
            [
                *(one.gist for one in certain[:MOST_GISTS]),
                *(["once more" if more == 1 else f"{more} times more"] if more > 0 else []),
            ]
        )
    return f"the ways share {counted(pairs, 'router')}; of the other hops it cannot be told"


_STANDS = {
    Stands.THERE_ONLY: "on the way there only",
    Stands.BACK_ONLY: "on the way back only",
    Stands.BOTH: "on both ways",
    Stands.NEITHER: "on neither way",
}


def _firewall(ways: WaysOf) -> str:
    """Where the stateful firewall stands, as far as that is known."""
    stands = ways.absence.answer if ways.absence else None
    if not isinstance(stands, Stands) or not ways.devices:
        return ""
    device = ways.devices[0]
    doubt = ", a firewall by its name," if device.by_name_only else ""
    return f"{clean(device.label)}{doubt} stands {_STANDS[stands]}"


MOST_GISTS = 2
"""Partings that one sentence can bear."""


def sentence(stretch: Stretch, alignment: Alignment) -> str:
    """Where the ways part or may part, and what each of them passes there."""
    if not alignment.pairs:
        return (
            "No router is recognised on both ways, so that nothing tells where they part: the reports are of different "
            "ways, or have neither the names nor the links that would join them (a router's address differs by the way "
            "from which it is asked)."
        )
    there = _passes([row.there for row in stretch.rows if row.there])
    back = _passes([row.back for row in reversed(stretch.rows) if row.back])
    if stretch.detour:
        sure = "" if stretch.certain else f" ({share(stretch.detour.confidence)})"
        return (
            f"The ways {stretch.parts}{sure} {_behind(stretch.before)} and meet again {_at(stretch.after)}. In between "
            f"the way there passes {there}, the way back {back}."
        )
    shown = f"the way there shows {there}, the way back {back}"
    return f"{_between(stretch)} it cannot be told whether the ways part: {shown}."


def _behind(row: Row | None) -> str:
    return f"behind {_pair(row)}" if row else "at the client"


def _at(row: Row | None) -> str:
    return f"at {_pair(row)}" if row else _AT_THE_END


_AT_THE_END = "only at the server"


def _label(row: Row) -> str:
    """How the router of a pair is called: by its name, where either way has one."""
    stations = [station for station in (row.there, row.back) if station]
    return next((station.name for station in stations if station.name), stations[0].label)


def _between(stretch: Stretch) -> str:
    start = _pair(stretch.before) if stretch.before else "the client"
    return f"Between {start} and {_pair(stretch.after) if stretch.after else 'the server'}"


def _pair(row: Row) -> str:
    """`a (hop 2 there, 7 back)`."""
    places = [f"{station.index} {way}" for station, way in ((row.there, "there"), (row.back, "back")) if station]
    return f"{clean(_label(row))} (hop {', '.join(places)})"


def _passes(stations: Sequence[Station]) -> str:
    """`a, b and 2 silent hops`; `no other router` where there is none."""
    named = list(_labels(stations))
    silent = sum(station.silent for station in stations)
    told = named[:MOST_NAMES]
    if len(named) > MOST_NAMES:
        told = [*named[: MOST_NAMES - 1], f"{len(named) - MOST_NAMES + 1} more"]
    return listed([*told, *([counted(silent, "silent hop")] if silent else [])]) or "no other router"


def _labels(stations: Iterable[Station]) -> Iterable[str]:
    return (f"{clean(station.label)} (hop {station.index})" for station in stations if not station.silent)
