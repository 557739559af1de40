use crate::{menu, value::Id};

menu! {
    /// A filter rule of which it is known by the query that its action is FastTrack.
    pub struct FastTrackRule in "/ip/firewall/filter" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// Whether it is switched off.
        disabled: bool = "disabled",
    }
}
