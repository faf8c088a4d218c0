//! A school that is set up over HTTP, on a database of its own.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
};

use api::App;
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ambient::{Ambient, Clock, ManualClock};
use http_body_util::BodyExt;
use mail::{Kept, Mailer};
use runner::Runner;
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use store::{Db, Durability, Options};
use tower::ServiceExt;
use uuid::Uuid;

pub const PASSWORD: &str = "correct horse battery";
pub const CODE: &str = "RNCP38822";
pub const MAX_FILE: u64 = 10_000;
pub const FORM: &str = "multipart/form-data; boundary=frontier";

/// The server's own parts, in this process, on a database that nobody else uses.
pub struct TestApp {
    pub router: Router,
    pub db: Db,
    pub clock: Arc<ManualClock>,
    /// Statements on the read pool so far.
    statements: Arc<AtomicUsize>,
    place: Place,
}

/// Where the data is; nothing of it stays.
struct Place {
    folder: tempfile::TempDir,
    /// Server and name of the `PostgreSQL` database, if it is on one.
    database: Option<(String, String)>,
}

impl Place {
    async fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = std::env::var("ACQUIS_TEST_POSTGRES").ok();
        let database = server.map(|server| {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            (server, format!("acquis_test_{}_{number}", std::process::id()))
        });
        if let Some((server, name)) = &database {
            execute(server, &format!("CREATE DATABASE {name}")).await;
        }
        Self { folder, database }
    }

    fn url(&self) -> Option<String> {
        let (server, name) = self.database.as_ref()?;
        let (server, _) = server.rsplit_once('/').expect("postgres://user@host:port/database");
        Some(format!("{server}/{name}"))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((server, name)) = self.database.take() else { return };
        // Another thread, since this one may be within a runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let statement = format!("DROP DATABASE {name} WITH (FORCE)");
            runtime.expect("a runtime").block_on(execute(&server, &statement));
        });
        // The server may be gone already, with all its databases.
        let _ = dropped.join();
    }
}

async fn execute(url: &str, statement: &str) {
    let connection = Database::connect(url).await.expect("a connection");
    connection.execute_unprepared(statement).await.expect("a statement");
    connection.close().await.expect("the end of a connection");
}

impl TestApp {
    pub async fn new() -> Self {
        let place = Place::new().await;
        let start: DateTime<Utc> = "2026-10-05T08:00:00Z".parse().expect("a time");
        let clock = Arc::new(ManualClock::at(start));
        let options = Options {
            folder: place.folder.path().to_owned(),
            database_url: place.url(),
            durability: Durability::Off,
            max_file_bytes: MAX_FILE,
        };
        let ambient = Arc::new(Ambient::seeded(clock.clone(), 1));
        let mut db = Db::open(&options, ambient).await.expect("a database");
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = statements.clone();
        db.count_statements(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let app = App::new(db.clone(), &[7; 32], "http://acquis.test", None);
        Self { router: api::router(app, Router::new()), db, clock, statements, place }
    }

    /// Folder of the contents of files.
    pub fn files(&self) -> std::path::PathBuf {
        self.place.folder.path().join("files")
    }

    /// Runs a statement behind the program's back.
    pub async fn tamper(&self, statement: &str) {
        execute(&self.url(), statement).await;
    }

    pub fn is_postgres(&self) -> bool {
        self.place.database.is_some()
    }

    /// The column `text` of every row that a query gives.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let connection = Database::connect(self.url()).await.expect("a connection");
        let rows = connection.query_all_raw(Statement::from_string(
            connection.get_database_backend(),
            query.to_owned(),
        ));
        let rows = rows.await.expect("rows");
        let texts = rows.iter().map(|row| row.try_get("", "text").expect("a text")).collect();
        connection.close().await.expect("the end of a connection");
        texts
    }

    fn url(&self) -> String {
        let file = self.place.folder.path().join("acquis.sqlite");
        self.place.url().unwrap_or_else(|| format!("sqlite:{}", file.display()))
    }

    /// A server's background work, on this database and into the folder of mails.
    pub fn runner(&self) -> Runner {
        let mailer = Mailer::folder(self.mails_folder());
        Runner::new(self.db.clone(), mailer, "http://acquis.test").0
    }

    pub fn mails_folder(&self) -> std::path::PathBuf {
        self.place.folder.path().join("mails")
    }

    /// Lets what waits leave, and gives every mail to this address so far, newest first.
    pub async fn mails(&self, to: &str) -> Vec<Kept> {
        self.runner().tick().await.expect("a tick");
        let mut mails = mail::read(&self.mails_folder(), None, usize::MAX).expect("mails");
        mails.retain(|mail| mail.to == to);
        mails
    }

    /// The secret of the newest link to this address.
    pub async fn mailed_link(&self, to: &str) -> String {
        let mails = self.mails(to).await;
        secret(&mails.first().expect("a mail").text, "/entrer#").expect("a link in it")
    }

    pub fn pass(&self, time: TimeDelta) {
        self.clock.set(self.clock.now() + time);
    }

    pub fn ask(&self, method: Method, path: impl Into<String>) -> Ask<'_> {
        Ask {
            app: self,
            method,
            path: path.into(),
            headers: vec![("host".to_owned(), "acquis.test".to_owned())],
            body: Body::empty(),
        }
    }

    pub fn get(&self, path: impl Into<String>) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    pub fn post(&self, path: impl Into<String>) -> Ask<'_> {
        self.ask(Method::POST, path)
    }

    pub fn patch(&self, path: impl Into<String>) -> Ask<'_> {
        self.ask(Method::PATCH, path)
    }

    pub fn delete(&self, path: impl Into<String>) -> Ask<'_> {
        self.ask(Method::DELETE, path)
    }

    /// Number of statements that reading this takes.
    pub async fn statements_of(&self, by: &Person, path: &str) -> usize {
        // The first time, a certification is read to be cached.
        self.get(path).by(by).send().await.is(200);
        let before = self.statements.load(Ordering::Relaxed);
        self.get(path).by(by).send().await.is(200);
        self.statements.load(Ordering::Relaxed) - before
    }
}

/// A request that is being put together.
#[must_use]
pub struct Ask<'a> {
    app: &'a TestApp,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Body,
}

impl Ask<'_> {
    pub fn by(self, person: &Person) -> Self {
        let token = format!("Bearer {}", person.token);
        self.header("authorization", token)
    }

    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn version(self, version: impl Into<i64>) -> Self {
        let version = version.into();
        self.header("if-match", format!("\"{version}\""))
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads best with `json!` at the call")]
    pub fn json(self, body: Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// A form with one file.
    pub fn file(self, name: &str, content: &[u8]) -> Self {
        self.header("content-type", FORM).body(form(name, content))
    }

    pub async fn send(self) -> Answer {
        let Self { app, method, path, headers, body } = self;
        // Time passes, so that ids and events have an order.
        app.pass(TimeDelta::milliseconds(1));
        let mut request = Request::builder().method(&method).uri(&path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(body).expect("a request");
        let Ok(response) = app.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let (status, headers) = (parts.status, parts.headers);
        let body = body.collect().await.expect("a whole answer").to_bytes();
        Answer { asked: format!("{method} {path}"), status, headers, body }
    }
}

/// What follows the `#` of a page's address in a mail.
pub fn secret(text: &str, page: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("http://acquis.test{page}"))?;
    Some(rest.split_whitespace().next()?.to_owned())
}

pub fn form(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/html\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--frontier--\r\n"].concat()
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    asked: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status.as_u16(), status, "{}: {body}", self.asked);
        self
    }

    /// It is a problem with this code.
    #[track_caller]
    pub fn fails(self, status: u16, code: &str) -> Value {
        let answer = self.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.asked);
        let problem = answer.value();
        assert_eq!(problem["code"], code, "{}: {problem}", answer.asked);
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
        problem
    }

    /// The input is wrong in these ways, as `field: code`.
    #[track_caller]
    pub fn faults(self) -> Vec<String> {
        let problem = self.fails(422, "invalid");
        let fields = problem["fields"].as_array().expect("a list of fields");
        let text = |fault: &Value| {
            let part = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
            format!("{}: {}", part("field"), part("code"))
        };
        fields.iter().map(text).collect()
    }

    #[track_caller]
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{}: {error}: {}", self.asked, String::from_utf8_lossy(&self.body))
        })
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a cookie that it sets; empty where it is taken away, `None` if it is left.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        let mut values = cookies.filter_map(|cookie| {
            let (found, rest) = cookie.to_str().ok()?.split_once('=')?;
            (found == name).then(|| rest.split(';').next().unwrap_or_default().to_owned())
        });
        values.next()
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub email: String,
    pub token: String,
}

impl Person {
    /// Signed in anew, after a time in which their session has ended.
    pub async fn again(&self, app: &TestApp) -> Self {
        let body = json!({ "email": self.email, "password": PASSWORD });
        let answer = app.post("/api/v1/auth/login").json(body).send().await.is(200);
        Self::signed_in(&answer.value())
    }

    fn signed_in(answer: &Value) -> Self {
        Self {
            id: text(&answer["user"]["id"]),
            email: text(&answer["user"]["email"]),
            token: text(&answer["access_token"]),
        }
    }
}

#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Field of every item of a list.
#[track_caller]
pub fn each(list: &Value, field: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap_or_else(|| panic!("{list} is no list"));
    items.iter().map(|item| text(&item[field])).collect()
}

/// A school with its first person, who is administrator and manager.
pub struct School<'a> {
    pub app: &'a TestApp,
    pub name: &'static str,
    pub head: Person,
}

impl<'a> School<'a> {
    pub async fn open(app: &'a TestApp, name: &'static str) -> Self {
        let token = store::people::setup_link(&app.db).await.expect("a link");
        let answer = app
            .post("/api/v1/setup")
            .json(json!({
                "token": token,
                "organisation": name,
                "given_name": "Anne",
                "family_name": "Chef",
                "email": format!("chef@{name}.fr"),
                "password": PASSWORD,
            }))
            .send()
            .await
            .is(200);
        Self { app, name, head: Person::signed_in(&answer.value()) }
    }

    /// Id of the organisation.
    pub async fn id(&self) -> Uuid {
        let me = self.app.get("/api/v1/me").by(&self.head).send().await.is(200).value();
        text(&me["memberships"][0]["organisation"]["id"]).parse().expect("an id")
    }

    /// Adds a person who does not sign in; returns their id and the secret of their link.
    pub async fn invite(&self, given_name: &str, roles: &[&str]) -> (String, String) {
        let added = self
            .app
            .post("/api/v1/users")
            .by(&self.head)
            .json(json!({
                "email": format!("{given_name}@{}.fr", self.name),
                "given_name": given_name,
                "family_name": "Test",
                "roles": roles,
            }))
            .send()
            .await
            .is(201)
            .value();
        let url = text(&added["invitation_url"]);
        let (page, token) = url.split_once('#').expect("a secret in the fragment");
        assert_eq!(page, "http://acquis.test/invitation");
        (text(&added["person"]["id"]), token.to_owned())
    }

    /// Adds a person, who chooses a password and is signed in.
    pub async fn person(&self, given_name: &str, roles: &[&str]) -> Person {
        let (_, token) = self.invite(given_name, roles).await;
        let answer = self
            .app
            .post("/api/v1/auth/link")
            .json(json!({ "token": token, "password": PASSWORD }))
            .send()
            .await
            .is(200);
        Person::signed_in(&answer.value())
    }

    /// Id of the version of [`CODE`].
    pub async fn certification_id(&self) -> String {
        let path = format!("/api/v1/certifications/{CODE}");
        text(&self.app.get(path).by(&self.head).send().await.is(200).value()["id"])
    }

    /// A draft that says what is in force.
    pub async fn draft_grid(&self, certification: &str) -> Value {
        let body = json!({ "certification_id": certification });
        self.app.post("/api/v1/grids").by(&self.head).json(body).send().await.is(201).value()
    }

    pub fn save_grid(&self, grid: &Value, content: &Value) -> Ask<'a> {
        let path = format!("/api/v1/grids/{}", text(&grid["id"]));
        self.app.ask(Method::PUT, path).by(&self.head).version(version(grid)).json(content.clone())
    }

    /// Drafts a grid, changes it and publishes it.
    pub async fn published_grid(
        &self,
        certification: &str,
        change: impl FnOnce(&mut Value),
    ) -> Value {
        let draft = self.draft_grid(certification).await;
        let mut content = draft["content"].clone();
        change(&mut content);
        let saved = self.save_grid(&draft, &content).send().await.is(200).value();
        let path = format!("/api/v1/grids/{}/publish", text(&saved["id"]));
        let ask = self.app.post(path).by(&self.head).version(version(&saved));
        ask.send().await.is(200).value()
    }

    pub async fn cohort(&self) -> String {
        let body = json!({
            "name": "Promotion 2027",
            "certification": CODE,
            "starts_on": "2026-09-01",
            "ends_on": "2027-08-31",
        });
        let answer = self.app.post("/api/v1/cohorts").by(&self.head).json(body).send().await;
        text(&answer.is(201).value()["id"])
    }

    /// Enrols a student in [`CODE`] with these tutors.
    pub async fn enrol(
        &self,
        student: &str,
        cohort: Option<&str>,
        tutors: &[(&str, &str)],
    ) -> String {
        let body = json!({
            "student_id": student,
            "certification": CODE,
            "cohort_id": cohort,
            "route": "apprenticeship",
            "status": "apprentice",
            "starts_on": "2026-09-01",
        });
        let enrolment =
            self.app.post("/api/v1/enrolments").by(&self.head).json(body).send().await.is(201);
        let id = text(&enrolment.value()["id"]);
        let tutor = |(user, kind): &(&str, &str)| json!({ "user_id": user, "kind": kind });
        self.app
            .ask(Method::PUT, format!("/api/v1/enrolments/{id}/tutors"))
            .by(&self.head)
            .version(1)
            .json(json!({ "tutors": tutors.iter().map(tutor).collect::<Vec<_>>() }))
            .send()
            .await
            .is(200);
        id
    }
}

/// A school with one enrolment and the people around it.
pub struct Scene<'a> {
    pub school: School<'a>,
    pub student: Person,
    pub company: Person,
    pub tutor: Person,
    pub enrolment: String,
}

impl<'a> Scene<'a> {
    pub async fn new(app: &'a TestApp) -> Self {
        let school = School::open(app, "ecole").await;
        let student = school.person("lea", &["apprentice"]).await;
        let company = school.person("marc", &["company_tutor"]).await;
        let tutor = school.person("nadia", &["school_tutor"]).await;
        let tutors = [(company.id.as_str(), "company"), (tutor.id.as_str(), "school")];
        let enrolment = school.enrol(&student.id, None, &tutors).await;
        Self { school, student, company, tutor, enrolment }
    }

    /// `GET …/enrolments/{id}/{part}`.
    pub async fn read(&self, by: &Person, part: &str) -> Value {
        let path = format!("/api/v1/enrolments/{}/{part}", self.enrolment);
        self.school.app.get(path).by(by).send().await.is(200).value()
    }

    pub fn new_evidence(&self, body: Value) -> Ask<'a> {
        let path = format!("/api/v1/enrolments/{}/evidence", self.enrolment);
        self.school.app.post(path).by(&self.student).json(body)
    }

    /// A draft of the student's, as it was answered.
    pub async fn evidence(&self, title: &str) -> Value {
        self.new_evidence(project(title)).send().await.is(201).value()
    }

    /// Submits, accepts or returns.
    pub async fn step(&self, by: &Person, evidence: &Value, step: &str, comment: &str) -> Value {
        let path = format!("/api/v1/evidence/{}/{step}", text(&evidence["id"]));
        let ask = self.school.app.post(path).by(by).version(version(evidence));
        ask.json(json!({ "comment": comment })).send().await.is(200).value()
    }

    /// As its student gets it now: a file moves the version on.
    pub async fn reread(&self, evidence: &Value) -> Value {
        let path = format!("/api/v1/evidence/{}", text(&evidence["id"]));
        self.school.app.get(path).by(&self.student).send().await.is(200).value()
    }

    /// An evidence that is handed in and that not everybody may open.
    pub async fn confidential(&self, visibility: &str) -> Value {
        let mut body = project("Incident réservé");
        body["visibility"] = visibility.into();
        body["text"] = "Le secret de la forge".into();
        let draft = self.new_evidence(body).send().await.is(201).value();
        self.step(&self.student, &draft, "submit", "").await
    }

    pub async fn submitted(&self, title: &str) -> Value {
        let draft = self.evidence(title).await;
        self.step(&self.student, &draft, "submit", "").await
    }

    pub fn new_assessment(&self, by: &Person, body: Value) -> Ask<'a> {
        let path = format!("/api/v1/enrolments/{}/assessments", self.enrolment);
        self.school.app.post(path).by(by).json(body)
    }

    /// A draft that gives this level to every criterion of the first competency of the first block.
    pub async fn assessment(&self, by: &Person, kind: &str, level: &str) -> Value {
        self.new_assessment(by, grid(kind, level)).send().await.is(201).value()
    }

    pub async fn sign(&self, by: &Person, assessment: &Value) -> Value {
        let path = format!("/api/v1/assessments/{}/sign", text(&assessment["id"]));
        let ask = self.school.app.post(path).by(by).version(version(assessment));
        ask.send().await.is(200).value()
    }

    /// Hands in what the gate of [`block`] asks for: every competency and every deliverable, in one
    /// evidence with a file.
    pub async fn covered(&self) -> Value {
        self.covered_block(0).await
    }

    /// The same for any block.
    pub async fn covered_block(&self, index: usize) -> Value {
        let certification = certification();
        let block = &certification.blocks[index];
        let links = block.assessed().map(|key| json!({ "competency": key })).collect::<Vec<_>>();
        let body = json!({
            "kind": "project",
            "title": "Été : projet d’atelier",
            "competencies": links,
            "modality": block.modalities[0].key,
        });
        let draft = self.new_evidence(body).send().await.is(201).value();
        let upload = format!("/api/v1/evidence/{}/files", text(&draft["id"]));
        let upload = self.school.app.post(upload).by(&self.student);
        upload.file("rapport.txt", b"Le rapport entier").send().await.is(201);
        self.step(&self.student, &self.reread(&draft).await, "submit", "").await
    }

    pub fn new_dossier(&self, body: Value) -> Ask<'a> {
        let path = format!("/api/v1/enrolments/{}/dossiers", self.enrolment);
        self.school.app.post(path).by(&self.student).json(body)
    }

    /// A dossier of [`block`], once the gate lets it through.
    pub async fn deposited(&self) -> Value {
        let body = json!({ "blocks": [block()], "presentation": "Mon parcours." });
        self.new_dossier(body).send().await.is(201).value()
    }

    pub fn new_visit(&self, by: &Person, body: Value) -> Ask<'a> {
        let path = format!("/api/v1/enrolments/{}/visits", self.enrolment);
        self.school.app.post(path).by(by).json(body)
    }

    /// A draft of a visit report.
    pub async fn visit(&self, by: &Person) -> Value {
        self.new_visit(by, visit()).send().await.is(201).value()
    }

    pub async fn sign_visit(&self, by: &Person, visit: &Value) -> Value {
        let path = format!("/api/v1/visits/{}/sign", text(&visit["id"]));
        self.school.app.post(path).by(by).version(version(visit)).send().await.is(200).value()
    }

    pub async fn signed(&self, by: &Person, kind: &str, level: &str) -> Value {
        let draft = self.assessment(by, kind, level).await;
        self.sign(by, &draft).await
    }
}

#[track_caller]
pub fn version(value: &Value) -> i64 {
    value["version"].as_i64().unwrap_or_else(|| panic!("{value} has no version"))
}

pub fn certification() -> domain::certification::Certification {
    let files = catalog::builtin();
    let file = files.iter().find(|file| file.certification.code == CODE);
    file.expect("the certification").certification.clone()
}

/// Key of the first competency of the first block.
pub fn competency() -> String {
    certification().blocks[0].competencies[0].competency.clone()
}

pub fn block() -> String {
    certification().blocks[0].code.clone()
}

/// A level of the scale: the lowest, or the one that is asked for.
pub fn below() -> String {
    certification().levels[0].key.clone()
}

pub fn required() -> String {
    certification().required_level
}

/// A project that shows [`competency`].
pub fn project(title: &str) -> Value {
    json!({
        "kind": "project",
        "title": title,
        "competencies": [{ "competency": competency(), "justification": "J’ai conduit le projet." }],
    })
}

/// A visit report that may be signed as it is.
pub fn visit() -> Value {
    json!({
        "held_on": "2026-10-01",
        "place": "company",
        "location": "Atelier",
        "participants": [{ "user_id": null, "name": "Mme Roy" }],
        "points": "Le projet avance.",
        "objectives": [{ "text": "Livrer la version 2", "due_on": "2026-12-01" }],
        "evidence": [],
    })
}

pub fn grid(kind: &str, level: &str) -> Value {
    json!({
        "kind": kind,
        "block": block(),
        "occasion": "Visite en entreprise",
        "assessed_on": "2026-10-01",
        "ratings": [rating(&competency(), level)],
    })
}

/// This level for every criterion.
pub fn rating(competency: &str, level: &str) -> Value {
    let certification = certification();
    let criteria = certification.competency(competency).expect("the competency").criteria();
    let rated = |criterion: &domain::certification::Criterion| json!({ "criterion": criterion.key, "level": level, "comment": "" });
    json!({ "competency": competency, "criteria": criteria.iter().map(rated).collect::<Vec<_>>() })
}

/// Every file below a folder.
pub fn files_in(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_in(&path));
        } else {
            found.push(path);
        }
    }
    found
}
