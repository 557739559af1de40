//! Laying the file and the environment over the defaults. A key that the defaults do not have is an error.

use super::{Config, ConfigError};
use std::path::Path;
use toml::{Table, Value};

/// The shipped settings.
pub const DEFAULTS: &str = include_str!("../../../../imsys.default.toml");
const PREFIX: &str = "IMSYS_";

/// The effective settings: the defaults, then `file` (or `imsys.toml` here, when there is one), then
/// those variables of `environment` that are named `IMSYS_SECTION__KEY`.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let mut table: Table = DEFAULTS.parse().expect("a test reads the shipped settings");
    if let Some((name, text)) = read(file)? {
        let over = text
            .parse()
            .map_err(|e: toml::de::Error| ConfigError::Syntax { file: name, why: e.to_string() })?;
        lay_over(&mut table, over, "")?;
    }
    for (name, text) in environment {
        if let Some(key) = setting(&name) {
            set(&mut table, &key, &text)?;
        }
    }
    typed(table)?.checked()
}

fn read(file: Option<&Path>) -> Result<Option<(String, String)>, ConfigError> {
    let path = file.unwrap_or(Path::new("imsys.toml"));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.display().to_string(), text))),
        Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ConfigError::File { file: path.display().to_string(), why: error.to_string() }),
    }
}

fn lay_over(table: &mut Table, over: Table, path: &str) -> Result<(), ConfigError> {
    for (key, value) in over {
        let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (table.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(value)) => lay_over(inner, value, &name)?,
            (Some(Value::Table(_)), _) => return Err(wrong(&name, "is a section: write [section]")),
            (Some(place), value) => *place = value,
            (None, _) => return Err(ConfigError::Unknown(name)),
        }
    }
    Ok(())
}

/// `IMSYS_HTTP__TLS__CERT` -> `http.tls.cert`; other variables are none of ours.
fn setting(variable: &str) -> Option<String> {
    let name = variable.strip_prefix(PREFIX)?;
    name.contains("__").then(|| name.to_lowercase().replace("__", "."))
}

/// Sets a value from text, read as what the default is.
fn set(table: &mut Table, key: &str, text: &str) -> Result<(), ConfigError> {
    let (sections, name) = key.rsplit_once('.').unwrap_or(("", key));
    let section = sections.split('.').try_fold(table, |table, name| table.get_mut(name)?.as_table_mut());
    let place = section.and_then(|section| section.get_mut(name)).filter(|place| !place.is_table());
    let place = place.ok_or_else(|| ConfigError::Unknown(key.into()))?;
    *place = match place {
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| wrong(key, "must be true or false"))?),
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_| wrong(key, "must be a whole number"))?),
        Value::Array(_) => {
            Value::Array(text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(Value::from).collect())
        }
        _ => Value::from(text),
    };
    Ok(())
}

/// Reads one setting at a time, so that an error names it.
fn typed(table: Table) -> Result<Config, ConfigError> {
    let mut each = Vec::new();
    leaves(&table, &mut Vec::new(), &mut each);
    for (names, value) in each {
        let alone = names
            .iter()
            .rev()
            .fold(value.clone(), |inner, name| Value::Table(Table::from_iter([((*name).to_owned(), inner)])));
        let why = |e: toml::de::Error| wrong(&names.join("."), e.message());
        alone.try_into::<Config>().map_err(why)?;
    }
    Value::Table(table).try_into().map_err(|e: toml::de::Error| wrong("settings", e.message()))
}

/// Every value that is not a section, with the names that lead to it.
fn leaves<'a>(table: &'a Table, path: &mut Vec<&'a str>, found: &mut Vec<(Vec<&'a str>, &'a Value)>) {
    for (name, value) in table {
        path.push(name);
        match value.as_table() {
            Some(inner) => leaves(inner, path, found),
            None => found.push((path.clone(), value)),
        }
        path.pop();
    }
}

fn wrong(key: &str, why: &str) -> ConfigError {
    ConfigError::Value { key: key.into(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;

    fn with(environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        load(None, environment.iter().map(|(name, value)| ((*name).into(), (*value).into())))
    }

    fn from(text: &str) -> Result<Config, ConfigError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        load(Some(file.path()), [])
    }

    #[test]
    fn the_shipped_file_is_the_defaults() {
        assert_eq!(with(&[]), Ok(Config::default()));
        assert_eq!(toml::from_str::<Config>(DEFAULTS).unwrap(), Config::default());
        let shipped: Table = DEFAULTS.parse().unwrap();
        let all: Table = toml::to_string(&Config::default()).unwrap().parse().unwrap();
        assert_eq!(shipped, all, "a setting is missing on one side");
    }

    #[test]
    fn the_address_of_the_server_is_one_that_routers_take() {
        for address in ["", "10.0.0.1", "fd00::1"] {
            assert!(with(&[("IMSYS_NETWORK__SERVER_ADDRESS", address)]).is_ok(), "{address}");
        }
        for address in ["imsys.example.net", "10.0.0.0/24", "10.0.0.1;"] {
            assert!(with(&[("IMSYS_NETWORK__SERVER_ADDRESS", address)]).is_err(), "{address}");
        }
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[http]\nlisten = \"127.0.0.1:1\"\nmax_connections = 5").unwrap();
        let environment = [
            ("IMSYS_HTTP__LISTEN", "127.0.0.1:2"),
            ("IMSYS_HTTP__TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16"),
            ("IMSYS_NETWORK__ALLOW_LOOPBACK", "true"),
            ("IMSYS_WEB", "skip"),
            ("HOME", "/"),
        ];
        let environment = environment.map(|(name, value)| (name.into(), value.into()));
        let config = load(Some(file.path()), environment).unwrap();
        assert_eq!(config.http.listen, SocketAddr::from(([127, 0, 0, 1], 2)));
        assert_eq!(config.http.max_connections, 5);
        assert_eq!(config.http.trusted_proxies.len(), 2);
        assert!(config.network.allow_loopback);
    }

    #[test]
    fn a_certificate_and_its_key_go_together() {
        let (cert, key) = (("IMSYS_HTTP__TLS__CERT", "a.pem"), ("IMSYS_HTTP__TLS__KEY", "b.pem"));
        let both = with(&[cert, key]).unwrap();
        assert!(both.http.tls.is_on());
        let at = SocketAddr::from(([127, 0, 0, 1], 1));
        assert_eq!(both.bound(at).http.public_url, "https://127.0.0.1:1");
        assert_eq!(from("[http.tls]\ncert = \"a\"\nkey = \"b\"").unwrap().http.tls.key.as_os_str(), "b");
        for (given, missing) in [(cert, "http.tls.key"), (key, "http.tls.cert")] {
            let error = with(&[given]).unwrap_err().to_string();
            assert!(error.contains(missing), "{error}");
        }
        assert_eq!(with(&[("IMSYS_HTTP__TLS", "x")]), Err(ConfigError::Unknown("http.tls".into())));
        let wrong = from("[http.tls]\ncert = 1\nkey = \"b\"").unwrap_err();
        assert!(matches!(wrong, ConfigError::Value { ref key, .. } if key == "http.tls.cert"), "{wrong}");
    }

    #[test]
    fn an_unknown_key_is_named() {
        assert_eq!(from("[http]\nlisen = 1"), Err(ConfigError::Unknown("http.lisen".into())));
        assert_eq!(from("[htp]"), Err(ConfigError::Unknown("htp".into())));
        assert_eq!(with(&[("IMSYS_HTTP__PORT", "1")]), Err(ConfigError::Unknown("http.port".into())));
    }

    #[test]
    fn a_value_that_does_not_fit_names_its_key() {
        for (variable, value) in [
            ("IMSYS_HTTP__LISTEN", "here"),
            ("IMSYS_HTTP__INSECURE", "perhaps"),
            ("IMSYS_HTTP__MAX_CONNECTIONS", "0"),
            ("IMSYS_HTTP__MAX_CONNECTIONS", "-1"),
            ("IMSYS_HTTP__TRUSTED_PROXIES", "proxy"),
            ("IMSYS_HTTP__PUBLIC_URL", "imsys.example.net"),
            ("IMSYS_HTTP__PUBLIC_URL", "https://imsys.example.net/here"),
            ("IMSYS_LOG__FORMAT", "xml"),
            ("IMSYS_NETWORK__SERVER_ADDRESS", "http://10.0.0.1"),
        ] {
            let Err(ConfigError::Value { key, .. }) = with(&[(variable, value)]) else {
                panic!("{variable}={value}")
            };
            assert_eq!(Some(key), setting(variable));
        }
    }

    #[test]
    fn what_is_not_in_this_version_is_said_in_words() {
        for (variable, value, name) in [
            ("IMSYS_STORE__URL", "mongodb://127.0.0.1", "MongoDB is not in this version"),
            ("IMSYS_QUEUE__URL", "amqp://127.0.0.1", "must be `local` or the address of a Redis"),
        ] {
            let error = with(&[(variable, value)]).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn the_shown_settings_keep_the_key_to_themselves() {
        let config = with(&[("IMSYS_SECRETS__KEY", "c2VjcmV0")]).unwrap();
        assert!(!config.shown().contains("c2VjcmV0"));
    }
}
