//! From a row on the wire straight to a struct: no map, no copy in between.

use thiserror::Error;

use crate::{
    codec::{Sentence, split_attr},
    value::{Text, Value, ValueError, decode_text},
};

/// A struct that rows of one menu are read into; declare it with [`menu!`](crate::menu!).
pub trait FromRow: Default + Send + 'static {
    /// The menu's path: `/ip/arp`.
    const MENU: &'static str;

    /// The fields to ask for with `=.proplist=`, separated by commas; `None` asks for all.
    const PROPLIST: Option<&'static str>;

    /// Bytes of memory that a byte on the wire can turn into, beside the struct itself; it counts
    /// towards [`connection_bytes`](crate::client::ClientOptions::connection_bytes).
    const MEMORY_PER_BYTE: usize = 2;

    /// Reads one word of a row, `=name=value`, into a value that began as the default. Words of
    /// unknown fields and words that are no attribute are ignored. `order` is kept from word to word and
    /// from row to row of one reply.
    ///
    /// # Errors
    /// A value that is not of its field's type; the field stays as it was.
    fn read_word(&mut self, word: &[u8], order: &mut FieldOrder) -> Result<(), FieldError>;

    /// Reads one row. Fields that it lacks keep their default, and so do those whose value is not of
    /// their type: they count as not said, and `odd` is told of each.
    fn read_row(row: Sentence<'_>, order: &mut FieldOrder, mut odd: impl FnMut(&FieldError)) -> Self {
        let mut this = Self::default();
        order.restart();
        for word in row.words().skip(1) {
            if let Err(error) = this.read_word(word, order) {
                odd(&error);
            }
        }
        this
    }
}

/// Which field followed which in the rows before. Routers keep their order, so the next field is
/// nearly always known, and one comparison replaces a search for its name.
#[derive(Debug, Clone)]
pub struct FieldOrder {
    /// The field that was read last.
    field: u8,
    next: [u8; 64],
}

impl FieldOrder {
    /// Fields that a struct may have; `menu!` checks it.
    pub const MOST: usize = 63;

    /// What comes before the first field.
    const START: u8 = 0;

    /// Begins a new row.
    #[inline]
    pub fn restart(&mut self) {
        self.field = Self::START;
    }

    /// The field that is expected next; 0 for none.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn expected(&self) -> u8 {
        self.next.get(usize::from(self.field)).copied().unwrap_or_default()
    }

    /// Goes on from `field`.
    #[doc(hidden)]
    #[inline]
    pub fn advance(&mut self, field: u8) {
        self.field = field;
    }

    /// Goes on from `field` and remembers that it came where it did.
    #[doc(hidden)]
    #[inline]
    pub fn learn(&mut self, field: u8) {
        if let Some(slot) = self.next.get_mut(usize::from(self.field)) {
            *slot = field;
        }
        self.field = field;
    }
}

impl Default for FieldOrder {
    fn default() -> Self {
        Self { field: Self::START, next: [0; 64] }
    }
}

/// A field whose value is not of the field's type. It costs the field, never its row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{menu} {field}: {error}")]
pub struct FieldError {
    /// The menu's path.
    pub menu: &'static str,
    /// The field's name on the wire.
    pub field: &'static str,
    /// What was expected and what stood there.
    pub error: ValueError,
}

/// Any row of any menu, as names and texts in the router's order. For diagnosis and tests; the
/// typed menus are faster and say what they need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnyRow(pub Vec<(Text, Text)>);

impl AnyRow {
    /// The value of the first field called `name`, without regard to case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl FromRow for AnyRow {
    const MENU: &'static str = "";
    const PROPLIST: Option<&'static str> = None;
    /// An attribute may be one `=` and takes two texts.
    const MEMORY_PER_BYTE: usize = size_of::<(Text, Text)>();

    fn read_word(&mut self, word: &[u8], _: &mut FieldOrder) -> Result<(), FieldError> {
        let text = |bytes| Text::from(&*decode_text(bytes));
        self.0.extend(split_attr(word).map(|(name, value)| (text(name), text(value))));
        Ok(())
    }
}

/// Reads one field of the struct that [`menu!`](crate::menu!) declares.
#[doc(hidden)]
#[inline]
pub fn read_field<T: Value>(
    slot: &mut T,
    menu: &'static str,
    field: &'static str,
    value: &[u8],
) -> Result<(), FieldError> {
    if T::read_into(slot, value) { Ok(()) } else { Err(bad_field(menu, field, T::EXPECTED, value)) }
}

#[cold]
fn bad_field(menu: &'static str, field: &'static str, expected: &'static str, value: &[u8]) -> FieldError {
    FieldError { menu, field, error: ValueError::new(expected, value) }
}

/// The field among `names` that `word` (`=name=value`) gives a value, and the value.
#[doc(hidden)]
#[cold]
#[must_use]
pub fn find_field<'a>(names: &[(&str, u8)], word: &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (name, value) = split_attr(word)?;
    let (_, field) = names.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name))?;
    Some((*field, value))
}

/// Declares a struct for the rows of a menu: every field with its type and its name on the wire,
/// and `| "other"` where versions of RouterOS differ.
///
/// Names are compared without regard to case (`DHCP` in version 6 is `dhcp` in 7). Every type must
/// implement [`Value`](crate::value::Value) and `Default`. `, whole` after the path asks for all fields
/// instead of the declared ones, for commands that know no `.proplist`.
///
/// ```
/// routeros::menu! {
///     /// A bridge's port.
///     pub struct BridgePort in "/interface/bridge/port" {
///         /// The port.
///         interface: routeros::value::Text = "interface",
///         /// Whether it is switched off.
///         disabled: bool = "disabled",
///     }
/// }
/// # use routeros::FromRow;
/// assert_eq!(BridgePort::PROPLIST, Some("interface,disabled"));
/// ```
#[macro_export]
macro_rules! menu {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident in $menu:literal $(, $whole:ident)? {
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $first:literal $(| $other:literal)*,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        $vis struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        const _: () = {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Field { __Start, $($field),+ }

            const NAMES: &[(&str, u8)] =
                &[$(($first, Field::$field as u8) $(, ($other, Field::$field as u8))*),+];

            const { assert!([$($first),+].len() <= $crate::FieldOrder::MOST, "too many fields") };

            impl $name {
                #[cold]
                fn read_found(&mut self, field: u8, value: &[u8]) -> Result<(), $crate::FieldError> {
                    $(if field == Field::$field as u8 {
                        return $crate::read_field(&mut self.$field, $menu, $first, value);
                    })+
                    Ok(())
                }
            }

            impl $crate::FromRow for $name {
                const MENU: &'static str = $menu;
                const PROPLIST: Option<&'static str> =
                    $crate::menu!(@proplist [$($whole)?] $($first $(, $other)*),+);

                #[inline(always)]
                fn read_word(
                    &mut self,
                    word: &[u8],
                    order: &mut $crate::FieldOrder,
                ) -> Result<(), $crate::FieldError> {
                    let expected = order.expected();
                    $(if expected == Field::$field as u8 {
                        if let Some(value) = word.strip_prefix(concat!("=", $first, "=").as_bytes()) {
                            order.advance(Field::$field as u8);
                            return $crate::read_field(&mut self.$field, $menu, $first, value);
                        }
                    } else)+ {}
                    match $crate::find_field(NAMES, word) {
                        Some((field, value)) => {
                            order.learn(field);
                            self.read_found(field, value)
                        }
                        None => Ok(()),
                    }
                }
            }
        };
    };
    (@proplist [whole] $($name:literal),+) => { None };
    (@proplist [] $first:literal $(, $name:literal)*) => { Some(concat!($first $(, ",", $name)*)) };
}
