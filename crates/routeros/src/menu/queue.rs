use crate::{
    menu,
    value::{Id, Text, UpDown},
};

menu! {
    /// A simple queue with its counters.
    pub struct SimpleQueue in "/queue/simple" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// Its name.
        name: Text = "name",
        /// Addresses with prefixes or interfaces, separated by commas.
        target: Text = "target",
        /// Bytes since the counters were reset.
        bytes: Option<UpDown> = "bytes",
        /// Bits per second now.
        rate: Option<UpDown> = "rate",
        /// Bits per second at most; 0 for no limit.
        max_limit: Option<UpDown> = "max-limit",
        /// Whether it is switched off.
        disabled: bool = "disabled",
        /// Whether a service made it.
        dynamic: bool = "dynamic",
        /// Free text.
        comment: Text = "comment",
    }
}
