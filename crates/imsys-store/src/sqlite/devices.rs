//! Devices.

use super::SqliteTenant;
use super::db::Lane;
use super::exist::{lives, must_exist};
use super::feed;
use super::list::Select;
use super::row::{archived, broken, collect, json, name_of, unique, uuid, uuid_or_null, word, word_or_null};
use super::snmp_logins;
use crate::model::{Change, DeviceChange};
use crate::page::{Ask, Page};
use crate::port::{DeviceFilter, DeviceSort, Devices, Reference, Result, StoreError, Taken};
use async_trait::async_trait;
use imsys_domain::audit::{
    Action, Detail, device_added, device_changed, snmp_login_added, snmp_login_changed,
};
use imsys_domain::device::{
    Device, DeviceData, Figures, Health, Judgement, Outage, OutageChange, PollFinding, PollReport, Report,
    SnmpLogin, SnmpLoginData, judge, judge_poll,
};
use imsys_domain::{DeviceId, RouterId, SnmpLoginId, TenantId, Timestamp, edition};
use rusqlite::{Connection, Row, params};

/// The columns that [`read`] wants.
pub(crate) const COLUMNS: &str = "id, tenant, rev, edition, name, address, router, reach, watched, status, since, reason, \
     latency_us, loss, checked, created, archived, access, snmp";

/// How many outages of a device are kept.
const MOST: u32 = 1_000;

/// A device from a row with [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<Device> {
    let address: String = row.get("address")?;
    Ok(Device {
        id: DeviceId(uuid(row, "id")?),
        tenant: TenantId(uuid(row, "tenant")?),
        rev: row.get("rev")?,
        edition: row.get("edition")?,
        data: DeviceData {
            name: row.get("name")?,
            address: address.parse().map_err(|_| broken("address"))?,
            router: uuid_or_null(row, "router")?.map(RouterId),
            reach: word(row, "reach")?,
            watched: row.get("watched")?,
            snmp: snmp_logins::access(row.get("access")?)?,
        },
        health: Health {
            status: word(row, "status")?,
            since: Timestamp(row.get("since")?),
            reason: word_or_null(row, "reason")?,
            latency_us: row.get("latency_us")?,
            loss: row.get("loss")?,
            checked: row.get::<_, Option<i64>>("checked")?.map(Timestamp),
        },
        snmp: json(row, "snmp")?,
        created: Timestamp(row.get("created")?),
        archived: archived(row, "archived")?,
    })
}

/// One device of a tenant, archived or not.
fn get(conn: &Connection, tenant: &[u8; 16], id: DeviceId) -> Result<Device> {
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE id = ?1 AND tenant = ?2");
    conn.prepare_cached(&sql)?.query_row(params![id.0.as_bytes(), tenant], |row| Ok(read(row)))?
}

/// One that is not archived.
fn living(conn: &Connection, tenant: &[u8; 16], id: DeviceId) -> Result<Device> {
    let found = get(conn, tenant, id)?;
    edition::living(found.archived)?;
    Ok(found)
}

/// Adds a device as it is.
pub(crate) fn insert(conn: &Connection, device: &Device) -> rusqlite::Result<usize> {
    let Device { id, tenant, rev, edition, data, health, snmp, created, archived } = device;
    conn.prepare_cached(
        "INSERT INTO devices (id, tenant, rev, edition, name, address, router, reach, watched, status, since, reason,
           latency_us, loss, checked, search, created, archived, access, snmp)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?
    .execute(params![
        id.0.as_bytes(),
        tenant.0.as_bytes(),
        rev,
        edition,
        data.name,
        data.address.to_string(),
        data.router.map(|router| *router.0.as_bytes()),
        spelled(&data.reach)?,
        data.watched,
        spelled(&health.status)?,
        health.since.millis(),
        health.reason.as_ref().map(spelled).transpose()?,
        health.latency_us,
        health.loss,
        health.checked.map(Timestamp::millis),
        data.search_text(),
        created.millis(),
        archived.map_or(0, Timestamp::millis),
        data.snmp.as_ref().map(text).transpose()?,
        text(snmp)?,
    ])
}

/// A value as JSON, in a statement.
fn text<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// The bare name of a variant, in a statement.
fn spelled<T: serde::Serialize>(value: &T) -> rusqlite::Result<&'static str> {
    name_of(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Writes a device over the one that is stored, and counts the change.
fn put(conn: &Connection, device: &mut Device) -> Result<()> {
    device.rev += 1;
    let data = &device.data;
    let done = conn
        .prepare_cached(
            "UPDATE devices SET edition = ?2, name = ?3, address = ?4, router = ?5, reach = ?6, watched = ?7, search = ?8,
               archived = ?9, access = ?10 WHERE id = ?1",
        )?
        .execute(params![
            device.id.0.as_bytes(),
            device.edition,
            data.name,
            data.address.to_string(),
            data.router.map(|router| *router.0.as_bytes()),
            name_of(&data.reach)?,
            data.watched,
            data.search_text(),
            device.archived.map_or(0, Timestamp::millis),
            data.snmp.as_ref().map(text).transpose()?,
        ]);
    unique(done, Taken::DevicePlace)?;
    put_snmp(conn, device)?;
    put_health(conn, device)
}

/// Writes only what is known by SNMP. What it was measured at goes where it is not known who it is.
fn put_snmp(conn: &Connection, device: &Device) -> Result<()> {
    let id = device.id.0.as_bytes();
    conn.prepare_cached("UPDATE devices SET snmp = ?2 WHERE id = ?1")?
        .execute(params![id, text(&device.snmp)?])?;
    if device.snmp.identity.is_none() {
        conn.prepare_cached("DELETE FROM device_figures WHERE device = ?1")?.execute([id])?;
    }
    Ok(())
}

/// Takes in one poll.
fn polled(conn: &Connection, tenant: &[u8; 16], report: &PollReport) -> Result<Option<DeviceChange>> {
    let mut device = match get(conn, tenant, report.device) {
        Err(StoreError::NotFound) => return Ok(None),
        found => found?,
    };
    let Some(snmp) = judge_poll(&device, report) else { return Ok(None) };
    let is_news = (snmp.state, &snmp.identity) != (device.snmp.state, &device.snmp.identity);
    device.snmp = snmp;
    if let PollFinding::Answers { figures: Some(figures), .. } = &report.finding {
        insert_figures(conn, tenant, device.id, figures)?;
    }
    put_snmp(conn, &device)?;
    if is_news {
        device.rev += 1;
        put_health(conn, &device)?;
    }
    Ok(is_news.then(|| DeviceChange::from(&device)))
}

/// Puts what a device is measured at in the place of what it was.
pub(crate) fn insert_figures(
    conn: &Connection,
    tenant: &[u8; 16],
    device: DeviceId,
    figures: &Figures,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO device_figures (device, tenant, data) VALUES (?1, ?2, ?3)
               ON CONFLICT DO UPDATE SET data = excluded.data";
    conn.prepare_cached(sql)?.execute(params![device.0.as_bytes(), tenant, text(figures)?])
}

/// Seals a device's own login anew, if `before` is what stands there.
pub(crate) fn reseal(conn: &Connection, id: DeviceId, value: &str, before: &str) -> Result<bool> {
    let sql = "UPDATE devices SET access = json_set(access, '$.secret', ?2)
               WHERE id = ?1 AND json_extract(access, '$.secret') = ?3";
    Ok(conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), value, before])? == 1)
}

/// Writes only how a device is.
fn put_health(conn: &Connection, device: &Device) -> Result<()> {
    let Health { status, since, reason, latency_us, loss, checked } = &device.health;
    conn.prepare_cached(
        "UPDATE devices SET rev = ?2, status = ?3, since = ?4, reason = ?5, latency_us = ?6, loss = ?7, checked = ?8
         WHERE id = ?1",
    )?
    .execute(params![
        device.id.0.as_bytes(),
        device.rev,
        name_of(status)?,
        since.millis(),
        reason.as_ref().map(name_of).transpose()?,
        latency_us,
        loss,
        checked.map(Timestamp::millis),
    ])?;
    Ok(())
}

/// Writes what becomes of a device's outages.
fn put_outage(conn: &Connection, device: &Device, change: Option<OutageChange>) -> Result<()> {
    let id = device.id.0.as_bytes();
    match change {
        None => {}
        Some(OutageChange::Ended(at)) => {
            let sql = "UPDATE device_outages SET ended = max(began, ?2) WHERE device = ?1 AND ended IS NULL";
            conn.prepare_cached(sql)?.execute(params![id, at.millis()])?;
        }
        Some(OutageChange::Began(began, reason)) => {
            let sql = "INSERT INTO device_outages (device, tenant, began, reason) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT DO UPDATE SET ended = NULL, reason = excluded.reason";
            let values = params![id, device.tenant.0.as_bytes(), began.millis(), name_of(&reason)?];
            conn.prepare_cached(sql)?.execute(values)?;
            let sql = "DELETE FROM device_outages WHERE device = ?1 AND began <=
                         (SELECT began FROM device_outages WHERE device = ?1 ORDER BY began DESC LIMIT 1 OFFSET ?2)";
            conn.prepare_cached(sql)?.execute(params![id, MOST])?;
        }
    }
    Ok(())
}

/// An outage from a row of its table.
pub(crate) fn read_outage(row: &Row<'_>) -> Result<Outage> {
    Ok(Outage {
        began: Timestamp(row.get("began")?),
        ended: row.get::<_, Option<i64>>("ended")?.map(Timestamp),
        reason: word(row, "reason")?,
    })
}

/// Puts an outage back as it was exported.
pub(crate) fn insert_outage(
    conn: &Connection,
    tenant: TenantId,
    device: DeviceId,
    outage: &Outage,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO device_outages (device, tenant, began, ended, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (began, ended) = (outage.began.millis(), outage.ended.map(Timestamp::millis));
    let values = params![device.0.as_bytes(), tenant.0.as_bytes(), began, ended, spelled(&outage.reason)?];
    conn.prepare_cached(sql)?.execute(values)
}

/// Every device that is not archived.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE archived = 0 ORDER BY id");
    collect(conn.prepare_cached(&sql)?.query([])?, read)
}

/// Archives the devices behind a router.
pub(crate) fn archive_all(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    at: Timestamp,
) -> Result<()> {
    of_router(conn, tenant, router, 0)?.into_iter().try_for_each(|device| archive(conn, device, at))
}

/// Brings back the devices that were archived together with their router, which is not archived any more.
pub(crate) fn restore_all(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    archived: Timestamp,
    at: Timestamp,
) -> Result<()> {
    for mut device in of_router(conn, tenant, router, archived.millis())? {
        device.restore(at, false)?;
        device.edition += 1;
        put(conn, &mut device)?;
    }
    Ok(())
}

/// The devices of a router that were archived then; 0 is those that are not.
fn of_router(conn: &Connection, tenant: &[u8; 16], router: RouterId, archived: i64) -> Result<Vec<Device>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM devices WHERE router = ?1 AND tenant = ?2 AND archived = ?3 ORDER BY id"
    );
    collect(conn.prepare_cached(&sql)?.query(params![router.0.as_bytes(), tenant, archived])?, read)
}

fn archive(conn: &Connection, mut device: Device, at: Timestamp) -> Result<()> {
    let outage = device.archive(at);
    device.edition += 1;
    put(conn, &mut device)?;
    put_outage(conn, &device, outage)
}

/// Judges one report and writes what it changes; what is told of it.
fn hear(conn: &Connection, tenant: &[u8; 16], report: &Report) -> Result<Option<DeviceChange>> {
    let mut device = match get(conn, tenant, report.device) {
        Err(StoreError::NotFound) => return Ok(None),
        found => found?,
    };
    let Some(Judgement { health, outage, is_news }) = judge(&device, report) else { return Ok(None) };
    device.health = health;
    device.rev += 1;
    put_health(conn, &device)?;
    put_outage(conn, &device, outage)?;
    Ok(is_news.then(|| DeviceChange::from(&device)))
}

fn known_routers(conn: &Connection, tenant: &[u8; 16], data: &SnmpLoginData) -> Result<()> {
    data.routers.iter().try_for_each(|id| must_exist(conn, tenant, "routers", Some(id.0), Reference::Router))
}

#[async_trait]
impl Devices for SqliteTenant {
    async fn create_device(&self, device: Device) -> Result<()> {
        let detail = device_added(&device.data);
        self.change(Action::DeviceCreate, device.id.0, detail, move |conn, tenant| {
            let device = Device { tenant: TenantId(uuid::Uuid::from_bytes(*tenant)), ..device };
            must_exist(conn, tenant, "routers", device.data.router.map(|id| id.0), Reference::Router)?;
            unique(insert(conn, &device), Taken::DevicePlace).map(|_| ())
        })
        .await
    }

    async fn device(&self, id: DeviceId) -> Result<Device> {
        self.read(move |conn, tenant| get(conn, tenant, id)).await
    }

    async fn devices(&self, filter: DeviceFilter, ask: Ask<DeviceSort>) -> Result<Page<Device>> {
        self.read(move |conn, tenant| {
            let sort = match ask.sort {
                DeviceSort::Name => "name",
                DeviceSort::Since => "since",
                DeviceSort::Created => "created",
            };
            let status = filter.status.map(|status| name_of(&status).map(str::to_owned)).transpose()?;
            let select = Select::from("devices")
                .and("tenant = ?", tenant.to_vec())
                .when_archived(filter.archived)
                .and_some("status = ?", status)
                .and_some("router = ?", filter.router.map(|id| id.0.as_bytes().to_vec()));
            select.and_words(ask.q.as_deref()).page(conn, COLUMNS, sort, &ask, read)
        })
        .await
    }

    async fn update_device(&self, id: DeviceId, edition: Option<i64>, data: DeviceData) -> Result<Device> {
        let at = self.actor.at;
        self.change_told(Action::DeviceUpdate, id.0, move |conn, tenant| {
            let mut device = living(conn, tenant, id)?;
            device.edition = edition::next(device.edition, edition)?;
            must_exist(conn, tenant, "routers", data.router.map(|id| id.0), Reference::Router)?;
            let (detail, before) = (device_changed(&device.data, &data), device.health);
            let outage = device.configure(at, data);
            put(conn, &mut device)?;
            put_outage(conn, &device, outage)?;
            if device.health != before {
                feed::append(conn, tenant, at, &[Change::Device(DeviceChange::from(&device))])?;
            }
            Ok((device, detail))
        })
        .await
    }

    async fn archive_device(&self, id: DeviceId) -> Result<()> {
        let at = self.actor.at;
        self.change(Action::DeviceArchive, id.0, Detail::new(), move |conn, tenant| {
            archive(conn, living(conn, tenant, id)?, at)
        })
        .await
    }

    async fn restore_device(&self, id: DeviceId) -> Result<Device> {
        let at = self.actor.at;
        self.change(Action::DeviceRestore, id.0, Detail::new(), move |conn, tenant| {
            let mut device = get(conn, tenant, id)?;
            let router =
                device.data.router.map(|router| lives(conn, tenant, "routers", router.0)).transpose()?;
            device.restore(at, router == Some(false))?;
            device.edition += 1;
            put(conn, &mut device)?;
            Ok(device)
        })
        .await
    }

    async fn device_reports(&self, reports: Vec<Report>) -> Result<Vec<DeviceChange>> {
        self.write(Lane::Bulk, move |conn, tenant| {
            let Some(newest) = reports.iter().map(|report| report.at).max() else { return Ok(Vec::new()) };
            let mut told = Vec::new();
            for report in &reports {
                told.extend(hear(conn, tenant, report)?);
            }
            let changes: Vec<_> = told.iter().copied().map(Change::Device).collect();
            feed::append(conn, tenant, newest, &changes)?;
            Ok(told)
        })
        .await
    }

    async fn device_polls(&self, reports: Vec<PollReport>) -> Result<Vec<DeviceChange>> {
        self.write(Lane::Bulk, move |conn, tenant| {
            let Some(newest) = reports.iter().map(|report| report.at).max() else { return Ok(Vec::new()) };
            let mut told = Vec::new();
            for report in &reports {
                told.extend(polled(conn, tenant, report)?);
            }
            let changes: Vec<_> = told.iter().copied().map(Change::Device).collect();
            feed::append(conn, tenant, newest, &changes)?;
            Ok(told)
        })
        .await
    }

    async fn figures(&self, id: DeviceId) -> Result<Figures> {
        self.read(move |conn, tenant| {
            get(conn, tenant, id)?;
            let sql = "SELECT data FROM device_figures WHERE device = ?1";
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query([id.0.as_bytes()])?;
            rows.next()?.map_or_else(|| Ok(Figures::default()), |row| json(row, "data"))
        })
        .await
    }

    async fn create_snmp_login(&self, login: SnmpLogin) -> Result<()> {
        let detail = snmp_login_added(&login.data);
        self.change(Action::SnmpLoginCreate, login.id.0, detail, move |conn, tenant| {
            known_routers(conn, tenant, &login.data)?;
            let login = SnmpLogin { tenant: TenantId(uuid::Uuid::from_bytes(*tenant)), ..login };
            snmp_logins::insert(conn, &login)?;
            Ok(())
        })
        .await
    }

    async fn snmp_login(&self, id: SnmpLoginId) -> Result<SnmpLogin> {
        self.read(move |conn, tenant| snmp_logins::get(conn, tenant, id)).await
    }

    async fn snmp_logins(&self) -> Result<Vec<SnmpLogin>> {
        self.read(move |conn, tenant| snmp_logins::all(conn, Some(tenant))).await
    }

    async fn update_snmp_login(
        &self,
        id: SnmpLoginId,
        edition: Option<i64>,
        data: SnmpLoginData,
    ) -> Result<SnmpLogin> {
        self.change_told(Action::SnmpLoginUpdate, id.0, move |conn, tenant| {
            let mut login = snmp_logins::get(conn, tenant, id)?;
            login.edition = edition::next(login.edition, edition)?;
            known_routers(conn, tenant, &data)?;
            let detail = snmp_login_changed(&login.data, &data);
            login.data = data;
            snmp_logins::put(conn, &login)?;
            Ok((login, detail))
        })
        .await
    }

    async fn delete_snmp_login(&self, id: SnmpLoginId) -> Result<()> {
        self.change(Action::SnmpLoginDelete, id.0, Detail::new(), move |conn, tenant| {
            snmp_logins::get(conn, tenant, id)?;
            conn.prepare_cached("DELETE FROM snmp_logins WHERE id = ?1")?.execute([id.0.as_bytes()])?;
            Ok(())
        })
        .await
    }

    async fn outages(&self, id: DeviceId, limit: u32) -> Result<Vec<Outage>> {
        self.read(move |conn, tenant| {
            get(conn, tenant, id)?;
            let sql =
                "SELECT began, ended, reason FROM device_outages WHERE device = ?1 ORDER BY began DESC LIMIT ?2";
            collect(conn.prepare_cached(sql)?.query(params![id.0.as_bytes(), limit])?, read_outage)
        })
        .await
    }
}
