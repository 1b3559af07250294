//! What monitoring drivers write before a frame of 802.11: radiotap, Prism, AVS, PPI.

use crate::wire::bytes::{array_at, byte_at, kept_at, padded_at, u32_at};

/// Bits of radiotap (<https://www.radiotap.org/fields/>): the clock, the flags, another word of bits, and of the
/// flags, that the header is padded and that the checksum failed.
const TSFT: u32 = 0x1;
const FLAGS: u32 = 0x2;
const MORE_WORDS: u32 = 0x8000_0000;
const MOST_WORDS: usize = 32;
const PADDED: u8 = 0x20;
const DAMAGED: u8 = 0x40;

const RADIOTAP_LENGTH: u16 = 8;
const PRISM_LENGTH: usize = 144;
const AVS_COOKIE: u32 = 0x8021_1000;
const COOKIE_MASK: u32 = 0xFFFF_F000;
const PPI_LENGTH: u16 = 8;

/// Where a driver's own header ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Monitored {
    pub start: usize,
    /// Of what follows, if the header says it; otherwise it is a frame of 802.11.
    pub link_type: Option<u32>,
    /// The frame's header is padded to a multiple of four bytes.
    pub padded: bool,
}

impl Monitored {
    /// A frame of 802.11 that starts here.
    #[must_use]
    pub fn at(start: usize) -> Self {
        Self {
            start,
            link_type: None,
            padded: false,
        }
    }
}

/// Version, length, and the four bytes behind: radiotap and PPI begin alike. `None` unless the version is 0.
fn versioned(data: &[u8], least: u16) -> Option<(u16, u32)> {
    let [version, _, l0, l1, rest @ ..] = array_at::<8>(data, 0)?;
    let length = u16::from_le_bytes([l0, l1]);
    (version == 0 && length >= least).then(|| (length, u32::from_le_bytes(rest)))
}

/// Radiotap: version 0, a length, and words of bits that say which fields follow.
///
/// `None` also for a frame whose checksum the card found wrong: what it seems to say was damaged in the air.
#[must_use]
pub fn radiotap(data: &[u8]) -> Option<Monitored> {
    let (length, present) = versioned(data, RADIOTAP_LENGTH)?;
    let start = usize::from(length);
    let flags = radiotap_flags(kept_at(data, 0, start), present);
    let padded = flags & PADDED != 0;
    (flags & DAMAGED == 0).then_some(Monitored {
        start,
        link_type: None,
        padded,
    })
}

/// The flags field: it stands behind all words of presence and, aligned to its size, the clock.
fn radiotap_flags(header: &[u8], present: u32) -> u8 {
    let (mut at, mut word) = (usize::from(RADIOTAP_LENGTH), present);
    for _ in 0..MOST_WORDS {
        if word & MORE_WORDS == 0 {
            break;
        }
        word = u32::from_le_bytes(padded_at(header, at));
        at += 4;
    }
    if present & TSFT != 0 {
        at = at.next_multiple_of(8) + 8;
    }
    if present & FLAGS != 0 {
        byte_at(header, at).unwrap_or(0)
    } else {
        0
    }
}

/// The header of the Prism II drivers, always as long; some drivers write AVS's under the same link type.
#[must_use]
pub fn prism(data: &[u8]) -> Option<Monitored> {
    Some(avs(data).unwrap_or(Monitored::at(PRISM_LENGTH)))
}

/// AVS: a magic number with a version, then a length.
#[must_use]
pub fn avs(data: &[u8]) -> Option<Monitored> {
    let (cookie, length) = (u32_at(data, 0)?, u32_at(data, 4)?);
    if cookie & COOKIE_MASK != AVS_COOKIE {
        return None;
    }
    Some(Monitored::at(usize::try_from(length).unwrap_or(usize::MAX)))
}

/// Per-Packet Information: version 0, a length, and the link type of what follows.
#[must_use]
pub fn ppi(data: &[u8]) -> Option<Monitored> {
    let (length, link_type) = versioned(data, PPI_LENGTH)?;
    Some(Monitored {
        start: usize::from(length),
        link_type: Some(link_type),
        padded: false,
    })
}

#[cfg(test)]
mod tests {
    use super::{Monitored, avs, radiotap};

    #[test]
    fn the_longest_length_of_avs_is_taken_as_it_stands() {
        let data = [0x80, 0x21, 0x10, 0x01, 0xFF, 0xFF, 0xFF, 0xFF];
        assert_eq!(avs(&data).map(|avs| avs.start), usize::try_from(u32::MAX).ok());
    }

    #[test]
    fn flags_behind_the_end_of_radiotap_are_none() {
        // Clock and flags are announced; the header ends within the clock.
        let data = [
            0, 0, 12, 0, 3, 0, 0, 0, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
        ];
        assert_eq!(radiotap(&data), Some(Monitored::at(12)));
    }
}
