//! Capture bytes to rows of counters and packets, the twin of the plain readers in `bothways.captures`.

pub mod decoded;
pub mod raw_packet;
