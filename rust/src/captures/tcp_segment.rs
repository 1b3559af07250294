//! A TCP packet to the segment that it shows.

use crate::captures::decoded::{Content, Decoded, Layers, Options, Other, Said, Segment};
use crate::captures::raw_packet::Stamp;
use crate::wire::address::{Endpoint, Mac};
use crate::wire::bytes::kept_at;
use crate::wire::ip::{IpHeader, at_most};
use crate::wire::tcp::{HEADER_LENGTH, parse_options, parse_tcp, usual_options};
use crate::wire::{greeting, http, tls};

/// Bytes of payload by which every kind of content is told.
const TELLING: u64 = 16;

/// The TCP header behind an IP header, which was read from `data`.
#[inline(always)]
#[must_use]
pub fn tcp_segment(
    stamp: Stamp,
    data: &[u8],
    ip: &IpHeader,
    link_source: Option<Mac>,
    layers: Layers,
    partial: bool,
) -> Decoded {
    let Some(tcp) = parse_tcp(data, ip.start, ip.length) else {
        return Decoded::Other(no_segment(data, ip, partial));
    };
    let start = ip.start.saturating_add(tcp.header_length);
    let length = ip.length - tcp.header_length as u64; // parse_tcp saw to it that it is not longer
    let payload = kept_at(data, start, at_most(length));
    let content = content(payload, length);
    let options = kept_at(data, ip.start.saturating_add(HEADER_LENGTH), tcp.header_length);
    let size = tcp.header_length.saturating_sub(HEADER_LENGTH);
    let options = match usual_options(options, size) {
        Some(timestamps) => Options {
            timestamps,
            ..Options::default()
        },
        None => parse_options(options, size),
    };
    Decoded::Segment(Segment {
        stamp,
        source: Endpoint {
            address: ip.source,
            port: tcp.source_port,
        },
        destination: Endpoint {
            address: ip.destination,
            port: tcp.destination_port,
        },
        seq: tcp.seq,
        ack: tcp.ack,
        payload: u32::try_from(length).unwrap_or(u32::MAX), // no header can say more (RFC 2675 section 2)
        window: tcp.window,
        ip_id: ip.identification,
        flags: tcp.flags,
        ttl: ip.ttl,
        content,
        partial,
        said: said(payload, content),
        options,
        name: name(payload, content),
        link_source,
        layers,
    })
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
    if length == 0 {
        Content::Nothing
    } else if tls::is_client_hello(payload) {
        Content::ClientHello
    } else if tls::is_record(payload) {
        Content::Tls
    } else if http::is_request(payload) {
        Content::HttpRequest
    } else if http::is_response(payload) {
        Content::HttpResponse
    } else if (payload.len() as u64) < length.min(TELLING) {
        Content::CutOff
    } else {
        Content::Other
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
