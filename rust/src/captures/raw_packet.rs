//! A packet as a capture file keeps it.

use std::sync::Arc;

/// Bytes. libpcap keeps no more of a packet (`MAXIMUM_SNAPLEN`), so that a larger one is damage, not a packet.
pub const LARGEST_PACKET: u32 = 262_144;

/// Which packet it is, and when it was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Number in the file, from 1.
    pub frame: u64,
    /// Place in the capture over all its files, from 1.
    pub number: u64,
    /// Nanoseconds since 1970, by the observer's clock.
    pub at: i64,
    /// Which of the capture's files holds it, from 0.
    pub part: u32,
}

/// One packet, borrowed from the reader's buffer.
#[derive(Clone, Copy, Debug)]
pub struct RawPacket<'a> {
    pub stamp: Stamp,
    pub link_type: u32,
    /// What was kept of it.
    pub data: &'a [u8],
    /// Bytes that it had on the wire by the file's word, never fewer than were kept.
    pub wire_length: u32,
    /// Where its record starts in the file, bytes.
    pub offset: u64,
}

/// The same with bytes of its own, for what must outlive the buffer; cheap to copy.
#[derive(Clone, Debug)]
pub struct OwnedPacket {
    pub stamp: Stamp,
    pub link_type: u32,
    pub data: Arc<[u8]>,
    pub wire_length: u32,
    pub offset: u64,
}

impl OwnedPacket {
    #[must_use]
    pub fn of(packet: &RawPacket<'_>) -> Self {
        Self {
            stamp: packet.stamp,
            link_type: packet.link_type,
            data: packet.data.into(),
            wire_length: packet.wire_length,
            offset: packet.offset,
        }
    }

    #[must_use]
    pub fn borrowed(&self) -> RawPacket<'_> {
        RawPacket {
            stamp: self.stamp,
            link_type: self.link_type,
            data: &self.data,
            wire_length: self.wire_length,
            offset: self.offset,
        }
    }
}
