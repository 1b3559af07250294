"""One folder of damaged evidence, made from a source of randomness."""

from random import Random

from tests.helpers.fuzzing import capture_damage, text_damage
from tests.helpers.fuzzing.seeds import Seed, seeds

_KINDS = ("capture", "capture", "capture", "text", "text", "capture and text", "two captures", "one whole")


def folder(random: Random) -> dict[str, bytes]:
    """One to three files by name: captures, reports or logs, damaged for the most part."""
    captures = [seed for seed in seeds() if seed.capture]
    texts = [seed for seed in seeds() if not seed.capture]
    chosen = {
        "capture": lambda: [random.choice(captures)],
        "text": lambda: [random.choice(texts)],
        "capture and text": lambda: [random.choice(captures), random.choice(texts)],
        "two captures": lambda: random.sample(captures, 2),
        "one whole": lambda: random.sample(captures, 2),
    }
    kind = random.choice(_KINDS)
    files: dict[str, bytes] = {}
    for number, seed in enumerate(chosen[kind]()):
        whole = kind == "one whole" and number == 0
        name = seed.name if seed.name not in files else f"{number}-{seed.name}"
        files[name] = seed.data if whole else _damaged(random, seed, captures if seed.capture else texts)
    return files


def _damaged(random: Random, seed: Seed, alike: list[Seed]) -> bytes:
    others = [random.choice(alike).data, random.choice(seeds()).data]
    if seed.capture:
        return capture_damage.damaged(random, seed.data, others)
    return text_damage.damaged(random, seed.data, others)
