//! Mail over SMTP, to a server that is not ours.

use std::{
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{Person, Server, finish, run_with, stderr};

/// A mail server with a certificate of an authority of its own.
struct Peer {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
    folder: TempDir,
    port: u64,
    scheme: &'static str,
}

impl Peer {
    fn start(mode: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        certify(folder.path());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/smtp_peer.py");
        // Debian's own Python, which has Debian's aiosmtpd.
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(mode)
            .args([folder.path().join("cert.pem"), folder.path().join("key.pem")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with aiosmtpd (Debian: apt install python3-aiosmtpd)");
        let said = BufReader::new(child.stdout.take().expect("piped")).lines();
        let scheme = if mode == "tls" { "smtps" } else { "smtp" };
        let mut peer = Self { child, said, folder, port: 0, scheme };
        peer.port = peer.next()["port"].as_u64().expect("a port");
        peer
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What it does next.
    fn next(&mut self) -> Value {
        let line = self.said.next().expect("it is still there").expect("text");
        serde_json::from_str(&line).expect("JSON")
    }

    fn url(&self) -> String {
        format!("{}://acquis:p%40ss%20word@localhost:{}", self.scheme, self.port)
    }

    fn serve(&self, folder: &Path) -> Server {
        let authority = self.authority();
        Server::start_with(
            folder,
            &[
                ("ACQUIS_SMTP_URL", &self.url()),
                ("ACQUIS_MAIL_FROM", "École des essais <acquis@essais.example>"),
                ("ACQUIS_SMTP_CA", authority.to_str().expect("a plain name")),
            ],
        )
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority, and a certificate of its for `localhost`.
fn certify(folder: &Path) {
    let openssl = |arguments: &str| {
        let done = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .output()
            .expect("openssl runs");
        assert!(done.status.success(), "{}", stderr(&done));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=Essais"));
    openssl(&format!(
        "req {key} -keyout key.pem -out csr.pem -subj /CN=localhost -addext \
         subjectAltName=DNS:localhost"
    ));
    openssl(
        "x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy \
         -days 2 -out cert.pem",
    );
}

async fn add(manager: &Person, email: &str) {
    let body = json!({
        "email": email, "given_name": "Prénom", "family_name": "Nom", "roles": ["company_tutor"],
    });
    manager.send(Method::POST, "/users", body).await.expect(StatusCode::CREATED);
}

/// Asks until there are so many problems; what the peer has said, the server notes a moment later.
async fn problems(manager: &Person, count: usize) -> Vec<Value> {
    for _ in 0..500 {
        let list = manager.get("/mails/problems").await;
        let items = list["items"].as_array().expect("a list");
        if items.len() == count {
            return items.clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no {count} problems after ten seconds");
}

#[tokio::test]
async fn an_invitation_arrives_encrypted_and_its_link_lets_in() {
    for mode in ["starttls", "tls"] {
        let mut peer = Peer::start(mode);
        let folder = tempfile::tempdir().expect("a folder");
        let server = peer.serve(folder.path());
        let manager = server.set_up().await;
        add(&manager, "paul@entreprise.example").await;
        let mail = peer.next();
        assert_eq!((&mail["did"], &mail["encrypted"]), (&json!("took"), &json!(true)), "{mail}");
        assert_eq!(mail["to"], "paul@entreprise.example");
        let headers = &mail["headers"];
        assert_eq!(headers["Subject"], "École des essais vous invite sur Acquis");
        assert_eq!(headers["From"], "École des essais <acquis@essais.example>");
        assert_eq!(headers["Auto-Submitted"], "auto-generated");
        let link = mail["text"].as_str().expect("text").split_whitespace();
        let link = link.into_iter().find(|word| word.contains("/entrer#")).expect("a link");
        assert!(link.starts_with(&server.url), "{link}");
        assert!(mail["html"].as_str().expect("HTML").contains(link));
        let (_, token) = link.split_once('#').expect("a secret");
        let enter = || {
            let url = format!("{}/api/v1/auth/link", server.url);
            finish(Client::new().post(url).json(&json!({ "token": token })))
        };
        let entered = enter().await.expect(StatusCode::OK);
        assert_eq!(entered["user"]["email"], "paul@entreprise.example");
        enter().await.problem(StatusCode::CONFLICT, "dead_link");
        server.stop();
    }
}

#[tokio::test]
async fn a_refusal_is_final_a_delay_is_not_and_silence_is_neither() {
    let mut peer = Peer::start("starttls");
    let folder = tempfile::tempdir().expect("a folder");
    let server = peer.serve(folder.path());
    let manager = server.set_up().await;
    for (email, did) in [
        ("refuse@entreprise.example", "refused"),
        ("later@entreprise.example", "put off"),
        ("vanish@entreprise.example", "vanished"),
        // Whatever came before, the next one leaves.
        ("paul@entreprise.example", "took"),
    ] {
        add(&manager, email).await;
        let said = peer.next();
        assert_eq!((&said["did"], &said["to"]), (&json!(did), &json!(email)));
    }
    // Newest first; what is put off is no problem yet.
    let shown = problems(&manager, 2).await;
    assert_eq!(shown[0]["state"], "unknown");
    assert_eq!(shown[1]["state"], "failed");
    let reason = shown[1]["reason"].as_str().expect("a reason");
    assert!(reason.contains("550") && reason.contains("no such mailbox here"), "{reason}");

    // After a restart nothing goes out again by itself; whoever asks for it is heard.
    server.stop();
    let server = peer.serve(folder.path());
    let manager = server.sign_in().await;
    let resend = format!("/mails/{}/resend", shown[0]["id"].as_str().expect("an id"));
    manager.send(Method::POST, &resend, json!({})).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(peer.next()["did"], "vanished");
    problems(&manager, 2).await;
}

#[tokio::test]
async fn a_relay_that_nobody_vouches_for_gets_nothing() {
    let peer = Peer::start("starttls");
    let folder = tempfile::tempdir().expect("a folder");
    let from = ("ACQUIS_MAIL_FROM", "acquis@essais.example");
    let server = Server::start_with(folder.path(), &[("ACQUIS_SMTP_URL", &peer.url()), from]);
    let manager = server.set_up().await;
    add(&manager, "paul@entreprise.example").await;
    // It is put off, and the server works on.
    assert_eq!(problems(&manager, 0).await, [] as [Value; 0]);
    server.stop();
}

#[test]
fn settings_that_are_wrong_are_named_before_it_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a plain name");
    let from = ("ACQUIS_MAIL_FROM", "acquis@ecole.example");
    for (settings, says) in [
        (&[("ACQUIS_SMTP_URL", "mail.ecole.example"), from][..], "smtp://"),
        (&[("ACQUIS_SMTP_URL", "smtp://mail.ecole.example?tls=none"), from], "sans chiffrement"),
        (&[("ACQUIS_SMTP_URL", "smtp://mail.ecole.example")], "ACQUIS_MAIL_FROM"),
        (
            &[("ACQUIS_SMTP_URL", "smtps://h.example"), from, ("ACQUIS_SMTP_CA", "/nowhere.pem")],
            "/nowhere.pem",
        ),
    ] {
        let refused = run_with(&["serve", "--data", path, "--listen", "127.0.0.1:0"], settings);
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).contains(says), "{}", stderr(&refused));
    }
}
