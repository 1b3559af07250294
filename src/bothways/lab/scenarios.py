"""What somebody asks the lab for: a recipe by its name, or a file of his own, as a scenario."""

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from bothways.errors import CallError
from bothways.lab.model.scenario import Scenario
from bothways.lab.recipes.catalogue import RECIPES, find

ENDING = ".toml"

MOST_BYTES = 1_000_000
"""Far more than anybody would write."""


def scenario_of(name: str, settings: Mapping[str, str], *, seed: int | None, mended: bool) -> Scenario:
    """Return the scenario of a recipe, or of a file in TOML.

    Raises:
        CallError: there is no such recipe, setting or file; or a file was to be mended or set.
        InputError: the file is no scenario.
    """
    if not name.endswith(ENDING):
        recipe = find(name)
        return recipe.scenario(recipe.order(settings, seed=seed or 0, mended=mended))
    if settings or mended:
        message = f"{name}: only recipes have settings and a mended twin; change the file instead"
        raise CallError(message)
    scenario = _read(Path(name))
    return scenario if seed is None else replace(scenario, seed=seed)


def _read(path: Path) -> Scenario:
    from bothways.lab.model.file import read  # noqa: PLC0415 - recipes need no TOML

    try:
        if not stat.S_ISREG((found := path.stat()).st_mode) or found.st_size > MOST_BYTES:
            message = f"cannot read {path}: it is no file, or larger than any scenario ({MOST_BYTES:,} bytes)"
            raise CallError(message)
        text = path.read_bytes()
    except OSError as error:
        message = f"cannot read {path}: {(error.strerror or str(error)).lower()}"
        raise CallError(message) from error
    return read(text, str(path))


def settings_of(said: Sequence[str]) -> dict[str, str]:
    """Return the settings that were said as KEY=VALUE.

    Raises:
        CallError: one is not of that form, or said twice.
    """
    settings: dict[str, str] = {}
    for word in said:
        key, equals, value = word.partition("=")
        if not (key and equals) or key in settings:
            message = f"--set takes KEY=VALUE, each key once, not {word!r}"
            raise CallError(message)
        settings[key] = value
    return settings


def every_run(seed: int) -> list[tuple[str, dict[str, str], int, bool]]:
    """Return all variants of all recipes and their mended twins: name, settings, seed, whether mended.

    Each variant has a seed, thus a campus, of its own; a twin has that of its fault.
    """
    return [
        (recipe.name, settings, seed + number, mended)
        for number, (recipe, settings) in enumerate(
            (recipe, settings) for recipe in RECIPES for settings in recipe.variants()
        )
        for mended in ((False, True) if recipe.mendable else (False,))
    ]


def run_name(recipe: str, settings: Mapping[str, str], *, mended: bool) -> str:
    """What a run's folder is called."""
    words = [recipe, *(f"{key}-{value}" for key, value in settings.items()), *(["mended"] if mended else [])]
    return ".".join(words)
