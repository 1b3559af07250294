//! From one IP header through a tunnel to the next.

use crate::captures::decoded::Hidden;
use crate::wire::bytes::byte_at;
use crate::wire::chain::follow;
use crate::wire::ip::{IpHeader, parse_ip};
use crate::wire::layer::{Name, Protocol, by_version};
use crate::wire::tunnel::tunnel;

/// Headers of IP inside of each other that are followed; the bound keeps a stranger's packet from leading far.
pub const MOST_TUNNELS: usize = 8;

/// What an IP packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// An IP packet.
    Inside(IpHeader),
    /// What cannot be seen.
    Hidden(Hidden),
    /// The packet is no tunnel's, or the tunnel carries nothing of the Internet's.
    NoTunnel,
    /// It is a tunnel's, and what it carries was not kept.
    Cut,
}

/// Look for the IP packet that another one, which is no fragment, carries.
///
/// Adds to `names`, where there is one, those of the tunnel and of what stands behind it, outermost first.
#[must_use]
pub fn inside(ip: &IpHeader, data: &[u8], names: &mut Vec<Name>) -> Within {
    let Some(layer) = tunnel(ip, data) else {
        return Within::NoTunnel;
    };
    names.extend(layer.name);
    let Some((protocol, offset)) = follow(layer.protocol, data, layer.offset, names) else {
        return nothing(ip, data);
    };
    if let Protocol::Hidden(hidden) = protocol {
        return Within::Hidden(hidden);
    }
    if !protocol.is_ip() {
        return Within::NoTunnel;
    }
    let is_right = byte_at(data, offset).is_some_and(|first| protocol == by_version(first).into());
    let inner = if is_right {
        parse_ip(data, offset, end(ip))
    } else {
        None
    };
    inner.map_or_else(|| nothing(ip, data), Within::Inside)
}

/// Where the packet ends in its frame.
fn end(ip: &IpHeader) -> u64 {
    (ip.start as u64).saturating_add(ip.length)
}

fn nothing(ip: &IpHeader, data: &[u8]) -> Within {
    if (data.len() as u64) < end(ip) {
        Within::Cut
    } else {
        Within::NoTunnel
    }
}

/// The last header that can be reached through tunnels without putting fragments together.
#[must_use]
pub fn innermost(ip: &IpHeader, data: &[u8]) -> IpHeader {
    let (mut last, mut names) = (*ip, Vec::new());
    for _ in 0..MOST_TUNNELS {
        if last.fragment_offset() != 0 {
            break;
        }
        let Within::Inside(further) = inside(&last, data, &mut names) else {
            break;
        };
        last = further;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::{Within, innermost, inside};
    use crate::wire::ip::{IpHeader, parse_ip};

    /// IPv4 between 10.0.0.1 and 10.0.0.2, with the right lengths.
    fn v4(protocol: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(20 + body.len()).unwrap().to_be_bytes();
        let rest = [0, 0, 0, 0, 60, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        [&[0x45, 0], &length[..], &rest, body].concat()
    }

    fn udp(port: u16, body: &[u8]) -> Vec<u8> {
        v4(17, &[&[0xC0, 0], &port.to_be_bytes()[..], &[0; 4], body].concat())
    }

    fn header(packet: &[u8]) -> IpHeader {
        parse_ip(packet, 0, packet.len() as u64).unwrap()
    }

    /// One packet through every kind of tunnel.
    fn carried() -> Vec<Vec<u8>> {
        let packet = v4(6, &[0; 20]);
        let frame = [&[2; 12], &[8, 0][..], &packet].concat();
        let user = [&[0x34, 255, 0, 48, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 0, 0][..], &packet].concat();
        vec![
            v4(4, &packet),
            v4(47, &[&[0x30, 0, 8, 0, 0, 0, 0, 5, 0, 0, 0, 1][..], &packet].concat()),
            v4(
                47,
                &[
                    &[0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 0, 0, 5, 0, 0, 0, 0][..],
                    &frame,
                ]
                .concat(),
            ),
            v4(
                47,
                &[
                    &[0x30, 1, 0x88, 0x0B, 0, 44, 0, 7, 0, 0, 0, 1, 0xFF, 3, 0, 0x21][..],
                    &packet,
                ]
                .concat(),
            ),
            v4(97, &[&[0x30, 0][..], &frame].concat()),
            v4(137, &[&[0, 6, 0x41, 63][..], &packet].concat()),
            udp(4789, &[&[8, 0, 0, 0, 0, 0, 42, 0][..], &frame].concat()),
            udp(4790, &[&[12, 0, 0, 1, 0, 0, 42, 0][..], &packet].concat()),
            udp(6081, &[&[1, 0, 8, 0, 0, 0, 42, 0, 0, 0, 0, 0][..], &packet].concat()),
            udp(2152, &user),
        ]
    }

    #[test]
    fn a_packet_is_found_in_every_tunnel_and_where_it_was_cut_that_is_said() {
        for outer in carried() {
            let ip = header(&outer);
            let mut names = Vec::new();
            let Within::Inside(inner) = inside(&ip, &outer, &mut names) else {
                panic!("{outer:?}")
            };
            assert_eq!((inner.protocol, inner.length), (6, 20));
            assert!(!names.is_empty());
            assert_eq!(innermost(&ip, &outer), inner);
            for end in 20..outer.len() - 20 {
                let found = inside(&ip, &outer[..end], &mut Vec::new());
                assert!(matches!(found, Within::Cut | Within::NoTunnel), "{found:?}");
            }
        }
    }

    #[test]
    fn whatever_start_and_length_a_header_gives_nothing_overflows() {
        for outer in carried() {
            let ip = header(&outer);
            for start in (0..outer.len() + 9).chain(usize::MAX - 9..=usize::MAX) {
                for length in [0, 1, 7, 8, 9, 15, 16, 23, 24, 1 << 32, u64::MAX] {
                    let odd = IpHeader { start, length, ..ip };
                    if start > outer.len() {
                        assert!(!matches!(inside(&odd, &outer, &mut Vec::new()), Within::Inside(_)));
                    }
                    assert!(innermost(&odd, &outer).start <= odd.start.max(outer.len() + 60));
                }
            }
        }
    }

    #[test]
    fn packets_inside_of_each_other_are_followed_so_far_only() {
        let mut packet = v4(6, &[]);
        for _ in 0..20 {
            packet = v4(4, &packet);
        }
        assert_eq!(innermost(&header(&packet), &packet).start, 9 * 20);
    }
}
