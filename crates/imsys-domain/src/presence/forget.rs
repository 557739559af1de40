//! A service that is no longer watched as it was: it moved, its access is another one, it is archived or comes back.

use super::{EndCause, Presence, SessionChange};
use crate::Timestamp;

/// Everything that is written of a service whose past says nothing of it any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// The state from now on: unknown.
    pub state: Presence,
    /// The end of each open session.
    pub changes: Vec<SessionChange>,
    /// When an address that DHCP gave it ends, which is not its address any more.
    pub at: Timestamp,
    /// Why it ends.
    pub cause: EndCause,
}

/// Decides what becomes of `state` at `at`: its open sessions end out of our sight, none before it began.
pub fn forget(state: &Presence, at: Timestamp) -> Forgotten {
    let cause = EndCause::Blind;
    let end = |id, started| SessionChange::End { id, at: at.max(started), cause };
    let changes = state.open.iter().map(|session| end(session.id, session.started)).collect();
    Forgotten { state: Presence::unknown(at), changes, at, cause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SessionId;
    use crate::presence::{Endpoint, Observation, judge};

    #[test]
    fn open_sessions_end_out_of_sight_and_the_service_is_unknown() {
        let (early, late) = (Timestamp(10), Timestamp(30));
        let up = |at| Observation::HookUp { at, key: None, endpoint: Endpoint::default() };
        let mut fresh = |at| SessionId::new(at, [1; 10]);
        let online = judge(Presence::unknown(early), up(late), false, &mut fresh).state;
        let [open] = online.open.as_slice() else { panic!("{online:?}") };
        let Forgotten { state, changes, .. } = forget(&online, Timestamp(20));
        assert_eq!(state, Presence::unknown(Timestamp(20)));
        let end = SessionChange::End { id: open.id, at: late, cause: EndCause::Blind };
        assert_eq!(changes, [end], "a session does not end before it began");
    }
}
