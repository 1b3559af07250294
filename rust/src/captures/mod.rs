//! Capture bytes to rows of counters and packets, the twin of the plain readers in `bothways.captures`.

pub mod checksums;
pub mod datagram;
pub mod decode;
pub mod decoded;
pub mod found;
pub mod fragments;
pub mod icmp_report;
pub mod raw_packet;
pub mod tcp_segment;
