"""Captures made from a source of randomness, read by both readers, which must agree on everything."""

from collections.abc import Iterator
from random import Random

from bothways.captures import Part
from bothways.evidence.capture import Chosen, Survey
from bothways.units import Instant
from tests.helpers.fuzzing import capture_damage
from tests.helpers.fuzzing.seeds import Seed, seeds
from tests.helpers.readers import extract_parts, survey_parts

MOST_CHOSEN = 40


def read_by_both(random: Random) -> Survey:
    """Both passes over one to three files, damaged or whole, in chunks of any sizes, one after the other or by time.

    Raises:
        AssertionError: The readers differ.
    """
    captures = [seed for seed in seeds() if seed.capture]
    files = [_file(random, captures) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    begins = [random.choice((None, Instant(random.randrange(2**61)))) for _ in files]
    consecutive = random.random() < 0.5

    def parts() -> list[Part]:
        return [
            Part(file=str(number), chunks=chunks, begins=begin)
            for number, (chunks, begin) in enumerate(zip(files, begins, strict=True))
        ]

    found = survey_parts(parts(), consecutive=consecutive)
    extract_parts(parts(), consecutive=consecutive, chosen=list(_chosen(random, found)))
    return found


def _file(random: Random, captures: list[Seed]) -> list[bytes]:
    data = random.choice(captures).data
    if random.random() < 0.9:
        data = capture_damage.damaged(random, data, [random.choice(captures).data, random.choice(captures).data])
    return list(_chunks(random, data))


def _chunks(random: Random, data: bytes) -> Iterator[bytes]:
    size = random.choice((1, 7, 100, 5000, 1 << 20))
    while data:
        count = random.randint(0, size)
        yield data[:count]
        data = data[count:]


def _chosen(random: Random, found: Survey) -> Iterator[Chosen]:
    """Some connections as pass one found them, and some with other bounds."""
    for row in found.rows[:MOST_CHOSEN]:
        if random.random() < 0.7:
            shift = random.choice((0, 0, 0, 1, -1, 5))
            yield Chosen(
                number=row.number,
                opener=row.opener,
                other=row.other,
                first_number=row.first_number + shift,
                last_number=max(0, row.last_number - shift),
            )
