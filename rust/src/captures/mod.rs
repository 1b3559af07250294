//! Capture bytes to rows of counters and packets, the twin of the plain readers in `bothways.captures`.

pub mod byte_order;
pub mod checksums;
pub mod container;
pub mod datagram;
pub mod decode;
pub mod decoded;
pub mod file_facts;
pub mod found;
pub mod fragments;
pub mod icmp_report;
pub mod losses;
pub mod merged;
pub mod pcap;
pub mod pcapng;
pub mod pcapng_blocks;
pub mod raw_packet;
pub mod source;
pub mod step;
pub mod stream;
pub mod tcp_segment;
pub mod timeline;
pub mod troubles;
