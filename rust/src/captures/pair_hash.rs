//! The hash by which a connection's row is found: of its two ends, whichever is named first.

use std::hash::{BuildHasher, Hasher};

use crate::captures::ends::Ends;
use crate::captures::seed::Seed;

/// It can be copied to where packets are read, so that the hash is known when they are tracked.
#[derive(Clone, Copy, Debug, Default)]
pub struct PairHash(Seed);

impl PairHash {
    /// The hash of two ends.
    #[inline]
    #[must_use]
    pub fn of(&self, ends: &Ends) -> u64 {
        let mut hasher = self.0.build_hasher();
        let ([one, other], further) = ends.words();
        hasher.write_u128(u128::from(one) << 64 | u128::from(other));
        if let Some(further) = further {
            for word in further {
                hasher.write_u64(word);
            }
        }
        hasher.finish()
    }
}
