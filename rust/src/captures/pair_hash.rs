//! The hash by which a connection's row is found: of its two ends, whichever is named first.

use std::hash::{BuildHasher, Hasher};

use crate::captures::decoded::Segment;
use crate::captures::seed::Seed;
use crate::wire::address::{Endpoint, Family};

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
        if (one.address.family(), other.address.family()) == (Family::V4, Family::V4) {
            let (first, second) = (small(one), small(other));
            hasher.write_u64(first.min(second));
            hasher.write_u64(first.max(second));
        } else {
            let (first, second) = (large(one), large(other));
            for word in first.min(second).into_iter().chain(first.max(second)) {
                hasher.write_u64(word);
            }
        }
        hasher.finish()
    }
}

/// An end whose address is of IPv4.
fn small(end: &Endpoint) -> u64 {
    end.address.words()[1] << 16 | u64::from(end.port)
}

/// An end whose address may be of IPv6.
fn large(end: &Endpoint) -> [u64; 3] {
    let [high, low] = end.address.words();
    [high, low, u64::from(end.port)]
}
