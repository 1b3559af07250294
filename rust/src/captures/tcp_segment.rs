//! A TCP packet to the segment that it shows.

use crate::captures::decoded::{Content, Decoded, Layers, Other, Said, Segment};
use crate::captures::raw_packet::Stamp;
use crate::wire::address::Mac;
use crate::wire::ip::{IpHeader, at_most};
use crate::wire::tcp::{HEADER_LENGTH, parse_tcp};
use crate::wire::{greeting, http, tls};

/// Bytes of payload by which every kind of content is told.
const TELLING: u64 = 16;

/// Read the TCP header behind an IP header, which was read from `data`, into a segment, all of whose fields are set.
#[inline]
pub fn tcp_segment(
    stamp: Stamp,
    data: &[u8],
    ip: &IpHeader,
    link_source: Option<Mac>,
    layers: Layers,
    partial: bool,
    into: &mut Segment,
) -> Decoded {
    let Some(header_length) = parse_tcp(data, ip.start, ip.length, into) else {
        return Decoded::Other(no_segment(data, ip, partial));
    };
    let length = ip.length - header_length as u64; // parse_tcp saw to it that it is not longer
    let behind = data.get(ip.start.saturating_add(header_length)..).unwrap_or_default();
    let told = read_payload(behind, length);
    into.payload = u32::try_from(length).unwrap_or(u32::MAX); // no header can say more (RFC 2675 section 2)
    (into.content, into.said, into.name) = (told.content, told.said, told.name);
    into.stamp = stamp;
    into.source.address = ip.source;
    into.destination.address = ip.destination;
    into.ip_id = ip.identification;
    into.ttl = ip.ttl;
    into.partial = partial;
    into.link_source = link_source;
    into.layers = layers;
    Decoded::Segment
}

/// What a payload says.
#[derive(Debug)]
pub struct Told {
    pub content: Content,
    pub said: Option<Said>,
    pub name: Option<Box<str>>,
}

/// Read what a payload of `length` bytes says, by those of `behind` that are of it: what follows may be padding.
#[inline]
pub fn read_payload(behind: &[u8], length: u64) -> Told {
    let payload = behind.get(..at_most(length)).unwrap_or(behind);
    if payload.is_empty() || !may_tell(payload) {
        let content = untold(payload, length);
        return Told {
            content,
            said: None,
            name: None,
        };
    }
    told(payload, length)
}

fn told(payload: &[u8], length: u64) -> Told {
    let content = content(payload, length);
    Told {
        content,
        said: said(payload, content),
        name: name(payload, content),
    }
}

/// Whether a payload can be anything but the middle of a transfer, by what is looked at first in every kind of content.
#[inline]
fn may_tell(payload: &[u8]) -> bool {
    matches!(
        payload,
        [20..=24, 3, ..]
            | [b'G' | b'H' | b'P' | b'D' | b'C' | b'O' | b'T', ..]
            | [b'4' | b'5' | b'*' | b'-' | b'E' | b'N', ..]
            | [_, _, _, 0, 0xff, ..]
    )
}

/// What is said of a payload that tells nothing.
#[inline]
fn untold(payload: &[u8], length: u64) -> Content {
    if length == 0 {
        Content::Nothing
    } else if (payload.len() as u64) < length.min(TELLING) {
        Content::CutOff
    } else {
        Content::Other
    }
}

#[cold]
fn no_segment(data: &[u8], ip: &IpHeader, partial: bool) -> Other {
    let kept_less = data.len() < ip.start.saturating_add(HEADER_LENGTH) && ip.length >= HEADER_LENGTH as u64;
    if kept_less || partial {
        Other::CutTcp
    } else {
        Other::MalformedTcp
    }
}

/// What a payload of `length` bytes begins with, by those that were kept.
#[inline]
fn content(payload: &[u8], length: u64) -> Content {
    if tls::is_client_hello(payload) {
        Content::ClientHello
    } else if tls::is_record(payload) {
        Content::Tls
    } else if http::is_request(payload) {
        Content::HttpRequest
    } else if http::is_response(payload) {
        Content::HttpResponse
    } else {
        untold(payload, length)
    }
}

/// The name of a server in a payload of that content.
#[inline]
fn name(payload: &[u8], content: Content) -> Option<Box<str>> {
    match content {
        Content::ClientHello => tls::server_name(payload),
        Content::HttpRequest => http::host(payload),
        _ => None,
    }
}

/// What a payload of that content says of the service.
#[inline]
fn said(payload: &[u8], content: Content) -> Option<Said> {
    match content {
        Content::HttpResponse => http::status(payload).map(Said::Status),
        Content::Tls => tls::said(payload),
        Content::Other | Content::CutOff => greeting::turns_away(payload).then_some(Said::TurnsAway),
        Content::Nothing | Content::ClientHello | Content::HttpRequest => None,
    }
}
