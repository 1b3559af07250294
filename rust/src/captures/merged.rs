//! Several files of one vantage read as one capture: rotated files one after the other, others by time.
//!
//! Each file is read as a stream and keeps its own order; memory holds one packet of each file that is open.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::captures::part::Part;
use crate::captures::raw_packet::{RawPacket, Stamp};
use crate::captures::source::Broken;
use crate::captures::step::Step;
use crate::captures::stream::{CHUNK, SMALL_CHUNK};
use crate::captures::troubles::{Problem, Trouble};

/// Files read side by side: a tap has two halves, a server some interfaces; the bound keeps descriptors and memory.
pub const MOST_TOGETHER: usize = 64;

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

    /// Which part is being read, and how many bytes of it were.
    #[must_use]
    pub fn position(&self) -> (u32, u64) {
        let place = match &self.order {
            Order::Consecutive(place) => (*place).min(self.parts.len().saturating_sub(1)),
            Order::ByTime(by_time) => by_time.advancing.unwrap_or(0),
        };
        let bytes = self.parts.get(place).map_or(0, Part::offset);
        (u32::try_from(place).unwrap_or(u32::MAX), bytes)
    }

    #[must_use]
    pub fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    /// The next packet or problem; None behind the last one.
    #[inline]
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Broken> {
        let (place, turn) = match &mut self.order {
            Order::Consecutive(place) => Self::in_turn(&mut self.parts, place, self.chunk)?,
            Order::ByTime(by_time) => by_time.turn(&mut self.parts, self.chunk)?,
        };
        let part = u32::try_from(place).unwrap_or(u32::MAX);
        let file = self.parts.get(place);
        match turn {
            Turn::Step(Step::Packet) => {
                self.number += 1;
                Ok(file.and_then(Part::packet).map(|(record, data)| {
                    Item::Packet(RawPacket {
                        stamp: Stamp {
                            frame: record.frame,
                            number: self.number,
                            at: record.at,
                            part,
                        },
                        link_type: record.link_type,
                        data,
                        wire_length: record.wire_length,
                        offset: record.offset,
                    })
                }))
            }
            Turn::Step(Step::Problem) => Ok(file.and_then(Part::problem).map(|problem| {
                Item::Problem(Problem {
                    part: Some(part),
                    ..problem
                })
            })),
            Turn::Step(Step::End) => Ok(None),
            Turn::Crowded => {
                let numbers = [MOST_TOGETHER as u64, 0, 0];
                Ok(Some(Item::Problem(Problem {
                    trouble: Trouble::Crowded,
                    numbers,
                    offset: None,
                    part: Some(part),
                })))
            }
        }
    }

    /// Gives the next packets, in order, as far as they come of one file, are plain and in memory, until `take` wants no
    /// more; `next_item` gives all the others.
    #[inline]
    pub fn run(&mut self, mut take: impl FnMut(&RawPacket<'_>) -> bool) {
        let Order::Consecutive(place) = self.order else { return };
        let (Some(file), Ok(part)) = (self.parts.get_mut(place), u32::try_from(place)) else {
            return;
        };
        let mut number = self.number;
        file.run(|record, data| {
            number += 1;
            take(&RawPacket {
                stamp: Stamp {
                    frame: record.frame,
                    number,
                    at: record.at,
                    part,
                },
                link_type: record.link_type,
                data,
                wire_length: record.wire_length,
                offset: record.offset,
            })
        });
        self.number = number;
    }

    #[inline]
    fn in_turn(parts: &mut [Part], place: &mut usize, chunk: usize) -> Result<(usize, Turn), Broken> {
        while let Some(part) = parts.get_mut(*place) {
            let step = part.step(chunk)?;
            if step != Step::End {
                return Ok((*place, Turn::Step(step)));
            }
            *place += 1;
        }
        Ok((*place, Turn::Step(Step::End)))
    }
}

/// What comes next of one of the files.
#[derive(Clone, Copy)]
enum Turn {
    Step(Step),
    /// It is to wait, although its time has come.
    Crowded,
}

/// The order by time; a part is opened when its time has come.
struct ByTime {
    /// Parts not opened yet, the last one first.
    waiting: Vec<usize>,
    /// Times of the next packets, and whose they are.
    heads: BinaryHeap<Reverse<(i64, usize)>>,
    /// The part whose next packet is to be looked for.
    advancing: Option<usize>,
    crowded: bool,
}

impl ByTime {
    fn new(parts: &[Part]) -> Self {
        let begins = |part: &Part| part.begins.unwrap_or(0);
        let mut waiting: Vec<(i64, usize)> = parts
            .iter()
            .enumerate()
            .map(|(place, part)| (begins(part), place))
            .collect();
        waiting.sort_unstable_by_key(|key| Reverse(*key));
        let waiting = waiting.into_iter().map(|(_, place)| place).collect();
        Self {
            waiting,
            heads: BinaryHeap::new(),
            advancing: None,
            crowded: false,
        }
    }

    fn turn(&mut self, parts: &mut [Part], chunk: usize) -> Result<(usize, Turn), Broken> {
        loop {
            if let Some((place, part)) = self.advancing.and_then(|place| Some((place, parts.get_mut(place)?))) {
                match part.step(chunk)? {
                    Step::Problem => return Ok((place, Turn::Step(Step::Problem))),
                    Step::Packet => self
                        .heads
                        .extend(part.packet().map(|(record, _)| Reverse((record.at, place)))),
                    Step::End => {}
                }
                self.advancing = None;
            } else if let Some(place) = self.due(parts) {
                if self.heads.len() < MOST_TOGETHER {
                    self.waiting.pop();
                    self.advancing = Some(place);
                } else if self.crowded {
                    return Ok(self.earliest());
                } else {
                    self.crowded = true;
                    return Ok((place, Turn::Crowded));
                }
            } else {
                return Ok(self.earliest());
            }
        }
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
    fn earliest(&mut self) -> (usize, Turn) {
        let Some(Reverse((_, place))) = self.heads.pop() else {
            return (0, Turn::Step(Step::End));
        };
        self.advancing = Some(place);
        (place, Turn::Step(Step::Packet))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{Item, Merged};
    use crate::captures::part::Part;
    use crate::captures::source::{Broken, Chunks, Source, Stop};
    use crate::captures::stream::Failure;
    use crate::captures::troubles::Trouble;

    /// A capture with packets of one byte at `times`, in seconds.
    fn capture(times: &[u32]) -> Vec<u8> {
        let header: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 0, 1];
        let mut bytes: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
        for time in times {
            bytes.extend([*time, 0, 1, 1].iter().flat_map(|word| word.to_le_bytes()));
            bytes.push(7);
        }
        bytes
    }

    fn part(begins: Option<u32>, bytes: Vec<u8>) -> Part {
        let begins = begins.map(|seconds| i64::from(seconds) * 1_000_000_000);
        Part::new(begins, Box::new(|| Ok(Box::new(Chunks::of([bytes])))))
    }

    /// Part and frame of each packet in turn.
    fn order(mut merged: Merged) -> Vec<(u32, u64)> {
        let mut order = Vec::new();
        while let Some(item) = merged.next_item().unwrap() {
            if let Item::Packet(packet) = item {
                order.push((packet.stamp.part, packet.stamp.frame));
                assert_eq!((packet.stamp.number, packet.data), (order.len() as u64, &[7][..]));
            }
        }
        order
    }

    #[test]
    fn files_side_by_side_give_their_packets_by_time() {
        let parts = || vec![part(Some(1), capture(&[1, 5, 2])), part(Some(3), capture(&[3, 5]))];
        assert_eq!(
            order(Merged::new(parts(), false)),
            [(0, 1), (1, 1), (0, 2), (0, 3), (1, 2)]
        );
        assert_eq!(
            order(Merged::new(parts(), true)),
            [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2)]
        );
    }

    #[test]
    fn a_file_is_opened_when_its_time_has_come() {
        let opened = Arc::new(Mutex::new(Vec::new()));
        let parts = [(0, vec![1, 4]), (1, vec![4]), (2, vec![9])].map(|(place, times)| {
            let (bytes, opened) = (capture(&times), Arc::clone(&opened));
            let open = move || {
                opened.lock().unwrap().push(place);
                Ok(Box::new(Chunks::of([bytes])) as Box<dyn Source>)
            };
            Part::new(times.first().map(|at| i64::from(*at) * 1_000_000_000), Box::new(open))
        });
        let mut merged = Merged::new(parts.into(), false);
        let known = [vec![0], vec![0, 1], vec![0, 1], vec![0, 1, 2]];
        for known in known {
            assert!(matches!(merged.next_item(), Ok(Some(Item::Packet(_)))));
            assert_eq!(*opened.lock().unwrap(), known);
        }
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_an_empty_one() {
        let closed = Part::new(None, Box::new(|| Err(Stop::Failed(2))));
        let mut merged = Merged::new(vec![closed, part(None, capture(&[1]))], true);
        let Ok(Some(Item::Problem(problem))) = merged.next_item() else {
            panic!("no problem")
        };
        assert_eq!((problem.trouble, problem.part), (Trouble::Empty, Some(0)));
        assert!(matches!(merged.next_item(), Ok(Some(Item::Packet(_)))));
        assert_eq!(merged.parts()[0].trouble, Some(Failure { errno: 2, offset: 0 }));
    }

    #[test]
    fn what_breaks_stops_all_files() {
        let broken = Part::new(None, Box::new(|| Err(Broken("stopped".into()).into())));
        assert!(
            Merged::new(vec![broken, part(None, capture(&[1]))], true)
                .next_item()
                .is_err()
        );
    }
}
