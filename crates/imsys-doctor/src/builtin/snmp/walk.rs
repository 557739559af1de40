//! The rules of a walk: how much to ask for at once, and what may come back.

use super::{Agent, AgentStatus, MOST_BYTES, MOST_ROWS, OddReply, Oid, SnmpError, Value, Varbind};

/// How many objects a GETBULK asks for; the last step is GETNEXT.
const REPETITIONS: [u32; 4] = [25, 10, 5, 1];

/// A step of [`REPETITIONS`], or behind the last one GETNEXT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(pub(super) usize);

impl Step {
    pub(super) const FIRST: Self = Self(0);
    pub(super) const GET_NEXT: Self = Self(REPETITIONS.len());

    /// `None` for GETNEXT.
    pub(super) fn repetitions(self) -> Option<u32> {
        REPETITIONS.get(self.0).copied()
    }

    pub(super) fn lower(self) -> Self {
        Self((self.0 + 1).min(Self::GET_NEXT.0))
    }
}

/// The object behind `last`; v1 says with an error that there is none.
pub(super) async fn next(agent: &dyn Agent, last: &Oid) -> Result<Varbind, SnmpError> {
    match agent.get_next(last).await {
        Err(SnmpError::Agent { status: AgentStatus::NoSuchName, .. }) => {
            Ok(Varbind { oid: last.clone(), value: Value::EndOfView })
        }
        other => other,
    }
}

pub(super) fn not_empty(page: Vec<Varbind>) -> Result<Vec<Varbind>, SnmpError> {
    if page.is_empty() { Err(SnmpError::OddReply(OddReply::OtherObjects)) } else { Ok(page) }
}

/// Adds the objects of `page` that are below `root` to `found`. Returns the last of them, behind which
/// the walk goes on, or `None` at its end.
pub(super) fn take_page(
    root: &Oid,
    last: &Oid,
    page: Vec<Varbind>,
    found: &mut Vec<Varbind>,
    bytes: &mut usize,
) -> Result<Option<Oid>, SnmpError> {
    let mut last = last.clone();
    for varbind in page {
        if varbind.value == Value::EndOfView || varbind.oid.below(root).is_none() && varbind.oid > last {
            return Ok(None);
        }
        if varbind.oid <= last {
            return Err(SnmpError::OddReply(OddReply::NotIncreasing));
        }
        *bytes += varbind.weight();
        if found.len() >= MOST_ROWS || *bytes > MOST_BYTES {
            return Err(SnmpError::OddReply(OddReply::TooLarge));
        }
        last = varbind.oid.clone();
        if varbind.value != Value::Missing {
            found.push(varbind);
        }
    }
    Ok(Some(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(text: &str) -> Oid {
        text.parse().unwrap()
    }

    fn page(oids: &[&str]) -> Vec<Varbind> {
        oids.iter().map(|text| Varbind { oid: oid(text), value: Value::Gauge(1) }).collect()
    }

    fn take(last: &str, oids: &[&str]) -> (Result<Option<Oid>, SnmpError>, usize) {
        let mut found = Vec::new();
        let end = take_page(&oid("1.3.6"), &oid(last), page(oids), &mut found, &mut 0);
        (end, found.len())
    }

    #[test]
    fn a_page_ends_at_the_end_of_the_subtree() {
        assert_eq!(take("1.3.6", &["1.3.6.1", "1.3.6.2"]), (Ok(Some(oid("1.3.6.2"))), 2));
        assert_eq!(take("1.3.6", &["1.3.6.1", "1.3.7.1"]), (Ok(None), 1));
    }

    #[test]
    fn an_object_that_does_not_move_forward_is_refused() {
        let refused = Err(SnmpError::OddReply(OddReply::NotIncreasing));
        assert_eq!(take("1.3.6.5", &["1.3.6.5"]).0, refused);
        assert_eq!(take("1.3.6.5", &["1.3.6.6", "1.3.6.4"]).0, refused);
        assert_eq!(take("1.3.6.5", &["1.3.5.9"]).0, refused);
    }

    #[test]
    fn a_subtree_without_end_is_refused() {
        let mut found = Vec::new();
        let mut bytes = 0;
        let root = oid("1.3.6");
        let mut last = root.clone();
        let refused = (0..).find_map(|row| {
            let varbind = Varbind { oid: root.join(&[row]), value: Value::Octets(vec![0; 40]) };
            match take_page(&root, &last, vec![varbind], &mut found, &mut bytes) {
                Ok(end) => last = end.unwrap(),
                Err(error) => return Some(error),
            }
            None
        });
        assert_eq!(refused, Some(SnmpError::OddReply(OddReply::TooLarge)));
        assert!(found.len() <= MOST_ROWS);
    }
}
