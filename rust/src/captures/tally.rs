//! The running counts of one capture (`_Tally` of `bothways.captures.pass_one`), kept by the thread that reads.

use std::collections::HashSet;

use crate::captures::batch::{Batch, Place, Rare};
use crate::captures::decode::{Decoder, Late};
use crate::captures::decoded::{Decoded, Hidden, Other, Segment};
use crate::captures::keys::KeyMaker;
use crate::captures::plain_path::read_plain;
use crate::captures::raw_packet::RawPacket;
use crate::captures::timeline::Timeline;
use crate::captures::tracked::Tracked;
use crate::captures::troubles::{Problem, Trouble};
use crate::wire::link::is_known;
use crate::wire::link_reader::VLAN;

/// Problems listed of one capture; a file of nothing but trouble must not fill memory.
const MOST_PROBLEMS: usize = 100;

/// Trouble that is counted and reported once, at the place where it was first met.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repeated {
    pub times: u64,
    first: Option<Place>,
}

impl Repeated {
    pub fn count(&mut self, place: Place) {
        self.times += 1;
        self.first.get_or_insert(place);
    }

    /// Take back what turned out to be no trouble.
    pub fn less(&mut self, times: u64) {
        self.times = self.times.saturating_sub(times);
        if self.times == 0 {
            self.first = None;
        }
    }

    /// What is to be said of it, if it was met.
    #[must_use]
    pub fn problem(&self, trouble: Trouble) -> Option<Problem> {
        let place = self.first?;
        Some(Problem {
            trouble,
            numbers: [self.times, 0, 0],
            offset: Some(place.offset),
            part: Some(place.part),
        })
    }
}

/// What is counted of all packets.
pub struct Tally {
    pub decoder: Decoder,
    pub problems: Vec<Problem>,
    /// Kinds of encapsulation with the packets that each carried, in order of appearance.
    pub layers: Vec<(String, u64)>,
    pub link_types: Vec<u32>,
    pub packets: u64,
    pub tcp_packets: u64,
    pub other_ip_packets: u64,
    pub cut_packets: u64,
    pub encrypted: u64,
    pub largest_frame: u32,
    pub times: Timeline,
    malformed: Repeated,
    /// What the packet before was read into, kept for its memory.
    segment: Segment,
    latest_link_type: Option<u32>,
    known_link_types: HashSet<u32>,
}

impl Default for Tally {
    fn default() -> Self {
        Self::new()
    }
}

impl Tally {
    #[must_use]
    pub fn new() -> Self {
        Self {
            decoder: Decoder::default(),
            problems: Vec::new(),
            layers: Vec::new(),
            link_types: Vec::new(),
            packets: 0,
            tcp_packets: 0,
            other_ip_packets: 0,
            cut_packets: 0,
            encrypted: 0,
            largest_frame: 0,
            times: Timeline::default(),
            malformed: Repeated::default(),
            segment: Segment::default(),
            latest_link_type: None,
            known_link_types: HashSet::new(),
        }
    }

    /// Count one packet, and put what it shows of TCP into `batch`.
    #[inline]
    pub fn add(&mut self, packet: &RawPacket<'_>, batch: &mut Batch, keys: KeyMaker) {
        self.packets += 1;
        self.times.pass_by(packet.stamp.at);
        self.largest_frame = self.largest_frame.max(packet.wire_length);
        if self.latest_link_type != Some(packet.link_type) {
            self.latest_link_type = Some(packet.link_type);
            self.meet(packet);
        }
        let mut vlan = 0;
        let before = batch.segments().len();
        if self.decoder.is_idle() {
            batch.offer(|slot, extras| {
                let plain = read_plain(packet, keys, slot, extras);
                vlan = slot.vlan;
                plain
            });
        }
        if batch.segments().len() == before {
            self.add_other(packet, batch, keys);
            return;
        }
        self.tcp_packets += 1;
        if vlan != 0 {
            count_layer(&mut self.layers, VLAN);
        }
    }

    /// The same for what is not plain.
    #[inline(never)]
    fn add_other(&mut self, packet: &RawPacket<'_>, batch: &mut Batch, keys: KeyMaker) {
        let mut segment = std::mem::take(&mut self.segment);
        let decoded = self.decoder.decode(packet, &mut segment);
        let place = Place {
            part: packet.stamp.part,
            offset: packet.offset,
        };
        self.sort(place, decoded, &segment, batch, keys);
        self.segment = segment;
        if self.decoder.has_further() {
            let further = self.decoder.take_further();
            self.add_late(further, batch, keys);
        }
    }

    /// Take in what still waited for fragments.
    pub fn finish(&mut self, batch: &mut Batch, keys: KeyMaker) {
        let further = self.decoder.finish();
        self.add_late(further, batch, keys);
    }

    #[cold]
    fn add_late(&mut self, further: Vec<Late>, batch: &mut Batch, keys: KeyMaker) {
        for Late {
            packet,
            decoded,
            segment,
        } in further
        {
            let place = Place {
                part: packet.stamp.part,
                offset: packet.offset,
            };
            self.sort(place, decoded, &segment, batch, keys);
        }
    }

    /// Say once what was met often, now that everything was; the last two are counted where connections are.
    pub fn sum_up(&mut self, orphans: &Repeated, earlier: &Repeated) {
        let overlapping = self.decoder.overlapping();
        if overlapping > 0 {
            self.note(Problem {
                trouble: Trouble::OverlappingFragments,
                numbers: [overlapping, 0, 0],
                offset: None,
                part: None,
            });
        }
        let repeated = [
            self.malformed.problem(Trouble::Malformed),
            orphans.problem(Trouble::Orphans),
            earlier.problem(Trouble::EarlierFragments),
        ];
        for problem in repeated.into_iter().flatten() {
            self.note(problem);
        }
    }

    /// Keep a problem, as long as there are not too many.
    pub fn note(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else if self.problems.len() == MOST_PROBLEMS {
            self.problems.push(Problem {
                trouble: Trouble::Further,
                numbers: [0; 3],
                ..problem
            });
        }
    }

    /// Count what a packet showed: `segment` where it is one.
    fn sort(&mut self, place: Place, decoded: Decoded, segment: &Segment, batch: &mut Batch, keys: KeyMaker) {
        match decoded {
            Decoded::Segment => {
                self.count(segment);
                let tracked = Tracked::of(segment, keys);
                if segment.partial {
                    batch.push_rare(Rare::First(Box::new(tracked), place));
                } else {
                    batch.push(tracked);
                }
            }
            Decoded::Error(error) => batch.push_rare(Rare::Error(error, place)),
            Decoded::Hidden(hidden) => self.count_hidden(hidden),
            Decoded::Other(other) => self.sort_other(place, other),
        }
    }

    #[inline]
    fn count(&mut self, segment: &Segment) {
        self.tcp_packets += 1;
        self.cut_packets += u64::from(segment.options.cut);
        for word in segment.layers.words() {
            count_layer(&mut self.layers, word.kind);
        }
    }

    fn count_hidden(&mut self, hidden: Hidden) {
        self.encrypted += 1;
        count_layer(&mut self.layers, &hidden.to_string());
    }

    fn sort_other(&mut self, place: Place, other: Other) {
        match other {
            Other::CutTcp => {
                self.tcp_packets += 1;
                self.cut_packets += 1;
            }
            Other::CutError | Other::CutTunnel => self.cut_packets += 1,
            Other::MalformedTcp => {
                self.tcp_packets += 1;
                self.malformed.count(place);
            }
            Other::Ip => self.other_ip_packets += 1,
            Other::NotIp | Other::Fragment => {}
        }
    }

    /// Note a link type the first time that it is met.
    fn meet(&mut self, packet: &RawPacket<'_>) {
        if !self.known_link_types.insert(packet.link_type) {
            return;
        }
        self.link_types.push(packet.link_type);
        if !is_known(packet.link_type) {
            self.note(Problem {
                trouble: Trouble::UnknownLink,
                numbers: [u64::from(packet.link_type), 0, 0],
                offset: Some(packet.offset),
                part: Some(packet.stamp.part),
            });
        }
    }
}

fn count_layer(layers: &mut Vec<(String, u64)>, kind: &str) {
    match layers.iter_mut().find(|(known, _)| known == kind) {
        Some((_, times)) => *times += 1,
        None => layers.push((kind.to_owned(), 1)),
    }
}
