//! What a router accepts as the value of a column.

use std::net::IpAddr;

use super::schema::{Access, Column, Kind, Menu};
use super::value::Value;
use crate::policy;
use crate::trap::Trap;
use crate::version::Version;

/// A column by its place and what is to stand there.
pub(crate) type Change = (usize, Option<Value>);

/// Reads one `name=value` of an `add` or `set`. `exists` says whether a menu has a row of that name.
///
/// # Errors
/// `unknown parameter`, `input does not match any value of` or `invalid value for argument`.
pub(crate) fn change(
    menu: &'static Menu,
    name: &[u8],
    value: &[u8],
    version: Version,
    exists: impl Fn(&str, &[u8]) -> bool,
) -> Result<Change, Trap> {
    let (place, column) = writable(menu, name, version)?;
    let value = match column.kind {
        Kind::Text => Value::text(value),
        Kind::Flag => Value::text(flag(column, value)?),
        Kind::Number => Value::text(number(column, value)?),
        Kind::Address => Value::text(address(column, value)?),
        Kind::Choice(known) => Value::text(choice(column, known, value)?),
        Kind::Of(other) if exists(other, value) => Value::text(value),
        Kind::Of(_) => return Err(Trap::no_match(column.name)),
        Kind::Policy => Value::text(policy::normal(value, version)?),
    };
    Ok((place, Some(value)))
}

/// The column `name` if a user may write it.
///
/// # Errors
/// `unknown parameter`.
pub(crate) fn writable(
    menu: &'static Menu,
    name: &[u8],
    version: Version,
) -> Result<(usize, &'static Column), Trap> {
    let name = String::from_utf8_lossy(name);
    let found = menu.column(alias(menu, &name, version), version);
    found.filter(|(_, column)| column.access != Access::Read).ok_or_else(|| Trap::unknown_parameter(&name))
}

/// 7.24 renamed `/ip/service address` and still accepts the old word.
fn alias<'a>(menu: &Menu, name: &'a str, version: Version) -> &'a str {
    let renamed = menu.path == "ip/service" && name == "address" && version >= Version::new(7, 24);
    if renamed { "available-from" } else { name }
}

fn flag(column: &Column, value: &[u8]) -> Result<&'static str, Trap> {
    match value {
        b"yes" | b"true" => Ok("true"),
        b"no" | b"false" => Ok("false"),
        _ => Err(Trap::no_match(column.name)),
    }
}

fn number<'a>(column: &Column, value: &'a [u8]) -> Result<&'a [u8], Trap> {
    let digits = !value.is_empty() && value.len() < 20 && value.iter().all(u8::is_ascii_digit);
    if digits { Ok(value) } else { Err(Trap::invalid_value(column.name)) }
}

/// Addresses, prefixes and ranges, one or a list of them; empty where that is the default.
fn address<'a>(column: &Column, value: &'a [u8]) -> Result<&'a [u8], Trap> {
    let text = std::str::from_utf8(value).map_err(|_| Trap::invalid_value(column.name))?;
    let empty = text.is_empty() && !column.required;
    if empty || text.split(',').all(is_address) { Ok(value) } else { Err(Trap::invalid_value(column.name)) }
}

fn is_address(text: &str) -> bool {
    let (address, rest) = text.split_once(['/', '-']).unwrap_or((text, ""));
    let prefix = rest.parse::<u8>().is_ok_and(|length| length <= 128);
    address.parse::<IpAddr>().is_ok() && (rest.is_empty() || prefix || rest.parse::<IpAddr>().is_ok())
}

fn choice<'a>(column: &Column, known: &[&str], value: &'a [u8]) -> Result<&'a [u8], Trap> {
    let found = known.iter().any(|word| word.as_bytes() == value);
    if found { Ok(value) } else { Err(Trap::no_match(column.name)) }
}
