"""The user's own list of devices, as TOML or as a spreadsheet's CSV. The form is this project's: docs/inventory.md."""

from bothways.evidence.inventory import Inventory
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import ProblemList
from bothways.states import inventory_csv, inventory_toml
from bothways.states.inventory_entry import FORMS, devices_of

LARGEST = 1 << 18
"""Characters of a list: thousands of devices with their addresses take less, and TOML a second to parse at worst."""


def recognises(text: str) -> bool:
    """Whether *text* is a list of devices, by the beginning of a device or by the names of its columns."""
    return inventory_csv.recognises(text) or inventory_toml.recognises(text[:LARGEST])


def read(text: str, *, file: str) -> Reading[Inventory]:
    """The devices of the list called *file*; what is wrong with any is told with its line, and the rest is kept."""
    problems = ProblemList()
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST:
        problems.add(f"more than {LARGEST} characters: list the devices near your paths only", None)
        entries = []
    elif inventory_csv.recognises(text):
        entries = inventory_csv.entries(text, problems)
    else:
        entries = inventory_toml.entries(text, problems)
        if not entries and not problems.all():
            problems.add(f"it lists no device: {FORMS}", None)
    devices = devices_of(entries, problems)
    return Reading(content=Inventory(file=file, devices=devices), problems=problems.all())
