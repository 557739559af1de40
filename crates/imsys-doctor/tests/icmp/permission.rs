//! What a process without permission is told.

use crate::namespace::{Sockets, in_namespace};
use imsys_doctor::builtin::icmp::{Access, Options, Permission, Pinger, PingerError};
use std::env;
use std::process::Command;

/// Set for the process that must not have permission.
const CONFINED: &str = "IMSYS_TEST_CONFINED";

#[test]
fn a_process_without_permission_is_told_so() {
    if env::var_os(CONFINED).is_some() {
        assert!(matches!(Pinger::open(Options::default()), Err(PingerError::NoPermission)));
        let permission = Permission::probe().unwrap();
        assert_eq!(permission, Permission { ipv4: Access::Denied, ipv6: Access::Denied });
        assert!(permission.is_denied());
        return;
    }
    in_namespace(Sockets::Raw, || {
        let mut itself = Command::new("setpriv");
        itself.arg("--bounding-set=-net_raw").arg(env::current_exe().unwrap()).env(CONFINED, "1");
        match itself.args(["--exact", "permission::a_process_without_permission_is_told_so"]).output() {
            Err(error) => println!("skipped: setpriv: {error}"),
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stdout);
                assert!(output.status.success() && text.contains("1 passed"), "{text}");
            }
        }
    });
}

#[test]
fn a_process_with_permission_learns_of_which_kind() {
    for (sockets, access) in [(Sockets::Datagram, Access::Datagram), (Sockets::Raw, Access::Raw)] {
        in_namespace(sockets, move || {
            let permission = Permission::probe().unwrap();
            assert_eq!(permission, Permission { ipv4: access, ipv6: access });
            assert_eq!(Pinger::open(Options::default()).unwrap().permission(), permission);
        });
    }
}
