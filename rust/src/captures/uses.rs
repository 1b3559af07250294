//! Which of the chosen connections between the same two ends a packet belongs to; a scan uses ports thousands of times.

/// Connections by the numbers of their packets: those that overlap are few, however many there are.
#[derive(Debug, Default)]
pub struct Uses(Vec<Use>);

#[derive(Debug)]
struct Use {
    first: u64,
    last: u64,
    /// The last packet of it and of all that began before it.
    reach: u64,
    place: usize,
}

impl Uses {
    /// One more, from its first packet to its last, that stands at `place` among what was chosen; `sort` comes after.
    pub fn push(&mut self, first: u64, last: u64, place: usize) {
        self.0.push(Use {
            first,
            last,
            reach: last,
            place,
        });
    }

    /// Put them in order, now that all are there.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|one| one.first);
        let mut reach = 0;
        for one in &mut self.0 {
            reach = one.last.max(reach);
            one.reach = reach;
        }
    }

    /// The places of those between whose first and last packet `number` stands.
    pub fn around(&self, number: u64) -> impl Iterator<Item = usize> + '_ {
        let begun = self.0.partition_point(|one| one.first <= number);
        let reaching = self
            .0
            .iter()
            .take(begun)
            .rev()
            .take_while(move |one| one.reach >= number);
        reaching.filter(move |one| one.last >= number).map(|one| one.place)
    }
}

#[cfg(test)]
mod tests {
    use super::Uses;

    #[test]
    fn a_packet_finds_every_use_that_it_stands_in() {
        let spans = [(5, 9), (1, 20), (9, 9), (12, 4), (30, 40)];
        let mut uses = Uses::default();
        for (place, (first, last)) in spans.into_iter().enumerate() {
            uses.push(first, last, place);
        }
        uses.sort();
        for number in 0..50 {
            let mut found: Vec<_> = uses.around(number).collect();
            found.sort_unstable();
            let expected: Vec<_> = (0..spans.len())
                .filter(|place| (spans[*place].0..=spans[*place].1).contains(&number))
                .collect();
            assert_eq!(found, expected, "{number}");
        }
    }
}
