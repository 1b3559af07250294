//! From one IP header through a tunnel to the next.

use crate::captures::decoded::{Hidden, Word};
use crate::wire::bytes::byte_at;
use crate::wire::chain::follow;
use crate::wire::ip::{IpHeader, parse_ip};
use crate::wire::layer::{Protocol, by_version};
use crate::wire::tunnel::tunnel;

/// Headers of IP inside of each other that are followed; the bound keeps a stranger's packet from leading far.
pub const MOST_TUNNELS: usize = 8;

/// What an IP packet carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Within {
    /// An IP packet.
    Inside {
        ip: IpHeader,
        /// The tunnel and what stands behind it, outermost first.
        layers: Vec<Word>,
    },
    /// What cannot be seen.
    Hidden(Hidden),
    /// The packet is no tunnel's, or the tunnel carries nothing of the Internet's.
    NoTunnel,
    /// It is a tunnel's, and what it carries was not kept.
    Cut,
}

/// Look for the IP packet that another one, which is no fragment, carries.
#[must_use]
pub fn inside(ip: &IpHeader, data: &[u8]) -> Within {
    let Some(layer) = tunnel(ip, data) else {
        return Within::NoTunnel;
    };
    let Some((protocol, offset, words)) = follow(layer.protocol, data, layer.offset) else {
        return nothing(ip, data);
    };
    if let Protocol::Hidden(hidden) = protocol {
        return Within::Hidden(hidden);
    }
    if !protocol.is_ip() {
        return Within::NoTunnel;
    }
    let is_right = byte_at(data, offset).is_some_and(|first| protocol == by_version(first).into());
    let inner = if is_right {
        parse_ip(data, offset, end(ip))
    } else {
        None
    };
    let Some(inner) = inner else { return nothing(ip, data) };
    let mut layers = Vec::with_capacity(words.len() + 1);
    layers.extend(layer.word.map(|word| Word {
        ends: Some((ip.source, ip.destination)),
        ..word
    }));
    layers.extend(words);
    Within::Inside { ip: inner, layers }
}

/// Where the packet ends in its frame.
fn end(ip: &IpHeader) -> u64 {
    (ip.start as u64).saturating_add(ip.length)
}

fn nothing(ip: &IpHeader, data: &[u8]) -> Within {
    if (data.len() as u64) < end(ip) {
        Within::Cut
    } else {
        Within::NoTunnel
    }
}

/// The last header that can be reached through tunnels without putting fragments together.
#[must_use]
pub fn innermost(ip: &IpHeader, data: &[u8]) -> IpHeader {
    let mut last = *ip;
    for _ in 0..MOST_TUNNELS {
        if last.fragment_offset() != 0 {
            break;
        }
        let Within::Inside { ip: further, .. } = inside(&last, data) else {
            break;
        };
        last = further;
    }
    last
}
