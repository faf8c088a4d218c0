//! Large evidence: its files pass through the server without being held by it.

use reqwest::{
    Body, Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::json;
use tests::{Server, finish};

const FILE: usize = 25_000_000;
const FILES: usize = 20;

/// How much more memory the server may need for all of it, in kilobytes. What is on its way at one
/// moment takes less than 1 MB; a single file that is held whole takes 25 MB.
const ROOM: u64 = 16_000;

#[tokio::test]
async fn an_evidence_of_500_mb_is_never_held_in_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
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
    let at = format!("/enrolments/{}/evidence", enrolment["id"].as_str().expect("an id"));
    let evidence = async |title: &str| {
        let made = student.send(Method::POST, &at, json!({ "kind": "project", "title": title }));
        let made = made.await.expect(StatusCode::CREATED);
        format!("/evidence/{}/files", made["id"].as_str().expect("an id"))
    };
    let upload = |path: &str, number: usize, size: usize| {
        let chunk = vec![u8::try_from(number).expect("a small number"); size / 100];
        let chunks = (0..100).map(move |_| Ok::<_, std::io::Error>(chunk.clone()));
        let body = Body::wrap_stream(futures::stream::iter(chunks));
        let part = Part::stream(body).file_name(format!("video-{number}.bin"));
        student.request(Method::POST, path).multipart(Form::new().part("file", part))
    };
    // What every upload needs is there after a small one.
    finish(upload(&evidence("Une image").await, 0, 1_000)).await.expect(StatusCode::CREATED);
    let before = server.peak_memory();
    let path = evidence("Vidéos").await;
    let mut last = String::new();
    for number in 1..=FILES {
        let kept = finish(upload(&path, number, FILE)).await.expect(StatusCode::CREATED);
        assert_eq!(kept["items"][0]["size"], FILE);
        kept["items"][0]["id"].as_str().expect("an id").clone_into(&mut last);
    }
    let mut answer =
        student.request(Method::GET, &format!("/files/{last}")).send().await.expect("an answer");
    let mut received = 0;
    while let Some(chunk) = answer.chunk().await.expect("a whole answer") {
        received += chunk.len();
    }
    assert_eq!(received, FILE);
    let grown = server.peak_memory() - before;
    assert!(grown < ROOM, "{grown} kB more than {before} kB");
}
