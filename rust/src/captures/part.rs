//! One file of a capture, and what was met in it while it was read.

use std::collections::BTreeSet;

use crate::captures::container::Reader;
use crate::captures::file_facts::FileFacts;
use crate::captures::source::{Broken, Source, Stop};
use crate::captures::step::{Record, Step};
use crate::captures::stream::Failure;
use crate::captures::troubles::Problem;

/// Opens a file when its time has come.
pub type Open = Box<dyn FnOnce() -> Result<Box<dyn Source>, Stop> + Send>;

/// One file of a capture.
pub struct Part {
    /// Time of its first packet, where it is known before: until then the file need not be opened.
    pub begins: Option<i64>,
    pub facts: FileFacts,
    pub met: Met,
    /// Why it could not be read to its end.
    pub trouble: Option<Failure>,
    /// Bytes that were read when it was over.
    ended: u64,
    state: State,
}

/// The packets of a file so far.
#[derive(Debug, Default)]
pub struct Met {
    pub packets: u64,
    /// Earliest and latest time; None while no packet was read.
    pub times: Option<(i64, i64)>,
    pub link_types: BTreeSet<u32>,
    link_type: Option<u32>,
}

impl Met {
    #[inline]
    fn count(&mut self, record: &Record) {
        let Record { at, link_type, .. } = *record;
        self.packets += 1;
        let (first, last) = self.times.unwrap_or((at, at));
        self.times = Some((first.min(at), last.max(at)));
        if self.link_type != Some(link_type) {
            self.link_type = Some(link_type);
            self.link_types.insert(link_type);
        }
    }
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
            met: Met::default(),
            trouble: None,
            ended: 0,
            state: State::Closed(open),
        }
    }

    /// Bytes of it that were read.
    #[must_use]
    pub fn offset(&self) -> u64 {
        if let State::Open(reader) = &self.state {
            reader.offset()
        } else {
            self.ended
        }
    }

    /// Look for its next packet or problem, and count it. It is read in pieces of `chunk` bytes.
    #[inline]
    pub fn step(&mut self, chunk: usize) -> Result<Step, Broken> {
        let State::Open(reader) = &mut self.state else {
            return self.open(chunk);
        };
        let step = reader.step(&mut self.facts)?;
        if step == Step::Packet {
            self.met.count(reader.record());
        } else if step == Step::End {
            self.trouble = reader.failure();
            self.ended = reader.offset();
            self.state = State::Over;
        }
        Ok(step)
    }

    /// Gives its next packets, counted, as far as they are plain and in memory, until `take` wants no more.
    #[inline]
    pub fn run(&mut self, mut take: impl FnMut(&Record, &[u8]) -> bool) {
        let State::Open(reader) = &mut self.state else { return };
        let mut met = std::mem::take(&mut self.met);
        reader.run(|record, data| {
            met.count(record);
            take(record, data)
        });
        self.met = met;
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

    /// The packet that `step` told of last, and what was kept of it.
    #[inline]
    #[must_use]
    pub fn packet(&self) -> Option<(&Record, &[u8])> {
        if let State::Open(reader) = &self.state {
            Some((reader.record(), reader.data()))
        } else {
            None
        }
    }

    /// The problem that `step` told of last.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        if let State::Open(reader) = &self.state {
            reader.problem()
        } else {
            None
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
