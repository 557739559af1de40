//! The socket of the installation's owner: a Unix socket in the data folder, one JSON line in, one JSON line out.
//! `imsys admin`, `backup` and `export` ask here, of a running server or of the store itself.
//!
//! Who can open the socket can open the database too, so nothing is asked of him.

use crate::app::App;
use crate::fields::{Fields, Invalid};
use crate::http::error::in_words;
use crate::stop::Stop;
use crate::tenants::{self, DeleteError, links, names};
use crate::{archive, files};
use crate::{secrets, token};
use imsys_domain::TenantId;
use imsys_domain::access::Role;
use imsys_store::model::LinkKind;
use imsys_store::{Actor, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use uuid::Uuid;

/// The ending of the file with the history of devices, beside a backup.
pub(crate) const HISTORY: &str = "series";
/// Its name in the data folder.
pub const SOCKET: &str = "imsys.sock";
/// Longest line that is read.
const LINE: u64 = 64 * 1024;
/// How long a request may take to come in.
const PATIENCE: Duration = Duration::from_secs(5);

/// The actor of these commands in logs.
const OWNER: &str = "the command line";

/// What can be asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "do")]
pub enum Request {
    /// Makes a tenant: `{tenantId, setupUrl}`.
    TenantCreate {
        /// What it is called.
        name: String,
    },
    /// Makes another set-up link for an admin of a tenant: `{setupUrl}`.
    TenantLink {
        /// Which.
        tenant: Uuid,
    },
    /// Deletes a tenant and everything of it: `{}`.
    TenantDelete {
        /// Which.
        tenant: Uuid,
        /// What it is called.
        name: String,
    },
    /// Makes an API key: `{key}`.
    KeyCreate {
        /// In which tenant.
        tenant: Uuid,
        /// What it may do.
        role: Role,
        /// What it is for.
        name: String,
    },
    /// Makes a link for a new password: `{resetUrl}`.
    Reset {
        /// Whose.
        email: String,
    },
    /// Takes an e-mail address from the account that has it: `{personId}`.
    PersonRelease {
        /// The address.
        email: String,
    },
    /// Seals everything with a new key: `{resealed}`.
    RotateKey,
    /// Says that the clock is right: `{confirmed}`.
    ConfirmClock,
    /// Copies the database and the history of devices: `{}`.
    Backup {
        /// Into this new file, the history beside it.
        file: PathBuf,
    },
    /// Writes everything, record by record: `{records}`.
    Export {
        /// Into this new file.
        file: PathBuf,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Answer {
    Done(Value),
    Refused(String),
}

/// Does what is asked; refuses in words.
pub async fn answer(app: &App, request: Request) -> Result<Value, String> {
    match request {
        Request::TenantCreate { name } => create_tenant(app, &name).await,
        Request::KeyCreate { tenant, role, name } => create_key(app, TenantId(tenant), role, &name).await,
        Request::TenantLink { tenant } => link_tenant(app, TenantId(tenant)).await,
        Request::Reset { email } => reset(app, &email).await,
        Request::PersonRelease { email } => release(app, &email).await,
        Request::RotateKey => rotate(app).await,
        Request::ConfirmClock => {
            Ok(json!({ "confirmed": app.aging.confirm(app.clock.reading(), &app.metrics) }))
        }
        Request::TenantDelete { tenant, name } => delete_tenant(app, TenantId(tenant), &name).await,
        Request::Backup { file } => backup(app, &file).await,
        Request::Export { file } => archive::write(&*app.store, &file).await,
    }
}

async fn create_tenant(app: &App, name: &str) -> Result<Value, String> {
    let tenant = tenants::found(app, &line("name", name)?).await.map_err(in_words)?;
    let setup_url = links::into_tenant(app, tenant.id, OWNER).await.map_err(in_words)?;
    Ok(json!({ "tenantId": tenant.id, "setupUrl": setup_url }))
}

async fn link_tenant(app: &App, tenant: TenantId) -> Result<Value, String> {
    let setup_url = links::into_tenant(app, tenant, OWNER).await.map_err(of_tenant)?;
    Ok(json!({ "setupUrl": setup_url }))
}

async fn delete_tenant(app: &App, tenant: TenantId, name: &str) -> Result<Value, String> {
    match tenants::delete(app, tenant, name, OWNER).await {
        Ok(()) => Ok(json!({})),
        Err(DeleteError::Store(error)) => Err(of_tenant(error)),
        Err(other) => Err(in_words(other)),
    }
}

async fn create_key(app: &App, tenant: TenantId, role: Role, name: &str) -> Result<Value, String> {
    let now = app.now();
    let tenant = app.store.tenant_info(tenant).await.map_err(of_tenant)?;
    let store = app.store.tenant(tenant.id, Actor::system(now));
    let name = line("name", name)?;
    let (_, key) = tenants::make_key(&*store, name, role, None, now).await.map_err(in_words)?;
    Ok(json!({ "key": key }))
}

async fn release(app: &App, email: &str) -> Result<Value, String> {
    let person = app.store.release(&names::folded(email), app.now()).await.map_err(of_email)?;
    app.live.doubt();
    Ok(json!({ "personId": person }))
}

async fn reset(app: &App, email: &str) -> Result<Value, String> {
    let person = app.store.person_by_email(&names::folded(email)).await.map_err(of_email)?;
    let reset_url = links::open(app, LinkKind::Reset, Some(person.id), None).await.map_err(in_words)?;
    Ok(json!({ "resetUrl": reset_url }))
}

async fn rotate(app: &App) -> Result<Value, String> {
    let resealed = secrets::rotate(&app.secrets, &*app.store).await.map_err(in_words)?;
    Ok(json!({ "resealed": resealed }))
}

/// The error of a tenant that may not exist.
fn of_tenant(error: StoreError) -> String {
    absent(error, "tenant", "does not exist")
}

/// The error of an address that may belong to nobody.
fn of_email(error: StoreError) -> String {
    absent(error, "email", "belongs to nobody here")
}

fn absent(error: StoreError, field: &str, message: &str) -> String {
    match error {
        StoreError::NotFound => in_words(Invalid::one(field, message)),
        other => in_words(other),
    }
}

/// Copies the database, and beside it the history of devices.
async fn backup(app: &App, file: &Path) -> Result<Value, String> {
    let series = file.with_added_extension(HISTORY);
    // Made here, empty, so that only its owner reads it; the store fills an empty file and no other.
    files::create(file)?;
    app.store.backup(file).await.map_err(|error| error.to_string())?;
    match app.history.backup(&series).await {
        Ok(()) => Ok(json!({})),
        Err(error) => {
            Err(format!("{} is complete, but without the history of devices: {error}", file.display()))
        }
    }
}

fn line(field: &str, text: &str) -> Result<String, String> {
    let mut fields = Fields::default();
    let text = fields.line(field, text, names::NAME);
    fields.done().map(|()| text).map_err(in_words)
}

/// Serves the socket until told to stop. Without one the server still runs.
pub(crate) async fn serve(app: App, mut stop: Stop) {
    let file = app.config.data.dir.join(SOCKET);
    let listener = match listen(&file) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, file = %file.display(), "`imsys admin` will not reach this server");
            return stop.wait().await;
        }
    };
    loop {
        let stream = tokio::select! {
            () = stop.wait() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = stream else { continue };
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = talk(stream, &app).await {
                tracing::warn!(%error, "a command of the owner broke off");
            }
        });
    }
    let _gone_already = std::fs::remove_file(file);
}

/// The lock on the data folder says that what lies there is left over.
fn listen(file: &Path) -> std::io::Result<UnixListener> {
    let _was_not_there = std::fs::remove_file(file);
    // Bound under a name that nobody knows, and shown when only its owner can open it.
    let aside = file.with_extension(token::fresh().get(..8).unwrap_or_default());
    let listener = UnixListener::bind(&aside)?;
    std::fs::set_permissions(&aside, Permissions::from_mode(0o600))?;
    std::fs::rename(&aside, file)?;
    Ok(listener)
}

async fn talk(stream: UnixStream, app: &App) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    tokio::time::timeout(PATIENCE, BufReader::new(read.take(LINE)).read_line(&mut line)).await??;
    let answer = match serde_json::from_str(&line) {
        Ok(request) => answer(app, request).await.map_or_else(Answer::Refused, Answer::Done),
        Err(error) => Answer::Refused(format!("not a request of this version: {error}")),
    };
    write.write_all(format!("{}\n", json!(answer)).as_bytes()).await
}

/// Asks the server of this data folder; `None` when none runs.
pub(crate) async fn ask(folder: &Path, request: &Request) -> std::io::Result<Option<Result<Value, String>>> {
    let Ok(mut stream) = UnixStream::connect(folder.join(SOCKET)).await else { return Ok(None) };
    stream.write_all(format!("{}\n", json!(request)).as_bytes()).await?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await?;
    match serde_json::from_str(&line)? {
        Answer::Done(value) => Ok(Some(Ok(value))),
        Answer::Refused(why) => Ok(Some(Err(why))),
    }
}
