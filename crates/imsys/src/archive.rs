//! The file of an export: a line with format and version, a line for each record, a line that says how many
//! there were. `imsys import` reads it twice: first every line and every sealed value, then into the store.

use crate::files;
use imsys_domain::device::SnmpLogin;
use imsys_store::model::{Holder, Sealed};
use imsys_store::record::Record;
use imsys_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const FORMAT: &str = "imsys-export";
const VERSION: u32 = 1;
/// Longest line that is read, in bytes.
const LINE: u64 = 16 * 1024 * 1024;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tail {
    /// How many records stand between the first line and this one.
    end: u64,
}

/// Writes everything into a new file; refuses in words, and leaves no half of a file.
pub(crate) async fn write(store: &dyn Store, file: &Path) -> Result<Value, String> {
    let out = files::create(file)?;
    let written = fill(store, out).await;
    written.map(|records| json!({ "records": records })).map_err(|why| {
        let _half = std::fs::remove_file(file);
        format!("{}: {why}", file.display())
    })
}

async fn fill(store: &dyn Store, out: File) -> Result<u64, String> {
    let out = Arc::new(Mutex::new((BufWriter::new(out), 0_u64)));
    line(&mut lock(&out).0, &Head { format: FORMAT.into(), version: VERSION })?;
    let sink = {
        let out = Arc::clone(&out);
        move |record: Record| {
            let mut out = lock(&out);
            out.1 += 1;
            line(&mut out.0, &record).map_err(StoreError::Failed)
        }
    };
    store.export(Box::new(sink)).await.map_err(|error| error.to_string())?;
    let mut out = lock(&out);
    let (file, records) = &mut *out;
    line(file, &Tail { end: *records })?;
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|error| error.to_string())?;
    Ok(*records)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn line(out: &mut impl Write, value: &impl Serialize) -> Result<(), String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    writeln!(out, "{text}").map_err(|error| error.to_string())
}

/// Reads every line, and gives what is sealed.
pub(crate) fn sealed_in(file: &Path) -> anyhow::Result<Vec<Sealed>> {
    let (mut reader, mut sealed) = (Reader::open(file)?, Vec::new());
    while let Some(record) = reader.next_record().map_err(anyhow::Error::msg)? {
        sealed.extend(match record {
            Record::Router(router) => {
                let (holder, value) = (Holder::Router(router.id), router.config.password);
                Some(Sealed { tenant: router.tenant, holder, value })
            }
            Record::Device(device) => device.data.snmp.map(|access| Sealed {
                tenant: device.tenant,
                holder: Holder::Device(device.id),
                value: access.secret,
            }),
            Record::SnmpLogin(SnmpLogin { id, tenant, data, .. }) => {
                Some(Sealed { tenant, holder: Holder::SnmpLogin(id), value: data.access.secret })
            }
            _ => None,
        });
    }
    Ok(sealed)
}

/// The records of a file, in turn; every error names its line.
pub(crate) struct Reader {
    lines: BufReader<File>,
    /// Of the line that was read last.
    pub(crate) number: Arc<AtomicU64>,
    records: u64,
    ended: bool,
}

impl Reader {
    pub(crate) fn open(file: &Path) -> anyhow::Result<Self> {
        let lines = BufReader::new(File::open(file)?);
        let mut reader = Self { lines, number: Arc::default(), records: 0, ended: false };
        let head = reader.line().map_err(anyhow::Error::msg)?.unwrap_or_default();
        match serde_json::from_slice::<Head>(&head) {
            Ok(Head { format, version: VERSION }) if format == FORMAT => Ok(reader),
            Ok(Head { format, version }) if format == FORMAT => {
                anyhow::bail!(
                    "line 1: version {version} of the format, and this program reads version {VERSION}"
                )
            }
            _ => anyhow::bail!("line 1: this is no file of `imsys export`"),
        }
    }

    /// `None` at the end, when it is the whole file.
    pub(crate) fn next_record(&mut self) -> Result<Option<Record>, String> {
        let line = self.line()?;
        let at = self.number.load(Ordering::Relaxed);
        match line {
            None if self.ended => Ok(None),
            None => Err(format!("line {at}: the file ends here, before its end: a part of it is missing")),
            Some(_) if self.ended => Err(format!("line {at}: there is something behind the end")),
            Some(line) => match serde_json::from_slice::<Tail>(&line) {
                Ok(Tail { end }) if end == self.records => {
                    self.ended = true;
                    self.next_record()
                }
                Ok(Tail { end }) => {
                    Err(format!("line {at}: {end} records were written, and {} are here", self.records))
                }
                Err(_) => {
                    self.records += 1;
                    serde_json::from_slice(&line).map(Some).map_err(|error| refuse(at, &error))
                }
            },
        }
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut line = Vec::new();
        let at = self.number.load(Ordering::Relaxed) + 1;
        let read = self.lines.by_ref().take(LINE).read_until(b'\n', &mut line);
        match read.map_err(|error| format!("line {at}: {error}"))? {
            0 => Ok(None),
            _ => {
                self.number.store(at, Ordering::Relaxed);
                Ok(Some(line))
            }
        }
    }
}

/// Each line is a text of its own to the parser: only its column is of use.
fn refuse(line: u64, error: &serde_json::Error) -> String {
    let text = error.to_string();
    let why = text.split(" at line ").next().unwrap_or_default();
    format!("line {line}: {why} (column {})", error.column())
}
