//! Tunnels over UDP: recognised by the port that they are sent to and by a header that makes sense there.
//!
//! Any program may send anything to any port: what is taken for a tunnel has its reserved bits clear and its lengths
//! right, and is left alone where what it carries turns out to be nothing of the Internet's.

use crate::captures::decoded::Hidden;
use crate::wire::bytes::{array_at, byte_at, kept_at, starts_with_at};
use crate::wire::layer::{
    BRIDGED, IPV4, IPV6, Identifier, Layer, MPLS, NOTHING_KNOWN, Name, by_version, name, numbered,
};

const UDP_LENGTH: usize = 8;
const NAT_TRAVERSAL: u16 = 4500;
const VXLAN_LENGTH: usize = 8;
const VXLAN_HAS_NETWORK: u8 = 0x08;
/// Group policy (draft-smith-vxlan-group-policy), which Linux sends: the reserved bytes then hold the group.
const VXLAN_POLICY: u8 = 0x80;
const GPE_HAS_PROTOCOL: u8 = 0x04;

const GENEVE_LENGTH: usize = 8;
const GENEVE_RESERVED: u8 = 0x3F;
const GTP_LENGTH: usize = 8;
const GTP_VERSION_1: u8 = 0x30;
const GTP_KIND: u8 = 0xF0;
const GTP_OPTIONAL: u8 = 0x07;
const GTP_EXTENSION: u8 = 0x04;
const GTP_PDU: u8 = 255;
const MOST_GTP_EXTENSIONS: usize = 8;

const WIREGUARD_DATA: [u8; 4] = [4, 0, 0, 0];
const WIREGUARD_LEAST: u64 = 32;

/// What a UDP datagram carries, if it is a tunnel's; its header starts at `offset`, and header and payload have
/// `length` bytes by the IP header's word.
#[must_use]
pub fn udp_tunnel(data: &[u8], offset: usize, length: u64) -> Option<Layer> {
    let [s0, s1, d0, d1, ..] = array_at::<UDP_LENGTH>(data, offset)?;
    let (source, destination) = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    // Where the length says less than a header, none of the tunnels finds what it needs.
    let (at, length) = (offset + UDP_LENGTH, length.saturating_sub(UDP_LENGTH as u64));
    if source == NAT_TRAVERSAL || destination == NAT_TRAVERSAL {
        return esp(data, at, length);
    }
    match destination {
        4789 | 8472 => vxlan(data, at, length), // the second is Linux's, from before IANA chose another
        4790 => vxlan_gpe(data, at, length),
        6081 => geneve(data, at, length),
        2152 => gtp_u(data, at, length),
        6635 => mpls(data, at, length),
        51820 => wireguard(data, at, length),
        _ => None,
    }
}

/// The first eight bytes of a payload, if the header's length grants as many.
fn header(data: &[u8], at: usize, length: u64) -> Option<[u8; 8]> {
    if length < 8 { None } else { array_at(data, at) }
}

/// A network's identifier of 24 bits.
fn network(bytes: [u8; 3]) -> u32 {
    let [high, middle, low] = bytes;
    u32::from_be_bytes([0, high, middle, low])
}

/// Flags, three reserved bytes, the network's identifier, a reserved byte (RFC 7348 section 5).
fn vxlan(data: &[u8], at: usize, length: u64) -> Option<Layer> {
    let [flags, r0, r1, r2, n0, n1, n2, last] = header(data, at, length)?;
    let reserved = [r0, r1, r2] != [0; 3] && flags & VXLAN_POLICY == 0;
    if last != 0 || flags & !VXLAN_POLICY != VXLAN_HAS_NETWORK || reserved {
        return None;
    }
    Some(Layer::named(
        BRIDGED,
        at + VXLAN_LENGTH,
        numbered("vxlan", network([n0, n1, n2])),
    ))
}

/// VXLAN's header with a bit that says that the next protocol stands in the last of the reserved bytes
/// (draft-ietf-nvo3-vxlan-gpe section 3.2).
fn vxlan_gpe(data: &[u8], at: usize, length: u64) -> Option<Layer> {
    let [flags, r0, r1, next, n0, n1, n2, last] = header(data, at, length)?;
    if flags != VXLAN_HAS_NETWORK | GPE_HAS_PROTOCOL || [r0, r1, last] != [0; 3] {
        return None;
    }
    let protocol = match next {
        1 => IPV4,
        2 => IPV6,
        3 => BRIDGED,
        5 => MPLS,
        _ => NOTHING_KNOWN,
    };
    Some(Layer::named(
        protocol,
        at + VXLAN_LENGTH,
        numbered("vxlan-gpe", network([n0, n1, n2])),
    ))
}

/// Version and length of options, flags, EtherType, network, a reserved byte, options (RFC 8926 section 3.4).
fn geneve(data: &[u8], at: usize, length: u64) -> Option<Layer> {
    let [first, flags, p0, p1, n0, n1, n2, last] = header(data, at, length)?;
    let size = GENEVE_LENGTH + usize::from(first & 0x3F) * 4;
    if first >> 6 != 0 || flags & GENEVE_RESERVED != 0 || last != 0 || size as u64 > length {
        return None;
    }
    let word = numbered("geneve", network([n0, n1, n2]));
    Some(Layer::named(u16::from_be_bytes([p0, p1]), at + size, word))
}

/// A user's packet in a mobile network (3GPP TS 29.281 section 5). Only G-PDUs carry one.
fn gtp_u(data: &[u8], at: usize, length: u64) -> Option<Layer> {
    let [first, message, l0, l1, tunnel @ ..] = header(data, at, length)?;
    let stated = u64::from(u16::from_be_bytes([l0, l1]));
    if first & GTP_KIND != GTP_VERSION_1 || message != GTP_PDU || stated != length - GTP_LENGTH as u64 {
        return None;
    }
    let start = behind_gtp_options(data, at + GTP_LENGTH, first);
    let protocol = by_version(byte_at(data, start)?);
    let identifier = Identifier::Hex(u32::from_be_bytes(tunnel));
    Some(Layer::named(
        protocol,
        start,
        Name {
            kind: "gtp-u",
            identifier,
        },
    ))
}

/// Where the optional fields end, which come all at once (section 5.1), and the extensions that they announce.
fn behind_gtp_options(data: &[u8], start: usize, flags: u8) -> usize {
    if flags & GTP_OPTIONAL == 0 {
        return start;
    }
    let mut start = start + 4;
    let mut following = if flags & GTP_EXTENSION != 0 {
        byte_at(data, start - 1).unwrap_or(0)
    } else {
        0
    };
    for _ in 0..MOST_GTP_EXTENSIONS {
        // Section 5.2.1: in units of four bytes, the last of which names the next one.
        let Some(units) = byte_at(data, start).filter(|_| following != 0) else {
            break;
        };
        start += usize::from(units) * 4;
        following = if units == 0 {
            0
        } else {
            byte_at(data, start - 1).unwrap_or(0)
        };
    }
    start
}

/// A label stack right behind the UDP header (RFC 7510).
fn mpls(data: &[u8], at: usize, length: u64) -> Option<Layer> {
    let there = length > 4 && array_at::<5>(data, at).is_some();
    there.then(|| Layer::named(MPLS, at, name("mpls-in-udp")))
}

/// Four zeros say that a key exchange follows, one byte is a keepalive; all else is ESP (RFC 3948 section 2).
fn esp(data: &[u8], at: usize, length: u64) -> Option<Layer> {
    let marker = kept_at(data, at, 4);
    if length < 16 || marker.is_empty() || marker == [0; 4] {
        return None;
    }
    Some(Layer::named(Hidden::Esp, at, name("esp")))
}

/// Transport data: type 4, three reserved zeros, receiver, counter, and padded to 16 bytes what is encrypted.
fn wireguard(data: &[u8], at: usize, length: u64) -> Option<Layer> {
    let sealed = starts_with_at(data, at, &WIREGUARD_DATA) && length >= WIREGUARD_LEAST && length % 16 == 0;
    sealed.then(|| Layer::named(Hidden::Wireguard, at, name("wireguard")))
}
