//! A hundred thousand services, put straight into the store.

use anyhow::Result;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::presence::{Endpoint, HookKey, Observation};
use imsys_domain::service::{Access, EnforcementMode, ServiceData};
use imsys_domain::{CustomerId, RouterId, ServiceId, TenantId, Timestamp};
use imsys_store::{Actor, TenantStore, sqlite};
use std::path::Path;
use std::sync::Arc;

/// How many services; half as many customers.
pub const SERVICES: usize = 100_000;
/// Writes that wait at the same time.
const TOGETHER: usize = 400;
const START: i64 = 1_750_000_000_000;

const FIRST: [&str; 20] = [
    "Amina", "Brian", "Cynthia", "David", "Esther", "Faith", "George", "Hassan", "Irene", "José", "Kevin",
    "Lucy", "Mary", "Njeri", "Omar", "Peter", "Rose", "Samuel", "Tom", "Zainab",
];
const LAST: [&str; 20] = [
    "Achieng",
    "Barasa",
    "Cheruiyot",
    "Diallo",
    "Ekeno",
    "Farah",
    "Gitau",
    "Hamisi",
    "Ibrahim",
    "Juma",
    "Kamau",
    "Langat",
    "Mwangi",
    "Njoroge",
    "Otieno",
    "Pérez",
    "Ruto",
    "Silva",
    "Wanjiru",
    "Yusuf",
];

/// Fills the store in the data folder, over which no server may run.
pub async fn fill(data: &Path, tenant: TenantId, routers: Vec<RouterId>) -> Result<()> {
    let store = sqlite::open(&data.join("imsys.db"))?;
    let store = store.tenant(tenant, Actor::system(Timestamp(START)));
    let routers: Arc<[RouterId]> = routers.into();
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..TOGETHER {
        let (store, routers) = (Arc::clone(&store), Arc::clone(&routers));
        workers.spawn(async move {
            for number in (worker..SERVICES / 2).step_by(TOGETHER) {
                let customer = customer(number);
                let id = customer.id;
                store.create_customer(customer).await?;
                for number in [number * 2, number * 2 + 1] {
                    service(&*store, number, id, routers[number % routers.len()]).await?;
                }
            }
            anyhow::Ok(())
        });
    }
    while let Some(worked) = workers.join_next().await {
        worked??;
    }
    Ok(())
}

fn random(number: usize) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&(number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
    bytes
}

fn at(number: usize) -> Timestamp {
    Timestamp(START + number as i64 * 1_000)
}

fn customer(number: usize) -> Customer {
    let name = format!("{} {} {number}", FIRST[number % 20], LAST[number / 20 % 20]);
    Customer {
        id: CustomerId::new(at(number), random(number)),
        edition: 1,
        data: CustomerData { name, ..CustomerData::default() },
        created: at(number),
        archived: None,
    }
}

/// Six in ten are online, two offline, two unknown.
async fn service(
    store: &dyn TenantStore,
    number: usize,
    customer: CustomerId,
    router: RouterId,
) -> Result<()> {
    let username = format!("{}{number:06}", FIRST[number * 7 % 20].to_lowercase());
    let data = ServiceData {
        router,
        access: Access::Pppoe { username: username.clone() },
        customer: Some(customer),
        plan: None,
        suspended: number % 50 == 0,
        mode: EnforcementMode::default(),
    };
    store.create_service(ServiceId::new(at(number), random(number)), at(number), data).await?;
    let key = Some(HookKey(format!("*{number:X}")));
    let endpoint = Endpoint { mac: Some("02:00:00:00:00:01".into()), address: Some("10.1.2.3".into()) };
    let up = Observation::HookUp { at: at(number + 1), key: key.clone(), endpoint };
    let down = Observation::HookDown { at: at(number + 2), key };
    let told = match number % 10 {
        0..6 => vec![up],
        6 | 7 => vec![up, down],
        _ => vec![],
    };
    let told = told.into_iter().map(|observation| (username.clone(), observation)).collect();
    store.apply_presences(router, told).await?;
    Ok(())
}
