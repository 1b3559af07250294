//! Bytes to headers: total functions without opinions, the twins of `bothways.wire`.

pub mod address;
pub mod checksum;
pub mod greeting;
pub mod http;
pub mod ip;
pub mod names;
pub mod sequence;
pub mod tls;
