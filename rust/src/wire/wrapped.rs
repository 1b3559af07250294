//! Records that a capturing system wraps around packets: Linux's NFLOG and Apple's PKTAP.

use crate::wire::address::Mac;
use crate::wire::bytes::{array_at, kept_at};
use crate::wire::layer::{IPV4, IPV6, NOTHING_KNOWN};

const NFLOG_HEADER: usize = 4;
const TYPE_MASK: u16 = 0x7FFF;
const MOST_ATTRIBUTES: usize = 32;

const PKTAP_LEAST: u32 = 12;
const PKTAP_LONGEST: u32 = 4096;

/// The EtherType of an address family: AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD,
/// 28 on FreeBSD, 30 on macOS.
#[must_use]
pub fn of_family(family: u32) -> u16 {
    match family {
        2 => IPV4,
        10 | 24 | 28 | 30 => IPV6,
        _ => NOTHING_KNOWN,
    }
}

/// A packet inside a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// EtherType of the packet.
    pub protocol: u16,
    pub start: usize,
    /// Its sender, where the record tells.
    pub source: Option<Mac>,
}

/// A packet that an iptables or nft rule logged: family, version, resource, then attributes with their lengths.
///
/// Lengths are in the byte order of the host that captured
/// (<https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html>); the wrong one makes the first of them impossible.
#[must_use]
pub fn nflog(data: &[u8]) -> Option<Wrapped> {
    let [family, version, _, _] = array_at::<NFLOG_HEADER>(data, 0)?;
    if version != 0 {
        return None;
    }
    attributes(data, family, u16::from_le_bytes).or_else(|| attributes(data, family, u16::from_be_bytes))
}

fn attributes(data: &[u8], family: u8, order: fn([u8; 2]) -> u16) -> Option<Wrapped> {
    let (mut protocol, mut source) = (of_family(family.into()), None);
    let mut at = NFLOG_HEADER;
    for _ in 0..MOST_ATTRIBUTES {
        let [l0, l1, k0, k1] = array_at::<4>(data, at)?;
        let (length, kind, body) = (usize::from(order([l0, l1])), order([k0, k1]), at + 4);
        if length < 4 {
            return None;
        }
        // NFULA_PACKET_HDR, NFULA_HWADDR, NFULA_PAYLOAD (linux/netfilter/nfnetlink_log.h).
        match kind & TYPE_MASK {
            // A bridge's family names no protocol, the kernel's word does.
            1 if protocol == NOTHING_KNOWN => protocol = number(kept_at(data, body, 2)),
            8 if kept_at(data, body, 2) == [0, 6] => source = Some(Mac::of(kept_at(data, body + 4, 6))),
            9 => {
                return Some(Wrapped {
                    protocol,
                    start: body,
                    source,
                });
            }
            _ => {}
        }
        at += length.next_multiple_of(4);
    }
    None
}

/// The number that up to two bytes are.
fn number(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |number, byte| number << 8 | u16::from(*byte))
}

/// Apple's header: its length, what follows (1: a packet), and the packet's link type, in the host's byte order.
///
/// Gives the link type, and where the packet starts.
#[must_use]
pub fn pktap(data: &[u8]) -> Option<(u32, usize)> {
    for order in [u32::from_le_bytes, u32::from_be_bytes] {
        let (length, follows) = (order(array_at(data, 0)?), order(array_at(data, 4)?));
        let link_type = order(array_at(data, 8)?);
        if (PKTAP_LEAST..=PKTAP_LONGEST).contains(&length) {
            return (follows == 1).then_some((link_type, usize::try_from(length).ok()?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{nflog, pktap};

    #[test]
    fn attributes_without_a_packet_end_somewhere() {
        let mut data = vec![0, 0, 0, 0];
        data.extend([4, 0, 2, 0].repeat(100));
        assert_eq!(nflog(&data), None);
        data.extend([4, 0, 9, 0]);
        assert_eq!(nflog(&data), None);
    }

    #[test]
    fn the_byte_order_that_makes_sense_is_taken() {
        assert_eq!(nflog(&[2, 0, 0, 0, 0, 4, 0, 9]).map(|packet| packet.start), Some(8));
        assert_eq!(nflog(&[2, 0, 0, 0, 4, 0, 9, 0]).map(|packet| packet.start), Some(8));
    }

    #[test]
    fn a_record_of_apples_may_say_that_no_packet_follows() {
        let record = |follows: u8| [0, 0, 0, 12, 0, 0, 0, follows, 0, 0, 0, 1];
        assert_eq!(pktap(&record(1)), Some((1, 12)));
        assert_eq!(pktap(&record(0)), None);
        assert_eq!(pktap(&record(1)[..11]), None);
    }
}
