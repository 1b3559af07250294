//! Several files of one vantage read as one capture: rotated files one after the other, others by time.
//!
//! Each file is read as a stream and keeps its own order; memory holds one packet of each file that is open.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::captures::container::Reader;
use crate::captures::file_facts::FileFacts;
use crate::captures::raw_packet::{RawPacket, Stamp};
use crate::captures::source::{Broken, Source, Stop};
use crate::captures::step::{Record, Step};
use crate::captures::stream::{CHUNK, Failure, SMALL_CHUNK};
use crate::captures::troubles::{Problem, Trouble};

/// Files read side by side: a tap has two halves, a server some interfaces; the bound keeps descriptors and memory.
pub const MOST_TOGETHER: usize = 64;

/// Opens a file when its time has come.
pub type Open = Box<dyn FnOnce() -> Result<Box<dyn Source>, Stop> + Send>;

/// One file of a capture, and what was met in it while it was read.
pub struct Part {
    /// Time of its first packet, where it is known before: until then the file need not be opened.
    pub begins: Option<i64>,
    pub facts: FileFacts,
    pub packets: u64,
    /// Earliest time in it; None while no packet was read.
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub link_types: BTreeSet<u32>,
    /// Why it could not be read to its end.
    pub trouble: Option<Failure>,
    state: State,
    link_type: Option<u32>,
}

enum State {
    Closed(Open),
    Open(Box<Reader>),
    Over,
}

impl Part {
    #[must_use]
    pub fn new(begins: Option<i64>, open: Open) -> Self {
        Self {
            begins,
            facts: FileFacts::default(),
            packets: 0,
            first: None,
            last: None,
            link_types: BTreeSet::new(),
            trouble: None,
            state: State::Closed(open),
            link_type: None,
        }
    }

    /// Its next packet or problem, counted.
    #[inline]
    fn step(&mut self, chunk: usize) -> Result<Step, Broken> {
        let State::Open(reader) = &mut self.state else {
            return self.open(chunk);
        };
        let step = reader.step(&mut self.facts)?;
        match &step {
            Step::Packet(record) => {
                self.packets += 1;
                self.first = Some(self.first.map_or(record.at, |first| first.min(record.at)));
                self.last = Some(self.last.map_or(record.at, |last| last.max(record.at)));
                if self.link_type != Some(record.link_type) {
                    self.link_type = Some(record.link_type);
                    self.link_types.insert(record.link_type);
                }
            }
            Step::Problem(_) => {}
            Step::End => {
                self.trouble = reader.failure();
                self.state = State::Over;
            }
        }
        Ok(step)
    }

    #[cold]
    fn open(&mut self, chunk: usize) -> Result<Step, Broken> {
        let State::Closed(open) = std::mem::replace(&mut self.state, State::Over) else {
            return Ok(Step::End);
        };
        let source = match open() {
            Ok(source) => source,
            Err(Stop::Broken(broken)) => return Err(broken),
            Err(Stop::Failed(errno)) => Box::new(Closed(errno)),
        };
        self.state = State::Open(Box::new(Reader::new(source, chunk)));
        self.step(chunk)
    }

    /// What was kept of the packet that came last.
    #[inline]
    fn data(&self) -> &[u8] {
        if let State::Open(reader) = &self.state {
            reader.data()
        } else {
            &[]
        }
    }
}

/// A file that the system does not open.
struct Closed(i32);

impl Source for Closed {
    fn read(&mut self, _: &mut [u8]) -> Result<usize, Stop> {
        Err(Stop::Failed(self.0))
    }
}

/// The next thing in a capture.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    Packet(RawPacket<'a>),
    Problem(Problem),
}

/// Gives the packets of all parts as those of one capture, numbered throughout, and problems where they stand.
pub struct Merged {
    parts: Vec<Part>,
    order: Order,
    chunk: usize,
    number: u64,
}

enum Order {
    /// The part that is read.
    Consecutive(usize),
    ByTime(ByTime),
}

impl Merged {
    /// Reads `parts`, whose places here are what packets call them by. Where they are `consecutive`, each was written
    /// when the one before was full; otherwise packets come by time, of equal times those of the earlier part first.
    #[must_use]
    pub fn new(parts: Vec<Part>, consecutive: bool) -> Self {
        let together = !consecutive && parts.len() > 1;
        let order = if together {
            Order::ByTime(ByTime::new(&parts))
        } else {
            Order::Consecutive(0)
        };
        Self {
            parts,
            order,
            chunk: if together { SMALL_CHUNK } else { CHUNK },
            number: 0,
        }
    }

    /// The same, asking for so many bytes at once.
    #[must_use]
    pub fn in_chunks(self, chunk: usize) -> Self {
        Self { chunk, ..self }
    }

    /// The files, with what was met in them so far.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    #[must_use]
    pub fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    /// The next packet or problem; None behind the last one.
    #[inline]
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Broken> {
        let (place, step) = match &mut self.order {
            Order::Consecutive(place) => Self::in_turn(&mut self.parts, place, self.chunk)?,
            Order::ByTime(by_time) => by_time.step(&mut self.parts, self.chunk)?,
        };
        let part = u32::try_from(place).unwrap_or(u32::MAX);
        match step {
            Step::End => Ok(None),
            Step::Problem(problem) => Ok(Some(Item::Problem(Problem { part, ..problem }))),
            Step::Packet(record) => {
                self.number += 1;
                Ok(Some(Item::Packet(RawPacket {
                    stamp: Stamp {
                        frame: record.frame,
                        number: self.number,
                        at: record.at,
                        part,
                    },
                    link_type: record.link_type,
                    data: self.parts.get(place).map(Part::data).unwrap_or_default(),
                    wire_length: record.wire_length,
                    offset: record.offset,
                })))
            }
        }
    }

    #[inline]
    fn in_turn(parts: &mut [Part], place: &mut usize, chunk: usize) -> Result<(usize, Step), Broken> {
        while let Some(part) = parts.get_mut(*place) {
            let step = part.step(chunk)?;
            if step != Step::End {
                return Ok((*place, step));
            }
            *place += 1;
        }
        Ok((*place, Step::End))
    }
}

/// The order by time; a part is opened when its time has come.
struct ByTime {
    /// Parts not opened yet, the last one first.
    waiting: Vec<usize>,
    /// Times of the next packets, and whose they are.
    heads: BinaryHeap<Reverse<(i64, usize)>>,
    /// The next packet of each part that has a head.
    records: Vec<Option<Record>>,
    /// The part whose next packet is to be looked for.
    advancing: Option<usize>,
    crowded: bool,
}

impl ByTime {
    fn new(parts: &[Part]) -> Self {
        let mut waiting: Vec<(i64, usize)> = parts
            .iter()
            .enumerate()
            .map(|(place, part)| (part.begins.unwrap_or(0), place))
            .collect();
        waiting.sort_unstable_by_key(|key| Reverse(*key));
        Self {
            waiting: waiting.into_iter().map(|(_, place)| place).collect(),
            heads: BinaryHeap::new(),
            records: vec![None; parts.len()],
            advancing: None,
            crowded: false,
        }
    }

    fn step(&mut self, parts: &mut [Part], chunk: usize) -> Result<(usize, Step), Broken> {
        loop {
            if let Some(place) = self.advancing {
                match parts.get_mut(place).map_or(Ok(Step::End), |part| part.step(chunk))? {
                    problem @ Step::Problem(_) => return Ok((place, problem)),
                    Step::Packet(record) => self.put(place, record),
                    Step::End => self.advancing = None,
                }
            } else if let Some(place) = self.due(parts) {
                if self.heads.len() < MOST_TOGETHER {
                    self.waiting.pop();
                    self.advancing = Some(place);
                } else if self.crowded {
                    return Ok(self.earliest());
                } else {
                    self.crowded = true;
                    let numbers = [MOST_TOGETHER as u64, 0, 0];
                    let problem = Problem {
                        trouble: Trouble::Crowded,
                        numbers,
                        offset: None,
                        part: 0,
                    };
                    return Ok((place, Step::Problem(problem)));
                }
            } else {
                return Ok(self.earliest());
            }
        }
    }

    fn put(&mut self, place: usize, record: Record) {
        self.heads.push(Reverse((record.at, place)));
        if let Some(kept) = self.records.get_mut(place) {
            *kept = Some(record);
        }
        self.advancing = None;
    }

    /// The next part to be opened, if its time has come.
    fn due(&self, parts: &[Part]) -> Option<usize> {
        let place = *self.waiting.last()?;
        let begins = parts.get(place)?.begins.unwrap_or(0);
        self.heads
            .peek()
            .is_none_or(|Reverse((at, _))| begins <= *at)
            .then_some(place)
    }

    /// The earliest of the next packets; its part is to be looked into before anything else comes.
    fn earliest(&mut self) -> (usize, Step) {
        let Some(Reverse((_, place))) = self.heads.pop() else {
            return (0, Step::End);
        };
        self.advancing = Some(place);
        let record = self.records.get_mut(place).and_then(Option::take);
        (place, record.map_or(Step::End, Step::Packet))
    }
}

/// Time of a capture's first packet; None where it has none. Little more is read than that takes.
pub fn first_moment(source: Box<dyn Source>) -> Result<Option<i64>, Broken> {
    let mut reader = Reader::new(source, SMALL_CHUNK);
    let mut facts = FileFacts::default();
    loop {
        match reader.step(&mut facts)? {
            Step::Packet(record) => return Ok(Some(record.at)),
            Step::Problem(_) => {}
            Step::End => return Ok(None),
        }
    }
}
