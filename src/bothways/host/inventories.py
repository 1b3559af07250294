"""The lists of devices that the user names by an option: his word, so that one which cannot be read stops the call."""

from bothways.errors import CallError
from bothways.evidence.case import EvidenceFile, Kind, Role
from bothways.host.found import Found, reason, shown
from bothways.host.opened import decoded, whole
from bothways.host.reported import Reported
from bothways.states import inventory
from bothways.states.inventory_entry import FORMS


def read_inventory(found: Found) -> Reported:
    """The list of devices in *found*.

    Raises:
        CallError: It cannot be read, or nothing in it is a device.
    """
    try:
        held = None if found.trouble else whole(found)
    except OSError as error:
        raise _unreadable(found, f"it cannot be read: {reason(error)}") from None
    text = decoded(held.data) if held is not None else None
    if held is None or text is None:
        raise _unreadable(found, found.trouble or "it is no text; write it as docs/inventory.md tells")
    reading = inventory.read(text, file=found.cited)
    problems = (*held.problems, *reading.problems)
    devices = reading.content.devices
    if not devices:
        raise _unreadable(found, str(problems[0]) if problems else f"it lists no device: {FORMS}")
    file = EvidenceFile(
        path=found.cited,
        sha256=held.sha256,
        kind=Kind.INVENTORY,
        role=Role(),
        read=(("devices", len(devices)),),
        problems=problems,
    )
    return Reported(file=file, inventory=reading.content)


def _unreadable(found: Found, why: str) -> CallError:
    return CallError(f"--inventory {shown(str(found.path))}: {why}")
