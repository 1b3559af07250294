//! ICMP and ICMPv6 errors, and the packets that they quote (RFC 792, RFC 1812 section 4.3, RFC 4443 section 3).

use crate::captures::decoded::flags::SYN;
use crate::wire::address::Address;
use crate::wire::bytes::{array_at, kept_at, u16_at, u32_at};
use crate::wire::inside::innermost;
use crate::wire::ip::{IpHeader, TCP, at_most, parse_ip};
use crate::wire::tcp::{HEADER_LENGTH, parse_options};

const UNREACHABLE: u8 = 3;
const FRAGMENTATION_NEEDED: u8 = 4;
const TOO_BIG_V6: u8 = 2;

/// The packet that an error is about, as much of it as came along: of a tunnel's packet, the one inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    pub source: Address,
    pub destination: Address,
    pub protocol: u8,
    /// As it was when the reporter gave the packet up: of a tunnel's packet the outer one.
    pub ttl: u8,
    /// The first two 16-bit numbers behind the IP header; None where they were cut off.
    pub ports: Option<(u16, u16)>,
    /// The 32 bits after the ports; None where they were cut off.
    pub seq: Option<u32>,
    pub identification: Option<u16>,
    /// What a quoted SYN announces, if that was quoted.
    pub mss: Option<u16>,
}

/// One error message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IcmpMessage {
    pub kind: u8,
    pub code: u8,
    /// Bytes; None for other messages, and where the field is zero (RFC 1191 section 5).
    pub next_hop_mtu: Option<u32>,
    pub quote: Quote,
}

/// The ICMP error (`version` 4) or ICMPv6 error (6) at an offset, of `length` bytes by the IP header's word.
///
/// None for messages that are none, and where no quoted addresses were kept.
#[must_use]
pub fn parse_icmp(version: u8, data: &[u8], offset: usize, length: u64) -> Option<IcmpMessage> {
    // What stands behind the message is padding, not quote.
    let data = kept_at(data, 0, offset.saturating_add(at_most(length)));
    let [kind, code, _, _, high0, high1, low0, low1] = array_at(data, offset)?;
    // The types that quote a packet (RFC 792; RFC 4443 section 2.1).
    let quotes = if version == 4 {
        matches!(kind, 3 | 4 | 5 | 11 | 12)
    } else {
        matches!(kind, 1..=4)
    };
    if !quotes {
        return None;
    }
    let next_hop_mtu = match (version, kind, code) {
        (4, UNREACHABLE, FRAGMENTATION_NEEDED) => u32::from(u16::from_be_bytes([low0, low1])),
        (6, TOO_BIG_V6, _) => u32::from_be_bytes([high0, high1, low0, low1]),
        _ => 0,
    };
    Some(IcmpMessage {
        kind,
        code,
        next_hop_mtu: (next_hop_mtu != 0).then_some(next_hop_mtu),
        quote: parse_quote(data, offset.saturating_add(8))?,
    })
}

fn parse_quote(data: &[u8], offset: usize) -> Option<Quote> {
    let outer = parse_ip(data, offset, data.len() as u64)?;
    let within = if outer.protocol == TCP {
        outer
    } else {
        innermost(&outer, data)
    };
    Some(quote(
        if within.protocol == TCP { &within } else { &outer },
        data,
        outer.ttl,
    ))
}

fn quote(header: &IpHeader, data: &[u8], ttl: u8) -> Quote {
    let behind = if header.fragment_offset() == 0 {
        data.get(header.start..).unwrap_or_default()
    } else {
        &[]
    };
    let [source_port, destination_port] = [0, 2].map(|at| u16_at(behind, at));
    Quote {
        source: header.source,
        destination: header.destination,
        protocol: header.protocol,
        ttl,
        ports: source_port.zip(destination_port),
        // "The internet header plus the first 64 bits of the original datagram's data." (RFC 792)
        seq: u32_at(behind, 4),
        identification: header.identification,
        mss: if header.protocol == TCP { mss(behind) } else { None },
    }
}

/// What a SYN announces; routers quote more than the eight bytes that they owe (RFC 1812 section 4.3.2.3).
fn mss(behind: &[u8]) -> Option<u16> {
    let (fixed, options) = behind.split_first_chunk::<HEADER_LENGTH>()?;
    let &[.., size, flags, _, _, _, _, _, _] = fixed;
    if flags & SYN == 0 {
        return None;
    }
    parse_options(options, (usize::from(size >> 4) * 4).saturating_sub(HEADER_LENGTH)).mss
}

#[cfg(test)]
mod tests {
    use super::{IcmpMessage, parse_icmp};

    /// An error that quotes a SYN from port 258 to 772 with an MSS of 1460, in IPv4.
    fn error(kind: u8, code: u8, rest: [u8; 4]) -> Vec<u8> {
        let mut message = vec![kind, code, 0, 0];
        message.extend(rest);
        message.extend([0x45, 0, 0, 44, 0, 9, 0, 0, 1, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        message.extend([1, 2, 3, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0x60, 2, 0, 0]);
        message.extend([0, 0, 0, 0, 2, 4, 5, 0xb4]);
        message
    }

    fn read(message: &[u8], length: u64) -> Option<IcmpMessage> {
        parse_icmp(4, message, 0, length)
    }

    #[test]
    fn a_quote_ends_where_the_message_does() {
        let message = error(11, 0, [0; 4]);
        let quote = |length| read(&message, length).expect("a quote").quote;
        assert!(read(&message, 27).is_none());
        assert_eq!((quote(31).ports, quote(32).ports), (None, Some((258, 772))));
        assert_eq!((quote(35).seq, quote(36).seq), (None, Some(5)));
        let announced = [51, 52, u64::MAX].map(|length| quote(length).mss);
        assert_eq!(announced, [None, Some(1460), Some(1460)]);
    }

    #[test]
    fn only_too_big_tells_an_mtu() {
        let mtu = |kind, code| {
            read(&error(kind, code, [9, 9, 5, 0xdc]), 99)
                .expect("an error")
                .next_hop_mtu
        };
        assert_eq!([mtu(3, 4), mtu(3, 1), mtu(11, 4)], [Some(1500), None, None]);
        let none = read(&error(3, 4, [9, 9, 0, 0]), 99).expect("an error");
        assert_eq!(none.next_hop_mtu, None);
        let v6 = parse_icmp(6, &error(2, 77, [0, 0, 5, 0]), 0, 99).expect("an error");
        assert_eq!(v6.next_hop_mtu, Some(1280));
    }

    #[test]
    fn a_header_length_below_its_least_announces_nothing() {
        let mut message = error(3, 1, [0; 4]);
        message[40] = 0x10;
        assert_eq!(read(&message, 99).expect("an error").quote.mss, None);
    }

    #[test]
    fn an_echo_quotes_nothing() {
        assert!(read(&error(8, 0, [0; 4]), 99).is_none());
        assert!(parse_icmp(6, &error(11, 0, [0; 4]), 0, 99).is_none());
    }
}
