//! Bytes to headers: total functions without opinions, the twins of `bothways.wire`.

pub mod address;
pub mod checksum;
pub mod sequence;
