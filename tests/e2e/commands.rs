//! Commands that need no server.

use std::fs;

use tests::{run, stderr, stdout};

#[test]
fn the_five_certifications_are_listed() {
    let listed = stdout(&run(&["certifications", "list"]));
    for code in ["RNCP42008", "RNCP21947", "RNCP38822", "RNCP37579", "SYSNUM"] {
        assert!(listed.contains(code), "{listed}");
    }
}

#[test]
fn a_certification_is_shown_whole_as_json() {
    let shown = run(&["certifications", "show", "RNCP38822", "--json"]);
    assert!(shown.status.success());
    let json: serde_json::Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    let counts: Vec<usize> = json["blocks"]
        .as_array()
        .expect("blocks")
        .iter()
        .map(|block| block["competencies"].as_array().expect("competencies").len())
        .collect();
    assert_eq!(counts, [7, 5, 6, 6]);
}

#[test]
fn an_unknown_certification_is_refused_with_what_there_is() {
    let shown = run(&["certifications", "show", "RNCP1"]);
    assert_eq!(shown.status.code(), Some(1));
    assert!(stderr(&shown).contains("RNCP1") && stderr(&shown).contains("RNCP38822"));
}

#[test]
fn a_broken_file_is_refused_with_each_line_and_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("casse.toml");
    let shown = file.to_str().expect("a plain name");

    fs::write(&file, "code = \"X\"\ntitle = \n").expect("written");
    let checked = run(&["certifications", "check", shown]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(stderr(&checked).contains("casse.toml:2:"), "{}", stderr(&checked));

    fs::write(&file, "code = \"X\"\nversion = \"1\"\nstatus = \"draft\"\ntitle = \"T\"\nlevel = 12\ncouleur = 1\n")
        .expect("written");
    let checked = run(&["certifications", "check", shown]);
    assert_eq!(checked.status.code(), Some(1));
    let faults = stderr(&checked);
    assert!(faults.contains("casse.toml:5:") && faults.contains("casse.toml:6:"), "{faults}");
}

#[test]
fn a_file_that_is_not_there_is_said_so() {
    let checked = run(&["certifications", "check", "/nulle/part.toml"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(stderr(&checked).contains("/nulle/part.toml"));
}

#[test]
fn the_interface_describes_itself() {
    let described = run(&["openapi"]);
    let json: serde_json::Value = serde_json::from_slice(&described.stdout).expect("JSON");
    assert!(json["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
}
