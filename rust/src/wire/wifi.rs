//! IEEE 802.11 data frames (IEEE 802.11 clause 9).

use crate::captures::decoded::Hidden;
use crate::wire::address::Mac;
use crate::wire::bytes::{array_at, byte_at, kept_at, starts_with_at};
use crate::wire::layer::{LLC, Protocol};

const DATA: u8 = 2;
/// Bits of a data frame's subtype.
const NO_DATA: u8 = 0x4;
const QOS: u8 = 0x8;

/// Bits of the frame control field's second byte.
const TO_DS: u8 = 0x01;
const FROM_DS: u8 = 0x02;
const MORE_FRAGMENTS: u8 = 0x04;
const PROTECTED: u8 = 0x40;
const ORDER: u8 = 0x80;

const THREE_ADDRESSES: usize = 24;
/// Bit of the QoS control field: what follows is several packets, each with its own little header.
const AGGREGATED: u8 = 0x80;

const SUBFRAME: usize = 14;
/// The bound keeps a stranger's frame from taking long.
const MOST_SUBFRAMES: usize = 64;

/// Where the content of a frame whose protected bit still stands begins if the driver decrypted it: the eight bytes
/// of TKIP's or CCMP's header may be gone or not.
const BEHIND_KEYS: [usize; 2] = [0, 8];

/// LLC and SNAP before IPv4 and IPv6: 64 bits that no cipher writes by chance.
const SNAP: [[u8; 8]; 2] = [
    [0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00],
    [0xAA, 0xAA, 3, 0, 0, 0, 0x86, 0xDD],
];

/// One packet of a frame of 802.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub protocol: Protocol,
    pub offset: usize,
    /// The station that sent it: not the access point that repeated it.
    pub source: Mac,
}

/// The packets of a data frame; none where it is no data frame, carries none, or is a later fragment of one.
///
/// The frame control field stands at `offset`; `padded` says that the driver padded the header to four bytes.
#[must_use]
pub fn frames(data: &[u8], offset: usize, padded: bool) -> Vec<Frame> {
    let Some(fixed) = array_at::<THREE_ADDRESSES>(data, offset) else {
        return Vec::new();
    };
    let [control, flags, .., sequence, _] = fixed;
    if (control >> 2) & 3 != DATA || (control >> 4) & NO_DATA != 0 || sequence & 0x0F != 0 {
        return Vec::new();
    }
    let (size, aggregated) = header(data, offset, control, flags);
    let start = offset + if padded { size.next_multiple_of(4) } else { size };
    let source = sender(data, offset, flags);
    let start = if flags & PROTECTED == 0 {
        start
    } else if let Some(clear) = decrypted(data, start) {
        clear
    } else {
        return vec![Frame {
            protocol: Hidden::Wifi.into(),
            offset: start,
            source,
        }];
    };
    if aggregated && flags & MORE_FRAGMENTS == 0 {
        subframes(data, start)
    } else {
        vec![Frame {
            protocol: LLC.into(),
            offset: start,
            source,
        }]
    }
}

/// Where a frame with a protected bit can be read all the same.
fn decrypted(data: &[u8], start: usize) -> Option<usize> {
    let mut places = BEHIND_KEYS.iter().map(|skip| start + skip);
    places.find(|place| SNAP.iter().any(|snap| starts_with_at(data, *place, snap)))
}

/// How long the MAC header is, and whether an aggregate follows (IEEE 802.11 clause 9.3.2.1).
fn header(data: &[u8], offset: usize, control: u8, flags: u8) -> (usize, bool) {
    let four = flags & TO_DS != 0 && flags & FROM_DS != 0;
    let size = THREE_ADDRESSES + if four { 6 } else { 0 };
    if (control >> 4) & QOS == 0 {
        return (size, false);
    }
    let aggregated = byte_at(data, offset + size).is_some_and(|qos| qos & AGGREGATED != 0);
    (size + 2 + if flags & ORDER != 0 { 4 } else { 0 }, aggregated)
}

/// The source address (IEEE 802.11 table 9-30), as far as it was kept.
fn sender(data: &[u8], offset: usize, flags: u8) -> Mac {
    let place = match flags & (TO_DS | FROM_DS) {
        0 | TO_DS => 10,
        FROM_DS => 16,
        _ => 24,
    };
    Mac::of(kept_at(data, offset + place, 6))
}

/// The packets of an aggregate, each behind its addresses and length and padded to four bytes (clause 9.3.2.2).
fn subframes(data: &[u8], start: usize) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut start = start;
    for _ in 0..MOST_SUBFRAMES {
        let Some(head) = array_at::<SUBFRAME>(data, start) else {
            break;
        };
        let [_, _, _, _, _, _, source @ .., l0, l1] = head;
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        found.push(Frame {
            protocol: LLC.into(),
            offset: start + SUBFRAME,
            source: Mac::of(&source),
        });
        start += (SUBFRAME + length).next_multiple_of(4);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Frame, MOST_SUBFRAMES, frames};
    use crate::wire::address::Mac;
    use crate::wire::layer::{LLC, Protocol};

    /// A data frame with four addresses and QoS control, whose bit says that it is an aggregate.
    fn aggregate(subframes: &[u8]) -> Vec<u8> {
        [&[0x88, 3, 0, 0], &[2; 18][..], &[0, 0], &[7; 6], &[0x80, 0], subframes].concat()
    }

    #[test]
    fn cut_within_its_header_a_frame_has_the_part_of_its_source_that_is_there() {
        let frame = aggregate(&[]);
        for end in 24..30 {
            let source = Mac::of(&frame[24..end]);
            let cut = frames(&frame[..end], 0, false);
            assert_eq!(
                cut,
                [Frame {
                    protocol: Protocol::Ethertype(LLC),
                    offset: 32,
                    source
                }]
            );
        }
        assert!(frames(&frame[..23], 0, true).is_empty());
        assert!(frames(&frame, usize::MAX, true).is_empty());
    }

    #[test]
    fn an_aggregate_of_nothing_has_a_bound() {
        let frame = aggregate(&[0; 16].repeat(200));
        assert_eq!(frames(&frame, 0, false).len(), MOST_SUBFRAMES);
    }
}
