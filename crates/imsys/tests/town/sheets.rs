//! Services from a file: all of them or none, and what is wrong in words.

use crate::support::{Answer, Instance, Known, Provider, instance};
use serde_json::{Value, json};

impl Provider {
    pub(crate) async fn bring(&self, query: &str, sheet: &str) -> Answer {
        let path = format!("/api/v1/services/import?{query}");
        self.client.send("POST", path.as_bytes(), "text/csv; charset=utf-8", sheet.as_bytes()).await
    }

    pub(crate) async fn count(&self, path: &str) -> u64 {
        self.client.get(path).await.json()["total"].as_u64().unwrap()
    }
}

/// A provider with one router, which nobody can reach.
async fn provider() -> (Instance, Provider, Known) {
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.dark("127.8.1.1").await;
    (instance, provider, known)
}

pub(crate) fn problems(answer: &Value) -> Vec<(u64, String)> {
    let rows = answer["rows"].as_array().unwrap().iter().filter(|row| row["action"] == "refuse");
    let told = |row: &Value| (row["row"].as_u64().unwrap(), row["problem"].as_str().unwrap().to_owned());
    rows.map(told).collect()
}

#[tokio::test]
async fn a_file_is_tried_and_then_brought_in_with_its_customers() {
    let (_office, provider, known) = provider().await;
    let plan = json!({ "name": "Home", "price": { "minor": 100, "currency": "USD" }, "period": "month" });
    assert_eq!(provider.client.post("/api/v1/plans", &plan).await.status, 201);
    let sheet = "\u{FEFF}Kind;IP address;MAC;Interface;VRF;Username;Customer;Plan;Remark\r\n\
        static;10.20.0.7;aa-bb-cc-00-11-22;ether2;;;Ana Ćosić;Home;x\r\n\
        static;10.20.0.7;;;blue;;Ana Ćosić;;\r\n\
        ;;;;;ben@isp;;;\r\n";
    let tried = provider.bring("dryRun=true&customers=create", sheet).await;
    assert_eq!(tried.status, 200, "{tried:?}");
    let told = tried.json();
    assert_eq!(told["created"], 3, "{told}");
    assert_eq!((&told["customersCreated"], &told["ignoredColumns"]), (&json!(1), &json!(["Remark"])));
    assert_eq!(provider.count("/api/v1/services").await, 0, "a dry run writes nothing");

    let done = provider.bring("customers=create", sheet).await;
    assert_eq!(done.status, 200, "{done:?}");
    let rows = done.json()["rows"].clone();
    let service = provider.service(rows[0]["serviceId"].as_str().unwrap()).await;
    for (field, value) in [
        ("address", "10.20.0.7"),
        ("mac", "AA:BB:CC:00:11:22"),
        ("interface", "ether2"),
        ("customerName", "Ana Ćosić"),
        ("planName", "Home"),
        ("routerId", &known.id),
    ] {
        assert_eq!(service[field], value, "{service}");
    }
    assert_eq!((provider.count("/api/v1/services").await, provider.count("/api/v1/customers").await), (3, 1));
    let log = provider.client.get("/api/v1/audit?q=services.import").await.json();
    assert_eq!(log["total"], 1, "an import is one line in the log");
    let act = log["items"][0]["object"].as_str().unwrap();
    let rows = provider.client.get(&format!("/api/v1/audit/bulk/{act}")).await.json();
    assert_eq!(
        (&rows["total"], &rows["items"][3]["action"]),
        (&json!(4), &json!("service.create")),
        "{rows}"
    );
}

#[tokio::test]
async fn one_bad_row_keeps_all_out_and_each_is_told_what_to_do() {
    let (_office, provider, known) = provider().await;
    let there = json!({ "kind": "static", "address": "10.20.0.7", "routerId": known.id });
    assert_eq!(provider.client.post("/api/v1/services", &there).await.status, 201);
    let name = provider.router(&known).await["name"].as_str().unwrap().to_owned();
    let sheet = format!(
        "address,mac,router,customer,kind\n\
         10.20.0.8,,{name},,\n10.20.0.7,,{name},,\n10.20.0.8,,{},,\n10.20.0.300,,{name},,\n\
         10.20.0.9,zz,{name},,\n10.20.0.10,,nowhere,Nobody,\n10.20.0.11,,{name},,dsl\n1,2,3,4,5,6\n",
        known.id
    );
    let tried = provider.bring("dryRun=true", &sheet).await.json();
    assert_eq!((&tried["created"], &tried["refused"]), (&json!(1), &json!(7)), "{tried}");
    let answer = provider.bring("", &sheet).await;
    assert_eq!((answer.status, answer.header("content-type")), (422, Some("application/problem+json")));
    let told = answer.json();
    assert_eq!((&told["code"], &told["created"]), (&json!("rows-refused"), &json!(0)), "{told}");
    let problems = problems(&told);
    for (row, says) in [
        (3, "The address 10.20.0.7 is already registered on"),
        (4, "is in row 2 too"),
        (5, "`address` must be an IPv4 address such as 10.20.0.7."),
        (6, "`mac` write the MAC address as six pairs"),
        (7, "No router is called nowhere"),
        (7, "No customer is called Nobody"),
        (8, "`kind` must be static, dhcp or pppoe."),
        (9, "It has 6 cells, and the header 5"),
    ] {
        assert!(
            problems.iter().any(|(at, told)| *at == row && told.contains(says)),
            "{row} {says}: {problems:?}"
        );
    }
    assert_eq!(provider.count("/api/v1/services").await, 1, "all or nothing");
}

#[tokio::test]
async fn the_same_file_again_is_refused_or_left_out_as_wanted() {
    let (_office, provider, _) = provider().await;
    let sheet = "address\n10.20.0.7\n10.20.0.8\n";
    assert_eq!(provider.bring("", sheet).await.status, 200);
    assert_eq!(provider.bring("", sheet).await.status, 422);
    let more = format!("{sheet}10.20.0.9\n");
    let told = provider.bring("existing=skip", &more).await.json();
    assert_eq!((&told["created"], &told["skipped"]), (&json!(1), &json!(2)), "{told}");
    assert_eq!(provider.count("/api/v1/services").await, 3);
}

#[tokio::test]
async fn a_file_updates_what_is_here_after_showing_old_and_new() {
    let (_office, provider, known) = provider().await;
    for name in ["Home 10", "Home 30"] {
        let plan = json!({ "name": name, "price": { "minor": 100, "currency": "USD" }, "period": "month" });
        assert_eq!(provider.client.post("/api/v1/plans", &plan).await.status, 201);
    }
    let sheet =
        "address,mac,customer,plan\n10.20.0.7,02:00:00:00:01:0A,Ana,Home 10\n10.20.0.8,,Ben,Home 10\n";
    assert_eq!(provider.bring("customers=create", sheet).await.status, 200);
    let other = "address;mac;customer;plan\r10.20.0.7;;;Home 30\r10.20.0.8;;Ben;Home 10\r10.20.0.9;;Cleo;\r";
    let told = provider.bring("dryRun=true&existing=update&customers=create", other).await.json();
    assert_eq!(
        [&told["created"], &told["updated"], &told["skipped"], &told["refused"]],
        [&json!(1), &json!(1), &json!(1), &json!(0)],
        "{told}"
    );
    let change = json!([{ "field": "plan", "old": "Home 10", "new": "Home 30" }]);
    assert_eq!(told["rows"][0]["changes"], change, "{told}");
    let done = provider.bring("existing=update&customers=create", other).await.json();
    assert_eq!(done["rows"][0]["changes"], change, "{done}");
    let service = provider.service(done["rows"][0]["serviceId"].as_str().unwrap()).await;
    for (field, value) in [
        ("planName", "Home 30"),
        ("customerName", "Ana"),
        ("mac", "02:00:00:00:01:0A"),
        ("routerId", known.id.as_str()),
    ] {
        assert_eq!(service[field], value, "what the row leaves empty stays: {service}");
    }
    let again = provider.bring("existing=update&customers=create", other).await.json();
    assert_eq!((&again["updated"], &again["skipped"]), (&json!(0), &json!(3)), "{again}");
}

#[tokio::test]
async fn a_service_that_is_archived_comes_back_where_rows_update_and_the_import_is_undone_as_one() {
    let (_office, provider, _) = provider().await;
    let sheet = "address,customer\n10.20.0.7,Ana\n";
    let first = provider.bring("customers=create", sheet).await.json();
    let gone = first["rows"][0]["serviceId"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/services/{gone}");
    assert_eq!(provider.client.send("DELETE", path.as_bytes(), "", b"").await.status, 204);
    let tried = provider.bring("dryRun=true", "address\n10.20.0.7\n").await.json();
    assert_eq!((&tried["created"], &tried["rows"][0]["action"]), (&json!(1), &json!("create")), "{tried}");
    let told = tried["rows"][0]["problem"].as_str().unwrap();
    assert!(told.contains("An archived service had this place."), "{told}");

    let more = "address,customer,interface\n10.20.0.7,Ana,ether5\n10.20.0.8,Ben,\n";
    let wish = "existing=update&customers=create";
    let tried = provider.bring(&format!("dryRun=true&{wish}"), more).await.json();
    assert_eq!((&tried["restored"], &tried["created"], &tried["id"]), (&json!(1), &json!(1), &Value::Null));
    let change = json!([{ "field": "interface", "old": null, "new": "ether5" }]);
    assert_eq!(
        (&tried["rows"][0]["action"], &tried["rows"][0]["changes"]),
        (&json!("restore"), &change),
        "{tried}"
    );
    let done = provider.bring(wish, more).await.json();
    assert_eq!(done["rows"][0]["serviceId"], json!(gone), "the same service, with its history: {done}");
    let service = provider.service(&gone).await;
    assert_eq!((&service["archived"], &service["interface"]), (&json!(false), &json!("ether5")), "{service}");
    assert_eq!(provider.count("/api/v1/services").await, 2);

    let undo = format!("/api/v1/services/bulk/{}/undo", done["id"].as_str().unwrap());
    let undone = provider.client.post(&undo, &json!({})).await.json();
    assert_eq!((&undone["changed"], &undone["left"]), (&json!(2), &json!([])), "{undone}");
    let service = provider.service(&gone).await;
    assert_eq!((&service["archived"], &service["interface"]), (&json!(true), &Value::Null), "{service}");
    assert_eq!(provider.count("/api/v1/services").await, 0);
    assert_eq!(provider.count("/api/v1/customers?q=ben").await, 0, "who came with the import leaves with it");
    assert_eq!(provider.count("/api/v1/customers?q=ana").await, 1);
}

#[tokio::test]
async fn the_good_rows_can_be_brought_in_alone() {
    let (_office, provider, _) = provider().await;
    let sheet = "address,customer\n10.20.0.7,Ana\n10.20.0.300,Ben\n";
    let told = provider.bring("customers=create&goodRows=true", sheet).await;
    assert_eq!(told.status, 200, "{told:?}");
    let told = told.json();
    assert_eq!((&told["created"], &told["refused"]), (&json!(1), &json!(1)), "{told}");
    assert_eq!(problems(&told).len(), 1, "{told}");
    let counts = (provider.count("/api/v1/services").await, provider.count("/api/v1/customers").await);
    assert_eq!(counts, (1, 1), "nobody is made for a row that stays out");
}

#[tokio::test]
async fn a_file_in_another_encoding_is_read() {
    let (_office, provider, _) = provider().await;
    let path = b"/api/v1/services/import?customers=create";
    let latin: &[u8] = b"sep=;\r\naddress;customer\r\n10.20.0.7;Jos\xE9\r\n";
    let wide: Vec<u8> = "\u{FEFF}address\tcustomer\r\n10.20.0.8\tĆosić\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (body, name) in [(latin, "José"), (&wide, "Ćosić")] {
        let done = provider.client.send("POST", path, "text/csv", body).await;
        assert_eq!((done.status, &done.json()["rows"][0]["customer"]), (200, &json!(name)), "{done:?}");
    }
}

#[tokio::test]
async fn what_is_no_sheet_is_refused_in_words() {
    let (_office, provider, _) = provider().await;
    let json = provider.client.post("/api/v1/services/import", &json!({})).await;
    assert_eq!(json.status, 415, "{json:?}");
    let large = format!("address\n{}", "x".repeat(1 << 20));
    assert_eq!(provider.bring("", &large).await.status, 413);
    let many = format!("address\n{}", "10.20.0.7\n".repeat(5_001));
    assert_eq!(provider.bring("", &many).await.json()["code"], "bad-csv");
    assert_eq!(provider.bring("dryrun=true", "address\n10.0.0.1\n").await.status, 400, "an unknown key");
}

#[tokio::test]
async fn a_sheet_as_large_as_may_be_is_one_unit_and_quick() {
    let (_office, provider, _) = provider().await;
    let rows =
        (0..5_000).map(|n| format!("10.{}.{}.{},Customer {n}\n", 20 + n / 60_000, n / 250, n % 250 + 1));
    let sheet = format!("address,customer\n{}", rows.collect::<String>());
    let begun = std::time::Instant::now();
    let answer = provider.bring("customers=create", &sheet).await;
    assert_eq!(answer.json()["created"], 5_000);
    println!("5000 services with 5000 customers: {:?}", begun.elapsed());
    assert_eq!(
        (provider.count("/api/v1/services").await, provider.count("/api/v1/customers").await),
        (5_000, 5_000)
    );
}
