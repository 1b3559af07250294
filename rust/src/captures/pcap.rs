//! Classic capture files: draft-ietf-opsawg-pcap, and the variant of Alexey Kuznetsov's patch to libpcap.

use crate::captures::byte_order::ByteOrder;
use crate::captures::file_facts::FileFacts;
use crate::captures::raw_packet::LARGEST_PACKET;
use crate::captures::source::Broken;
use crate::captures::step::{Found, Record, Step};
use crate::captures::stream::ByteStream;
use crate::captures::troubles::{Problem, Trouble};

const NANOSECONDS_PER_SECOND: i64 = 1_000_000_000;

const FILE_HEADER: usize = 24;

/// Before version 2.3 the length on the wire stood before the kept one; writers of 2.3 differ (libpcap, sf-pcap.c).
const LENGTHS_UNSETTLED: u16 = 3;
const LENGTHS_SETTLED: u16 = 4;

/// The upper half of the link type field tells of frame check sequences.
const LINK_TYPE_BITS: u32 = 0xffff;

/// One kind of classic file: told by its first four bytes, which also show the writer's byte order.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    format: &'static str,
    order: ByteOrder,
    nanoseconds_per_tick: u32,
    ticks_per_second: u32,
    /// Bytes of a record's header.
    header: usize,
}

impl Variant {
    /// The kind of file that begins with `magic`; None where that is no classic capture.
    #[must_use]
    pub fn of(magic: [u8; 4]) -> Option<Self> {
        let known = |order: ByteOrder| {
            let (format, tick, header) = match order.u32(magic) {
                0xa1b2_c3d4 => ("pcap", 1000, 16),
                0xa1b2_3c4d => ("pcap (nanoseconds)", 1, 16),
                // Its records also hold interface index, protocol and packet type.
                0xa1b2_cd34 => ("pcap", 1000, 24),
                _ => return None,
            };
            let ticks_per_second = 1_000_000_000 / tick;
            Some(Self {
                format,
                order,
                nanoseconds_per_tick: tick,
                ticks_per_second,
                header,
            })
        };
        known(ByteOrder::Little).or_else(|| known(ByteOrder::Big))
    }
}

/// A walk over records, of one capture or of several that were appended to one another.
///
/// Where the file is damaged the walk ends: nothing tells where the next record begins.
#[derive(Debug)]
pub struct Pcap {
    variant: Variant,
    at: Place,
    minor: u16,
    link_type: u32,
    frame: u64,
    overflown: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    FileHeader,
    Records,
    Over,
}

impl Pcap {
    /// A walk that begins at a file header, of which nothing was passed by.
    #[must_use]
    pub fn new(variant: Variant, facts: &mut FileFacts) -> Self {
        facts.formats = vec![variant.format];
        let at = Place::FileHeader;
        Self {
            variant,
            at,
            minor: 0,
            link_type: 0,
            frame: 0,
            overflown: false,
        }
    }

    /// The next packet or problem.
    #[inline]
    pub fn step(&mut self, stream: &mut ByteStream, facts: &mut FileFacts, found: &mut Found) -> Result<Step, Broken> {
        match self.at {
            Place::Records => self.record(stream, facts, found),
            Place::Over => Ok(Step::End),
            Place::FileHeader => match self.file_header(stream, facts)? {
                Some(problem) => Ok(self.stop(found, problem)),
                None => self.record(stream, facts, found),
            },
        }
    }

    /// Gives the packets that lie whole in the stream's buffer, up to one whose record is not plain, or until `take` wants
    /// no more.
    ///
    /// It is what `step` does for nearly every record, without looking anew for each of them where the walk is.
    #[inline]
    pub fn run(&mut self, stream: &mut ByteStream, mut take: impl FnMut(&Record, &[u8]) -> bool) {
        if self.at != Place::Records || self.minor < LENGTHS_SETTLED {
            return;
        }
        let Variant {
            order,
            nanoseconds_per_tick,
            ticks_per_second,
            header,
            ..
        } = self.variant;
        let (start, ahead) = (stream.offset(), stream.ahead());
        let mut left = ahead;
        let mut frame = self.frame;
        while let Some((head, _)) = left.split_first_chunk::<16>() {
            let &[s0, s1, s2, s3, t0, t1, t2, t3, k0, k1, k2, k3, w0, w1, w2, w3] = head;
            let (seconds, ticks) = (order.u32([s0, s1, s2, s3]), order.u32([t0, t1, t2, t3]));
            let (kept, wire_length) = (order.u32([k0, k1, k2, k3]), order.u32([w0, w1, w2, w3]));
            if kept == 0 || kept > LARGEST_PACKET || ticks >= ticks_per_second {
                break;
            }
            let Some((record, behind)) = left.split_at_checked(header + kept as usize) else {
                break;
            };
            let Some(data) = record.get(header..) else { break };
            frame += 1;
            let fraction = i64::from(ticks) * i64::from(nanoseconds_per_tick);
            let record = Record {
                frame,
                at: i64::from(seconds) * NANOSECONDS_PER_SECOND + fraction,
                offset: start + (ahead.len() - left.len()) as u64,
                link_type: self.link_type,
                wire_length: wire_length.max(kept),
            };
            left = behind;
            if !take(&record, data) {
                break;
            }
        }
        self.frame = frame;
        let passed = ahead.len() - left.len();
        stream.take_within(passed, 0..0);
    }

    fn stop(&mut self, found: &mut Found, problem: Problem) -> Step {
        self.at = Place::Over;
        found.problem(problem)
    }

    /// Pass by a file header; gives the problem that ends the walk, if there is one.
    fn file_header(&mut self, stream: &mut ByteStream, facts: &mut FileFacts) -> Result<Option<Problem>, Broken> {
        let start = stream.offset();
        let there = stream.want(FILE_HEADER)?;
        let (order, head) = (self.variant.order, stream.ahead());
        let numbers = order
            .u16_at(head, 4)
            .zip(order.u16_at(head, 6))
            .zip(order.u32_at(head, 16));
        let whole = numbers.zip(order.u32_at(head, 20)).filter(|_| there == FILE_HEADER);
        let Some((((major, minor), snap_length), link_type)) = whole else {
            facts.ended_early = true;
            return Ok(Some(Problem::at(0, Trouble::EndsInFileHeader, [0; 3])));
        };
        if major != 2 {
            let numbers = [major.into(), minor.into(), 0];
            return Ok(Some(Problem::at(
                start.saturating_add(4),
                Trouble::UnknownVersion,
                numbers,
            )));
        }
        stream.take(FILE_HEADER)?;
        facts.limit(snap_length);
        self.link_type = link_type & LINK_TYPE_BITS;
        self.minor = minor;
        self.at = Place::Records;
        Ok(None)
    }

    #[inline]
    fn record(&mut self, stream: &mut ByteStream, facts: &mut FileFacts, found: &mut Found) -> Result<Step, Broken> {
        let offset = stream.offset();
        let there = stream.want(self.variant.header)?;
        let [seconds, mut ticks, mut kept, mut wire_length] =
            self.variant.order.u32s(stream.ahead()).unwrap_or_default();
        // Whatever else stands in the place of a record claims nothing kept, or is too short.
        if kept == 0 || there < self.variant.header {
            if let Some(step) = self.no_record(there, stream, facts, found) {
                return Ok(step);
            }
        }
        self.frame += 1;
        if self.minor < LENGTHS_SETTLED && (self.minor < LENGTHS_UNSETTLED || kept > wire_length) {
            std::mem::swap(&mut kept, &mut wire_length);
        }
        let overflow = ticks >= self.variant.ticks_per_second;
        if overflow {
            ticks = self.variant.ticks_per_second - 1;
        }
        stream.take(self.variant.header)?;
        let there = if kept > LARGEST_PACKET {
            0
        } else {
            stream.take(kept as usize)?
        };
        let step = if there < kept as usize {
            self.cut(kept, there, offset, facts, found)
        } else {
            let fraction = i64::from(ticks) * i64::from(self.variant.nanoseconds_per_tick);
            found.record = Record {
                frame: self.frame,
                at: i64::from(seconds) * NANOSECONDS_PER_SECOND + fraction,
                offset,
                link_type: self.link_type,
                wire_length: wire_length.max(kept),
            };
            Step::Packet
        };
        if overflow && !self.overflown {
            self.overflown = true;
            let problem = Problem::at(offset, Trouble::OverflownFraction, [0; 3]);
            return Ok(found.problem_before(problem, Some(step)));
        }
        Ok(step)
    }

    /// A record is not whole.
    #[cold]
    fn cut(&mut self, kept: u32, there: usize, offset: u64, facts: &mut FileFacts, found: &mut Found) -> Step {
        if kept > LARGEST_PACKET {
            let numbers = [self.frame, kept.into(), 0];
            return self.stop(found, Problem::at(offset, Trouble::TooLarge, numbers));
        }
        facts.ended_early = true;
        let numbers = [self.frame, there as u64, kept.into()];
        self.stop(found, Problem::at(offset, Trouble::EndsInPacket, numbers))
    }

    /// What there is where a record should begin, of which `there` bytes are there; None where it is a record.
    #[cold]
    fn no_record(
        &mut self,
        there: usize,
        stream: &ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
    ) -> Option<Step> {
        let offset = stream.offset();
        let head = stream.ahead().get(..there).unwrap_or_default();
        if head.is_empty() {
            self.at = Place::Over;
            return Some(Step::End);
        }
        if let Some(variant) = file_header_in(head) {
            self.variant = variant;
            self.at = Place::FileHeader;
            return Some(found.problem(Problem::at(offset, Trouble::Appended, [self.frame, 0, 0])));
        }
        let trouble = if there < self.variant.header {
            Trouble::EndsInRecordHeader
        } else if head.iter().all(|byte| *byte == 0) {
            Trouble::Zeros
        } else {
            return None;
        };
        facts.ended_early = true;
        Some(self.stop(found, Problem::at(offset, trouble, [self.frame + 1, 0, 0])))
    }
}

/// Which file's header the beginning of a record is, if any: a packet would be empty, of the year 2055.
fn file_header_in(head: &[u8]) -> Option<Variant> {
    let variant = Variant::of(*head.first_chunk()?)?;
    let version = (variant.order.u16_at(head, 4)?, variant.order.u16_at(head, 6)?);
    (version == (2, 4) && head.get(8..16)? == [0; 8]).then_some(variant)
}
