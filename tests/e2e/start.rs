//! Starting, stopping, and every reason not to start.

use std::{fs, net::TcpListener, process::Command};

use reqwest::{
    Client, Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::json;
use tests::{Server, binary, finish, run, stderr};

#[tokio::test]
async fn the_first_link_works_once_and_everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    server.set_up().await;
    let again = Client::new().post(format!("{}/api/v1/setup", server.url)).json(&json!({
        "token": server.setup_token, "organisation": "Autre", "given_name": "A", "family_name": "B",
        "email": "autre@essais.example", "password": "un mot de passe long",
    }));
    finish(again).await.problem(StatusCode::CONFLICT, "dead_link");
    server.stop();

    let server = Server::start(folder.path());
    assert_eq!(server.setup_token, None);
    let login = Client::new()
        .post(format!("{}/api/v1/auth/login", server.url))
        .json(&json!({ "email": "Ada@Essais.example ", "password": "un mot de passe long" }));
    finish(login).await.expect(StatusCode::OK);
}

/// Where the database is a file of the folder; several servers may share a `PostgreSQL`.
#[test]
fn a_second_instance_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let _server = Server::start_on_sqlite(folder.path());
    let path = folder.path().to_str().expect("a plain name");
    let second = run(&["serve", "--data", path, "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("une autre instance"), "{}", stderr(&second));
    assert!(stderr(&second).contains(path));
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a plain name");
    let refused = run(&["serve", "--data", path, "--listen", &address.to_string()]);
    assert_eq!(refused.status.code(), Some(1));
    let said = stderr(&refused);
    assert!(said.contains(&address.port().to_string()) && said.contains("déjà utilisé"), "{said}");
    assert!(!folder.path().join("acquis.sqlite").exists(), "nothing is made before it can serve");
}

#[test]
fn a_read_only_folder_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg(format!(
            "mount -t tmpfs -o ro none '{folder}' && \
             exec '{binary}' serve --data '{folder}' --listen 127.0.0.1:0",
            folder = folder.path().display(),
            binary = binary().display(),
        ))
        .output()
        .expect("unshare runs");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("accessible en écriture"), "{}", stderr(&refused));
}

#[tokio::test]
async fn a_full_disk_refuses_the_file_and_keeps_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start_on_small_disk(&folder, "12m");
    let manager = server.set_up().await;
    let student = server.add(&manager, "lea@essais.example", &["apprentice"]).await;
    let enrolment = manager
        .send(
            Method::POST,
            "/enrolments",
            json!({
                "student_id": student.id, "certification": "RNCP38822", "route": "apprenticeship",
                "status": "apprentice", "starts_on": "2026-09-01",
            }),
        )
        .await
        .expect(StatusCode::CREATED);
    let evidence = student
        .send(
            Method::POST,
            &format!("/enrolments/{}/evidence", enrolment["id"].as_str().expect("an id")),
            json!({ "kind": "project", "title": "Tableau de bord" }),
        )
        .await
        .expect(StatusCode::CREATED);
    let path = format!("/evidence/{}", evidence["id"].as_str().expect("an id"));
    let upload = |size: usize| {
        let part = Part::bytes(vec![b'a'; size]).file_name("rapport.txt");
        student
            .request(Method::POST, &format!("{path}/files"))
            .multipart(Form::new().part("file", part))
    };

    finish(upload(20_000_000)).await.problem(StatusCode::INSUFFICIENT_STORAGE, "storage_full");
    let after = student.get(&path).await;
    assert_eq!(after["files"], json!([]), "nothing of it stays");
    assert_eq!(after["title"], "Tableau de bord");
    finish(upload(100_000)).await.expect(StatusCode::CREATED);
}

#[test]
fn a_demonstration_never_erases_what_it_did_not_make() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("these.odt"), "à moi").expect("written");
    let path = folder.path().to_str().expect("a plain name");
    for arguments in [&["demo", "--data", path][..], &["demo", "--data", path, "--reset"]] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).contains("n’est pas une démonstration"), "{}", stderr(&refused));
    }
    assert!(folder.path().join("these.odt").exists());
}
