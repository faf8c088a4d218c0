//! A portfolio leaves one instance and arrives in another, by the binary alone.

use std::{fs, path::Path, process::Output};

use reqwest::{
    Body, Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::json;
use tests::{Person, Server, finish, run, stderr, stdout};

use crate::closing::School;

const FILE: usize = 20_000_000;
/// How much more memory the server may need for the archive, in kilobytes: the file is 20,000.
const ROOM: u64 = 14_000;

/// Takes a student's archive away, with a large file in it.
async fn taken(folder: &Path, archive: &Path) {
    let server = Server::start_on_sqlite(folder);
    let manager = server.set_up().await;
    let student = server.add(&manager, "lea@essais.example", &["apprentice"]).await;
    let body = json!({
        "student_id": student.id, "certification": "RNCP38822", "route": "apprenticeship",
        "status": "apprentice", "starts_on": "2026-09-01",
    });
    let enrolled =
        manager.send(Method::POST, "/enrolments", body).await.expect(StatusCode::CREATED);
    let at = format!("/enrolments/{}", enrolled["id"].as_str().expect("an id"));
    let body = json!({ "kind": "project", "title": "Vidéo de l’atelier" });
    let made = student.send(Method::POST, &format!("{at}/evidence"), body).await;
    let made = made.expect(StatusCode::CREATED);
    // What every archive needs is there after a small one.
    let first = student.request(Method::GET, &format!("{at}/archive")).send().await;
    first.expect("an answer").bytes().await.expect("a whole answer");
    let chunk = vec![7; FILE / 100];
    let chunks = (0..100).map(move |_| Ok::<_, std::io::Error>(chunk.clone()));
    let part = Part::stream(Body::wrap_stream(futures::stream::iter(chunks))).file_name("film.bin");
    let path = format!("/evidence/{}/files", made["id"].as_str().expect("an id"));
    let upload = student.request(Method::POST, &path).multipart(Form::new().part("file", part));
    finish(upload).await.expect(StatusCode::CREATED);
    let before = server.peak_memory();
    let answer = student.request(Method::GET, &format!("{at}/archive")).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    fs::write(archive, answer.bytes().await.expect("a whole answer")).expect("written");
    let grown = server.peak_memory() - before;
    assert!(grown < ROOM, "{grown} kB more");
    server.stop();
}

fn import(archive: &Path, organisation: &str, folder: &Path) -> Output {
    let shown = |path: &Path| path.to_str().expect("a plain name").to_owned();
    let (archive, folder) = (shown(archive), shown(folder));
    run(&["archive", "import", &archive, "--organisation", organisation, "--data", &folder])
}

#[tokio::test]
async fn a_portfolio_moves_to_another_instance() {
    let place = tempfile::tempdir().expect("a folder");
    let archive = place.path().join("archive.zip");
    taken(&place.path().join("ici"), &archive).await;
    let shown = archive.to_str().expect("a plain name");
    let verified = run(&["archive", "verify", shown]);
    assert!(verified.status.success(), "{}", stderr(&verified));
    assert!(stdout(&verified).contains("l’archive est entière"), "{}", stdout(&verified));

    let there = place.path().join("ailleurs");
    let server = Server::start_on_sqlite(&there);
    server.set_up().await;
    let busy = import(&archive, "École des essais", &there);
    assert_eq!(busy.status.code(), Some(1));
    assert!(stderr(&busy).contains("une autre instance"), "{}", stderr(&busy));
    server.stop();
    let unknown = import(&archive, "Lycée", &there);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("École des essais"), "{}", stderr(&unknown));
    let brought = import(&archive, "École des essais", &there);
    assert!(brought.status.success(), "{}", stderr(&brought));
    let twice = import(&archive, "École des essais", &there);
    assert!(stdout(&twice).contains("rien n’a été ajouté"), "{}", stderr(&twice));

    let server = Server::start_on_sqlite(&there);
    let manager = server.sign_in().await;
    let list = manager.get("/enrolments").await;
    assert_eq!(list["items"][0]["student"]["email"], "lea@essais.example");
    assert_eq!(list["items"].as_array().expect("items").len(), 1);
}

/// The archive of a session, as this person gets it.
async fn of_session(by: &Person, session: &str, archive: &Path) {
    let path = format!("/jury-sessions/{session}/archive");
    let answer = by.request(Method::GET, &path).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    fs::write(archive, answer.bytes().await.expect("a whole answer")).expect("written");
}

#[tokio::test]
async fn a_session_is_proven_whole_and_not_taken_for_a_portfolio() {
    let place = tempfile::tempdir().expect("a folder");
    let (archive, folder) = (place.path().join("jury.zip"), place.path().join("ici"));
    let shown = archive.to_str().expect("a plain name");
    let server = Server::start_on_sqlite(&folder);
    let school = School::open(&server).await;
    let hearing = school.hearing(&server, 1).await;
    for by in [&school.jury[1], &school.manager] {
        of_session(by, &hearing.session, &archive).await;
        let verified = run(&["archive", "verify", shown]);
        assert!(verified.status.success(), "{}", stderr(&verified));
        assert!(stdout(&verified).contains("l’archive est entière"), "{}", stdout(&verified));
    }
    server.stop();
    let refused = import(&archive, "École des essais", &folder);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("session de jury"), "{}", stderr(&refused));

    let mut bytes = fs::read(&archive).expect("read");
    // Well into the PDF, whose name stands before it.
    let name = b"documents/candidat-01";
    let at = bytes.windows(name.len()).position(|window| window == name).expect("the PDF");
    bytes[at + 1_000] ^= 1;
    fs::write(&archive, bytes).expect("written");
    let changed = run(&["archive", "verify", shown]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(stderr(&changed).contains("changé : documents/candidat-01"), "{}", stderr(&changed));
}

#[test]
fn what_was_changed_is_named_and_what_is_none_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("faux.zip");
    fs::write(&file, "ceci n’est pas une archive").expect("written");
    let shown = file.to_str().expect("a plain name");
    for arguments in [
        &["archive", "verify", shown][..],
        &["archive", "verify", "/nulle/part.zip"],
        &["archive", "import", shown, "--organisation", "École", "--data", shown],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(1));
        assert!(!stderr(&refused).is_empty());
    }
}
