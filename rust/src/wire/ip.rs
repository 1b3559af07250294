//! IPv4 and IPv6 headers (RFC 791, RFC 8200), as far as a reader of what they carry needs them.

use crate::wire::address::Address;
use crate::wire::bytes::{array_at, kept_at};

pub const ICMP: u8 = 1;
pub const TCP: u8 = 6;
pub const ICMPV6: u8 = 58;

const NO_NEXT_HEADER: u8 = 59;
const HOP_BY_HOP: u8 = 0;
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;

/// Twice what there should be (RFC 8200 section 4.1).
const MOST_EXTENSIONS: usize = 16;

/// Option type of the Jumbo Payload option (RFC 2675 section 2).
const JUMBO_PAYLOAD: u8 = 0xc2;

/// Bits of IPv4's fragment word that only fragments have (RFC 791 section 3.1).
const V4_PART: u16 = 0x3fff;
const V4_MORE: u16 = 0x2000;
const V4_OFFSET: u16 = 0x1fff;

/// The same of IPv6's fragment header (RFC 8200 section 4.5).
const V6_OFFSET: u16 = 0xfff8;
const V6_PART: u16 = V6_OFFSET | 1;

/// Which part of its datagram an IP packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    pub identification: u32,
    /// Bytes of the datagram before this part.
    pub offset: u32,
    /// Another part follows.
    pub more: bool,
    /// Offset in the data of the part itself.
    pub start: usize,
    /// Bytes of the part by the header's word.
    pub length: u64,
    /// What the datagram begins with; in IPv6 only that of the first fragment counts.
    pub protocol: u8,
}

/// What an IPv4 or IPv6 header says. Lengths come from the header, so a short snap length does not change them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpHeader {
    pub source: Address,
    pub destination: Address,
    /// Time to live, or hop limit.
    pub ttl: u8,
    /// What follows the header and all its extensions that were kept.
    pub protocol: u8,
    /// None for IPv6.
    pub identification: Option<u16>,
    /// Offset in the data of what follows; may lie beyond its end.
    pub start: usize,
    /// Bytes that follow, without padding of the link layer.
    pub length: u64,
    /// None where the packet is whole; a fragment of a whole datagram counts as whole (RFC 6946).
    pub fragment: Option<Fragment>,
    /// The header gives no length; `length` is then that of the frame, padding included.
    pub lengthless: bool,
}

impl IpHeader {
    /// Bytes of the original packet before this one's; above 0, what follows is no header.
    #[must_use]
    pub fn fragment_offset(&self) -> u32 {
        self.fragment.map_or(0, |part| part.offset)
    }

    /// What follows, as far as it was kept in the data that the header was read from.
    #[inline]
    #[must_use]
    pub fn content<'a>(&self, data: &'a [u8]) -> &'a [u8] {
        kept_at(data, self.start, at_most(self.length))
    }
}

/// A length as one of memory, which can hold no more.
#[inline]
#[must_use]
pub fn at_most(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// The IP header at an offset of a frame or quote of which `wire_length` bytes were on the wire.
///
/// None where it is no IP header or was cut before its addresses ended.
#[inline]
#[must_use]
pub fn parse_ip(data: &[u8], offset: usize, wire_length: u64) -> Option<IpHeader> {
    let at = data.get(offset..)?;
    match at.first()? >> 4 {
        4 => parse_v4(data, at.first_chunk()?, offset, wire_length),
        6 => parse_v6(data, at, offset, wire_length),
        _ => None,
    }
}

#[inline]
fn parse_v4(data: &[u8], header: &[u8; 20], offset: usize, wire_length: u64) -> Option<IpHeader> {
    let &[
        first,
        _,
        total_high,
        total_low,
        id_high,
        id_low,
        part_high,
        part_low,
        ttl,
        protocol,
        _,
        _,
        s0,
        s1,
        s2,
        s3,
        d0,
        d1,
        d2,
        d3,
    ] = header;
    let header_length = u64::from(first & 0x0f) * 4;
    if header_length < 20 {
        return None; // "the minimum value for a correct header is 5" (RFC 791 section 3.1)
    }
    let total = u16::from_be_bytes([total_high, total_low]);
    let start = beyond(offset, header_length);
    let whole = if total == 0 {
        wire_length.saturating_sub(offset as u64)
    } else {
        u64::from(total)
    };
    let mut ip = IpHeader {
        source: Address::v4([s0, s1, s2, s3]),
        destination: Address::v4([d0, d1, d2, d3]),
        ttl,
        protocol,
        identification: Some(u16::from_be_bytes([id_high, id_low])),
        start,
        length: whole.saturating_sub(header_length),
        fragment: None,
        lengthless: total == 0,
    };
    let word = u16::from_be_bytes([part_high, part_low]);
    if word & V4_PART != 0 {
        ip.fragment = Some(Fragment {
            identification: u32::from(u16::from_be_bytes([id_high, id_low])),
            offset: u32::from(word & V4_OFFSET) * 8,
            more: word & V4_MORE != 0,
            start,
            length: ip.length,
            protocol,
        });
    }
    if protocol == AUTHENTICATION && ip.fragment_offset() == 0 {
        let chain = follow(data, start, protocol);
        ip.protocol = chain.protocol;
        ip.length = ip.length.saturating_sub((chain.start - start) as u64);
        ip.start = chain.start;
    }
    Some(ip)
}

#[inline]
fn parse_v6(data: &[u8], at: &[u8], offset: usize, wire_length: u64) -> Option<IpHeader> {
    let (&[_, _, _, _, length_high, length_low, next_header, ttl], at) = at.split_first_chunk()?;
    let (source, at) = at.split_first_chunk()?;
    let (destination, _) = at.split_first_chunk()?;
    let first = beyond(offset, 40);
    let chain = if is_extension(next_header) {
        follow(data, first, next_header)
    } else {
        Chain::none(next_header, first)
    };
    let stated = u16::from_be_bytes([length_high, length_low]);
    let lengthless = stated == 0 && chain.jumbo.is_none() && next_header != NO_NEXT_HEADER;
    let payload = match chain.jumbo {
        Some(jumbo) if stated == 0 => u64::from(jumbo),
        _ if lengthless => wire_length.saturating_sub(first as u64),
        _ => u64::from(stated),
    };
    let end = (first as u64).saturating_add(payload);
    Some(IpHeader {
        source: Address::v6(*source),
        destination: Address::v6(*destination),
        ttl,
        protocol: chain.protocol,
        identification: None,
        start: chain.start,
        length: payload.saturating_sub((chain.start - first) as u64),
        fragment: chain.part.map(|part| Fragment {
            identification: part.identification,
            offset: u32::from(part.word & V6_OFFSET),
            more: part.word & 1 != 0,
            start: part.start,
            length: end.saturating_sub(part.start as u64),
            protocol: part.protocol,
        }),
        lengthless,
    })
}

/// The header that a datagram had before it was cut into fragments.
///
/// `first` is the header of the fragment that its addresses and TTL are taken from, `protocol` what the datagram begins
/// with, `data` what was kept of its `length` bytes: offsets count from its start.
#[must_use]
pub fn reassembled(first: &IpHeader, protocol: u8, data: &[u8], length: u64) -> IpHeader {
    let chain = follow(data, 0, protocol);
    IpHeader {
        protocol: chain.protocol,
        start: chain.start,
        length: length.saturating_sub(chain.start as u64),
        fragment: None,
        ..*first
    }
}

/// Hop-by-hop options, routing, fragment, authentication, destination options, mobility, HIP, Shim6 (IANA "IPv6
/// Extension Header Types").
#[inline]
fn is_extension(protocol: u8) -> bool {
    matches!(
        protocol,
        HOP_BY_HOP | 43 | FRAGMENT | AUTHENTICATION | 60 | 135 | 139 | 140
    )
}

/// Where a chain of extension headers leads.
struct Chain {
    protocol: u8,
    start: usize,
    part: Option<Part>,
    jumbo: Option<u32>,
}

/// A fragment header, and what stands behind it.
#[derive(Clone, Copy)]
struct Part {
    word: u16,
    identification: u32,
    start: usize,
    protocol: u8,
}

impl Chain {
    #[inline]
    fn none(protocol: u8, start: usize) -> Self {
        Self {
            protocol,
            start,
            part: None,
            jumbo: None,
        }
    }
}

/// Steps over extension headers, each as long as it says (RFC 8200 section 4, RFC 4302 section 2.2).
#[cold]
fn follow(data: &[u8], start: usize, next_header: u8) -> Chain {
    let mut chain = Chain::none(next_header, start);
    for _ in 0..MOST_EXTENSIONS {
        if !is_extension(chain.protocol) {
            break;
        }
        let Some([next, units, high, low, i0, i1, i2, i3]) = array_at(data, chain.start) else {
            break;
        };
        let size = match chain.protocol {
            FRAGMENT => 8,
            AUTHENTICATION => (u64::from(units) + 2) * 4,
            _ => (u64::from(units) + 1) * 8,
        };
        let end = beyond(chain.start, size);
        if chain.protocol == FRAGMENT {
            let word = u16::from_be_bytes([high, low]);
            if word & V6_PART != 0 {
                let identification = u32::from_be_bytes([i0, i1, i2, i3]);
                chain.part = Some(Part {
                    word,
                    identification,
                    start: end,
                    protocol: next,
                });
            }
        } else if chain.protocol == HOP_BY_HOP {
            chain.jumbo = jumbo_payload(data, chain.start.saturating_add(2), end);
        }
        chain.protocol = next;
        chain.start = end;
        if chain.part.is_some_and(|part| part.word & V6_OFFSET != 0) {
            break; // the rest of this packet's headers are in its first fragment
        }
    }
    chain
}

/// The length that a Jumbo Payload option gives, in the hop-by-hop options between two offsets.
fn jumbo_payload(data: &[u8], start: usize, end: usize) -> Option<u32> {
    let mut options = kept_at(data, start, end - start);
    while let &[kind, size, ..] = options {
        if kind == JUMBO_PAYLOAD {
            if let Some(&[_, _, l0, l1, l2, l3]) = options.first_chunk() {
                return Some(u32::from_be_bytes([l0, l1, l2, l3]));
            }
        }
        // Pad1 has no length (RFC 8200 section 4.2).
        let step = if kind == 0 { 1 } else { 2 + usize::from(size) };
        options = options.get(step..)?;
    }
    None
}

#[inline]
fn beyond(offset: usize, bytes: u64) -> usize {
    offset.saturating_add(at_most(bytes))
}

#[cfg(test)]
mod tests {
    use super::{Fragment, TCP, parse_ip};

    fn v6(next_header: u8, payload: u16, behind: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x60, 0, 0, 0];
        packet.extend(payload.to_be_bytes());
        packet.extend([next_header, 64]);
        packet.extend([1; 32]);
        packet.extend_from_slice(behind);
        packet
    }

    #[test]
    fn lengths_that_contradict_each_other_give_none_left() {
        let mut packet = [0x45; 24];
        packet[2..4].copy_from_slice(&[0, 3]);
        packet[6..8].copy_from_slice(&[0, 0]);
        assert_eq!(parse_ip(&packet, 0, 0).map(|ip| (ip.length, ip.start)), Some((0, 20)));
        packet[2..4].copy_from_slice(&[0, 0]);
        assert_eq!(parse_ip(&packet, 2, 1), None);
        assert_eq!(
            parse_ip(&packet, 0, 7).map(|ip| (ip.length, ip.lengthless)),
            Some((0, true))
        );
    }

    #[test]
    fn options_may_have_been_cut_off() {
        let mut packet = [0; 20];
        packet[0] = 0x4f;
        assert_eq!(
            parse_ip(&packet, 0, 100).map(|ip| (ip.start, ip.length)),
            Some((60, 40))
        );
        packet[0] = 0x44;
        assert_eq!(parse_ip(&packet, 0, 100), None);
    }

    #[test]
    fn a_later_fragment_ends_the_chain() {
        let packet = v6(44, 16, &[0, 0, 0, 9, 0, 0, 0, 7, 60, 0, 0, 0, 0, 0, 0, 0]);
        let ip = parse_ip(&packet, 0, 56).expect("a header");
        let part = Fragment {
            identification: 7,
            offset: 8,
            more: true,
            start: 48,
            length: 8,
            protocol: 0,
        };
        assert_eq!((ip.protocol, ip.start, ip.length, ip.fragment), (0, 48, 8, Some(part)));
    }

    #[test]
    fn a_jumbo_payload_says_its_own_length() {
        let packet = v6(0, 0, &[TCP, 0, 0, 0xc2, 4, 0, 1, 0, 0]);
        let ip = parse_ip(&packet, 0, 100).expect("a header");
        assert_eq!((ip.protocol, ip.length, ip.lengthless), (TCP, 52, true));
        let packet = v6(0, 0, &[TCP, 0, 0xc2, 4, 0, 1, 0, 0]);
        let ip = parse_ip(&packet, 0, 100).expect("a header");
        assert_eq!((ip.protocol, ip.length, ip.lengthless), (TCP, 65_528, false));
    }
}
