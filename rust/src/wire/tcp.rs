//! TCP headers and options (RFC 9293 section 3.1 and 3.2, RFC 7323, RFC 2018).

use crate::captures::decoded::{Blocks, Options, Segment};

/// Bytes of a TCP header without options.
pub const HEADER_LENGTH: usize = 20;

const END: u8 = 0;
const NO_OPERATION: u8 = 1;
const MSS: u8 = 2;
const WINDOW_SCALE: u8 = 3;
const SACK_PERMITTED: u8 = 4;
const SACK: u8 = 5;
const TIMESTAMPS: u8 = 8;

/// Read the TCP header at an offset, where `length` bytes of header and payload stand by the IP header's word, into a
/// segment's ports, numbers, flags, window and options; tells how many bytes it has, options included.
///
/// None where fewer than its fixed 20 bytes were kept, or its length is too small or exceeds `length`.
#[inline]
#[must_use]
pub fn parse_tcp(data: &[u8], offset: usize, length: u64, into: &mut Segment) -> Option<usize> {
    let (fixed, rest) = data.get(offset..)?.split_first_chunk::<HEADER_LENGTH>()?;
    let &[s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, size, flags, w0, w1, ..] = fixed;
    let header_length = usize::from(size >> 4) * 4;
    if header_length < HEADER_LENGTH || header_length as u64 > length {
        return None;
    }
    into.source.port = u16::from_be_bytes([s0, s1]);
    into.destination.port = u16::from_be_bytes([d0, d1]);
    into.seq = u32::from_be_bytes([q0, q1, q2, q3]);
    into.ack = u32::from_be_bytes([a0, a1, a2, a3]);
    into.flags = flags;
    into.window = u16::from_be_bytes([w0, w1]);
    read_options(rest, header_length - HEADER_LENGTH, &mut into.options);
    Some(header_length)
}

/// The options that `length` bytes hold by the header's word, at the start of those that were kept.
///
/// An illegal length ends the list (RFC 9293 section 3.1, MUST-7), and what came before it is kept.
#[must_use]
pub fn parse_options(kept: &[u8], length: usize) -> Options {
    let mut options = Options::default();
    read_options(kept, length, &mut options);
    options
}

/// The same into options that were others before: written where they stay, as so many are read.
#[inline]
fn read_options(kept: &[u8], length: usize, into: &mut Options) {
    into.clear();
    if length == 0 {
        return;
    }
    // How nearly every segment's options look: RFC 7323 appendix A recommends the layout.
    if let (
        12,
        Some(
            &[
                NO_OPERATION,
                NO_OPERATION,
                TIMESTAMPS,
                10,
                v0,
                v1,
                v2,
                v3,
                e0,
                e1,
                e2,
                e3,
            ],
        ),
    ) = (length, kept.first_chunk())
    {
        let timestamps = (
            u32::from_be_bytes([v0, v1, v2, v3]),
            u32::from_be_bytes([e0, e1, e2, e3]),
        );
        into.timestamps = Some(timestamps);
        return;
    }
    read_each(kept.get(..length).unwrap_or(kept), length, into);
}

fn read_each(mut rest: &[u8], length: usize, options: &mut Options) {
    let mut others = Vec::new();
    let mut left = length;
    while left > 0 {
        let size = match *rest {
            [END, ..] => break,
            [NO_OPERATION, ..] => 1,
            [_, size, ..] if size < 2 || usize::from(size) > left => break,
            [_, size, ..] => usize::from(size),
            _ => {
                options.cut = rest.len() < left;
                break;
            }
        };
        let Some((option, behind)) = rest.split_at_checked(size) else {
            options.cut = true;
            break;
        };
        match *option {
            [MSS, 4, high, low] => options.mss = Some(u16::from_be_bytes([high, low])),
            [WINDOW_SCALE, 3, shift] => options.window_scale = Some(shift),
            [SACK_PERMITTED, 2] => options.sack_permitted = true,
            [TIMESTAMPS, 10, v0, v1, v2, v3, e0, e1, e2, e3] => {
                let value = u32::from_be_bytes([v0, v1, v2, v3]);
                options.timestamps = Some((value, u32::from_be_bytes([e0, e1, e2, e3])));
            }
            [SACK, _, ref edges @ ..] => options.sack_blocks = blocks(edges),
            [NO_OPERATION] | [MSS | WINDOW_SCALE | SACK_PERMITTED | TIMESTAMPS, ..] | [] => {}
            [kind, ..] => others.push((kind, u8::try_from(size).unwrap_or(u8::MAX))),
        }
        rest = behind;
        left -= size;
    }
    options.others = (!others.is_empty()).then(|| others.into());
}

/// SACK blocks: pairs of 32-bit edges (RFC 2018 section 3); what does not make a whole pair is left out.
fn blocks(edges: &[u8]) -> Option<Box<Blocks>> {
    let mut blocks = Blocks::default();
    for pair in edges.chunks_exact(8) {
        if let &[l0, l1, l2, l3, r0, r1, r2, r3] = pair {
            blocks.push((
                u32::from_be_bytes([l0, l1, l2, l3]),
                u32::from_be_bytes([r0, r1, r2, r3]),
            ));
        }
    }
    (!blocks.as_slice().is_empty()).then(|| Box::new(blocks))
}

#[cfg(test)]
mod tests {
    use super::{parse_options, parse_tcp};
    use crate::captures::decoded::Segment;

    #[test]
    fn a_header_longer_than_its_packet_is_none() {
        let mut header = [0; 20];
        header[12] = 0x60;
        let mut into = Segment::default();
        assert!(parse_tcp(&header, 0, 23, &mut into).is_none());
        assert_eq!(parse_tcp(&header, 0, 24, &mut into), Some(24));
        assert!(into.options.cut);
        assert!(parse_tcp(&header, 1, 24, &mut into).is_none());
        header[12] = 0x4f;
        assert!(parse_tcp(&header, 0, 24, &mut into).is_none());
    }

    #[test]
    fn an_illegal_length_ends_the_list_and_keeps_what_came_before() {
        let options = parse_options(&[2, 4, 5, 0xb4, 8, 0, 3, 3], 8);
        assert_eq!(
            (options.mss, options.window_scale, options.cut),
            (Some(1460), None, false)
        );
        assert!(!parse_options(&[8, 10, 1], 3).cut);
    }

    #[test]
    fn what_was_not_kept_is_cut() {
        for kept in [&[2, 4, 5, 0xb4, 8, 10, 1][..], &[2, 4, 5, 0xb4, 8], &[2, 4, 5, 0xb4]] {
            let options = parse_options(kept, 16);
            assert_eq!((options.mss, options.timestamps, options.cut), (Some(1460), None, true));
        }
        assert!(!parse_options(&[1, 0], 16).cut);
    }

    #[test]
    fn a_kind_without_a_length_at_the_very_end_is_no_cut() {
        assert!(!parse_options(&[1, 1, 1, 8], 4).cut);
    }

    #[test]
    fn a_known_kind_of_another_length_says_nothing() {
        let options = parse_options(&[3, 2, 4, 3, 0, 254, 2, 1], 8);
        assert_eq!((options.window_scale, options.sack_permitted), (None, false));
        assert_eq!(options.others.as_deref(), Some(&[(254, 2)][..]));
    }

    #[test]
    fn the_last_list_of_blocks_counts() {
        let mut kept = vec![5, 12];
        kept.extend([0, 0, 0, 1, 0, 0, 0, 2, 9, 9]);
        let blocks = parse_options(&kept, 12).sack_blocks.expect("a block");
        assert_eq!(blocks.as_slice(), [(1, 2)]);
        kept.extend([5, 2, 0, 0]);
        assert!(parse_options(&kept, 16).sack_blocks.is_none());
    }
}
