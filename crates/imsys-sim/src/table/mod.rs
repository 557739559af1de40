//! A router's tables: rows of a menu, how they are found, changed and shown.

pub(crate) mod check;
pub(crate) mod menus;
pub(crate) mod query;
pub(crate) mod schema;
pub(crate) mod value;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use schema::{Access, Menu, ORDERED};
use value::{Value, View};

/// The number behind an `.id` such as `*1F`.
pub(crate) type Id = u32;

/// `*1F` as it is written on the wire.
pub(crate) fn spell_id(id: Id) -> String {
    format!("*{id:X}")
}

/// The number of `*1F`; `None` when the text is no id.
pub(crate) fn parse_id(text: &[u8]) -> Option<Id> {
    let digits = std::str::from_utf8(text.strip_prefix(b"*")?).ok()?;
    Id::from_str_radix(digits, 16).ok()
}

/// One row: only what differs from its menu's defaults, ordered by column.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: Id,
    cells: Vec<(u8, Value)>,
}

impl Row {
    /// What was set in the column at `place`.
    pub(crate) fn own(&self, place: usize) -> Option<&Value> {
        let found = self.cells.binary_search_by_key(&place, |(column, _)| usize::from(*column));
        found.ok().map(|index| &self.cells[index].1)
    }

    /// The text of a column, its default included; empty when there is none.
    pub(crate) fn text<'a>(&'a self, menu: &Menu, name: &str) -> &'a [u8] {
        let Some(place) = menu.place(name) else { return b"" };
        match self.own(place) {
            Some(Value::Text(bytes)) => bytes,
            Some(_) => b"",
            None => menu.columns[place].default.unwrap_or_default().as_bytes(),
        }
    }

    /// Whether the flag `name` is set.
    pub(crate) fn is(&self, menu: &Menu, name: &str) -> bool {
        self.text(menu, name) == b"true"
    }

    fn put(&mut self, place: usize, value: Value) {
        match self.cells.binary_search_by_key(&place, |(column, _)| usize::from(*column)) {
            Ok(index) => self.cells[index].1 = value,
            Err(index) => self.cells.insert(index, (place as u8, value)),
        }
    }

    fn clear(&mut self, place: usize) {
        self.cells.retain(|(column, _)| usize::from(*column) != place);
    }

    /// One property as it is shown, by its name; `.id` too.
    pub(crate) fn shown<'a>(&'a self, menu: &'static Menu, name: &[u8], view: View) -> Option<Cow<'a, [u8]>> {
        if name == b".id" {
            return (!menu.allows(schema::SINGLE)).then(|| Cow::Owned(spell_id(self.id).into_bytes()));
        }
        let (place, _) = menu.column(std::str::from_utf8(name).ok()?, view.version)?;
        self.cell(menu, place, view)
    }

    /// Every property that is shown, in the order of the columns, without `.id`.
    pub(crate) fn cells<'a>(
        &'a self,
        menu: &'static Menu,
        view: View,
    ) -> impl Iterator<Item = (&'static str, Cow<'a, [u8]>)> + 'a {
        menu.columns
            .iter()
            .enumerate()
            .filter(move |(_, column)| column.exists(view.version))
            .filter_map(move |(place, column)| self.cell(menu, place, view).map(|value| (column.name, value)))
    }

    fn cell<'a>(&'a self, menu: &'static Menu, place: usize, view: View) -> Option<Cow<'a, [u8]>> {
        let column = &menu.columns[place];
        if column.access == Access::Secret && !view.secrets {
            return None;
        }
        match self.own(place) {
            Some(value) => Some(value.spell(view)),
            None => column.default.map(|text| Cow::Borrowed(text.as_bytes())),
        }
    }
}

/// The rows of one menu.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) menu: &'static Menu,
    rows: BTreeMap<Id, Row>,
    /// The order of rows where it is not that of their ids.
    order: Option<Vec<Id>>,
    /// From the values of the menu's unique columns to the row.
    names: HashMap<Vec<u8>, Id>,
    next: Id,
}

impl Table {
    pub(crate) fn new(menu: &'static Menu) -> Self {
        let order = menu.allows(ORDERED).then(Vec::new);
        Self { menu, rows: BTreeMap::new(), order, names: HashMap::new(), next: 1 }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn get(&self, id: Id) -> Option<&Row> {
        self.rows.get(&id)
    }

    /// The first row, which is the only one of a single menu.
    pub(crate) fn first(&self) -> Option<&Row> {
        self.rows.values().next()
    }

    /// All rows in their order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        let ordered = self.order.iter().flatten().filter_map(|id| self.rows.get(id));
        let plain = self.order.is_none().then(|| self.rows.values());
        ordered.chain(plain.into_iter().flatten())
    }

    /// The row of this name, in a menu whose rows have names.
    pub(crate) fn named(&self, name: &[u8]) -> Option<&Row> {
        self.menu.is_named().then(|| self.names.get(name)).flatten().and_then(|id| self.rows.get(id))
    }

    /// Adds a row; `values` are columns by their place. Ids are never used twice.
    pub(crate) fn insert(&mut self, values: impl IntoIterator<Item = (usize, Value)>) -> Id {
        let id = self.next;
        self.next += 1;
        let mut row = Row { id, cells: Vec::new() };
        for (place, value) in values {
            row.put(place, value);
        }
        row.cells.shrink_to_fit();
        self.names.extend(self.key(&row).map(|key| (key, id)));
        self.rows.insert(id, row);
        self.order.iter_mut().for_each(|order| order.push(id));
        id
    }

    /// Adds a row by the names of its columns; for rows that the router itself makes.
    pub(crate) fn insert_named(&mut self, values: &[(&str, Value)]) -> Id {
        let menu = self.menu;
        let placed = values.iter().filter_map(|(name, value)| Some((menu.place(name)?, value.clone())));
        self.insert(placed.collect::<Vec<_>>())
    }

    /// Sets (`Some`) or unsets (`None`) columns of a row.
    pub(crate) fn change(&mut self, id: Id, values: impl IntoIterator<Item = (usize, Option<Value>)>) {
        let Some(mut row) = self.rows.remove(&id) else { return };
        if let Some(key) = self.key(&row) {
            self.names.remove(&key);
        }
        for (place, value) in values {
            match value {
                Some(value) => row.put(place, value),
                None => row.clear(place),
            }
        }
        self.names.extend(self.key(&row).map(|key| (key, id)));
        self.rows.insert(id, row);
    }

    pub(crate) fn remove(&mut self, id: Id) -> Option<Row> {
        let row = self.rows.remove(&id)?;
        if let Some(key) = self.key(&row) {
            self.names.remove(&key);
        }
        self.order.iter_mut().for_each(|order| order.retain(|other| *other != id));
        Some(row)
    }

    /// Forgets all rows and begins with the first id again.
    pub(crate) fn restart(&mut self) {
        *self = Self::new(self.menu);
    }

    /// Begins to count ids at `id`.
    pub(crate) fn begin_at(&mut self, id: Id) {
        self.next = id;
    }

    /// Moves a row before another, or to the end.
    pub(crate) fn place_before(&mut self, id: Id, before: Option<Id>) {
        let Some(order) = &mut self.order else { return };
        order.retain(|other| *other != id);
        let index = order.iter().position(|other| Some(*other) == before).unwrap_or(order.len());
        order.insert(index, id);
    }

    /// Whether another row than `id` has the unique values `row` would have.
    pub(crate) fn is_taken(&self, id: Option<Id>, values: &[(usize, Option<Value>)]) -> bool {
        let mut row =
            id.and_then(|id| self.rows.get(&id)).cloned().unwrap_or(Row { id: 0, cells: Vec::new() });
        for (place, value) in values {
            if let Some(value) = value {
                row.put(*place, value.clone());
            }
        }
        let taken = self.key(&row).and_then(|key| self.names.get(&key));
        taken.is_some_and(|owner| Some(*owner) != id)
    }

    fn key(&self, row: &Row) -> Option<Vec<u8>> {
        let columns = self.menu.unique.0;
        let parts: Vec<&[u8]> = columns.iter().map(|name| row.text(self.menu, name)).collect();
        (!columns.is_empty()).then(|| parts.join(&b'\0'))
    }
}
