//! From a row on the wire straight to a struct: no map, no copy in between.

use thiserror::Error;

use crate::{
    codec::Sentence,
    value::{Text, Value, ValueError, decode_text},
};

/// A struct that rows of one menu are read into; declare it with [`menu!`](crate::menu!).
pub trait FromRow: Sized + Send + 'static {
    /// The menu's path: `/ip/arp`.
    const MENU: &'static str;

    /// The fields to ask for with `=.proplist=`, separated by commas; `None` asks for all.
    const PROPLIST: Option<&'static str>;

    /// Reads one row. Fields that the row lacks keep their default, unknown ones are ignored.
    ///
    /// # Errors
    /// A value that is not of its field's type.
    fn from_row(row: Sentence<'_>) -> Result<Self, FieldError>;
}

/// A field whose value is not of the field's type.
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

    fn from_row(row: Sentence<'_>) -> Result<Self, FieldError> {
        Ok(Self(
            row.attrs().map(|(key, value)| (decode_text(key).into(), decode_text(value).into())).collect(),
        ))
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
    match T::read(value) {
        Some(read) => {
            *slot = read;
            Ok(())
        }
        None => Err(bad_field(menu, field, T::EXPECTED, value)),
    }
}

#[cold]
fn bad_field(menu: &'static str, field: &'static str, expected: &'static str, value: &[u8]) -> FieldError {
    FieldError { menu, field, error: ValueError::new(expected, value) }
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

        impl $crate::FromRow for $name {
            const MENU: &'static str = $menu;
            const PROPLIST: Option<&'static str> =
                $crate::menu!(@proplist [$($whole)?] $($first $(, $other)*),+);

            fn from_row(row: $crate::codec::Sentence<'_>) -> Result<Self, $crate::FieldError> {
                let mut this = Self::default();
                for (key, value) in row.attrs() {
                    $(if key == $first.as_bytes() {
                        $crate::read_field(&mut this.$field, $menu, $first, value)?;
                        continue;
                    })+
                    $(if key.eq_ignore_ascii_case($first.as_bytes())
                        $(|| key.eq_ignore_ascii_case($other.as_bytes()))*
                    {
                        $crate::read_field(&mut this.$field, $menu, $first, value)?;
                        continue;
                    })+
                }
                Ok(this)
            }
        }
    };
    (@proplist [whole] $($name:literal),+) => { None };
    (@proplist [] $first:literal $(, $name:literal)*) => { Some(concat!($first $(, ",", $name)*)) };
}
