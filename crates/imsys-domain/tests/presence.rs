//! The judge, one sentence a test. Times are milliseconds.

use imsys_domain::presence::{
    EndCause, Endpoint, HookKey, Judgement, Observation, Outcome, Presence, Row, RowKey, SessionChange,
    Status, judge,
};
use imsys_domain::{SessionId, Timestamp};

struct Scene {
    state: Presence,
    next: u8,
    last: Option<Judgement>,
    listening: bool,
}

impl Scene {
    fn new() -> Self {
        Self { state: Presence::unknown(Timestamp(0)), next: 0, last: None, listening: true }
    }

    fn tell(&mut self, observation: Observation) -> &mut Self {
        let next = &mut self.next;
        let mut fresh = |at| {
            *next += 1;
            SessionId::new(at, [*next; 10])
        };
        let judgement = judge(self.state.clone(), observation, self.listening, &mut fresh);
        self.state = judgement.state.clone();
        self.last = Some(judgement);
        self
    }

    fn up(&mut self, at: i64, key: &str) -> &mut Self {
        let key = (!key.is_empty()).then(|| HookKey(key.into()));
        self.tell(Observation::HookUp { at: Timestamp(at), key, endpoint: Endpoint::default() })
    }

    fn down(&mut self, at: i64, key: &str) -> &mut Self {
        let key = (!key.is_empty()).then(|| HookKey(key.into()));
        self.tell(Observation::HookDown { at: Timestamp(at), key })
    }

    fn row(&mut self, at: i64, id: &str, uptime: i64) -> &mut Self {
        self.tell(Observation::RowSeen { at: Timestamp(at), row: row(id, uptime) })
    }

    fn gone(&mut self, at: i64, id: &str) -> &mut Self {
        self.tell(Observation::RowGone { at: Timestamp(at), id: id.into() })
    }

    fn table(&mut self, at: i64, rows: Vec<Row>) -> &mut Self {
        self.tell(Observation::Table {
            began: Timestamp(at),
            rows,
            booted: None,
            denies: Timestamp(at),
            spares: None,
        })
    }

    fn blind(&mut self, at: i64) -> &mut Self {
        self.tell(Observation::Blind { at: Timestamp(at) })
    }

    fn is(&self, status: Status) -> &Self {
        assert_eq!(self.state.status, status, "{:#?}", self.state);
        self
    }

    fn outcome(&self) -> Outcome {
        self.last.as_ref().expect("an observation was told").outcome
    }

    fn causes(&self) -> Vec<EndCause> {
        let changes = &self.last.as_ref().expect("an observation was told").changes;
        changes
            .iter()
            .filter_map(|c| if let SessionChange::End { cause, .. } = c { Some(*cause) } else { None })
            .collect()
    }
}

fn row(id: &str, uptime: i64) -> Row {
    let key = RowKey { id: id.into(), session: Some(format!("s{id}")) };
    Row { key, endpoint: Endpoint::default(), uptime: Some(uptime) }
}

/// A row that says neither its session's number nor how long it has lasted.
fn silent_row(id: &str) -> Row {
    Row { key: RowKey { id: id.into(), session: None }, endpoint: Endpoint::default(), uptime: None }
}

#[test]
fn a_row_without_an_uptime_is_the_same_session_in_every_table() {
    let mut scene = Scene::new();
    scene.table(1_000, vec![silent_row("*1")]).is(Status::Online);
    for at in [300_000, 600_000, 900_000] {
        scene.table(at, vec![silent_row("*1")]).is(Status::Online);
        assert_eq!(scene.causes(), []);
    }
    assert_eq!(scene.state.open.len(), 1);
    assert_eq!(scene.state.open[0].started, Timestamp(1_000));
}

#[test]
fn a_late_up_of_a_session_that_ended_within_a_second_of_the_boot_opens_nothing() {
    let mut scene = Scene::new();
    scene.row(10_100, "*5", 0).down(10_400, "*F4").gone(10_450, "*5").is(Status::Offline);
    // The router says how long it is up in whole seconds: it seems to have started at 10.6.
    scene.tell(Observation::Table {
        began: Timestamp(12_600),
        rows: vec![],
        booted: Some(Timestamp(10_600)),
        denies: Timestamp(12_600),
        spares: None,
    });
    scene.up(14_000, "*F4").is(Status::Offline);
}

#[test]
fn an_uptime_that_nothing_can_have_counts_as_not_said() {
    for uptime in [i64::MAX, 30_000 * 7 * 86_400_000, -1] {
        let mut scene = Scene::new();
        scene.table(5_000, vec![Row { uptime: Some(uptime), ..silent_row("*1") }]).is(Status::Online);
        assert_eq!(scene.state.open[0].started, Timestamp(5_000));
    }
}

#[test]
fn a_row_without_an_uptime_joins_the_session_that_a_webhook_opened_long_ago() {
    let mut scene = Scene::new();
    scene.up(1_000, "*F0").table(300_000, vec![silent_row("*1")]).is(Status::Online);
    assert_eq!((scene.causes(), scene.state.open.len()), (vec![], 1));
}

#[test]
fn a_late_down_of_an_old_session_never_takes_a_redialled_customer_offline() {
    let mut scene = Scene::new();
    scene.up(1_000, "*F0").up(60_000, "*F1").down(61_000, "*F0").is(Status::Online);
    scene.down(70_000, "*F1").is(Status::Offline);
}

#[test]
fn with_keys_the_order_of_up_and_down_is_irrelevant() {
    let mut scene = Scene::new();
    scene.table(500, vec![]).down(1_000, "*F0").up(1_200, "*F0").is(Status::Offline);
    assert_eq!(scene.outcome(), Outcome::Stale);
    scene.up(2_000, "*F1").is(Status::Online);
}

#[test]
fn doubles_change_nothing() {
    let mut scene = Scene::new();
    scene.up(1_000, "*F0").up(1_500, "*F0").is(Status::Online);
    assert_eq!(scene.outcome(), Outcome::Duplicate);
    assert_eq!(scene.state.open.len(), 1);
}

#[test]
fn a_row_joins_the_session_that_the_webhook_opened() {
    let mut scene = Scene::new();
    scene.up(1_000, "*F0").row(1_200, "*1", 0);
    assert_eq!(scene.state.open.len(), 1);
    scene.gone(90_000, "*1").is(Status::Offline);
    scene.down(91_000, "*F0").is(Status::Offline);
    assert_eq!(scene.outcome(), Outcome::Stale);
}

#[test]
fn a_webhook_joins_the_session_that_listen_opened() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).up(3_000, "*F0");
    assert_eq!(scene.state.open.len(), 1);
    scene.down(90_000, "*F0").is(Status::Offline);
}

#[test]
fn two_sessions_of_one_user_are_two_sessions() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).row(2_000, "*2", 0);
    assert_eq!(scene.state.open.len(), 2);
    scene.gone(3_000, "*1").is(Status::Online).gone_is_user();
    scene.gone(4_000, "*2").is(Status::Offline);
}

impl Scene {
    fn gone_is_user(&self) {
        assert_eq!(self.causes(), [EndCause::User]);
    }
}

#[test]
fn an_up_stands_until_a_print_that_began_after_it_says_otherwise() {
    let mut scene = Scene::new();
    scene.up(10_000, "*F0").table(9_000, vec![]).is(Status::Online);
    scene.table(15_000, vec![]).is(Status::Offline);
}

#[test]
fn a_row_that_ended_after_the_print_began_does_not_come_back() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).gone(5_500, "*1").table(5_000, vec![row("*1", 4_000)]).is(Status::Offline);
}

#[test]
fn a_print_that_began_later_reopens_a_session_that_was_closed_by_mistake() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0);
    let id = scene.state.open[0].id;
    scene.gone(5_000, "*1").table(9_000, vec![row("*1", 8_000)]).is(Status::Online);
    assert_eq!(scene.state.open[0].id, id);
}

#[test]
fn unknown_is_not_offline_and_nothing_is_lost_by_not_seeing() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).blind(60_000).is(Status::Unknown);
    assert_eq!(scene.state.since, Timestamp(60_000));
    scene.table(90_000, vec![row("*1", 89_000)]).is(Status::Online);
    assert_eq!(scene.state.since, Timestamp(1_000));
}

#[test]
fn a_line_that_was_offline_before_the_blackout_is_offline_since_then() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).gone(2_000, "*1").blind(60_000).table(90_000, vec![]).is(Status::Offline);
    assert_eq!(scene.state.since, Timestamp(2_000));
}

#[test]
fn a_session_that_ended_out_of_sight_says_so() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).blind(60_000).table(90_000, vec![]).is(Status::Offline);
    assert_eq!(scene.causes(), [EndCause::Blind]);
}

#[test]
fn a_reboot_ends_the_sessions_of_before() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).blind(60_000);
    let rows = vec![Row { key: RowKey { id: "*1".into(), session: Some("s9".into()) }, ..row("*1", 1_000) }];
    scene.tell(Observation::Table {
        began: Timestamp(120_000),
        rows,
        booted: Some(Timestamp(90_000)),
        denies: Timestamp(120_000),
        spares: None,
    });
    scene.is(Status::Online);
    assert_eq!(scene.causes(), [EndCause::Reboot]);
    assert_eq!(scene.state.since, Timestamp(119_000));
}

#[test]
fn a_session_of_after_the_reboot_is_another_one_even_under_the_same_ids() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).blind(60_000);
    let before = scene.state.open[0].id;
    scene.tell(Observation::Table {
        began: Timestamp(120_000),
        rows: vec![row("*1", 1_000)],
        booted: Some(Timestamp(90_000)),
        denies: Timestamp(120_000),
        spares: None,
    });
    assert_ne!(scene.is(Status::Online).state.open[0].id, before);
    assert_eq!(scene.causes(), [EndCause::Reboot]);
}

/// The router starts anew at 90 s, and listen shows a row under the ids of before at 100 s: another session, and one that
/// two tables with rows hidden do not end.
fn shown_after_a_reboot(before: impl FnOnce(&mut Scene)) {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0);
    let first = scene.state.open[0].id;
    before(&mut scene);
    scene.row(100_000, "*1", 0).is(Status::Online);
    assert_ne!(scene.state.open[0].id, first);
    for (began, rows) in [(100_500, vec![row("*1", 500)]), (110_000, vec![]), (112_000, vec![])] {
        let (began, booted) = (Timestamp(began), Some(Timestamp(90_000)));
        scene.tell(Observation::Table { began, rows, booted, denies: began, spares: booted });
        assert_eq!((scene.is(Status::Online).state.open.len(), scene.causes()), (1, vec![]), "{began:?}");
    }
}

#[test]
fn a_row_that_listen_shows_after_a_reboot_is_another_session_even_under_the_ids_of_one_that_ended() {
    shown_after_a_reboot(|scene| {
        scene.gone(50_000, "*1").blind(60_000);
    });
}

#[test]
fn a_row_that_listen_shows_after_a_reboot_is_another_session_even_under_the_ids_of_one_that_was_open() {
    shown_after_a_reboot(|scene| {
        scene.blind(60_000);
    });
}

#[test]
fn a_plain_down_waits_for_the_router_while_listen_shows_the_user() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).down(60_000, "").is(Status::Online);
    assert!(scene.last.as_ref().unwrap().ask.is_some());
    scene.table(60_500, vec![]).is(Status::Offline);
}

#[test]
fn a_plain_down_ends_the_only_session_unless_it_is_young() {
    let mut scene = Scene::new();
    scene.listening = false;
    scene.up(1_000, "").down(5_000, "").is(Status::Online);
    scene.down(12_000, "").is(Status::Offline);
}

#[test]
fn a_row_that_began_long_after_the_known_session_is_the_next_one() {
    let mut scene = Scene::new();
    scene.up(1_000, "*F0").row(1_000_000, "*7", 5_000).is(Status::Online);
    assert_eq!((scene.causes(), scene.state.open.len()), (vec![EndCause::Superseded], 1));
    scene.down(1_001_000, "*F0").is(Status::Online);
}

#[test]
fn an_up_stands_for_five_seconds_against_prints_without_its_row_and_is_then_asked_about() {
    let mut scene = Scene::new();
    scene.up(10_000, "*FA").table(10_500, vec![]).is(Status::Online);
    assert_eq!(scene.last.as_ref().unwrap().ask, Some(Timestamp(15_000)));
    scene.row(11_000, "*1", 0).table(15_000, vec![row("*1", 4_000)]).is(Status::Online);
    assert_eq!((scene.next, scene.causes()), (1, vec![]), "one session, and no other was seen");
}

#[test]
fn an_up_whose_row_was_seen_and_has_gone_does_not_stand() {
    let mut scene = Scene::new();
    scene.up(10_000, "*FA").row(10_500, "*1", 0).table(12_000, vec![]).is(Status::Offline);
}

#[test]
fn behind_a_server_binding_every_session_has_the_same_key() {
    let mut scene = Scene::new();
    scene.listening = false;
    scene.up(1_000, "*F9").down(60_000, "*F9").is(Status::Offline);
    scene.up(61_000, "*F9").is(Status::Online);
    assert_eq!(scene.next, 2, "it is another session");
}

#[test]
fn a_double_of_an_up_that_is_over_is_no_session() {
    let mut scene = Scene::new();
    scene.up(1_000, "*F9").down(3_000, "*F9").up(6_000, "*F9").is(Status::Offline);
    assert_eq!(scene.outcome(), Outcome::Stale);
    scene.up(6_001, "*F9").is(Status::Online);
}

#[test]
fn behind_a_server_binding_a_redial_is_right_in_both_orders() {
    let mut scene = Scene::new();
    scene.listening = false;
    scene.up(1_000, "*F9").down(60_000, "*F9").up(60_200, "*F9").is(Status::Online);
    scene.up(120_000, "*F9").down(120_200, "*F9").is(Status::Online);
    assert_eq!((scene.next, scene.state.open.len()), (3, 1));
    assert_eq!(scene.state.open[0].started, Timestamp(120_000));
    scene.down(180_000, "*F9").is(Status::Offline);
}

#[test]
fn a_plain_up_that_overtakes_the_down_of_the_session_before_is_the_next_session() {
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).up(1_200, "").up(60_000, "").gone(60_300, "*1").is(Status::Online);
    scene.table(60_500, vec![]).is(Status::Online);
    scene.row(61_000, "*2", 0).table(66_000, vec![row("*2", 5_000)]).is(Status::Online);
    assert_eq!(scene.next, 2, "the session before, and this one");
}

#[test]
fn more_sessions_than_are_told_apart_are_counted_and_keep_the_user_online() {
    let mut scene = Scene::new();
    let rows = |ids: std::ops::Range<usize>| ids.map(|n| row(&format!("*{n}"), 1_000)).collect::<Vec<_>>();
    scene.table(10_000, rows(0..100)).is(Status::Online);
    assert_eq!((scene.state.sessions(), scene.state.open.len()), (100, 64));
    for n in 0..64 {
        scene.gone(20_000, &format!("*{n}")).is(Status::Online);
    }
    assert!(scene.last.as_ref().unwrap().ask.is_some(), "the router is asked who is left");
    scene.table(20_500, rows(64..100)).is(Status::Online);
    assert_eq!((scene.state.sessions(), scene.state.open.len()), (36, 36));
    scene.table(30_000, vec![]).is(Status::Offline);
}

#[test]
fn thirty_sessions_of_one_user_are_told_apart() {
    let mut scene = Scene::new();
    scene.table(10_000, (0..30).map(|n| row(&format!("*{n}"), 1_000)).collect());
    for n in 0..16 {
        scene.gone(20_000, &format!("*{n}")).is(Status::Online);
    }
    assert_eq!(scene.state.sessions(), 14);
}

#[test]
fn listen_denies_a_plain_down_only_where_it_showed_the_row_itself() {
    let mut scene = Scene::new();
    scene.table(1_000, vec![row("*1", 0)]).down(60_000, "").is(Status::Offline);
}

#[test]
fn two_prints_that_agree_end_what_only_a_webhook_told_and_spare_what_listen_shows() {
    let agreed = |began| Observation::Table {
        began: Timestamp(began),
        rows: vec![],
        booted: None,
        denies: Timestamp(began - 2_000),
        spares: Some(Timestamp(0)),
    };
    let mut scene = Scene::new();
    scene.up(1_000, "").tell(agreed(20_000)).is(Status::Offline);
    let mut scene = Scene::new();
    scene.row(1_000, "*1", 0).tell(agreed(20_000)).is(Status::Online);
}
