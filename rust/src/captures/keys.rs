//! The hashes of a segment: of its connection, by which its row is found, and of the packet, by which a copy is known.

use std::hash::{BuildHasher, Hasher};

use crate::captures::decoded::Segment;
use crate::captures::pair_hash::PairHash;
use crate::captures::seed::Seed;

/// The hashes of one segment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    /// Of its two ends, whichever is named first.
    pub connection: u64,
    /// Of all by which two packets of one way differ: two different ones look alike once in 2^48 moments at most, and
    /// nobody can make them.
    pub packet: u64,
}

/// It can be copied to where packets are read, so that the hashes are known when they are tracked.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyMaker {
    pairs: PairHash,
    packets: Seed,
}

impl KeyMaker {
    /// The hashes of a segment.
    #[inline]
    #[must_use]
    pub fn of(&self, segment: &Segment) -> Keys {
        let connection = self.pairs.of(segment);
        Keys {
            connection,
            packet: self.packet(connection, segment),
        }
    }

    /// By what an error's connection is found.
    #[must_use]
    pub fn pairs(&self) -> PairHash {
        self.pairs
    }

    #[inline]
    fn packet(&self, connection: u64, segment: &Segment) -> u64 {
        let mut hasher = self.packets.build_hasher();
        let options = &segment.options;
        // Of the two ways of a connection the ports tell, or the addresses.
        let way = u64::from(segment.source.port) << 16 | u64::from(segment.source > segment.destination);
        let head = u64::from(segment.window) << 48
            | u64::from(segment.ip_id.unwrap_or_default()) << 32
            | u64::from(segment.flags) << 8
            | u64::from(segment.ip_id.is_some()) << 1
            | u64::from(options.timestamps.is_some());
        let (value, echo) = options.timestamps.unwrap_or_default();
        hasher.write_u64(connection ^ way);
        hasher.write_u64(u64::from(segment.seq) << 32 | u64::from(segment.ack));
        hasher.write_u64(head);
        hasher.write_u64(u64::from(value) << 32 | u64::from(echo));
        hasher.write_u32(segment.payload);
        if let Some(blocks) = &options.sack_blocks {
            for (left, right) in blocks.as_slice() {
                hasher.write_u64(u64::from(*left) << 32 | u64::from(*right));
            }
        }
        hasher.finish()
    }
}
