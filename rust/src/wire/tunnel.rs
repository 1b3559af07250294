//! What an IP packet carries if it is not the end of the matter: another packet, in one of many wrappings.

use crate::captures::decoded::Hidden;
use crate::wire::address::Family;
use crate::wire::bytes::starts_with_at;
use crate::wire::gre::gre;
use crate::wire::ip::IpHeader;
use crate::wire::layer::{BRIDGED, IPV4, IPV6, Layer, MPLS, name};
use crate::wire::udp_tunnel::udp_tunnel;

const ETHERIP_VERSION: [u8; 2] = [0x30, 0];

/// The header of a tunnel behind the IP header of a whole packet, by IANA's "Assigned Internet Protocol Numbers".
///
/// `None` where the packet is no tunnel's, or the tunnel's header was cut off or makes no sense.
#[must_use]
pub fn tunnel(ip: &IpHeader, data: &[u8]) -> Option<Layer> {
    match ip.protocol {
        4 => Some(Layer::named(
            IPV4,
            ip.start,
            name(if is_v4(ip) { "ipip" } else { "4in6" }),
        )),
        17 => udp_tunnel(data, ip.start, ip.length),
        41 => Some(Layer::named(
            IPV6,
            ip.start,
            name(if is_v4(ip) { "6in4" } else { "6in6" }),
        )),
        47 => gre(data, ip.start),
        50 => Some(Layer::named(Hidden::Esp, ip.start, name("esp"))),
        97 => etherip(data, ip.start),
        137 => Some(Layer::named(MPLS, ip.start, name("mpls-in-ip"))), // RFC 4023
        _ => None,
    }
}

fn is_v4(ip: &IpHeader) -> bool {
    ip.source.family() == Family::V4
}

/// Version 3 and twelve zero bits, then an Ethernet frame (RFC 3378 section 3).
fn etherip(data: &[u8], offset: usize) -> Option<Layer> {
    starts_with_at(data, offset, &ETHERIP_VERSION).then(|| Layer::named(BRIDGED, offset + 2, name("etherip")))
}
