//! The hash by which a connection's row is found: of its two ends, whichever is named first.

use std::hash::{BuildHasher, Hasher};

use crate::captures::decoded::Segment;
use crate::captures::seed::Seed;
use crate::wire::address::{Address, Endpoint};

/// It can be copied to where packets are read, so that the hash is known when they are tracked.
#[derive(Clone, Copy, Debug, Default)]
pub struct PairHash(Seed);

impl PairHash {
    /// The hash of a segment's connection.
    #[must_use]
    pub fn of(&self, segment: &Segment) -> u64 {
        self.of_ends(&segment.source, &segment.destination)
    }

    /// The same of two ends.
    #[must_use]
    pub fn of_ends(&self, one: &Endpoint, other: &Endpoint) -> u64 {
        let mut hasher = self.0.build_hasher();
        match (one.address, other.address) {
            (Address::V4(first), Address::V4(second)) => {
                let (first, second) = (small(first, one.port), small(second, other.port));
                hasher.write_u64(first.min(second));
                hasher.write_u64(first.max(second));
            }
            _ => {
                let (first, second) = if one < other { (one, other) } else { (other, one) };
                for end in [first, second] {
                    hasher.write(end.address.bytes());
                    hasher.write_u16(end.port);
                }
            }
        }
        hasher.finish()
    }
}

fn small(address: [u8; 4], port: u16) -> u64 {
    u64::from(u32::from_be_bytes(address)) << 16 | u64::from(port)
}
