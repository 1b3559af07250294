"""How good each observer was, in sentences: what its capture cannot show, and how sure its place is."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from bothways.connections.company import ALONE, Company, Meets
from bothways.connections.delivery import PAUSE
from bothways.connections.observer import ROWS_LOOKED_AT, Observer, Place
from bothways.connections.quality import Keeps, Quality
from bothways.connections.rewriting import Side
from bothways.connections.sides import sides_of
from bothways.evidence.capture import Survey
from bothways.report.text import clean, counted
from bothways.units import between, plain, rfc3339

LARGEST_ON_ETHERNET = 1600
"""Bytes: 1500 of IP and room for link headers and tags. A larger frame was not what an Ethernet cable carried."""

WHOLE_HEADERS = 160
"""Bytes that hold the longest usual headers: link, IPv6 with an extension, TCP with all its options."""


class Flaw(StrEnum):
    """What is wrong with an observer, in a word that programs can read."""

    PLACE = "place"
    """Where it was taken is not sure."""
    EMPTY = "empty"
    LOSSY = "lossy"
    CUT = "cut"
    FILTERED = "filtered"
    ONE_WAY = "one-way"
    COPIES = "copies"
    CLOCK = "clock"
    DISORDER = "disorder"
    PAUSE = "pause"
    ELSEWHERE = "elsewhere"
    """It shows other hosts, or another time, than the other captures."""
    TRANSLATED = "translated"
    UNDECIDED = "undecided"
    """Which of another capture's connections some of its own are could not be told."""
    DAMAGED = "damaged"
    OFFLOAD = "offload"
    ENCRYPTED = "encrypted"
    """Some packets show nothing without a key."""
    CROWDED = "crowded"
    """It shows more connections than are held, and some were left out."""
    FRAGMENTS = "fragments"
    """Of some packets not all fragments were seen."""


class Remark(Struct, frozen=True, kw_only=True):
    """One sentence about an observer."""

    says: str
    limits: bool
    """It takes something away from what the capture can show, so it belongs on every page."""

    flaw: Flaw | None = None
    """What it tells of; None where it is no flaw."""


def remarks(observer: Observer, company: Company = ALONE) -> tuple[Remark, ...]:
    """What a reader should know about *observer*, the place first; *company* is how it compares with the others."""
    survey, quality = observer.survey, observer.quality
    limits = [
        *((Flaw.PLACE, note) for note in observer.notes),
        *((Flaw.EMPTY, says) for says in _amount(survey)),
        *((Flaw.ELSEWHERE, says) for says in _elsewhere(company)),
        *((Flaw.UNDECIDED, says) for says in _undecided(company)),
        *((Flaw.LOSSY, says) for says in _lost(survey, quality)),
        *((Flaw.CUT, says) for says in _cut(survey)),
        *((Flaw.FILTERED, says) for says in _filtered(quality)),
        *((Flaw.ONE_WAY, says) for says in _blind(observer)),
        *((Flaw.CLOCK, says) for says in _clock(survey)),
        *((Flaw.PAUSE, says) for says in _pause(survey)),
        *((Flaw.DAMAGED, says) for says in _damage(survey)),
        *((Flaw.CROWDED, str(crowd)) for crowd in [survey.crowd] if crowd is not None),
    ]
    sure = observer.sure
    return (
        Remark(says=_placed(observer), limits=not sure, flaw=None if sure else Flaw.PLACE),
        *(Remark(says=clean(says), limits=True, flaw=flaw) for flaw, says in limits),
        *(Remark(says=clean(says), limits=False, flaw=flaw) for flaw, says in _otherwise(survey, quality)),
        *(Remark(says=says, limits=False, flaw=flaw) for flaw, says in _beside(company)),
        *_carried(survey),
    )


_STANDS = {
    Place.CLIENT: "at the client",
    Place.SERVER: "at the server",
    Place.BETWEEN: "between client and server",
}


def _placed(observer: Observer) -> str:
    where = _STANDS.get(observer.place)
    if where is None:
        return "where it was taken cannot be told; say it with --vantage"
    if observer.certainty >= 1:
        return f"taken {where}, as you said"
    # A name that the content leaves open is followed, and is worth no more than a name.
    sure = "" if observer.sure else f", {observer.certainty:.0%} sure; --vantage makes it certain"
    return f"taken {where}, by its TTLs{sure}" if observer.sure else f"taken {where}, by its name and TTLs{sure}"


def _amount(survey: Survey) -> Iterator[str]:
    if not survey.packets:
        yield "empty: it shows nothing, which proves nothing"
    elif not survey.tcp_packets:
        yield f"none of its {counted(survey.packets, 'packet')} is TCP"


def _lost(survey: Survey, quality: Quality) -> Iterator[str]:
    if survey.dropped:
        yield (
            f"the capturing program lost {counted(survey.dropped, 'packet')}: what it does not show may have been there"
        )
    elif quality.lossy:
        yield (
            f"about {quality.misses:.0%} of the bytes that were acknowledged are not in it: it misses packets, or a "
            "part of them passed elsewhere"
        )


def _elsewhere(company: Company) -> Iterator[str]:
    match company.meets:
        case Meets.STRANGERS:
            yield (
                "shows none of the hosts that the other captures show, though it ran at the same time: it was taken on "
                "another interface or machine, or with another filter"
            )
        case Meets.ANOTHER_TIME:
            yield "ran when none of the other captures did, by its clock, and shows none of their connections"
        case Meets.SHARED:
            pass


def _undecided(company: Company) -> Iterator[str]:
    if company.undecided:
        which = counted(company.undecided, "connection")
        yield f"{which} could each be several of another capture's: they are judged apart, as nothing tells which"


_SIDES = {
    Side.BEFORE: "sees the addresses before translation",
    Side.AFTER: "sees the addresses after translation",
    Side.BETWEEN: "stands between two translations of addresses",
}


def _beside(company: Company) -> Iterator[tuple[Flaw, str]]:
    if company.translation is not None:
        yield Flaw.TRANSLATED, _SIDES[company.translation]
    if company.clock:
        yield Flaw.CLOCK, f"its clock and that of the observer nearest to the client are {company.clock}"


def _filtered(quality: Quality) -> Iterator[str]:
    if quality.keeps is Keeps.EVERYTHING:
        return
    if quality.certain:
        yield f"a filter left {quality.keeps}: what else passed cannot be seen, and its absence proves nothing"
    else:
        yield f"it holds {quality.keeps}; whether a filter left out the rest cannot be told"


def _clock(survey: Survey) -> Iterator[str]:
    if survey.steps_back:
        times = "once" if survey.steps_back == 1 else f"{survey.steps_back} times"
        yield (
            f"its times step back {times}, by up to {plain(survey.furthest_back)}: the clock was set, or pieces were "
            "put one behind the other; waits across that are not believed"
        )


def _pause(survey: Survey) -> Iterator[str]:
    if survey.longest_silence >= PAUSE and survey.silent_from is not None:
        span, since = plain(survey.longest_silence), rfc3339(survey.silent_from)
        yield f"it shows nothing for {span} from {since} on: it may have been stopped meanwhile"


def _cut(survey: Survey) -> Iterator[str]:
    if survey.cut_packets:
        kept = f" by a snap length of {survey.snap_length} bytes" if survey.snap_length else ""
        yield f"{counted(survey.cut_packets, 'packet')} cut off{kept}: the missing header bytes are unknown, not absent"
    elif survey.snap_length is not None and survey.snap_length < WHOLE_HEADERS:
        yield f"keeps {survey.snap_length} bytes of each packet: names and contents are cut off"


def _blind(observer: Observer) -> Iterator[str]:
    """A tap of one way shows acknowledgements moving for data that it never shows."""
    rows = observer.survey.rows[:ROWS_LOOKED_AT]
    sides = [sides_of(row) for row in rows]
    count = sum(row.stands_for for row in rows)
    for way, blind in (
        ("back", sum(side.row.stands_for for side in sides if side.blind_back)),
        ("there", sum(side.row.stands_for for side in sides if side.blind_there)),
    ):
        if blind and blind == count:
            yield f"sees nothing of the way {way}, which by itself proves no loss"
        elif blind:
            yield f"sees nothing of the way {way} of {blind} of its {counted(count, 'connection')}"


def _damage(survey: Survey) -> Iterator[str]:
    problems = [problem for problem in survey.problems if survey.crowd is None or problem.says != str(survey.crowd)]
    if problems:
        more = f" (and {counted(len(problems) - 1, 'more problem')})" if len(problems) > 1 else ""
        yield f"{problems[0]}{more}"


def _otherwise(survey: Survey, quality: Quality) -> Iterator[tuple[Flaw | None, str]]:
    if survey.packets and survey.first is not None and survey.last is not None:
        tcp = "all TCP" if survey.tcp_packets == survey.packets else f"{survey.tcp_packets} of them TCP"
        span = plain(between(survey.first, survey.last))
        yield (
            None,
            f"{counted(survey.packets, 'packet')} ({tcp}) in {span}, {counted(survey.connections, 'connection')}",
        )
    if survey.filter is not None:
        yield None, f"captured with the filter `{survey.filter}`"
    if quality.copies:
        yield Flaw.COPIES, f"holds {counted(quality.copies, 'packet')} twice, and each is counted once"
    if survey.disordered:
        yield Flaw.DISORDER, f"{counted(survey.disordered, 'packet')} out of order by less than a second"
    if survey.largest_frame > LARGEST_ON_ETHERNET:
        size = survey.largest_frame
        offload = f"frames of up to {size} bytes: the network card cuts or joins packets beyond this point (offload)"
        yield Flaw.OFFLOAD, f"{offload}, or the link carries jumbo frames"
    if survey.packets and survey.dropped is None:
        yield None, "the file does not record whether packets were lost while capturing"
    if survey.dropped == 0:
        yield None, "no packets were lost while capturing, by its own word"


def _carried(survey: Survey) -> Iterator[Remark]:
    """What carried the packets, and what of them stays hidden by it."""
    if survey.encrypted:
        says = f"{counted(survey.encrypted, 'packet')} encrypted: connections in them are hidden, not absent"
        yield Remark(says=says, limits=True, flaw=Flaw.ENCRYPTED)
    if survey.unfinished:
        pieces = f"{counted(survey.unfinished, 'fragmented packet')} not seen whole"
        says = f"{pieces}: what the other fragments held is unknown, not absent"
        yield Remark(says=says, limits=True, flaw=Flaw.FRAGMENTS)
    if survey.layers:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in survey.layers)
        says = f"packets inside of others, of which the innermost connection is judged: {kinds}"
        yield Remark(says=says, limits=False)
    if survey.fragments:
        yield Remark(says=f"{counted(survey.fragments, 'IP fragment')}, put together where all came", limits=False)
