//! What is counted of a segment for its connection: two lines of the cache, as it travels from core to core.

use crate::captures::decoded::{Content, Layers, Said, Segment};
use crate::captures::ends::Ends;
use crate::captures::keys::{KeyMaker, Keys};
use crate::captures::raw_packet::Stamp;

/// Which values of a segment are there; the bits of `Tracked::known`.
pub mod known {
    pub const TIMESTAMPS: u8 = 1;
    pub const IP_ID: u8 = 1 << 1;
    pub const MSS: u8 = 1 << 2;
    pub const PARTIAL: u8 = 1 << 3;
}

/// The columns of `Segment` that count, but for what few have (`Extra`). What is not there is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Tracked {
    pub keys: Keys,
    /// Its sender as the opener.
    pub ends: Ends,
    pub stamp: Stamp,
    pub timestamps: (u32, u32),
    pub seq: u32,
    pub ack: u32,
    pub payload: u32,
    /// Where its batch has the rest of it, from 1; 0 where there is none.
    pub extra: u32,
    pub window: u16,
    pub ip_id: u16,
    pub mss: u16,
    pub said: Option<Said>,
    /// The number of the VLAN that carried it, if nothing else did.
    pub vlan: u16,
    pub flags: u8,
    pub ttl: u8,
    pub content: Content,
    pub known: u8,
}

/// What few segments have.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    pub name: Option<Box<str>>,
    /// What carried it, where that is more than a VLAN.
    pub layers: Layers,
}

impl Extra {
    /// That of most segments.
    pub const NOTHING: Self = Self {
        name: None,
        layers: Layers::NONE,
    };
}

impl Tracked {
    /// What counts of a segment, with its hashes.
    #[must_use]
    pub fn of(segment: &Segment, keys: KeyMaker) -> (Self, Extra) {
        let options = &segment.options;
        let bit = |is: bool, bit: u8| if is { bit } else { 0 };
        let mut tracked = Self {
            keys: Keys::default(),
            ends: Ends::of(&segment.source, &segment.destination),
            stamp: segment.stamp,
            timestamps: options.timestamps.unwrap_or_default(),
            seq: segment.seq,
            ack: segment.ack,
            payload: segment.payload,
            extra: 0,
            window: segment.window,
            ip_id: segment.ip_id.unwrap_or_default(),
            mss: options.mss.unwrap_or_default(),
            said: segment.said,
            vlan: 0,
            flags: segment.flags,
            ttl: segment.ttl,
            content: segment.content,
            known: bit(options.timestamps.is_some(), known::TIMESTAMPS)
                | bit(segment.ip_id.is_some(), known::IP_ID)
                | bit(options.mss.is_some(), known::MSS)
                | bit(segment.partial, known::PARTIAL),
        };
        let blocks = options
            .sack_blocks
            .as_deref()
            .map_or(&[][..], |blocks| blocks.as_slice());
        tracked.keys = keys.of(&tracked, blocks);
        let extra = Extra {
            name: segment.name.clone(),
            layers: segment.layers.clone(),
        };
        (tracked, extra)
    }

    #[inline]
    #[must_use]
    pub fn has(&self, what: u8) -> bool {
        self.known & what != 0
    }
}

#[cfg(test)]
mod tests {
    use super::Tracked;

    #[test]
    fn a_segment_is_two_cache_lines() {
        assert_eq!(size_of::<Tracked>(), 128);
    }
}
