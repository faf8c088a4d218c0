//! Starts the real binary on a temporary folder, and speaks HTTP with it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The binary that cargo built beside this test.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/<profile>/deps/<test>");
    let binary = profile.join("acquis");
    assert!(
        binary.is_file(),
        "{} is not built; run `cargo build -p server` first",
        binary.display()
    );
    binary
}

/// Runs a command of the binary to its end.
pub fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary runs")
}

/// The same with these settings in its environment.
pub fn run_with(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    command(arguments).envs(settings.iter().copied()).output().expect("the binary runs")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

fn serve(folder: &Path) -> Command {
    let path = folder.to_str().expect("a temporary folder has a plain name");
    command(&["serve", "--data", path, "--listen", "127.0.0.1:0"])
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The address of this folder's database, which is made if it is not there.
fn database(server: &str, folder: &Path) -> String {
    let name = folder.file_name().expect("a name").to_string_lossy().to_lowercase();
    let name = format!("e2e_{}", name.trim_start_matches('.'));
    // On a restart it is there already.
    let _ = Command::new("psql")
        .args([server, "--quiet", "--command", &format!("CREATE DATABASE \"{name}\"")])
        .stderr(Stdio::null())
        .status()
        .expect("psql runs");
    let (address, _) = server.rsplit_once('/').expect("a database in the address");
    format!("{address}/{name}")
}

/// What a server of this folder opens, for a look behind it once it has stopped.
pub fn options(folder: &Path) -> store::Options {
    store::Options {
        folder: folder.to_owned(),
        database_url: std::env::var("ACQUIS_TEST_POSTGRES")
            .ok()
            .map(|server| database(&server, folder)),
        durability: store::Durability::Full,
        max_file_bytes: 50_000_000,
    }
}

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    pub url: String,
    /// What the first start printed, if it was one.
    pub setup_token: Option<String>,
}

impl Server {
    /// On the PostgreSQL server that `ACQUIS_TEST_POSTGRES` names, in a database of this folder's
    /// own; on SQLite in the folder where it names none.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// The same with these settings in its environment.
    pub fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = serve(folder);
        command.envs(settings.iter().copied());
        if let Ok(server) = std::env::var("ACQUIS_TEST_POSTGRES") {
            command.env("ACQUIS_DATABASE_URL", database(&server, folder));
        }
        Self::spawn(command)
    }

    pub fn start_on_sqlite(folder: &Path) -> Self {
        Self::spawn(serve(folder))
    }

    /// On a file system of its own, `size` large.
    pub fn start_on_small_disk(folder: &TempDir, size: &str) -> Self {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c"]).arg(format!(
            "mount -t tmpfs -o size={size} none '{folder}' && \
             exec '{binary}' serve --data '{folder}' --listen 127.0.0.1:0",
            folder = folder.path().display(),
            binary = binary().display(),
        ));
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        let child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
        // From here on, dropping it ends the process.
        let mut server = Self { child, url: String::new(), setup_token: None };
        let stdout = server.child.stdout.take().expect("piped");
        for line in BufReader::new(stdout).lines() {
            let line = line.expect("text");
            if let Some((_, token)) = line.split_once("/installation#") {
                server.setup_token = Some(token.trim().to_owned());
            }
            if let Some(url) = line.strip_prefix("Acquis est ouvert : ") {
                url.trim().clone_into(&mut server.url);
                return server;
            }
        }
        panic!("the server ended before it was open");
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// The most memory that it has had so far, in kilobytes (`VmHWM` of proc(5)).
    pub fn peak_memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("a running process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Asks it to stop, as a service manager does, and waits.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success());
        assert!(self.child.wait().expect("it ends").success());
    }

    /// Creates the organisation and signs its administrator in.
    pub async fn set_up(&self) -> Person {
        let answer = Client::new()
            .post(format!("{}/api/v1/setup", self.url))
            .json(&json!({
                "token": self.setup_token.as_ref().expect("a first start"),
                "organisation": "École des essais",
                "given_name": "Ada", "family_name": "Le Goff",
                "email": "ada@essais.example", "password": "un mot de passe long",
            }))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        Person::from(&self.url, &answer.json().await.expect("JSON"))
    }

    /// Signs the administrator in again.
    pub async fn sign_in(&self) -> Person {
        let answer = Client::new()
            .post(format!("{}/api/v1/auth/login", self.url))
            .json(&json!({ "email": "ada@essais.example", "password": "un mot de passe long" }))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        Person::from(&self.url, &answer.json().await.expect("JSON"))
    }

    /// Adds a person and signs them in by their invitation.
    pub async fn add(&self, manager: &Person, email: &str, roles: &[&str]) -> Person {
        let added = manager
            .send(
                Method::POST,
                "/users",
                json!({
                    "email": email, "given_name": "Prénom", "family_name": "Nom", "roles": roles,
                }),
            )
            .await;
        let added = added.expect(StatusCode::CREATED);
        let link = added["invitation_url"].as_str().expect("a link").to_owned();
        let (_, token) = link.split_once('#').expect("a token");
        let answer = Client::new()
            .post(format!("{}/api/v1/auth/link", self.url))
            .json(&json!({ "token": token, "password": "encore un mot de passe" }))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        Person::from(&self.url, &answer.json().await.expect("JSON"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who is signed in.
pub struct Person {
    client: Client,
    url: String,
    token: String,
    pub id: String,
}

/// An answer that was read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Answer {
    /// The body, of an answer with this status.
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Checks the status and the code of a problem.
    #[track_caller]
    pub fn problem(self, status: StatusCode, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{body}");
        body
    }
}

impl Person {
    fn from(url: &str, signed_in: &Value) -> Self {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        Self {
            client: Client::new(),
            url: url.to_owned(),
            token: text(&signed_in["access_token"]),
            id: text(&signed_in["user"]["id"]),
        }
    }

    /// The same person, once the server was started anew.
    #[must_use]
    pub fn on(&self, server: &Server) -> Self {
        let (token, id) = (self.token.clone(), self.id.clone());
        Self { client: Client::new(), url: server.url.clone(), token, id }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.url)).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Value {
        finish(self.request(Method::GET, path)).await.expect(StatusCode::OK)
    }

    pub async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        finish(self.request(method, path).json(&body)).await
    }

    /// A write on what has this version.
    pub async fn change(&self, method: Method, path: &str, seen: &Value, body: Value) -> Answer {
        let tag = format!("\"{}\"", seen["version"]);
        finish(self.request(method, path).header("if-match", tag).json(&body)).await
    }
}

pub async fn finish(request: RequestBuilder) -> Answer {
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("text");
    Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}
