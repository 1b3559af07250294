"""TCP works; the service is refused, by the server's program or by the client's."""

from msgspec.structs import replace

from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

_SAYS = {
    "name": "the server answers every ClientHello with the fatal alert unrecognized_name",
    "cipher": "server and client share no cipher: the server answers with the fatal alert handshake_failure",
    "distrust": "the client does not accept the server's certificate, and breaks TLS off",
    "unavailable": "the server answers every request with HTTP 503",
    "forbidden": "the server answers every request with HTTP 403",
    "banner": "the server speaks first, refuses its service, and closes",
    "close": "the server takes the request and closes without a word",
    "reset": "the server takes the request and resets the connection",
}

_IN_TLS = frozenset({"name", "cipher", "distrust"})


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    how = stage.choice("how")
    fault = Fault(
        theory="application-refused",
        says=_SAYS[how],
        answer="reset" if how == "reset" else "silent" if how == "close" else None,
        where=stage.campus.where("back", "client") if how == "distrust" else stage.campus.where("there", "server"),
    )
    site, *others = stage.web()
    services = [_service(stage, site, how), *others]
    visits = [*_visits(stage, how), stage.site(port=MIRROR_PORT, tls=False, expected="done"), *stage.controls()]
    return stage.scenario(fault, Plant(), _signs(stage, how), services=services, visits=visits)


def _service(stage: Stage, site: Service, how: str) -> Service:
    """The site itself, which refuses unless it is mended."""
    sound = site if how in _IN_TLS else replace(site, speaks="greeting" if how == "banner" else "http", names=[])
    if stage.order.mended:
        return sound
    match how:
        case "name" | "cipher" | "banner" | "close" | "reset":
            return replace(sound, refuses=how)
        case "unavailable" | "forbidden":
            return replace(sound, refuses="status", status=503 if how == "unavailable" else 403)
        case _:
            return sound


def _visits(stage: Stage, how: str) -> list[Visit]:
    if how == "banner":
        return [replace(stage.talk("greeting"), count=3, expected="failed")]
    strict = how == "distrust" and not stage.order.mended
    return [stage.site(count=3, tls=how in _IN_TLS, strict=strict, expected="failed")]


def _signs(stage: Stage, how: str) -> list[Sign]:
    port = stage.plan.port
    taken = some("what the client says reaches the server", "server", stage.there("server", "later", port), at_least=3)
    if how in {"close", "reset"}:
        mute = none("the server's program says nothing", "server", stage.back("server", "data", port))
        if how == "close":
            return [taken, mute]
        return [taken, mute, some("it resets", "server", stage.back("server", "reset", port), at_least=3)]
    return [taken, some("its words reach the client", "client", stage.back("client", "data", port), at_least=3)]


RECIPE = Recipe(
    name="application-refused",
    says="TCP works; the server's or the client's program refuses the service",
    choices={"how": ("name", "cipher", "distrust", "unavailable", "forbidden", "banner", "close", "reset")},
    scenario=_scenario,
)
