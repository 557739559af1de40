//! The search for services: their `search` columns, one under the other in memory, walked from end to
//! end. A hundred thousand lines are a few megabytes, which is less than an index reads from the disk for
//! a word that many have.
//!
//! The memory is a copy and never the truth: each search first takes over the rows that were touched
//! since the last one (`touched` counts up with every change that a search can see).

use super::held;
use super::row::collect;
use crate::port::Result;
use imsys_domain::search::Term;
use memchr::memmem;
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The copies, one a tenant.
#[derive(Clone, Default)]
pub(super) struct ServiceSearch(Arc<Mutex<HashMap<[u8; 16], Shared>>>);

type Shared = Arc<Mutex<Texts>>;

/// A service whose text holds every word.
pub(super) struct Found {
    pub(super) n: i64,
    pub(super) id: [u8; 16],
    pub(super) label: Box<str>,
    pub(super) archived: bool,
}

impl ServiceSearch {
    /// The tenant's services that have every one of `terms`: in their text, or as the address or MAC of an
    /// open session or of the last one, which no text holds because it changes with every connection.
    pub(super) fn find(&self, conn: &Connection, tenant: &[u8; 16], terms: &[Term]) -> Result<Vec<Found>> {
        let holders = terms.iter().map(|term| match &term.exact {
            Some(exact) => held::holders(conn, tenant, *exact),
            None => Ok(Vec::new()),
        });
        let wanted: Vec<Wanted<'_>> = terms
            .iter()
            .zip(holders)
            .map(|(term, holders)| Ok(Wanted::new(term, holders?)))
            .collect::<Result<_>>()?;
        let lines = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(*tenant).or_default())
        };
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.catch_up(conn, tenant)?;
        Ok(lines.find(&wanted))
    }
}

/// A term to look for.
struct Wanted<'a> {
    /// One of them must be in the text.
    finders: Vec<memmem::Finder<'a>>,
    /// The services (`n`) that have it without that.
    holders: Vec<i64>,
}

impl<'a> Wanted<'a> {
    fn new(term: &'a Term, holders: Vec<i64>) -> Self {
        Self { finders: term.any.iter().map(memmem::Finder::new).collect(), holders }
    }

    /// How rare it is, as a rule: the longer the rarer.
    fn shortest(&self) -> usize {
        self.finders.iter().map(|finder| finder.needle().len()).min().unwrap_or_default()
    }
}

#[derive(Default)]
struct Texts {
    /// The last `touched` that was taken over.
    seen: i64,
    /// Every line ends with a line break; a line that was replaced is line breaks only.
    text: Vec<u8>,
    lines: Vec<TextOfService>,
    /// Where a service's line is.
    place: HashMap<i64, usize>,
}

struct TextOfService {
    start: usize,
    n: i64,
    id: [u8; 16],
    label: Box<str>,
    archived: bool,
}

impl Texts {
    fn catch_up(&mut self, conn: &Connection, tenant: &[u8; 16]) -> Result<()> {
        if self.lines.len() > 1_000 && self.lines.len() > 2 * self.place.len() {
            *self = Self::default();
        }
        let sql = "SELECT touched, n, id, label, archived, search FROM services INDEXED BY services_touched
                   WHERE tenant = ?1 AND touched > ?2 ORDER BY touched";
        let mut statement = conn.prepare_cached(sql)?;
        for (touched, line, text) in collect(statement.query(params![tenant, self.seen])?, read)? {
            self.put(line, &text);
            self.seen = touched;
        }
        Ok(())
    }

    fn put(&mut self, line: TextOfService, text: &str) {
        if let Some(before) = self.place.insert(line.n, self.lines.len()) {
            let (start, end) = self.range(before);
            self.text[start..end].fill(b'\n');
        }
        self.lines.push(TextOfService { start: self.text.len(), ..line });
        self.text.extend_from_slice(text.as_bytes());
        self.text.push(b'\n');
    }

    fn range(&self, line: usize) -> (usize, usize) {
        (self.lines[line].start, self.lines.get(line + 1).map_or(self.text.len(), |next| next.start))
    }

    fn find(&self, wanted: &[Wanted<'_>]) -> Vec<Found> {
        let Some(first) = wanted.iter().max_by_key(|wanted| wanted.shortest()) else {
            return Vec::new();
        };
        let mut candidates: Vec<usize> = first.finders.iter().flat_map(|finder| self.with(finder)).collect();
        candidates.extend(first.holders.iter().filter_map(|n| self.place.get(n)));
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|line| wanted.iter().all(|wanted| self.has(*line, wanted)));
        let found = candidates.into_iter().map(|line| {
            let TextOfService { n, id, label, archived, .. } = &self.lines[line];
            Found { n: *n, id: *id, label: label.clone(), archived: *archived }
        });
        found.collect()
    }

    /// The lines in which it is.
    fn with(&self, finder: &memmem::Finder<'_>) -> Vec<usize> {
        let (mut lines, mut from) = (Vec::new(), 0);
        while let Some(at) = self.text.get(from..).and_then(|rest| finder.find(rest)) {
            let line = self.lines.partition_point(|line| line.start <= from + at) - 1;
            lines.push(line);
            from = self.range(line).1;
        }
        lines
    }

    fn has(&self, line: usize, wanted: &Wanted<'_>) -> bool {
        let (start, end) = self.range(line);
        wanted.finders.iter().any(|finder| finder.find(&self.text[start..end]).is_some())
            || wanted.holders.contains(&self.lines[line].n)
    }
}

fn read(row: &Row<'_>) -> Result<(i64, TextOfService, String)> {
    let label: String = row.get(3)?;
    let line = TextOfService {
        start: 0,
        n: row.get(1)?,
        id: row.get(2)?,
        label: label.into(),
        archived: row.get(4)?,
    };
    Ok((row.get(0)?, line, row.get(5)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::search::terms;

    fn line(n: i64) -> TextOfService {
        TextOfService { start: 0, n, id: [0; 16], label: "".into(), archived: false }
    }

    #[test]
    fn every_word_must_be_in_the_same_line_and_replaced_lines_are_gone() {
        let mut lines = Texts::default();
        lines.put(line(1), "ana garcia");
        lines.put(line(2), "ben garcia");
        lines.put(line(3), "ana");
        let find = |lines: &Texts, words: &[&str]| {
            let terms = terms(&words.join(" "));
            let wanted: Vec<_> = terms.iter().map(|term| Wanted::new(term, Vec::new())).collect();
            lines.find(&wanted).iter().map(|f| f.n).collect::<Vec<_>>()
        };
        assert_eq!(find(&lines, &["garcia"]), [1, 2]);
        assert_eq!(find(&lines, &["a", "garc"]), [1, 2]);
        assert_eq!(find(&lines, &["ana", "garcia"]), [1]);
        lines.put(line(1), "eve");
        assert_eq!(find(&lines, &["a"]), [2, 3]);
        assert_eq!(find(&lines, &["e"]), [2, 1]);
        let terms = terms("192.168.7.9 garcia");
        let wanted = [Wanted::new(&terms[0], vec![2, 3]), Wanted::new(&terms[1], Vec::new())];
        assert_eq!(lines.find(&wanted).iter().map(|f| f.n).collect::<Vec<_>>(), [2], "by what a session has");
        assert_eq!(find(&lines, &["zz"]), [0; 0]);
    }
}
