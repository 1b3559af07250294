//! The bodies of pcapng blocks (draft-ietf-opsawg-pcapng section 4).

use crate::captures::byte_order::ByteOrder;
use crate::wire::address::Address;

const END_OF_OPTIONS: u16 = 0;
const IF_TSRESOL: u16 = 9;
const IF_FILTER: u16 = 11;
const IF_TSOFFSET: u16 = 14;
const EPB_DROPCOUNT: u16 = 4;
const ISB_IFDROP: u16 = 5;
const ISB_OSDROP: u16 = 7;

/// First byte of a filter option whose rest is the filter's text; others are programs for machines.
const LIBPCAP_FILTER: u8 = 0;

/// Bytes of a filter's text that are kept.
const LONGEST_FILTER: usize = 1000;

/// Bytes of a name that are kept: room for 255 characters of any kind.
const LONGEST_NAME: usize = 1020;

const UNKNOWN_DROPS: u16 = 0xffff;

const NANOSECONDS_PER_SECOND: i128 = 1_000_000_000;

/// One interface that a section captured on.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    pub link_type: u32,
    /// Bytes kept of each packet; 0 for no limit.
    pub snap_length: u32,
    pub resolution: Resolution,
    /// Seconds to add to its time stamps.
    pub offset: i64,
}

impl Interface {
    /// The moment that a time stamp means; the year 2262 is the furthest that 64 bits of nanoseconds hold.
    #[inline]
    #[must_use]
    pub fn instant(&self, ticks: u64) -> i64 {
        // As nearly all captures have it.
        if let (0, Resolution::Nanoseconds(each)) = (self.offset, self.resolution) {
            if let Some(Ok(at)) = ticks.checked_mul(u64::from(each)).map(i64::try_from) {
                return at;
            }
        }
        self.any_instant(ticks)
    }

    fn any_instant(&self, ticks: u64) -> i64 {
        let moment = i128::from(self.offset) * NANOSECONDS_PER_SECOND + self.resolution.nanoseconds(ticks);
        i64::try_from(moment.clamp(-i128::from(i64::MAX), i128::from(i64::MAX))).unwrap_or(i64::MAX)
    }
}

/// How long a tick is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A whole number of nanoseconds.
    Nanoseconds(u32),
    /// A nanosecond has so many.
    PerNanosecond(u64),
    /// A second has two to the power of so many, at most 127.
    PowerOfTwo(u8),
    /// A nanosecond has more than 64 bits count.
    TooFine,
}

impl Resolution {
    /// "If the Most Significant Bit is equal to zero, the remaining bits indicates the resolution of the timestamp as a
    /// negative power of 10 [...] If the Most Significant Bit is equal to one, [...] of 2" (section 4.2).
    #[must_use]
    pub fn of(code: u8) -> Self {
        let power = u32::from(code & 0x7f);
        if code & 0x80 != 0 {
            return Self::PowerOfTwo(code & 0x7f);
        }
        match 9_u32.checked_sub(power) {
            Some(coarser) => Self::Nanoseconds(10_u32.pow(coarser)),
            None => 10_u64.checked_pow(power - 9).map_or(Self::TooFine, Self::PerNanosecond),
        }
    }

    /// How many whole nanoseconds `ticks` are: below 2^94.
    fn nanoseconds(self, ticks: u64) -> i128 {
        match self {
            Self::Nanoseconds(each) => i128::from(ticks) * i128::from(each),
            Self::PerNanosecond(count) => i128::from(ticks / count),
            Self::PowerOfTwo(power) => (i128::from(ticks) * NANOSECONDS_PER_SECOND) >> power,
            Self::TooFine => 0,
        }
    }
}

/// What a block with a packet holds.
#[derive(Clone, Copy, Debug)]
pub struct PacketBody {
    pub interface: u32,
    /// Time stamp in the interface's units; None in simple packet blocks, which have none.
    pub ticks: Option<u64>,
    /// Bytes of the packet that the block claims to hold.
    pub kept: u32,
    /// Where in the body they begin.
    pub start: usize,
    pub wire_length: u32,
    /// Packets lost on the interface between the one before and this one; None where the block does not say.
    pub lost: Option<u64>,
}

/// Reads block bodies of a section in its byte order. Too short a body gives None.
#[derive(Clone, Copy, Debug)]
pub struct BlockReader(pub ByteOrder);

impl BlockReader {
    /// An interface description (section 4.2), and the text of its capture filter as the file has it, if it has one.
    #[must_use]
    pub fn interface(self, body: &[u8]) -> Option<(Interface, Option<&[u8]>)> {
        let link_type = u32::from(self.0.u16_at(body, 0)?);
        let snap_length = self.0.u32_at(body, 4)?;
        let (mut resolution, mut offset, mut filter) = (Resolution::of(6), 0, None);
        for (code, value) in self.options(body, 8) {
            match (code, value) {
                (IF_TSRESOL, [code]) => resolution = Resolution::of(*code),
                (IF_TSOFFSET, value) => {
                    if let Ok(bytes) = <[u8; 8]>::try_from(value) {
                        offset = self.0.u64(bytes) as i64;
                    }
                }
                (IF_FILTER, [LIBPCAP_FILTER, text @ ..]) if !text.is_empty() => filter = Some(filter_text(text)),
                _ => {}
            }
        }
        let interface = Interface {
            link_type,
            snap_length,
            resolution,
            offset,
        };
        Some((interface, filter.filter(|text| !text.is_empty())))
    }

    /// An enhanced packet (section 4.3).
    #[inline]
    #[must_use]
    pub fn packet(self, body: &[u8]) -> Option<PacketBody> {
        let [interface, high, low, kept, wire_length] = self.0.u32s(body)?;
        let end = (kept as usize)
            .checked_next_multiple_of(4)
            .and_then(|padded| padded.checked_add(20))?;
        // Options stand behind the padding; most packets have none.
        let lost = if body.len() > end {
            self.drop_count(body, end)
        } else {
            None
        };
        Some(PacketBody {
            interface,
            ticks: Some(u64::from(high) << 32 | u64::from(low)),
            kept,
            start: 20,
            wire_length,
            lost,
        })
    }

    #[cold]
    fn drop_count(self, body: &[u8], at: usize) -> Option<u64> {
        let counts = self.options(body, at).filter(|(code, _)| *code == EPB_DROPCOUNT);
        counts
            .filter_map(|(_, value)| Some(self.0.u64(value.try_into().ok()?)))
            .last()
    }

    /// A packet in the block that the enhanced one replaced (appendix A).
    #[must_use]
    pub fn old_packet(self, body: &[u8]) -> Option<PacketBody> {
        let [_, high, low, kept, wire_length] = self.0.u32s(body)?;
        let lost = self.0.u16_at(body, 2)?;
        Some(PacketBody {
            interface: u32::from(self.0.u16_at(body, 0)?),
            ticks: Some(u64::from(high) << 32 | u64::from(low)),
            kept,
            start: 20,
            wire_length,
            lost: (lost != UNKNOWN_DROPS).then_some(u64::from(lost)),
        })
    }

    /// A packet without a time stamp, of the first interface, whose limit tells how much was kept (section 4.4).
    #[must_use]
    pub fn simple_packet(self, body: &[u8], snap_length: u32) -> Option<PacketBody> {
        let wire_length = self.0.u32_at(body, 0)?;
        let kept = if snap_length == 0 {
            wire_length
        } else {
            wire_length.min(snap_length)
        };
        Some(PacketBody {
            interface: 0,
            ticks: None,
            kept,
            start: 4,
            wire_length,
            lost: None,
        })
    }

    /// Number of the interface and packets lost on it so far (section 4.6); None where the block does not say.
    #[must_use]
    pub fn dropped(self, body: &[u8]) -> Option<(u32, u128)> {
        let interface = self.0.u32_at(body.first_chunk::<12>()?, 0)?;
        let lost = self
            .options(body, 12)
            .filter(|(code, _)| matches!(*code, ISB_IFDROP | ISB_OSDROP))
            .filter_map(|(_, value)| Some(u128::from(self.0.u64(value.try_into().ok()?))));
        Some((interface, lost.reduce(u128::saturating_add)?))
    }

    /// Addresses and their names as the file has them, of each record the first, none blank (section 4.5).
    pub fn names(self, body: &[u8]) -> impl Iterator<Item = (Address, &[u8])> {
        self.options(body, 0).filter_map(|(kind, value)| {
            let (address, names) = match kind {
                1 => value
                    .split_first_chunk()
                    .map(|(bytes, names)| (Address::v4(*bytes), names))?,
                2 => value
                    .split_first_chunk()
                    .map(|(bytes, names)| (Address::v6(*bytes), names))?,
                _ => return None,
            };
            let name = names.split(|byte| *byte == 0).next().unwrap_or_default();
            let name = name.get(..LONGEST_NAME).unwrap_or(name);
            (!is_blank(name)).then_some((address, name))
        })
    }

    /// Code and value of each option (section 3.5) or name record from `at` on.
    fn options(self, body: &[u8], at: usize) -> Options<'_> {
        Options {
            order: self.0,
            rest: body.get(at..).unwrap_or_default(),
        }
    }
}

/// Options; one that claims more than is left ends them.
struct Options<'a> {
    order: ByteOrder,
    rest: &'a [u8],
}

impl<'a> Iterator for Options<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let ([a, b, c, d], rest) = self.rest.split_first_chunk::<4>()?;
        let (code, length) = (self.order.u16([*a, *b]), usize::from(self.order.u16([*c, *d])));
        let value = rest.get(..length).filter(|_| code != END_OF_OPTIONS);
        self.rest = value
            .and_then(|_| rest.get(length.next_multiple_of(4)..))
            .unwrap_or_default();
        Some((code, value?))
    }
}

fn filter_text(text: &[u8]) -> &[u8] {
    let kept = text.get(..LONGEST_FILTER).unwrap_or(text);
    let end = kept.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    kept.get(..end).unwrap_or_default()
}

/// Whether nothing is left of a name without the blanks around it, of which Python knows four more.
fn is_blank(name: &[u8]) -> bool {
    let blank = |letter: char| letter.is_whitespace() || matches!(letter, '\u{1c}'..='\u{1f}');
    std::str::from_utf8(name).is_ok_and(|text| text.chars().all(blank))
}

#[cfg(test)]
mod tests {
    use super::{BlockReader, Interface, Resolution, is_blank};
    use crate::captures::byte_order::ByteOrder;

    /// By resolution, ticks, and seconds to add: as exact integers have it, within what 64 bits hold.
    const MOMENTS: [(u8, u64, i64, i64); 25] = [
        (0, 1, -9_223_372_037, -9_223_372_036_000_000_000),
        (
            6,
            18_446_744_073_709_551_615,
            -9_223_372_036_854_775_808,
            -9_223_372_036_854_775_807,
        ),
        (9, 1_700_000_000_123_456_789, 0, 1_700_000_000_123_456_789),
        (9, 5, 9_223_372_036_854_775_807, 9_223_372_036_854_775_807),
        (9, 0, 9_223_372_036, 9_223_372_036_000_000_000),
        (10, 18_446_744_073_709_551_615, 0, 1_844_674_407_370_955_161),
        (10, 1_700_000_000_123_456_789, 0, 170_000_000_012_345_678),
        (18, 18_446_744_073_709_551_615, 0, 18_446_744_073),
        (18, 1_700_000_000_123_456_789, 0, 1_700_000_000),
        (
            18,
            18_446_744_073_709_551_615,
            -9_223_372_036_854_775_808,
            -9_223_372_036_854_775_807,
        ),
        (18, 0, 9_223_372_036, 9_223_372_036_000_000_000),
        (19, 18_446_744_073_709_551_615, 0, 1_844_674_407),
        (19, 1_700_000_000_123_456_789, 0, 170_000_000),
        (28, 18_446_744_073_709_551_615, 0, 1),
        (28, 0, 9_223_372_036, 9_223_372_036_000_000_000),
        (29, 5, 9_223_372_036_854_775_807, 9_223_372_036_854_775_807),
        (30, 18_446_744_073_709_551_615, 0, 0),
        (30, 1_700_000_000_123_456_789, 0, 0),
        (128, 1, -9_223_372_037, -9_223_372_036_000_000_000),
        (
            129,
            18_446_744_073_709_551_615,
            -9_223_372_036_854_775_808,
            -500_000_000,
        ),
        (129, 1, -9_223_372_037, -9_223_372_036_500_000_000),
        (148, 1, -9_223_372_037, -9_223_372_036_854_775_807),
        (192, 18_446_744_073_709_551_615, 0, 999_999_999),
        (192, 1_700_000_000_123_456_789, 0, 92_157_184),
        (192, 1, -9_223_372_037, -9_223_372_036_854_775_807),
    ];

    #[test]
    fn moments_are_those_of_exact_arithmetic() {
        for (code, ticks, offset, moment) in MOMENTS {
            let resolution = Resolution::of(code);
            let interface = Interface {
                link_type: 1,
                snap_length: 0,
                resolution,
                offset,
            };
            assert_eq!(interface.instant(ticks), moment, "{code} {ticks} {offset}");
        }
    }

    #[test]
    fn a_name_is_blank_as_python_has_it() {
        for blank in [&b""[..], b" \t", b"\x1c\x1d\x1e\x1f", b"\xc2\x85", b"\xe3\x80\x80 "] {
            assert!(is_blank(blank));
        }
        for other in [&b"a"[..], b"\xff", b" \x85", b"\xe2\x80\x8b", b"\xe1\xa0\x8e"] {
            assert!(!is_blank(other));
        }
    }

    #[test]
    fn an_option_that_claims_more_than_is_left_ends_the_others() {
        let body = [0, 1, 0, 2, 7, 7, 0, 0, 0, 3, 0, 9, 1];
        let options: Vec<_> = BlockReader(ByteOrder::Big).options(&body, 0).collect();
        assert_eq!(options, [(1, &[7, 7][..])]);
    }
}
