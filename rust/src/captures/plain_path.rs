//! The short way to the segments of most packets: TCP right behind an IP header without options, on plain Ethernet or
//! behind one VLAN's tag.
//!
//! Whatever is otherwise, cut or damaged is left to the long way (`decode`), which gives the same for these packets; it
//! takes four times as many instructions, as every step of it may lead elsewhere.

use crate::captures::batch::Extras;
use crate::captures::decoded::Layers;
use crate::captures::ends::Ends;
use crate::captures::keys::KeyMaker;
use crate::captures::raw_packet::RawPacket;
use crate::captures::tcp_segment::read_payload;
use crate::captures::tracked::{Extra, Tracked, known};
use crate::wire::address::Family;
use crate::wire::tcp::parse_options;

const ETHERNET: u32 = 1;
const ETHERTYPE: usize = 12;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const VLAN: u16 = 0x8100;
const TCP: u8 = 6;

/// Version 4 and a header of five words.
const PLAIN_IPV4: u8 = 0x45;

/// More fragments, and the offset of this one (RFC 791 section 3.1).
const PART: u16 = 0x3fff;

/// What the IP header of a plain packet says.
struct Outer {
    addresses: [[u64; 2]; 2],
    family: Family,
    ip_id: u16,
    ttl: u8,
    /// Bytes of TCP behind it by its word.
    length: usize,
}

/// Read a plain packet into a segment, all of whose fields are then set; false where it is not plain.
#[inline]
pub fn read_plain(packet: &RawPacket<'_>, keys: KeyMaker, into: &mut Tracked, extras: &mut Extras<'_>) -> bool {
    if packet.link_type != ETHERNET {
        return false;
    }
    let Some((link, behind)) = packet.data.split_first_chunk::<14>() else {
        return false;
    };
    let kind = u16::from_be_bytes([link[ETHERTYPE], link[ETHERTYPE + 1]]);
    let (kind, vlan, data) = if kind == VLAN {
        let Some((&[high, low, kind, rest], behind)) = behind.split_first_chunk() else {
            return false;
        };
        let vlan = u16::from_be_bytes([high, low]) & 0x0fff;
        (u16::from_be_bytes([kind, rest]), vlan, behind)
    } else {
        (kind, 0, behind)
    };
    let read = match kind {
        IPV4 => ipv4(data),
        IPV6 => ipv6(data),
        _ => None,
    };
    let Some((outer, behind)) = read else { return false };
    into.vlan = vlan;
    into.stamp = packet.stamp;
    read_tcp(behind, &outer, keys, into, extras)
}

#[inline]
fn ipv4(data: &[u8]) -> Option<(Outer, &[u8])> {
    let (head, behind) = data.split_first_chunk::<20>()?;
    let total = usize::from(u16::from_be_bytes([head[2], head[3]]));
    let part = u16::from_be_bytes([head[6], head[7]]) & PART;
    if head[0] != PLAIN_IPV4 || head[9] != TCP || part != 0 || total < 40 {
        return None;
    }
    let source = u32::from_be_bytes([head[12], head[13], head[14], head[15]]);
    let destination = u32::from_be_bytes([head[16], head[17], head[18], head[19]]);
    let outer = Outer {
        addresses: [[0, source.into()], [0, destination.into()]],
        family: Family::V4,
        ip_id: u16::from_be_bytes([head[4], head[5]]),
        ttl: head[8],
        length: total - 20,
    };
    Some((outer, behind))
}

#[inline]
fn ipv6(data: &[u8]) -> Option<(Outer, &[u8])> {
    let (head, behind) = data.split_first_chunk::<40>()?;
    let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
    if head[0] >> 4 != 6 || head[6] != TCP || length < 20 {
        return None;
    }
    let word = |at: usize| Some(u64::from_be_bytes(*head.get(at..)?.first_chunk()?));
    let outer = Outer {
        addresses: [[word(8)?, word(16)?], [word(24)?, word(32)?]],
        family: Family::V6,
        ip_id: 0,
        ttl: head[7],
        length,
    };
    Some((outer, behind))
}

/// Read the TCP header and what follows; false where it is cut or senseless.
#[inline]
fn read_tcp(data: &[u8], outer: &Outer, keys: KeyMaker, into: &mut Tracked, extras: &mut Extras<'_>) -> bool {
    let Some((head, behind)) = data.split_first_chunk::<20>() else {
        return false;
    };
    let options = usize::from(head[12] >> 4) * 4;
    let Some(options) = options.checked_sub(20).filter(|options| options + 20 <= outer.length) else {
        return false;
    };
    let Some((options, behind)) = behind.split_at_checked(options) else {
        return false;
    };
    let ports = [[head[0], head[1]], [head[2], head[3]]].map(u16::from_be_bytes);
    into.ends = Ends::sorted(outer.addresses, ports, outer.family);
    into.seq = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
    into.ack = u32::from_be_bytes([head[8], head[9], head[10], head[11]]);
    into.flags = head[13];
    into.window = u16::from_be_bytes([head[14], head[15]]);
    (into.ip_id, into.ttl, into.mss) = (outer.ip_id, outer.ttl, 0);
    into.known = if outer.family == Family::V4 { known::IP_ID } else { 0 };
    let length = outer.length - 20 - options.len();
    into.payload = length as u32; // the headers' lengths have 16 bits
    match *options {
        [] => {
            into.timestamps = (0, 0);
            into.keys = keys.of(into, &[]);
        }
        // RFC 7323 appendix A recommends the layout.
        [1, 1, 8, 10, v0, v1, v2, v3, e0, e1, e2, e3] => {
            into.timestamps = (
                u32::from_be_bytes([v0, v1, v2, v3]),
                u32::from_be_bytes([e0, e1, e2, e3]),
            );
            into.known |= known::TIMESTAMPS;
            into.keys = keys.of(into, &[]);
        }
        _ => read_others(options, keys, into),
    }
    let told = read_payload(behind, length as u64);
    (into.content, into.said, into.extra) = (told.content, told.said, 0);
    if told.name.is_some() {
        into.extra = extras.number(Extra {
            name: told.name,
            layers: Layers::NONE,
        });
    }
    true
}

/// Options in any other order, all of which were kept.
#[inline(never)]
fn read_others(options: &[u8], keys: KeyMaker, into: &mut Tracked) {
    let options = parse_options(options, options.len());
    into.timestamps = options.timestamps.unwrap_or_default();
    into.mss = options.mss.unwrap_or_default();
    if options.timestamps.is_some() {
        into.known |= known::TIMESTAMPS;
    }
    if options.mss.is_some() {
        into.known |= known::MSS;
    }
    let blocks = options
        .sack_blocks
        .as_deref()
        .map_or(&[][..], |blocks| blocks.as_slice());
    into.keys = keys.of(into, blocks);
}
