//! The random seed of a run's hashes: nobody can make packets that lie in each other's way.

use std::hash::{BuildHasher, Hasher};

use foldhash::SharedSeed;
use foldhash::fast::FoldHasher;

/// A seed from the system's random numbers, and a hash of about a nanosecond that begins with it.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    own: u64,
    shared: &'static SharedSeed,
}

impl Default for Seed {
    fn default() -> Self {
        let own = std::hash::RandomState::new().build_hasher().finish();
        Self {
            own,
            shared: SharedSeed::global_random(),
        }
    }
}

impl BuildHasher for Seed {
    type Hasher = FoldHasher<'static>;

    fn build_hasher(&self) -> FoldHasher<'static> {
        FoldHasher::with_seed(self.own, self.shared)
    }
}
