//! Captures in blocks: draft-ietf-opsawg-pcapng.

use crate::captures::byte_order::ByteOrder;
use crate::captures::file_facts::FileFacts;
use crate::captures::pcapng_section::{Kind, Section};
use crate::captures::source::Broken;
use crate::captures::step::{Found, Record, Step};
use crate::captures::stream::ByteStream;
use crate::captures::troubles::{Problem, Trouble};

/// Type of the block that starts a section; reads the same in both byte orders.
pub const SECTION_HEADER: [u8; 4] = *b"\x0a\x0d\x0d\x0a";

const MAJOR: u16 = 1;

/// Bytes of a block that is read into memory: room for the largest packet and for more options than anybody writes.
const LARGEST_BLOCK: u32 = 1 << 20;

/// Bytes of a block around its body: type, length, and the length again.
const FRAME: u32 = 12;

/// Bytes of a section header without options.
const SECTION: u32 = 28;

/// A walk over blocks.
///
/// A block whose content makes no sense is stepped over; where the chain of blocks itself breaks, the walk ends.
#[derive(Debug, Default)]
pub struct Pcapng {
    section: Section,
    /// The section has a version that nobody knows.
    foreign: bool,
    frame: u64,
    timeless: bool,
    over: bool,
}

impl Pcapng {
    /// A walk that begins at a section header, of which nothing was passed by.
    #[must_use]
    pub fn new(facts: &mut FileFacts) -> Self {
        facts.formats = vec!["pcapng"];
        Self::default()
    }

    /// The next packet or problem.
    #[inline]
    pub fn step(&mut self, stream: &mut ByteStream, facts: &mut FileFacts, found: &mut Found) -> Result<Step, Broken> {
        while !self.over {
            if let Some(step) = self.block(stream, facts, found)? {
                return Ok(step);
            }
        }
        Ok(Step::End)
    }

    /// The walk is over, and this is why.
    #[cold]
    fn stop(&mut self, facts: &mut FileFacts, found: &mut Found, problem: Problem) -> Step {
        self.end(facts);
        found.problem(problem)
    }

    /// The walk is over as the file is.
    #[cold]
    fn cut(&mut self, facts: &mut FileFacts, found: &mut Found, problem: Problem) -> Step {
        facts.ended_early = true;
        self.stop(facts, found, problem)
    }

    fn end(&mut self, facts: &mut FileFacts) {
        self.over = true;
        if self.frame == 0 {
            self.section
                .snap_lengths()
                .for_each(|snap_length| facts.limit(snap_length));
        }
    }

    /// Read or step over one block; gives what came of it, if anything did.
    #[inline]
    fn block(
        &mut self,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
    ) -> Result<Option<Step>, Broken> {
        let start = stream.offset();
        stream.want(8)?;
        let Some(head) = stream.ahead().first_chunk::<8>() else {
            return Ok(self.no_block(stream, facts, found));
        };
        if head.starts_with(&SECTION_HEADER) {
            return self.start_section(stream, facts, found);
        }
        let order = self.section.order();
        let [number, total] = order.u32s(head).unwrap_or_default();
        let kind = Kind::of(number);
        let spare = kind.is_none_or(|kind| kind == Kind::Names);
        // "This value MUST be a multiple of 4." (section 3.1)
        if total < FRAME || total % 4 != 0 || (!spare && total > LARGEST_BLOCK) {
            let problem = Problem::at(start, Trouble::BlockLength, [total.into(), 0, 0]);
            return Ok(Some(self.stop(facts, found, problem)));
        }
        let Some(kind) = kind.filter(|_| !self.foreign && total <= LARGEST_BLOCK) else {
            stream.take(8)?;
            stream.skip(u64::from(total - FRAME))?;
            return self.close(stream, facts, found, start, total);
        };
        let whole = total as usize;
        stream.want(whole)?;
        let Some((body, tail)) = stream.ahead().get(8..whole).and_then(<[u8]>::split_last_chunk::<4>) else {
            let problem = Problem::at(start, Trouble::EndsInBlock, [total.into(), 0, 0]);
            return Ok(Some(self.cut(facts, found, problem)));
        };
        let again = order.u32(*tail);
        if again != total {
            let problem = Problem::at(start, Trouble::LengthsDiffer, [total.into(), again.into(), 0]);
            return Ok(Some(self.stop(facts, found, problem)));
        }
        match kind {
            Kind::Packet | Kind::OldPacket | Kind::SimplePacket => {
                Ok(Some(self.packet(kind, whole, stream, facts, found)))
            }
            _ => {
                let step = self.understand(kind, body, facts, found, start);
                stream.take_within(whole, 0..0);
                Ok(step)
            }
        }
    }

    /// Take in a packet, in a block of `whole` bytes that are ahead.
    #[inline]
    fn packet(
        &mut self,
        kind: Kind,
        whole: usize,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
    ) -> Step {
        let start = stream.offset();
        let body = stream.ahead().get(8..whole.saturating_sub(4)).unwrap_or_default();
        let packet = self.section.packet(kind, body);
        let (step, data) = match self.section.take_in(packet, body.len(), facts) {
            Some(taken) => {
                self.frame += 1;
                found.record = Record {
                    frame: self.frame,
                    at: taken.at,
                    offset: start,
                    link_type: taken.link_type,
                    wire_length: taken.body.wire_length.max(taken.body.kept),
                };
                let data = taken.body.start.saturating_add(8);
                (Step::Packet, data..data.saturating_add(taken.body.kept as usize))
            }
            None => (
                found.problem(Problem::at(start, Trouble::SenselessPacket, [0; 3])),
                0..0,
            ),
        };
        stream.take_within(whole, data);
        if !self.timeless && packet.is_some_and(|packet| packet.ticks.is_none()) {
            self.timeless = true;
            return found.problem_before(Problem::at(start, Trouble::Timeless, [0; 3]), Some(step));
        }
        step
    }

    /// Take in a whole block that holds no packet.
    #[cold]
    fn understand(
        &mut self,
        kind: Kind,
        body: &[u8],
        facts: &mut FileFacts,
        found: &mut Found,
        start: u64,
    ) -> Option<Step> {
        match kind {
            Kind::Statistics => self.section.count_losses(body, facts),
            Kind::Names => self.section.add_names(body, facts),
            _ => {
                if !self.section.add_interface(body, facts) {
                    return Some(found.problem(Problem::at(start, Trouble::SenselessInterface, [0; 3])));
                }
            }
        }
        None
    }

    /// What is left where a block should begin is shorter than a block's header.
    #[cold]
    fn no_block(&mut self, stream: &ByteStream, facts: &mut FileFacts, found: &mut Found) -> Option<Step> {
        let left = stream.ahead();
        if left.is_empty() {
            self.end(facts);
            return None;
        }
        let section = left.starts_with(&SECTION_HEADER);
        let trouble = if section {
            Trouble::EndsInSectionHeader
        } else {
            Trouble::EndsInBlockHeader
        };
        Some(self.cut(facts, found, Problem::at(stream.offset(), trouble, [0; 3])))
    }

    /// Read a section header: the length before the magic is in the byte order that the magic tells (section 4.1).
    #[cold]
    fn start_section(
        &mut self,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
    ) -> Result<Option<Step>, Broken> {
        let start = stream.offset();
        let there = stream.want(16)?;
        let head = stream.ahead();
        let Some([_, _, _, _, length @ .., e, f, g, h]) = head.first_chunk::<12>().copied() else {
            let problem = Problem::at(start, Trouble::EndsInSectionHeader, [0; 3]);
            return Ok(Some(self.cut(facts, found, problem)));
        };
        let order = match [e, f, g, h] {
            [0x1a, 0x2b, 0x3c, 0x4d] => ByteOrder::Big,
            [0x4d, 0x3c, 0x2b, 0x1a] => ByteOrder::Little,
            _ => {
                return Ok(Some(self.stop(
                    facts,
                    found,
                    Problem::at(start, Trouble::NoByteOrder, [0; 3]),
                )));
            }
        };
        let version = order.u16_at(head, 12).zip(order.u16_at(head, 14));
        self.section.restart(order);
        let total = order.u32(length);
        if total < SECTION || total % 4 != 0 {
            let problem = Problem::at(start, Trouble::SectionLength, [total.into(), 0, 0]);
            return Ok(Some(self.stop(facts, found, problem)));
        }
        if let Some((major, _)) = version {
            self.foreign = major != MAJOR;
        }
        stream.take(there)?;
        stream.skip(u64::from(total - 20))?;
        let end = self.close(stream, facts, found, start, total)?;
        match version {
            Some((major, minor)) if self.foreign => {
                let problem = Problem::at(start, Trouble::SectionVersion, [major.into(), minor.into(), 0]);
                Ok(Some(found.problem_before(problem, end)))
            }
            _ => Ok(end),
        }
    }

    /// Read a block's second length, which allows a file to be read backwards.
    fn close(
        &mut self,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
        start: u64,
        total: u32,
    ) -> Result<Option<Step>, Broken> {
        stream.take(4)?;
        let Some(again) = self.section.order().u32_at(stream.piece(), 0) else {
            let problem = Problem::at(start, Trouble::EndsInBlock, [total.into(), 0, 0]);
            return Ok(Some(self.cut(facts, found, problem)));
        };
        if again == total {
            return Ok(None);
        }
        let problem = Problem::at(start, Trouble::LengthsDiffer, [total.into(), again.into(), 0]);
        Ok(Some(self.stop(facts, found, problem)))
    }
}
