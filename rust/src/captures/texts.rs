//! The texts of a capture's connections: server names, and what carried their packets.

use crate::captures::decoded::Layers;
use crate::captures::interned::Interned;
use crate::captures::row::Way;
use crate::wire::link_reader;

/// Each text once.
#[derive(Debug, Default)]
pub struct Texts {
    names: Interned<Box<str>>,
    layers: Interned<Layers>,
    /// Numbers of what a VLAN's tag tells, by its own number, where they were asked for; 0 where not.
    vlans: Vec<u32>,
}

impl Texts {
    /// The number of a name.
    pub fn name_number(&mut self, name: &str) -> u32 {
        self.names.number_of(name, || name.into())
    }

    /// The number of what carried a packet, 0 where nothing did.
    pub fn layers_number(&mut self, layers: &Layers) -> u32 {
        if layers.is_empty() {
            0
        } else {
            self.layers.number_of(layers, || layers.clone())
        }
    }

    /// The number of what a VLAN's tag tells, 0 where there is none.
    #[inline]
    pub fn vlan_number(&mut self, vlan: u16) -> u32 {
        if vlan == 0 {
            return 0;
        }
        match self.vlans.get(usize::from(vlan)) {
            Some(number) if *number != 0 => *number,
            _ => self.new_vlan(vlan),
        }
    }

    #[cold]
    fn new_vlan(&mut self, vlan: u16) -> u32 {
        let number = self.layers_number(&link_reader::vlan(vlan));
        let place = usize::from(vlan);
        if self.vlans.len() <= place {
            self.vlans.resize(place + 1, 0);
        }
        if let Some(known) = self.vlans.get_mut(place) {
            *known = number;
        }
        number
    }

    /// Whether `layers` are those of that number.
    #[must_use]
    pub fn is_layers(&self, number: u32, layers: &Layers) -> bool {
        match self.layers.value(number) {
            None => layers.is_empty(),
            Some(known) => known.is_same(layers) || known == layers,
        }
    }

    /// The name of a number, none of 0.
    #[must_use]
    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.value(number).map(|name| &**name)
    }

    /// The layers of a number, none of 0.
    #[must_use]
    pub fn layers_of(&self, number: u32) -> Option<&Layers> {
        self.layers.value(number)
    }

    /// Takes over from `other` what a way bears, which then knows it by its numbers here.
    pub fn adopt(&mut self, other: &Self, way: &mut Way) {
        way.name = other.names.value(way.name).map_or(0, |name| self.name_number(name));
        way.layers = other
            .layers
            .value(way.layers)
            .map_or(0, |layers| self.layers_number(layers));
    }
}
