"""Words in host names by which administrators and vendors call devices that keep state, and what else they may mean.

Weak evidence, never proof: names lie, are inherited by the box that replaced the firewall, and a firewall without such
a name is more common than one with. docs/firewall-names.md shows this list.
"""

import re

from msgspec import Struct

from bothways.evidence.inventory import State


class NameWord(Struct, frozen=True, kw_only=True):
    """One word of the list."""

    word: str
    keeps: State
    means: str
    mistaken: str = ""
    """What else it is known to stand for; empty where nothing is known."""


def _firewall(word: str, means: str, mistaken: str = "") -> NameWord:
    return NameWord(word=word, keeps=State.FIREWALL, means=means, mistaken=mistaken)


def _translator(word: str, means: str, mistaken: str = "") -> NameWord:
    return NameWord(word=word, keeps=State.TRANSLATOR, means=means, mistaken=mistaken)


def _balancer(word: str, means: str, mistaken: str = "") -> NameWord:
    return NameWord(word=word, keeps=State.BALANCER, means=means, mistaken=mistaken)


_INHERITED = "the router that replaced it"

WORDS = {
    one.word: one
    for one in (
        _firewall("fw", "firewall", "forward, framework, Fort Worth, firmware"),
        _firewall("fwl", "firewall"),
        _firewall("fwall", "firewall"),
        _firewall("firewall", "firewall", _INHERITED),
        _firewall("ngfw", "next-generation firewall"),
        _firewall("nfw", "network firewall", "north-west with a prefix"),
        _firewall("pfw", "perimeter firewall"),
        _firewall("efw", "external firewall"),
        _firewall("ifw", "internal firewall"),
        _firewall("cfw", "campus or core firewall"),
        _firewall("dcfw", "data centre firewall"),
        _firewall("vfw", "virtual firewall"),
        _firewall("fwsm", "Cisco Firewall Services Module"),
        _firewall("utm", "unified threat management", "Universal Transverse Mercator, a university's initials"),
        _firewall("asa", "Cisco ASA", "a person or a place (Åsa), American Samoa"),
        _firewall("asav", "Cisco ASAv"),
        _firewall("ftd", "Cisco Firepower Threat Defense", "a florist's initials"),
        _firewall("ftdv", "Cisco FTDv"),
        _firewall("firepower", "Cisco Firepower"),
        _firewall("fpr", "Cisco Firepower 1000 to 9300", "a fingerprint reader"),
        _firewall("fortigate", "Fortinet FortiGate"),
        _firewall("forti", "a Fortinet device", "Fortinet's switches and access points, which keep no state"),
        _firewall("fgt", "Fortinet FortiGate, by the prefix of its serial numbers and images"),
        _firewall("fgtvm", "Fortinet FortiGate VM"),
        _firewall("paloalto", "Palo Alto Networks", "the town in California: a router that stands there"),
        _firewall("panos", "Palo Alto Networks PAN-OS"),
        _firewall("pavm", "Palo Alto Networks VM-Series"),
        _firewall("srx", "Juniper SRX", "one that forwards packet by packet and keeps no state"),
        _firewall("vsrx", "Juniper vSRX", "one that forwards packet by packet and keeps no state"),
        _firewall("netscreen", "Juniper NetScreen"),
        _firewall("pfsense", "pfSense"),
        _firewall("opnsense", "OPNsense"),
        _firewall("checkpoint", "Check Point", "a place where something is checked"),
        _firewall("chkp", "Check Point"),
        _firewall("sonicwall", "SonicWall"),
        _firewall("sophos", "Sophos"),
        _firewall("watchguard", "WatchGuard"),
        _firewall("stonesoft", "Forcepoint (Stonesoft)"),
        _firewall("hillstone", "Hillstone"),
        _firewall("ipfire", "IPFire"),
        _translator("nat", "network address translation", "a national network, a person (Nat)"),
        _translator("snat", "source NAT"),
        _translator("natgw", "NAT gateway"),
        _translator("cgn", "carrier-grade NAT", "Cologne's airport in a router's name"),
        _translator("cgnat", "carrier-grade NAT"),
        _translator("lsn", "large-scale NAT"),
        _translator("aftr", "the translator of DS-Lite (RFC 6333)"),
        _translator("nat64", "NAT64 (RFC 6146)"),
        _balancer("lb", "load balancer", "Long Beach, Lebanon, a pound; a loopback in some names"),
        _balancer("slb", "server load balancer"),
        _balancer("glb", "global load balancer"),
        _balancer("nlb", "network load balancer", "one that chooses packet by packet and keeps no state"),
        _balancer("loadbalancer", "load balancer"),
        _balancer(
            "vip", "virtual address of a load balancer", "a router's virtual address (VRRP, HSRP), a customer's rank"
        ),
        _balancer("bigip", "F5 BIG-IP"),
        _balancer("ltm", "F5 BIG-IP LTM"),
        _balancer("f5", "F5"),
        _balancer("netscaler", "Citrix NetScaler"),
        _balancer("adc", "application delivery controller", "Addis Ababa data centre, an area data centre"),
        _balancer("haproxy", "HAProxy"),
    )
}
"""By the word: all lower case. A word of a name is a run of letters, or of letters and digits where the list has
them so (`f5`, `nat64`)."""

LEFT_OUT = {
    "edge": "any router at the border",
    "border": "any router at the border",
    "gw": "any router",
    "vpn": "a concentrator keeps tunnels; what passes it by no tunnel, it need not know",
    "mx": "a router series (Juniper MX) as often as an appliance (Cisco Meraki MX), and a mail exchanger",
    "cp": "control plane and customer premises as often as Check Point",
    "pan": "a region of a network as often as Palo Alto Networks",
    "pa": "Pennsylvania, Palo Alto the town, a power amplifier; counts with a model's number (`pa-3220`)",
    "fg": "counts with a model's number (`fg-100f`)",
    "ace": "a trade name; Cisco's load balancer of that name is long gone",
    "proxy": "it ends connections, so that the paths through it are two",
    "dmz": "a network, not a device",
}
"""Words that other lists have, and why this one has not."""

MODELS = (
    (re.compile(r"(?<![a-z0-9])pa-?\d{3,4}(?!\d)"), "a model number of Palo Alto Networks"),
    (re.compile(r"(?<![a-z0-9])fg-?\d{2,4}[a-z](?![a-z0-9])"), "a model number of FortiGate"),
)
"""What is a device with a number behind it, and anything without one."""

_TOKEN = re.compile(r"[a-z0-9]+")
_LETTERS = re.compile(r"[a-z]+")


def words_in(label: str) -> tuple[NameWord, ...]:
    """The words of the list that a device's own *label* has, in their order; its domain must not be among it."""
    found = dict.fromkeys(word for token in _TOKEN.findall(label.casefold()) for word in _words_of(token))
    return tuple(found) or _model_in(label.casefold())


def _words_of(token: str) -> tuple[NameWord, ...]:
    if token in WORDS:
        return (WORDS[token],)
    return tuple(WORDS[letters] for letters in _LETTERS.findall(token) if letters in WORDS)


def _model_in(label: str) -> tuple[NameWord, ...]:
    return tuple(
        _firewall(match[0], means) for pattern, means in MODELS if (match := pattern.search(label)) is not None
    )
