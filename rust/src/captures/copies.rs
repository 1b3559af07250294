//! Copies: packets that an observer saw twice, as on a mirror port or on two interfaces of one machine.

use std::hint::black_box;

use crate::captures::decoded::Segment;

/// Packets remembered at a time.
const MOST_REMEMBERED: usize = 65_536;

/// Nanoseconds within which a copy follows the one before.
const COPY_WITHIN: u64 = 100_000_000;

/// The same for packets that carry nothing by which a retransmission would differ from a copy.
const TWIN_WITHIN: u64 = 1_000_000;

/// Places of a bucket: a line of the cache holds them all.
const PLACES: usize = 8;

/// Buckets at first, and room in the queue.
const FEW: usize = 1 << 10;

/// What a packet was to an observer who had seen the packets of the last moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// It was seen before, within 100 ms.
    pub again: bool,
    /// It is a copy of that, and was not sent again.
    pub copy: bool,
    /// How often in a row it came by with a lower TTL than the time before.
    pub fell: u32,
}

/// A packet as it was seen last.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    packet: u64,
    at: i64,
    fell: u32,
    ttl: u8,
    /// It was seen again since: another entry tells of it.
    outdated: bool,
}

/// Where the queue has a packet: half of its hash, and the entry's number.
#[derive(Clone, Copy, Debug)]
struct Pointer {
    tag: u32,
    number: u32,
}

#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Bucket([Pointer; PLACES]);

impl Bucket {
    /// One whose pointers point to nothing while the queue begins with `oldest`.
    fn empty(oldest: u32) -> Self {
        let number = oldest.wrapping_sub(1);
        Self([Pointer { tag: 0, number }; PLACES])
    }
}

/// The packets of the last moment, of all connections, in a queue in the order in which they were seen last.
///
/// A table of pointers into the queue finds them; nothing is ever removed from it, as a pointer to what the queue has let
/// go of is known by its number, and is used for the next packet.
#[derive(Debug)]
pub struct Copies {
    /// A ring whose length is a power of two; entries are called by numbers that go on for ever.
    queue: Vec<Last>,
    oldest: u32,
    length: u32,
    /// Entries that are not outdated.
    remembered: usize,
    buckets: Vec<Bucket>,
}

impl Default for Copies {
    fn default() -> Self {
        Self {
            queue: vec![Last::default(); FEW],
            oldest: 0,
            length: 0,
            remembered: 0,
            buckets: vec![Bucket::empty(0); FEW],
        }
    }
}

impl Copies {
    /// Brings what `see` will look at into the cache.
    #[inline]
    pub fn touch(&self, packet: u64) {
        black_box(
            self.buckets
                .get(self.bucket_of(packet))
                .map(|bucket| bucket.0[0].number),
        );
    }

    /// Tells whether a segment is a copy of a recent one; `packet` is its hash (`bothways_kernel::captures::keys`).
    #[inline]
    pub fn see(&mut self, packet: u64, segment: &Segment) -> Sight {
        self.forget(segment.stamp.at);
        let known = self.find(packet);
        let sight = known
            .and_then(|number| self.entry(number))
            .map_or_else(Sight::default, |last| compared(last, segment));
        if let Some(last) = known.and_then(|number| self.entry(number)) {
            last.outdated = true;
            self.remembered -= 1;
        }
        self.remember(Last {
            packet,
            at: segment.stamp.at,
            fell: sight.fell,
            ttl: segment.ttl,
            outdated: false,
        });
        sight
    }

    #[inline]
    fn bucket_of(&self, packet: u64) -> usize {
        packet as usize & (self.buckets.len() - 1)
    }

    #[inline]
    fn entry(&mut self, number: u32) -> Option<&mut Last> {
        let place = number as usize & (self.queue.len() - 1);
        self.queue.get_mut(place)
    }

    /// Whether the queue still has the entry of that number.
    #[inline]
    fn is_held(&self, number: u32) -> bool {
        number.wrapping_sub(self.oldest) < self.length
    }

    #[inline]
    fn find(&mut self, packet: u64) -> Option<u32> {
        let bucket = self.buckets.get(self.bucket_of(packet))?;
        for pointer in bucket.0 {
            if pointer.tag == tag(packet) && self.is_held(pointer.number) {
                let place = pointer.number as usize & (self.queue.len() - 1);
                if self
                    .queue
                    .get(place)
                    .is_some_and(|last| last.packet == packet && !last.outdated)
                {
                    return Some(pointer.number);
                }
            }
        }
        None
    }

    #[inline]
    fn remember(&mut self, last: Last) {
        if self.length as usize == self.queue.len() {
            self.make_room();
        }
        let number = self.oldest.wrapping_add(self.length);
        if let Some(place) = self.entry(number) {
            *place = last;
        }
        self.length += 1;
        self.remembered += 1;
        self.point(last.packet, number);
    }

    /// Points to an entry from a place of its bucket that points to nothing any more, or to an outdated one.
    #[inline]
    fn point(&mut self, packet: u64, number: u32) {
        let bucket = self.bucket_of(packet);
        let (queue, oldest, length) = (&self.queue, self.oldest, self.length);
        let is_free = |pointer: &Pointer| {
            pointer.number == number
                || pointer.number.wrapping_sub(oldest) >= length
                || queue
                    .get(pointer.number as usize & (queue.len() - 1))
                    .is_none_or(|last| last.outdated)
        };
        let free = self
            .buckets
            .get_mut(bucket)
            .and_then(|bucket| bucket.0.iter_mut().find(|pointer| is_free(pointer)));
        match free {
            Some(pointer) => {
                *pointer = Pointer {
                    tag: tag(packet),
                    number,
                }
            }
            None => self.rebuild(self.buckets.len() * 2),
        }
    }

    /// Lets go of the oldest until it is near, and one of no more than there is room for.
    #[inline]
    fn forget(&mut self, now: i64) {
        while self.length > 0 {
            let remembered = self.remembered;
            let Some(last) = self.entry(self.oldest) else { return };
            if !last.outdated {
                if remembered <= MOST_REMEMBERED && last.at.abs_diff(now) <= COPY_WITHIN {
                    return;
                }
                self.remembered -= 1;
            }
            self.oldest = self.oldest.wrapping_add(1);
            self.length -= 1;
        }
    }

    /// Gives a full queue room: without what is outdated, if that is half of it, or else by doubling it.
    #[cold]
    fn make_room(&mut self) {
        let held: Vec<Last> = (0..self.length)
            .filter_map(|place| self.entry(self.oldest.wrapping_add(place)).copied())
            .filter(|last| !last.outdated)
            .collect();
        let size = if held.len() * 2 > self.queue.len() {
            self.queue.len() * 2
        } else {
            self.queue.len()
        };
        self.queue = held;
        self.length = u32::try_from(self.queue.len()).unwrap_or(u32::MAX);
        self.queue.resize(size, Last::default());
        self.oldest = 0;
        self.rebuild(self.buckets.len().max(size / 4));
    }

    /// Points to all entries anew, from so many buckets, a power of two.
    #[cold]
    fn rebuild(&mut self, buckets: usize) {
        self.buckets.clear();
        self.buckets.resize(buckets, Bucket::empty(self.oldest));
        for place in 0..self.length {
            let number = self.oldest.wrapping_add(place);
            if let Some(Last {
                packet,
                outdated: false,
                ..
            }) = self.entry(number).copied()
            {
                self.point(packet, number);
            }
        }
    }
}

/// The half of a hash that does not choose the bucket.
#[inline]
fn tag(packet: u64) -> u32 {
    (packet >> 32) as u32
}

#[inline]
fn compared(last: &Last, segment: &Segment) -> Sight {
    let apart = last.at.abs_diff(segment.stamp.at);
    if apart > COPY_WITHIN {
        return Sight::default(); // The clock was set; what stands ahead of it in the memory is near.
    }
    let tells = segment.ip_id.unwrap_or_default() != 0 || segment.options.timestamps.is_some();
    let fell = if segment.ttl < last.ttl {
        last.fell.saturating_add(1)
    } else {
        0
    };
    Sight {
        again: true,
        copy: apart <= if tells { COPY_WITHIN } else { TWIN_WITHIN },
        fell,
    }
}
