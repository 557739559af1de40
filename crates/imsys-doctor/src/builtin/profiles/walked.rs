//! What a device answered, ready to look things up.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use crate::builtin::snmp::{Oid, Value, Varbind};

/// The objects of one poll.
#[derive(Debug, Clone, Default)]
pub struct Walked(BTreeMap<Oid, Value>);

impl Walked {
    /// The value of one object.
    pub fn get(&self, oid: &Oid) -> Option<&Value> {
        self.0.get(oid)
    }

    /// The rows of a column: index and value, in order.
    pub fn column<'a>(&'a self, column: &'a Oid) -> impl Iterator<Item = (&'a [u32], &'a Value)> {
        self.0
            .range::<[u32], _>((Excluded(column.arcs()), Unbounded))
            .map_while(|(oid, value)| oid.below(column).map(|index| (index, value)))
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when the device answered nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<Varbind> for Walked {
    fn extend<T: IntoIterator<Item = Varbind>>(&mut self, varbinds: T) {
        self.0.extend(varbinds.into_iter().map(|varbind| (varbind.oid, varbind.value)));
    }
}

impl FromIterator<Varbind> for Walked {
    fn from_iter<T: IntoIterator<Item = Varbind>>(varbinds: T) -> Self {
        let mut walked = Self::default();
        walked.extend(varbinds);
        walked
    }
}
