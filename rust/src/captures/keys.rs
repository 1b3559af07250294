//! The hashes of a segment: of its connection, by which its row is found, and of the packet, by which a copy is known.

use std::hash::{BuildHasher, Hasher};

use crate::captures::pair_hash::PairHash;
use crate::captures::seed::Seed;
use crate::captures::tracked::{Tracked, known};

/// The hashes of one segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The hashes of a segment, with the edges of its SACK blocks.
    #[inline]
    #[must_use]
    pub fn of(&self, segment: &Tracked, blocks: &[(u32, u32)]) -> Keys {
        let connection = self.pairs.of(&segment.ends);
        let mut hasher = self.packets.build_hasher();
        let head = u64::from(segment.window) << 48
            | u64::from(segment.ip_id) << 32
            | u64::from(segment.flags) << 8
            | u64::from(segment.known & (known::TIMESTAMPS | known::IP_ID));
        let (value, echo) = segment.timestamps;
        // Of the two ways of a connection the sender tells.
        hasher.write_u128(both(connection ^ segment.ends.way(), words(segment.seq, segment.ack)));
        hasher.write_u128(both(head, words(value, echo)));
        hasher.write_u64(segment.payload.into());
        for (left, right) in blocks {
            hasher.write_u64(words(*left, *right));
        }
        Keys {
            connection,
            packet: hasher.finish(),
        }
    }

    /// By what an error's connection is found.
    #[must_use]
    pub fn pairs(&self) -> PairHash {
        self.pairs
    }
}

#[inline]
fn words(one: u32, other: u32) -> u64 {
    u64::from(one) << 32 | u64::from(other)
}

#[inline]
fn both(one: u64, other: u64) -> u128 {
    u128::from(one) << 64 | u128::from(other)
}
