//! That the command is there, and says which one it is. What it says else is in `tests/suite/cli`,
//! which relies on this test having it built.

use std::process::Command;

#[test]
fn it_says_its_version() {
    let output = Command::new(env!("CARGO_BIN_EXE_emr"))
        .arg("--version")
        .output();
    let output = output.expect("emr runs");
    let version = concat!("emr ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), version);
}
