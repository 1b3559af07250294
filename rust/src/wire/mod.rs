//! Bytes to headers: total functions without opinions, the twins of `bothways.wire`.

pub mod address;
pub mod bytes;
pub mod carriers;
pub mod chain;
pub mod checksum;
pub mod ethernet;
pub mod gre;
pub mod greeting;
pub mod http;
pub mod icmp;
pub mod inside;
pub mod ip;
pub mod layer;
pub mod link;
pub mod link_reader;
pub mod monitor;
pub mod mpls;
pub mod names;
pub mod ppp;
pub mod sequence;
pub mod tcp;
pub mod tls;
pub mod tunnel;
pub mod udp_tunnel;
pub mod wifi;
pub mod wrapped;
