"""The two ways of a path as the JSON document has them."""

from collections.abc import Iterator

from bothways.diagnosis.two_ways import Device, WaysOf
from bothways.paths.alignment import Alignment, Detour
from bothways.paths.course import Course, Station
from bothways.paths.forms import Apart
from bothways.report import ways_schema as schema
from bothways.report.cite_json import Citations
from bothways.report.text import clean
from bothways.report.ways import ways_part
from bothways.unknown import Unknown
from bothways.way import Way


def ways_entry(ways: WaysOf, citations: Citations | None = None) -> schema.Ways:
    """*ways* for the document; *citations* know which files lie in archives."""
    citations = citations or Citations()
    courses = {str(way): ways.course(way) for way in Way}
    part = ways_part(ways)
    return schema.Ways(
        target=_text(ways.target),
        client=_text(ways.client),
        server=_text(ways.server),
        files={way: _files(course) for way, course in courses.items()},
        reached={
            str(way): course.reached if (course := ways.course(way)) and way not in ways.assumed else None
            for way in Way
        },
        told_by=str(ways.told) if ways.told else None,
        rows=list(_rows(ways)),
        detours=[_detour(detour, ways.alignment) for detour in ways.alignment.detours] if ways.alignment else [],
        devices=[_device(device, citations) for device in ways.devices],
        networks=[
            schema.WayNetwork(address=clean(address), number=owner.number, organisation=_text(owner.organisation))
            for address, owner in ways.networks.items()
        ],
        absence=_absence(ways, citations),
        silent={way: course.silent if course else 0 for way, course in courses.items()},
        controls=[
            schema.WayControl(way=str(one.way), files=_files(one), hops=[_hop(station) for station in one.stations])
            for one in ways.controls
        ],
        other_forms=[_form(one) for one in ways.others],
        left_out=[clean(f"{stray.report.file}: it {stray.why}") for stray in ways.strays],
        means=[*_means(ways), *_would_mean(ways)],
        says=[*part.says, *part.details],
        cites=[citations.cited(path.cite()) for course in courses.values() if course for path in course.paths],
    )


def _text(text: str | None) -> str | None:
    return clean(text) if text else None


def _files(course: Course | None) -> list[str]:
    return list(dict.fromkeys(clean(path.report.file) for path in course.paths)) if course else []


def _form(course: Course) -> schema.WayForm:
    return schema.WayForm(
        way=str(course.way),
        why=str(course.apart or Apart.UNTOLD),
        files=_files(course),
        hops=[_hop(station) for station in course.stations],
    )


def _hop(station: Station) -> schema.WayHop:
    trips = [trip for reply in station.replies for trip in reply.round_trips]
    return schema.WayHop(
        index=station.index,
        name=_text(station.name),
        address=_text(station.address),
        addresses=list(dict.fromkeys(clean(reply.address) for reply in station.replies if reply.address)),
        silent=station.silent,
        best_rtt_ns=min(trips, default=None),
        loss=None if station.loss is None else round(station.loss, 4),
        loss_limited=station.limited,
    )


def _rows(ways: WaysOf) -> Iterator[schema.WayRow]:
    for row in ways.rows:
        yield schema.WayRow(
            there=_hop(row.there) if row.there else None,
            back=_hop(row.back) if row.back else None,
            kinship=str(row.kinship),
            likeliest=str(row.likeliest),
            confidence=round(row.confidence, 4),
            bases=list(map(str, row.bases)),
            absent=str(row.absence.why) if row.absence else None,
        )


def _detour(detour: Detour, alignment: Alignment) -> schema.WayDetour:
    numbers = {id(row): number for number, row in enumerate(alignment.rows)}
    return schema.WayDetour(
        before=numbers.get(id(detour.before)),
        after=numbers.get(id(detour.after)),
        there=[station.index for station in detour.there],
        back=[station.index for station in detour.back],
        proven=detour.proven,
        confidence=round(detour.confidence, 4),
    )


def _device(device: Device, citations: Citations) -> schema.WayDevice:
    return schema.WayDevice(
        name=_text(device.name),
        address=_text(device.address),
        keeps=str(device.keeps),
        there=device.there,
        back=device.back,
        reasons=[
            schema.DeviceReason(
                rests_on=str(reason.rests),
                because=clean(reason.because),
                cites=list(map(citations.cited, reason.cites)),
            )
            for reason in device.recognitions
        ],
    )


def _absence(ways: WaysOf, citations: Citations) -> schema.WayAbsence | None:
    fact = ways.absence
    if fact is None:
        return None
    if isinstance(fact.answer, Unknown):
        return schema.WayAbsence(stands=None, says=clean(fact.answer.why), cites=[])
    return schema.WayAbsence(
        stands=str(fact.answer), says=clean(fact.says), cites=list(map(citations.cited, fact.cites))
    )


def _means(ways: WaysOf) -> Iterator[schema.WayMeans]:
    for item in ways.follows:
        yield schema.WayMeans(
            fact=item.fact.kind.id,
            answer=str(item.fact.answer),
            known=True,
            says=clean(item.fact.says),
            speaks_for=list(item.speaks_for),
            against=list(item.against),
            rules_out=list(item.rules_out),
        )


def _would_mean(ways: WaysOf) -> Iterator[schema.WayMeans]:
    for item in ways.open:
        for answer, ids in item.answers:
            yield schema.WayMeans(
                fact=item.kind.id,
                answer=str(answer),
                known=False,
                says=clean(item.why),
                speaks_for=list(ids),
                against=[],
                rules_out=[],
            )
