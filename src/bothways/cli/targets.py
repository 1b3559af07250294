"""The option `--target ADDRESS[:PORT]`."""

from collections.abc import Iterable
from ipaddress import ip_address

from bothways.diagnosis.model import Diagnosis
from bothways.diagnosis.roles import Roles
from bothways.errors import CallError, InputError
from bothways.evidence.endpoint import Endpoint
from bothways.host.found import shown


def endpoints(values: Iterable[str]) -> tuple[Endpoint, ...]:
    """Read the values of the option; port 0 stands for any.

    Raises:
        CallError: A value has another form.
    """
    return tuple(_endpoint(value) for value in values)


def _endpoint(value: str) -> Endpoint:
    address, port = _split(value)
    try:
        canonical = str(ip_address(address))
    except ValueError:
        message = (
            f"--target {shown(value)}: it takes an IP address, with a port if you like: 203.0.113.2, 203.0.113.2:443, "
            "[2001:db8::1]:443"
        )
        raise CallError(message) from None
    if port and not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 0xFFFF):
        message = f"--target {shown(value)}: a port is a number from 1 to 65535"
        raise CallError(message)
    return Endpoint(canonical, int(port or 0))


def _split(value: str) -> tuple[str, str]:
    """Address and port text; the port is empty where none is given."""
    if value.startswith("["):
        address, _, rest = value[1:].partition("]")
        return address, rest.removeprefix(":")
    if value.count(":") == 1:
        address, _, port = value.partition(":")
        return address, port
    return value, ""


def check_targets(diagnosis: Diagnosis, roles: Roles) -> None:
    """Make sure that what the user asked about is in the evidence.

    Raises:
        InputError: None of it is.
    """
    if roles.targets and not diagnosis.targets:
        wanted = ", ".join(_written(target) for target in roles.targets)
        message = f"nothing to judge: no evidence speaks of {wanted}; leave --target out to see what there is"
        raise InputError(message)


def _written(target: Endpoint) -> str:
    return str(target) if target.port else target.address
