"""How long the judging of very many failed connections takes; reading them is left out.

.venv/bin/python bench/many.py [--failed N] [--signatures N] [--healthy N] [--targets N] [--observers 1|2] [--profile]

Seeded: forty scripts of failing connections, each of another signature, are captured once; their rows are then repeated
with other ports, sequence numbers and times, and so are the packets of those that pass two asks for. What is timed is
what `bothways diagnose` does between the two passes and after them: choosing the exemplars, and the judgement; times
are of the processor. The aim is 100,000 failed connections of 40 signatures in 10 s.
"""

import argparse
import cProfile
import pstats
import random
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from bothways.connections.joined import join_captures  # noqa: E402 - as above
from bothways.connections.selection import select  # noqa: E402 - as above
from bothways.diagnosis.diagnose import diagnose  # noqa: E402 - as above
from bothways.diagnosis.model import Diagnosis  # noqa: E402 - as above
from bothways.evidence.capture import Chosen, ConnectionRow, Packets, Survey, WayCounters  # noqa: E402 - as above
from bothways.evidence.case import CaptureEvidence, Case, Role  # noqa: E402 - as above
from bothways.evidence.endpoint import Endpoint  # noqa: E402 - as above
from bothways.evidence.segment import Segment  # noqa: E402 - as above
from bothways.host.garbage import seldom_searched  # noqa: E402 - as above
from bothways.report.page import page_of  # noqa: E402 - as above
from bothways.units import Instant  # noqa: E402 - as above
from tests.helpers.network import SERVER, Network, Talk, worked  # noqa: E402 - as above

STEP = 20_000_000
"""Nanoseconds between two connections."""

SPREAD = 1_000_003
"""Between the initial sequence numbers of two connections; prime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One connection as each observer saw it, to be repeated."""

    rows: dict[str, ConnectionRow]
    packets: dict[str, Packets]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One repetition: which pattern, and how it is moved."""

    pattern: Pattern
    place: int
    client: str
    port: int
    server: Endpoint

    def moved(self, end: Endpoint) -> Endpoint:
        return self.server if end == SERVER else Endpoint(self.client, self.port)

    def later(self, at: Instant) -> Instant:
        return Instant(at + self.place * STEP)


def script(talk: Talk, dice: random.Random) -> None:
    """A connection that gets somewhere and then stalls, is reset, or is never answered."""
    ends = dice.choice(("syn", "half", "stall", "stall", "silent", "silent", "reset", "reset"))
    talk.there(0, "S")
    if ends == "syn":
        for ms in (1000, 3000, 7000):
            talk.there(ms, "S")
        return
    talk.back(20, "SA")
    if ends == "half":
        for ms in (1020, 3060, 7100):
            talk.back(ms, "SA", seq=0, ack=1)
            if dice.random() < 0.7:
                talk.there(ms + 20, "A")
        return
    at = 40.0
    for _ in range(dice.randrange(1, 7)):
        what = dice.choice(("A", "D", "a", "d"))
        speak = talk.there if what.isupper() else talk.back
        speak(at, "A" if what in "Aa" else "PA", 0 if what in "Aa" else 100)
        at += 10
    talk.there(at, "PA", 200)
    _ending(talk, ends, at)


def _ending(talk: Talk, ends: str, at: float) -> None:
    """What becomes of the last request."""
    if ends == "reset":
        talk.back(at + 20, "R", seq=talk.used["back"])
    elif ends == "silent":
        talk.back(at + 20, "A")
    else:
        for ms in (200, 600, 1400, 3000, 6200):
            talk.there(at + ms, "PA", 200, seq=talk.used["there"] - 200)


def patterns(count: int, vantages: tuple[str, ...], seed: int) -> tuple[list[Pattern], Pattern]:
    """*count* failing patterns of different signatures, and one that worked."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark is to be repeatable, not secret
    found: dict[str, Pattern] = {}
    while len(found) < count:
        network = Network(*vantages)
        script(network.talk(), dice)
        network.idle(20_000)
        exchange = network.exchange()
        if exchange.outcome.failed and exchange.signature not in found:
            found[exchange.signature] = _pattern(network)
    good = Network(*vantages)
    worked(good.talk())
    good.idle(20_000)
    return list(found.values()), _pattern(good)


def _pattern(network: Network) -> Pattern:
    captures = network.captures()
    names = [capture.role.vantage or "" for capture in captures]
    return Pattern(
        rows=dict(zip(names, (capture.survey.rows[0] for capture in captures), strict=True)),
        packets=dict(zip(names, (capture.packets[0] for capture in captures), strict=True)),
    )


def _counters(way: WayCounters, copy: Copy, number: int) -> WayCounters:
    def moved(value: int | None) -> int | None:
        return None if value is None else (value + copy.place * SPREAD) % 2**32

    def later(at: Instant | None) -> Instant | None:
        return None if at is None else copy.later(at)

    return replace(
        way,
        isn=moved(way.isn),
        first_ack=moved(way.first_ack),
        end=moved(way.end),
        acked=moved(way.acked),
        advanced=later(way.advanced),
        stuck_until=later(way.stuck_until),
        first=later(way.first),
        last=later(way.last),
        first_number=None if way.first_number is None else number,
    )


def row_of(copy: Copy, row: ConnectionRow) -> ConnectionRow:
    number = copy.place * 100 + 1
    return replace(
        row,
        number=copy.place,
        opener=copy.moved(row.opener),
        other=copy.moved(row.other),
        first_frame=number,
        first_number=number,
        last_number=number + 50,
        sent=_counters(row.sent, copy, number),
        received=_counters(row.received, copy, number),
    )


def packets_of(copy: Copy, packets: Packets) -> Packets:
    def moved(segment: Segment) -> Segment:
        shift = copy.place * SPREAD
        return replace(
            segment,
            at=copy.later(segment.at),
            source=copy.moved(segment.source),
            destination=copy.moved(segment.destination),
            seq=(segment.seq + shift) % 2**32,
            ack=(segment.ack + shift) % 2**32 if segment.ack else 0,
            frame=segment.frame + copy.place * 100,
        )

    return replace(packets, number=copy.place, segments=tuple(map(moved, packets.segments)), errors=())


def copies(arguments: argparse.Namespace, bad: list[Pattern], good: Pattern) -> list[Copy]:
    dice = random.Random(arguments.seed)  # noqa: S311 - as above
    order = [bad[place % len(bad)] for place in range(arguments.failed)] + [good] * arguments.healthy
    dice.shuffle(order)
    return [
        Copy(
            pattern=pattern,
            place=place,
            client=f"10.0.{place // 28_000 % 250 if arguments.networks else 0}.{1 + place // 28_000 % 250}",
            port=32_768 + place % 28_000,
            server=server_of(place % arguments.targets),
        )
        for place, pattern in enumerate(order)
    ]


def server_of(number: int) -> Endpoint:
    return Endpoint(f"198.{18 + number // 65_536}.{number // 256 % 256}.{number % 256}", 443)


def survey_of(vantage: str, everything: list[Copy], sample: Survey) -> Survey:
    rows = tuple(row_of(copy, copy.pattern.rows[vantage]) for copy in everything)
    last = Instant((sample.last or 0) + len(everything) * STEP + 20 * 10**9)
    return replace(sample, rows=rows, packets=len(rows) * 10, tcp_packets=len(rows) * 10, last=last, final=last)


def judged(
    surveys: list[tuple[Survey, Role]], everything: list[Copy], vantages: tuple[str, ...]
) -> tuple[Diagnosis, dict[str, float]]:
    times: dict[str, float] = {}
    start = time.process_time()
    joined = join_captures(surveys)
    times["join"] = time.process_time() - start
    start = time.process_time()
    chosen = select(joined)
    times["select"] = time.process_time() - start
    captures = tuple(
        CaptureEvidence(survey=survey, role=role, packets=_extracted(chosen[survey.file], everything, vantage))
        for (survey, role), vantage in zip(surveys, vantages, strict=True)
    )
    start = time.process_time()
    diagnosis = diagnose(Case(files=(), captures=captures), joined=joined)
    times["diagnose"] = time.process_time() - start
    start = time.process_time()
    page_of(diagnosis)
    times["page"] = time.process_time() - start
    return diagnosis, times


def _extracted(chosen: tuple[Chosen, ...], everything: list[Copy], vantage: str) -> tuple[Packets, ...]:
    return tuple(
        packets_of(everything[item.number], everything[item.number].pattern.packets[vantage]) for item in chosen
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failed", type=int, default=100_000)
    parser.add_argument("--signatures", type=int, default=40)
    parser.add_argument("--healthy", type=int, default=5_000)
    parser.add_argument("--targets", type=int, default=1)
    parser.add_argument("--observers", type=int, default=1, choices=(1, 2))
    parser.add_argument("--networks", action="store_true", help="clients of several networks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    vantages = ("client", "server")[: arguments.observers]
    bad, good = patterns(arguments.signatures, vantages, arguments.seed)
    everything = copies(arguments, bad, good)
    sample = Network(*vantages)
    worked(sample.talk())
    surveys = [
        (survey_of(vantage, everything, capture.survey), capture.role)
        for vantage, capture in zip(vantages, sample.captures(), strict=True)
    ]
    profile = cProfile.Profile(time.process_time) if arguments.profile else None
    if profile:
        profile.enable()
    with seldom_searched():
        diagnosis, times = judged(surveys, everything, vantages)
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{arguments.failed} failed of {len(bad)} signatures, {arguments.healthy} healthy, {arguments.targets} "
        f"targets, {arguments.observers} observers: {len(diagnosis.targets)} targets judged; "
        + ", ".join(f"{name} {spent:.2f} s" for name, spent in times.items())
        + f", all {sum(times.values()):.2f} s; {memory} MiB at most"
    )


if __name__ == "__main__":
    main()
