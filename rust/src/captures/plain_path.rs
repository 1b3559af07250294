//! The short way to the segments of most packets: TCP right behind an IP header without options, on plain Ethernet or
//! behind one VLAN's tag, with no TCP options or timestamps alone.
//!
//! Whatever is otherwise, cut or damaged is left to the long way (`decode`), which gives the same for these packets; it
//! takes four times as many instructions, as every step of it may lead elsewhere.

use crate::captures::decoded::Segment;
use crate::captures::raw_packet::RawPacket;
use crate::captures::tcp_segment::read_payload;
use crate::wire::address::{Address, Mac};
use crate::wire::link_reader::LinkReader;

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
    source: Address,
    destination: Address,
    ip_id: Option<u16>,
    ttl: u8,
    /// Where TCP starts, and how many bytes of it there are.
    start: usize,
    length: usize,
}

/// Read a plain packet into a segment, all of whose fields are then set; false where it is not plain.
#[inline]
pub fn read_plain(packet: &RawPacket<'_>, links: &mut LinkReader, into: &mut Segment) -> bool {
    if packet.link_type != ETHERNET {
        return false;
    }
    let data = packet.data;
    let Some(link) = data.first_chunk::<18>() else {
        return false;
    };
    let mut offset = 14;
    let mut kind = u16::from_be_bytes([link[ETHERTYPE], link[ETHERTYPE + 1]]);
    let mut vlan = 0;
    if kind == VLAN {
        vlan = u16::from_be_bytes([link[14], link[15]]) & 0x0fff;
        kind = u16::from_be_bytes([link[16], link[17]]);
        offset = 18;
    }
    let outer = match kind {
        IPV4 => ipv4(data, offset),
        IPV6 => ipv6(data, offset),
        _ => None,
    };
    let Some(outer) = outer else { return false };
    if !read_tcp(data, &outer, into) {
        return false;
    }
    into.stamp = packet.stamp;
    into.source.address = outer.source;
    into.destination.address = outer.destination;
    into.ip_id = outer.ip_id;
    into.ttl = outer.ttl;
    into.partial = false;
    into.link_source = Some(Mac::six([link[6], link[7], link[8], link[9], link[10], link[11]]));
    links.set_vlan(vlan, &mut into.layers);
    true
}

#[inline]
fn ipv4(data: &[u8], offset: usize) -> Option<Outer> {
    let head = data.get(offset..)?.first_chunk::<20>()?;
    let total = usize::from(u16::from_be_bytes([head[2], head[3]]));
    let part = u16::from_be_bytes([head[6], head[7]]) & PART;
    if head[0] != PLAIN_IPV4 || head[9] != TCP || part != 0 || total < 40 {
        return None;
    }
    Some(Outer {
        source: Address::v4([head[12], head[13], head[14], head[15]]),
        destination: Address::v4([head[16], head[17], head[18], head[19]]),
        ip_id: Some(u16::from_be_bytes([head[4], head[5]])),
        ttl: head[8],
        start: offset + 20,
        length: total - 20,
    })
}

#[inline]
fn ipv6(data: &[u8], offset: usize) -> Option<Outer> {
    let head = data.get(offset..)?.first_chunk::<40>()?;
    let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
    if head[0] >> 4 != 6 || head[6] != TCP || length < 20 {
        return None;
    }
    Some(Outer {
        source: Address::v6(*head[8..].first_chunk()?),
        destination: Address::v6(*head[24..].first_chunk()?),
        ip_id: None,
        ttl: head[7],
        start: offset + 40,
        length,
    })
}

/// Ports, numbers, flags, window, options and payload; false where options are not plain or the header was cut.
#[inline]
fn read_tcp(data: &[u8], outer: &Outer, into: &mut Segment) -> bool {
    let Some(behind) = data.get(outer.start..) else {
        return false;
    };
    let Some(head) = behind.first_chunk::<20>() else {
        return false;
    };
    let size = match head[12] >> 4 {
        5 => 20,
        8 => 32,
        _ => return false,
    };
    if size > outer.length {
        return false;
    }
    into.options.clear();
    if size == 32 {
        let Some(&[1, 1, 8, 10, v0, v1, v2, v3, e0, e1, e2, e3]) =
            behind.get(20..).and_then(|rest| rest.first_chunk::<12>())
        else {
            return false;
        };
        let echo = u32::from_be_bytes([e0, e1, e2, e3]);
        into.options.timestamps = Some((u32::from_be_bytes([v0, v1, v2, v3]), echo));
    }
    into.source.port = u16::from_be_bytes([head[0], head[1]]);
    into.destination.port = u16::from_be_bytes([head[2], head[3]]);
    into.seq = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
    into.ack = u32::from_be_bytes([head[8], head[9], head[10], head[11]]);
    into.flags = head[13];
    into.window = u16::from_be_bytes([head[14], head[15]]);
    read_payload(
        behind.get(size..).unwrap_or_default(),
        (outer.length - size) as u64,
        into,
    );
    true
}
