//! An ICMP packet to the error about a TCP packet that it reports.

use crate::captures::decoded::{Decoded, IcmpError, Other};
use crate::captures::raw_packet::Stamp;
use crate::wire::address::{Endpoint, Family};
use crate::wire::icmp::parse_icmp;
use crate::wire::ip::{IpHeader, TCP};

/// The ICMP message behind an IP header, which was read from `data`: an error about a TCP packet, however that was
/// carried.
#[must_use]
pub fn icmp_report(stamp: Stamp, data: &[u8], ip: &IpHeader) -> Decoded {
    let version = if ip.source.family() == Family::V4 { 4 } else { 6 };
    let Some(message) = parse_icmp(version, data, ip.start, ip.length).filter(|message| message.quote.protocol == TCP)
    else {
        return Decoded::Other(Other::Ip);
    };
    let quote = message.quote;
    let Some((source_port, destination_port)) = quote.ports else {
        return Decoded::Other(Other::CutError);
    };
    Decoded::Error(Box::new(IcmpError {
        stamp,
        reporter: ip.source,
        receiver: ip.destination,
        kind: message.kind,
        code: message.code,
        next_hop_mtu: message.next_hop_mtu,
        ttl: ip.ttl,
        source: Endpoint {
            address: quote.source,
            port: source_port,
        },
        destination: Endpoint {
            address: quote.destination,
            port: destination_port,
        },
        seq: quote.seq,
        quoted_ttl: quote.ttl,
        quoted_ip_id: quote.identification,
        quoted_mss: quote.mss,
    }))
}
