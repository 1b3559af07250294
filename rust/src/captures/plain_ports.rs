//! The ports of most packets at a glance, so that those that nobody wants are passed over at once.

use crate::captures::raw_packet::RawPacket;

const ETHERNET: u32 = 1;
const VLAN: [u8; 2] = [0x81, 0x00];
const IPV4: [u8; 2] = [0x08, 0x00];
const IPV6: [u8; 2] = [0x86, 0xdd];
const TCP: u8 = 6;

/// Version 4 and a header of five words.
const PLAIN_IPV4: u8 = 0x45;

/// The least that IP says to follow a plain header of IPv4, that included, and one of IPv6.
const SHORTEST: [u16; 2] = [40, 20];

/// The ports of a packet of TCP right behind an IP header without options, which is no fragment, on plain Ethernet or
/// behind one VLAN's tag; None of all others.
///
/// Such a packet brings nothing to light but its segment, if that much of it was kept.
#[inline]
#[must_use]
pub fn plain_ports(packet: &RawPacket<'_>) -> Option<[u16; 2]> {
    if packet.link_type != ETHERNET {
        return None;
    }
    let (link, behind) = packet.data.split_first_chunk::<14>()?;
    let (kind, data) = match [link[12], link[13]] {
        VLAN => {
            let (tag, behind) = behind.split_first_chunk::<4>()?;
            ([tag[2], tag[3]], behind)
        }
        kind => (kind, behind),
    };
    let ports = match kind {
        IPV4 => {
            let (head, behind) = data.split_first_chunk::<20>()?;
            let is_part = head[6] & 0x3f != 0 || head[7] != 0;
            let length = u16::from_be_bytes([head[2], head[3]]);
            if head[0] != PLAIN_IPV4 || head[9] != TCP || is_part || length < SHORTEST[0] {
                return None;
            }
            behind.first_chunk::<4>()?
        }
        IPV6 => {
            let (head, behind) = data.split_first_chunk::<40>()?;
            let length = u16::from_be_bytes([head[4], head[5]]);
            if head[0] >> 4 != 6 || head[6] != TCP || length < SHORTEST[1] {
                return None;
            }
            behind.first_chunk::<4>()?
        }
        _ => return None,
    };
    Some([[ports[0], ports[1]], [ports[2], ports[3]]].map(u16::from_be_bytes))
}

#[cfg(test)]
mod tests {
    use super::plain_ports;
    use crate::captures::raw_packet::{RawPacket, Stamp};

    fn ports(link_type: u32, data: &[u8]) -> Option<[u16; 2]> {
        plain_ports(&RawPacket {
            stamp: Stamp::default(),
            link_type,
            data,
            wire_length: u32::try_from(data.len()).unwrap_or(u32::MAX),
            offset: 0,
        })
    }

    fn frame(kind: &[u8], ip: &[u8]) -> Vec<u8> {
        [&[2; 12], kind, ip, &[0x01, 0xbb, 0x9c, 0x40], &[0; 16]].concat()
    }

    fn four(start: u8, part: [u8; 2], protocol: u8, length: u8) -> Vec<u8> {
        let head = [start, 0, 0, length, 0, 1, part[0], part[1], 64, protocol, 0, 0];
        [&head[..], &[10; 8]].concat()
    }

    fn six(next: u8) -> Vec<u8> {
        [&[0x60, 0, 0, 0, 0, 20, next, 64][..], &[9; 32]].concat()
    }

    #[test]
    fn the_ports_of_plain_packets_are_told_with_and_without_a_tag() {
        let plain = four(0x45, [0x40, 0], 6, 40);
        for data in [
            frame(&[8, 0], &plain),
            frame(&[0x81, 0, 0, 30, 8, 0], &plain),
            frame(&[0x86, 0xdd], &six(6)),
        ] {
            assert_eq!(ports(1, &data), Some([443, 40000]));
            assert_eq!(ports(113, &data), None);
        }
    }

    #[test]
    fn of_all_others_nothing_is_told() {
        let (plain, tagged) = (four(0x45, [0, 0], 6, 40), [0x81, 0, 0, 1, 0x81, 0, 0, 2, 8, 0]);
        for data in [
            frame(&[8, 0], &four(0x46, [0, 0], 6, 40)),
            frame(&[8, 0], &four(0x45, [0x20, 0], 6, 40)),
            frame(&[8, 0], &four(0x45, [0, 1], 6, 40)),
            frame(&[8, 0], &four(0x45, [0, 0], 17, 40)),
            frame(&[8, 0], &four(0x45, [0, 0], 6, 39)),
            frame(&[0x86, 0xdd], &six(44)),
            frame(&tagged, &plain),
            frame(&[8, 6], &plain),
            frame(&[8, 0], &plain)[..37].to_vec(),
            Vec::new(),
        ] {
            assert_eq!(ports(1, &data), None);
        }
    }
}
