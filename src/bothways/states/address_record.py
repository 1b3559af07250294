"""What one record of an address database says of the network: every vendor calls it otherwise.

MaxMind's GeoLite2-ASN and DB-IP: `autonomous_system_number`, `autonomous_system_organization`
(dev.maxmind.com/geoip/docs/databases/asn/binary); IPinfo: `asn` as `AS64496`, `name` or `as_name`
(ipinfo.io/developers/ip-to-country-asn-database); GeoIP2-Enterprise has the first two inside `traits`.
"""

from collections.abc import Mapping

from bothways.evidence.networks import Network
from bothways.evidence.report_lines import escaped

_NUMBERS = ("autonomous_system_number", "asn", "as_number")
_ORGANISATIONS = ("autonomous_system_organization", "as_name", "as_organization", "organization", "name", "org")

LARGEST_NUMBER = 0xFFFFFFFF


def network_in_record(record: object) -> Network | None:
    """The autonomous system of a database's *record* (texts, numbers and maps as decoded); None where it has none."""
    if not isinstance(record, Mapping):
        return None
    number = next((number for key in _NUMBERS if (number := as_number(record.get(key))) is not None), None)
    if number is None:
        inner = record.get("traits")
        return network_in_record(inner) if isinstance(inner, Mapping) and "traits" not in inner else None
    names = (record.get(key) for key in _ORGANISATIONS)
    organisation = next((name for name in names if isinstance(name, str) and name.strip()), None)
    return Network(number=number, organisation=escaped(organisation.strip(), 80) if organisation else None)


def as_number(value: object) -> int | None:
    """*value*, a number or a text as `64496` or `AS64496`, as the number of an autonomous system; None otherwise."""
    if isinstance(value, str):
        digits = value.strip().upper().removeprefix("AS")
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= LARGEST_NUMBER else None
