//! Values that many connections share, kept once and known by small numbers.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;

use crate::captures::seed::Seed;

/// Different values by the numbers under which rows know them, from 1; 0 is for "none".
#[derive(Debug)]
pub struct Interned<T> {
    hasher: Seed,
    values: Vec<T>,
    numbers: HashTable<u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            hasher: Seed::default(),
            values: Vec::new(),
            numbers: HashTable::new(),
        }
    }
}

impl<T: Hash + Eq> Interned<T> {
    /// The number of a value, a new one for what `made` gives where it was not met before.
    pub fn number_of<Q: Hash + Eq + ?Sized>(&mut self, value: &Q, made: impl FnOnce() -> T) -> u32
    where
        T: Borrow<Q>,
    {
        let hash = self.hasher.hash_one(value);
        let values = &self.values;
        let known = self
            .numbers
            .find(hash, |number| at(values, *number).map(T::borrow) == Some(value));
        if let Some(number) = known {
            return *number;
        }
        let Some(number) = u32::try_from(values.len())
            .ok()
            .and_then(|length| length.checked_add(1))
        else {
            return 0; // Four thousand million different values: the row tells none.
        };
        self.values.push(made());
        let (values, hasher) = (&self.values, &self.hasher);
        self.numbers.insert_unique(hash, number, |number| {
            at(values, *number).map_or(hash, |value| hasher.hash_one(value))
        });
        number
    }

    /// The value of a number, none of 0.
    #[must_use]
    pub fn value(&self, number: u32) -> Option<&T> {
        at(&self.values, number)
    }

    /// All values, the first under number 1.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

fn at<T>(values: &[T], number: u32) -> Option<&T> {
    values.get((number as usize).checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::Interned;

    #[test]
    fn a_value_keeps_its_number_however_many_there_are() {
        let mut texts = Interned::<String>::default();
        for number in 1..=1000 {
            assert_eq!(texts.number_of(&number.to_string(), || number.to_string()), number);
            assert_eq!(texts.number_of("1", || "made again".to_owned()), 1);
        }
        assert_eq!(
            (texts.values().len(), texts.value(7).map(String::as_str)),
            (1000, Some("7"))
        );
    }
}
