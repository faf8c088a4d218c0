//! Files: streamed in, checked on the way out, never run by a browser.

use axum::body::Body;
use futures::stream;
use serde_json::Value;

use crate::support::{FORM, MAX_FILE, Scene, TestApp, files_in, form, text};

async fn upload(scene: &Scene<'_>, name: &str, content: &[u8]) -> Value {
    let draft = scene.evidence("Un projet").await;
    let path = format!("/api/v1/evidence/{}/files", text(&draft["id"]));
    let ask = scene.school.app.post(path).by(&scene.student).file(name, content);
    ask.send().await.is(201).value()["items"][0].clone()
}

#[tokio::test]
async fn a_browser_never_runs_a_file() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let plain = "text/plain; charset=utf-8";
    for (name, content, media_type, inline) in [
        ("rapport.pdf", &b"%PDF-1.7\n"[..], "application/pdf", true),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", true),
        ("page.html", b"<!DOCTYPE html><script>alert(1)</script>", plain, true),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", plain, true),
        ("faux.pdf", b"<script>alert(1)</script>", plain, true),
        ("inconnu.bin", b"\0\x01\x02", "application/octet-stream", false),
        ("archive.zip", b"PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "application/zip", false),
    ] {
        let file = upload(&scene, name, content).await;
        assert_eq!((&file["name"], &file["media_type"]), (&name.into(), &media_type.into()));
        let path = format!("/api/v1/files/{}", text(&file["id"]));
        let answer = app.get(&path).by(&scene.student).send().await.is(200);
        assert_eq!(answer.body.as_ref(), content, "{name}");
        assert_eq!(answer.header("content-type"), media_type, "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        let shown = if inline { "inline" } else { "attachment" };
        assert_eq!(
            answer.header("content-disposition"),
            format!("{shown}; filename*=UTF-8''{name}")
        );
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{name}: {policy}");
        assert_eq!(policy.ends_with("sandbox"), media_type != "application/pdf", "{name}");
        let saved = app.get(format!("{path}?download=1")).by(&scene.student).send().await.is(200);
        assert!(saved.header("content-disposition").starts_with("attachment"), "{name}");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_it() {
    let app = TestApp::new().await;
    for path in ["/api/v1/instance", "/api/v1/nothing", "/healthz", "/api/docs/", "/nothing"] {
        let answer = app.get(path).send().await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-eval"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
    let answer = app.get("/api/v1/instance").send().await;
    assert_eq!(answer.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn a_file_has_a_limit() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let path = format!("/api/v1/evidence/{}/files", text(&draft["id"]));
    let limit = usize::try_from(MAX_FILE).unwrap();
    let send =
        |size: usize| app.post(&path).by(&scene.student).file("a.bin", &vec![0; size]).send();
    send(limit + 1).await.fails(413, "file_too_large");
    assert!(files_in(&app.files()).is_empty(), "nothing of it stays");
    send(limit).await.is(201);
    let instance = app.get("/api/v1/instance").send().await.is(200).value();
    assert_eq!(instance["max_file_bytes"], MAX_FILE);
    assert_eq!(instance["max_files_per_evidence"], 20);
    for _ in 1..20 {
        send(1).await.is(201);
    }
    send(1).await.fails(409, "too_many_files");
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let whole = form("a.bin", &[7; 1_000]);
    let broken = stream::iter([
        Ok(whole[..500].to_vec()),
        Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "gone")),
    ]);
    for body in [Body::from_stream(broken), Body::from(whole[..500].to_vec())] {
        let ask = app.post(format!("{path}/files")).by(&scene.student);
        let answer = ask.header("content-type", FORM).body(body).send().await;
        answer.fails(400, "upload_interrupted");
        assert!(files_in(&app.files()).is_empty());
    }
    let evidence = app.get(&path).by(&scene.student).send().await.is(200).value();
    assert_eq!(evidence["files"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_form_without_a_file_is_refused() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let path = format!("/api/v1/evidence/{}/files", text(&draft["id"]));
    let send = |kind: &str, body: &str| {
        let ask = app.post(&path).by(&scene.student).header("content-type", kind);
        ask.body(body.to_owned()).send()
    };
    send("text/plain", "a").await.fails(400, "no_file");
    send(FORM, "--frontier--\r\n").await.fails(400, "no_file");
    let other =
        "--frontier\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\na\r\n--frontier--\r\n";
    send(FORM, other).await.fails(400, "no_file");
}

#[tokio::test]
async fn a_damaged_file_is_never_given_out() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let file = upload(&scene, "a.txt", b"le contenu").await;
    let sum = text(&file["sha256"]);
    let kept = app.files().join(&sum[..2]).join(&sum);
    assert_eq!(std::fs::read(&kept).unwrap(), b"le contenu");
    let path = format!("/api/v1/files/{}", text(&file["id"]));
    let download = || app.get(&path).by(&scene.student).send();
    std::fs::write(&kept, b"le contrefait").unwrap();
    download().await.fails(500, "file_damaged");
    std::fs::remove_file(&kept).unwrap();
    download().await.fails(500, "file_damaged");
    std::fs::write(&kept, b"le contenu").unwrap();
    download().await.is(200);
}

#[tokio::test]
async fn the_same_content_is_kept_once() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let one = upload(&scene, "a.txt", b"le contenu").await;
    let other = upload(&scene, "b.txt", b"le contenu").await;
    assert_ne!(one["id"], other["id"]);
    assert_eq!(files_in(&app.files()).len(), 1);
}
