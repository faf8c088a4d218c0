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
        ("ancien.txt", b"\xe9t\xe9", "text/plain; charset=windows-1252", true),
        ("note.md", b"# Note <script>alert(1)</script>", "text/markdown; charset=utf-8", true),
        ("inconnu.bin", b"\0\x01\x02", "application/octet-stream", false),
        ("archive.zip", b"PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "application/zip", false),
    ] {
        let file = upload(&scene, name, content).await;
        assert_eq!((&file["name"], &file["media_type"]), (&name.into(), &media_type.into()));
        let path = format!("/api/v1/files/{}", text(&file["id"]));
        let answer = app.get(&path).by(&scene.student).send().await.is(200);
        assert_eq!(answer.body.as_ref(), content, "{name}");
        // No text is told to a browser as anything but plain.
        let sent = media_type.replace("markdown", "plain");
        assert_eq!(answer.header("content-type"), sent, "{name}");
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

#[tokio::test]
async fn a_range_of_a_file_is_given() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let content: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    let file = upload(&scene, "a.bin", &content).await;
    let path = format!("/api/v1/files/{}", text(&file["id"]));
    let tag = format!("\"{}\"", text(&file["sha256"]));
    let ask = |headers: &[(&str, &str)]| {
        let mut ask = app.get(&path).by(&scene.student);
        for (name, value) in headers {
            ask = ask.header(*name, *value);
        }
        ask.send()
    };
    let whole = ask(&[]).await.is(200);
    assert_eq!((whole.header("accept-ranges"), whole.header("etag")), ("bytes", tag.as_str()));
    assert_eq!((whole.header("content-length"), &whole.body[..]), ("5000", &content[..]));
    for (range, from, to) in [
        ("bytes=0-99", 0, 100),
        ("bytes=100-100", 100, 101),
        ("bytes=4900-", 4_900, 5_000),
        ("bytes=-10", 4_990, 5_000),
        ("bytes=4990-9999", 4_990, 5_000),
    ] {
        let part = ask(&[("range", range)]).await.is(206);
        assert_eq!(&part.body[..], &content[from..to], "{range}");
        let expected = format!("bytes {from}-{}/5000", to - 1);
        assert_eq!(part.header("content-range"), expected, "{range}");
        assert_eq!(part.header("content-length"), (to - from).to_string(), "{range}");
        assert_eq!(part.header("etag"), tag, "{range}");
        assert!(part.header("content-security-policy").ends_with("sandbox"), "{range}");
        assert_eq!(part.header("x-content-type-options"), "nosniff", "{range}");
        assert_eq!(part.header("cache-control"), "private, no-store", "{range}");
        assert!(part.header("content-disposition").starts_with("attachment"), "{range}");
    }
    let outside = ask(&[("range", "bytes=5000-")]).await;
    assert_eq!(outside.header("content-range"), "bytes */5000");
    outside.fails(416, "bad_range");
    // A range of this very content, or the whole of another.
    ask(&[("range", "bytes=0-9"), ("if-range", &tag)]).await.is(206);
    assert_eq!(
        ask(&[("range", "bytes=0-9"), ("if-range", "\"x\"")]).await.is(200).body.len(),
        5_000
    );
    let packed = ask(&[("accept-encoding", "gzip, br")]).await.is(200);
    assert_eq!(packed.header("content-encoding"), "", "its ranges are of the bytes as they are");
    let head = app.ask(axum::http::Method::HEAD, &path).by(&scene.student).send().await.is(200);
    assert_eq!((head.header("content-length"), head.body.len()), ("5000", 0));
}

#[tokio::test]
async fn what_nothing_refers_to_is_swept_after_a_day() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let kept = |file: &Value| {
        let sum = text(&file["sha256"]);
        app.files().join(&sum[..2]).join(&sum)
    };
    let age = |file: &Value, days: u64| {
        let opened = std::fs::File::options().write(true).open(kept(file)).unwrap();
        let back = std::time::Duration::from_hours(24 * days);
        let modified = opened.metadata().unwrap().modified().unwrap();
        opened.set_modified(modified - back).unwrap();
    };
    let remove = |file: &Value| {
        let path = format!("/api/v1/files/{}", text(&file["id"]));
        app.delete(path).by(&scene.student).send()
    };
    let draft = scene.evidence("Remise").await;
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let ask =
        app.post(format!("{path}/files")).by(&scene.student).file("a.txt", b"dans une version");
    let revised = ask.send().await.is(201).value()["items"][0].clone();
    let submitted = scene.step(&scene.student, &scene.reread(&draft).await, "submit", "").await;
    scene.step(&scene.tutor, &submitted, "return", "Un autre").await;
    remove(&revised).await.is(204);

    let used = upload(&scene, "b.txt", b"sur une preuve").await;
    let dropped = upload(&scene, "c.txt", b"retire").await;
    remove(&dropped).await.is(204);
    let fresh = upload(&scene, "d.txt", b"retire a l'instant").await;
    remove(&fresh).await.is(204);
    let again = upload(&scene, "e.txt", b"retire puis revenu").await;
    remove(&again).await.is(204);
    for file in [&revised, &used, &dropped, &again] {
        age(file, 2);
    }
    // The same content comes anew while nothing refers to the old one.
    upload(&scene, "e.txt", b"retire puis revenu").await;
    assert_eq!(store::file::sweep(&app.db).await.unwrap(), 1);
    assert!(!kept(&dropped).exists());
    for file in [&revised, &used, &fresh, &again] {
        assert!(kept(file).exists(), "{file}");
    }
    assert_eq!(store::file::sweep(&app.db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_sweep_never_takes_what_is_arriving() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    for _ in 0..10 {
        let file = upload(&scene, "a.txt", b"toujours le meme").await;
        let path = format!("/api/v1/files/{}", text(&file["id"]));
        app.delete(&path).by(&scene.student).send().await.is(204);
        let sum = text(&file["sha256"]);
        let kept = app.files().join(&sum[..2]).join(&sum);
        let opened = std::fs::File::options().write(true).open(kept).unwrap();
        let modified = opened.metadata().unwrap().modified().unwrap();
        opened.set_modified(modified - std::time::Duration::from_hours(48)).unwrap();
        let ask = app.post(path_of(&draft)).by(&scene.student).file("b.txt", b"toujours le meme");
        let (sent, swept) = futures::join!(ask.send(), store::file::sweep(&app.db));
        swept.unwrap();
        let id = text(&sent.is(201).value()["items"][0]["id"]);
        let path = format!("/api/v1/files/{id}");
        let answer = app.get(&path).by(&scene.student).send().await.is(200);
        assert_eq!(answer.body.as_ref(), b"toujours le meme");
        app.delete(&path).by(&scene.student).send().await.is(204);
    }
}

fn path_of(evidence: &Value) -> String {
    format!("/api/v1/evidence/{}/files", text(&evidence["id"]))
}
