use imsys_sim::router::{Cause, Router};

use crate::client::{Client, router, until};
use crate::sink::Sink;

/// The onboarding script of the design, with values in place.
const ONBOARDING: &str = r#"
/interface wireguard
:if ([:len [find name="wg-imsys"]]=0) do={add name="wg-imsys" listen-port=13241 mtu=1420 comment="imsys"}
/interface wireguard peers
:if ([:len [find comment="imsys"]]=0) do={add interface="wg-imsys" public-key="SERVER_PUB" endpoint-address=192.0.2.1 endpoint-port=51820 allowed-address=10.255.0.1/32 persistent-keepalive=25s comment="imsys"}
/ip address
:if ([:len [find interface="wg-imsys"]]=0) do={add address=10.255.7.2/32 network=10.255.0.1 interface="wg-imsys" comment="imsys"}
/ip firewall filter
:if ([:len [find comment="imsys-api"]]=0) do={:do {add chain=input action=accept in-interface="wg-imsys" src-address=10.255.0.1 protocol=tcp dst-port=8728 comment="imsys-api" place-before=0} on-error={add chain=input action=accept in-interface="wg-imsys" src-address=10.255.0.1 protocol=tcp dst-port=8728 comment="imsys-api"}}
/user group
:if ([:len [find name="imsys"]]=0) do={add name="imsys" policy=read,write,api,test}
/user
:if ([:len [find name="imsys"]]=0) do={add name="imsys" group="imsys" password="RANDOM24ALNUM" address=10.255.0.1/32 comment="imsys"}
:put [/interface wireguard get [find name="wg-imsys"] public-key]
"#;

#[tokio::test]
async fn the_onboarding_script_works_once_and_changes_nothing_the_second_time() {
    let router = router("7.18").await;
    let key = router.paste(ONBOARDING).unwrap();
    assert_eq!((key.len(), key[0].len(), key[0].ends_with('=')), (1, 44, true));
    let menus = [
        "interface/wireguard",
        "interface/wireguard/peers",
        "ip/address",
        "ip/firewall/filter",
        "user/group",
        "user",
        "interface",
    ];
    let counts = || menus.map(|menu| router.count(menu));
    let before = counts();
    assert_eq!(router.paste(ONBOARDING).unwrap(), key);
    assert_eq!(counts(), before);
    assert_eq!(router.get("ip/firewall/filter", "*1", "dst-port").as_deref(), Some("8728"));
    assert_eq!(router.get("user", "imsys", "address").as_deref(), Some("10.255.0.1/32"));
    assert!(router.get("user/group", "imsys", "policy").unwrap().contains("!policy"));
}

#[tokio::test]
async fn what_a_version_lacks_is_refused_before_the_line_runs_and_cannot_be_caught() {
    let six = router("6.49").await;
    let error = six
        .paste("/system identity set name=x\n:do {/interface wireguard add name=w} on-error={}")
        .unwrap_err();
    assert_eq!((error.line, error.token.as_str()), (2, "wireguard"));
    assert!(error.message.starts_with("bad command name"), "{error}");
    assert_eq!(six.get("system/identity", "", "name").as_deref(), Some("x"));
    let error = six.paste("/user/group add name=g").unwrap_err();
    assert_eq!((error.line, error.column), (1, 6));
    router("7.18").await.paste("/user/group add name=g").unwrap();
}

#[tokio::test]
async fn errors_name_line_and_word() {
    let router = router("7.18").await;
    for (text, line, token, message) in [
        ("\n\n:frobnicate 1", 3, ":frobnicate", "bad command name frobnicate"),
        (
            "/ppp secret\nadd name=a nonsense=1",
            2,
            "nonsense=1",
            "expected end of command: unknown parameter nonsense",
        ),
        ("/ppp secret\nfrobnicate", 2, "frobnicate", "bad command name frobnicate"),
        (":put \"open", 1, "\"open", "expected closing quote"),
        (":if (1=1) do={\n:put 1", 1, "\n", "expected closing brace"),
        (":put \"\\q\"", 1, "q", "invalid escape in a string"),
        ("/ppp secret add name=a profile=nowhere", 1, "add", "input does not match any value of profile"),
        (":put 1\n}", 2, "}", "syntax error"),
        (":error \"stop\"", 1, ":error", "stop"),
        (":if (\"a\".\"b\" = \"ab\") do={}", 1, "=", "put the concatenation beside this into parentheses"),
        ("/ppp active\nset [find] name=x", 2, "set", "bad command name set"),
        ("/user\nset nobody comment=x", 2, "nobody", "no such item"),
    ] {
        let error = router.paste(text).unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (line, message), "{text:?}");
        if !["\n", "q"].contains(&token) {
            assert_eq!(error.token, token, "{text:?}");
        }
    }
    assert_eq!(router.count("ppp/secret"), 0);
}

#[tokio::test]
async fn the_language_computes_as_documented() {
    let router = router("7.18").await;
    for (line, printed) in [
        (r#":put ("a"."b".5)"#, "ab5"),
        (r#":put [:len "abc"]"#, "3"),
        (r#":put [:len [/ppp profile find]]"#, "2"),
        (r#":put [:typeof [:find "abc" "x"]]"#, "nil"),
        (r#":put [:typeof $nobody]"#, "nothing"),
        (r#":put ([:typeof [:find "abc" "x"]]="nil")"#, "true"),
        (r##":put [:find "a # imsys begin" "# imsys begin"]"##, "2"),
        (r#":put [:find "abab" "ab" 0]"#, "2"),
        (r#":put [:pick "abcdef" 1 3]"#, "bc"),
        (r#":put [:pick "abcdef" 4 99]"#, "ef"),
        (r#":put [:pick "abcdef" 2]"#, "c"),
        (r#":put (1 + 2 * 3 - 4 / 2)"#, "5"),
        (r#":put (!(1 = 2) && (3 > 2 || 1 > 2))"#, "true"),
        (r#":put ((1 = 2) or !true)"#, "false"),
        (r#":put "q\"\\\$x\t\41\_z""#, "q\"\\$x\tA z"),
        (r#":do {:error "x"} on-error={:put "caught"}"#, "caught"),
        (r#":if ([:len ""] > 0) do={:put 1} else={:put 2}"#, "2"),
        (r#":foreach i in={"x";"y"} do={:put $i}"#, "x,y"),
        (r#":for i from=1 to=3 do={:put $i}"#, "1,2,3"),
        (
            r#"{:local n 0; :while ($n < 2) do={:set n ($n + 1); :put "n=$n $($n * 2) $[:len "abc"]"}}"#,
            "n=1 2 3,n=2 4 3",
        ),
        (
            r#":foreach i in=[/ppp profile find where default=yes and name~"encr"] do={:put [/ppp profile get $i name]}"#,
            "default-encryption",
        ),
        (r#":put [/system identity get name]"#, "sim"),
        (r#":put [/ip service get api port]"#, "8728"),
        (r#":put [/ppp profile get [find name="default"] default]"#, "true"),
        (r#":put [:convert "a b&c" to=url]"#, "a%20b%26c"),
    ] {
        assert_eq!(router.paste(line).map(|lines| lines.join(",")).as_deref(), Ok(printed), "{line}");
    }
}

#[tokio::test]
async fn variables_of_a_line_are_gone_on_the_next_unless_braces_hold_them() {
    let router = router("7.18").await;
    assert_eq!(router.paste(":local x 5; :put $x\n:put \"<$x>\"").unwrap(), ["5", "<>"]);
    assert_eq!(router.paste("{\n:local x 5\n:put \"<$x>\"\n}").unwrap(), ["<5>"]);
    assert_eq!(router.paste(":global x 5\n:put \"<$x>\"").unwrap(), ["<5>"]);
    assert!(router.paste(":set never 1").is_err());
}

#[tokio::test]
async fn menu_lines_stay_and_slash_starts_anew() {
    let router = router("7.18").await;
    router.paste("/ip firewall\naddress-list add list=l address=10.0.0.1\n/ip\nfirewall filter add chain=input\n..\nppp secret add name=a").unwrap();
    assert_eq!((router.count("ip/firewall/address-list"), router.count("ip/firewall/filter")), (1, 1));
    assert_eq!(router.count("ppp/secret"), 1);
    router.paste("/ppp secret\nset a comment=\"two \\\n   words\"\n# a comment\ndisable [find comment=\"two words\"]; remove [find name=none]").unwrap();
    assert_eq!(router.get("ppp/secret", "a", "disabled").as_deref(), Some("true"));
    router.paste("/ppp secret remove [find]").unwrap();
    assert_eq!(router.count("ppp/secret"), 0);
}

/// Puts a hook between marks into the on-up of chosen profiles and leaves everything else as it was.
fn installer(hook: &str) -> String {
    let quoted = hook.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n");
    format!(
        r##"/ppp profile
:foreach i in=[find name="default" or name="default-encryption"] do={{
  :local s [get $i on-up]
  :local a [:find $s "# imsys begin"]
  :local b [:find $s "# imsys end"]
  :local rest $s
  :if ([:typeof $a]!="nil" && [:typeof $b]!="nil") do={{
    :set rest ([:pick $s 0 $a].[:pick $s ($b + 11) [:len $s]])
  }} else={{ :if ([:len $s] > 0) do={{ :set rest ($s."\n") }} }}
  set $i on-up=($rest."# imsys begin\n{quoted}\n# imsys end")
}}
"##
    )
}

fn on_up(router: &Router) -> String {
    router.get("ppp/profile", "default", "on-up").unwrap()
}

#[tokio::test]
async fn hooks_are_installed_between_marks_and_the_second_paste_changes_nothing() {
    let sink = Sink::start("204 No Content").await;
    let router = router("7.18").await;
    let own = ":log info \"caf\u{e9} $user\"\r\n/system script run \"mine\" # \\ 'odd'";
    router.set("ppp/profile", Some(1), &[("on-up", own)]).unwrap();
    let hook = format!(
        ":do {{/tool fetch url=\"http://{}/hook\" http-method=post http-data=(\"up\\n\".$user.\"\\n\".$\"caller-id\")}} on-error={{}}",
        sink.address
    );
    router.paste(&installer(&hook)).unwrap();
    let once = on_up(&router);
    assert_eq!(once, format!("{own}\n# imsys begin\n{hook}\n# imsys end"));
    router.paste(&installer(&hook)).unwrap();
    assert_eq!(on_up(&router), once);

    router.add("ppp/secret", &[("name", "sim-0001")]).unwrap();
    let session = router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    router.hang_up(session.id, Cause::HungUp);
    until("it called", || router.hook_counts().accepted == 1).await;
    assert_eq!(sink.bodies(), ["up\nsim-0001\n02:5D:00:00:00:01"]);
    let mut client = Client::login(&router).await;
    let log = client.rows(&["/log/print", "?topics=script,info"]).await;
    assert_eq!(log[0].get("message"), Some("caf\u{e9} sim-0001"));
}

#[tokio::test]
async fn a_pasted_fetch_is_called_too() {
    let sink = Sink::start("204 No Content").await;
    let router = router("7.18").await;
    router.paste(&format!("/tool fetch url=\"http://{}/test\" keep-result=no", sink.address)).unwrap();
    until("it called", || router.hook_counts().accepted == 1).await;
    assert_eq!(sink.calls()[0].target, "GET /test");
    assert!(router.paste("/tool fetch url=\"https://192.0.2.1/\"").is_err());
}

#[tokio::test]
async fn no_text_whatever_breaks_the_terminal_or_a_hook() {
    let mut dice = imsys_sim::dice::Dice::new(5);
    let seeds = [ONBOARDING, &installer("/tool fetch url=\"http://127.0.0.1:9/$user\"")];
    let spice: &[u8] = b"{}[]()\"$\\!=~;:/.-#* \n\r\t0aZ\xff";
    for round in 0..500 {
        let mut text = seeds[round % 2].as_bytes().to_vec();
        for _ in 0..dice.between(1, 6) {
            let at = dice.index(text.len());
            match dice.index(3) {
                0 => text[at] = spice[dice.index(spice.len())],
                1 => text.insert(at, spice[dice.index(spice.len())]),
                _ => drop(text.drain(at..(at + dice.index(40)).min(text.len()))),
            }
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        let router = router("7.18").await;
        let _either = router.paste(&text);
        router.set("ppp/profile", Some(1), &[("on-up", &text)]).unwrap();
        router.add("ppp/secret", &[("name", "a")]).unwrap();
        router.dial("a", "02:5D:00:00:00:01").unwrap();
        until("the script ran", || router.hook_counts().scripts == 1).await;
    }
    let deep =
        ["!", "(", "[", "{", "-", ":if (true) do={", "[find (", "\"$("].map(|part| part.repeat(50_000));
    for text in deep {
        assert!(router("7.18").await.paste(&format!(":put ({text}")).is_err());
        assert!(router("7.18").await.paste(&format!("/ppp secret find {text}")).is_err());
    }
}

#[tokio::test]
async fn a_script_without_an_end_is_stopped() {
    let error = router("7.18").await.paste(":while (true) do={:local x 1}").unwrap_err();
    assert_eq!(error.message, "the script does not end");
}
