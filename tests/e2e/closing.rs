//! A session closes whole or not at all, whatever becomes of the server.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Person, Server, finish, options};

const CERTIFICATION: &str = r#"
code = "ESSAI"
version = "1"
status = "published"
title = "Conduire un projet"

[source]
name = "Essai"

[[competency]]
key = "C1"
text = "Conduire un projet"

[[block]]
code = "ESSAI-BC1"
title = "Conduire"
competencies = ["C1"]
"#;

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

/// The people of a school whose sessions close.
pub struct School {
    pub manager: Person,
    pub jury: [Person; 2],
}

/// An open session, decided on, of one candidate.
pub struct Hearing {
    pub student: Person,
    enrolment: String,
    pub session: String,
}

impl School {
    pub async fn open(server: &Server) -> Self {
        let manager = server.set_up().await;
        let body = json!({ "source": CERTIFICATION });
        manager.send(Method::POST, "/certifications", body).await.expect(StatusCode::CREATED);
        Self {
            jury: [
                server.add(&manager, "vera@essais.example", &["jury"]).await,
                server.add(&manager, "walid@essais.example", &["jury"]).await,
            ],
            manager,
        }
    }

    /// Everybody again, once the server was started anew.
    fn on(&self, server: &Server) -> Self {
        Self {
            manager: self.manager.on(server),
            jury: self.jury.each_ref().map(|member| member.on(server)),
        }
    }

    pub async fn hearing(&self, server: &Server, round: usize) -> Hearing {
        let Self { manager, jury } = self;
        let email = format!("eleve{round}@essais.example");
        let student = server.add(manager, &email, &["apprentice"]).await;
        let made = |method, path: String, body| async move {
            manager.send(method, &path, body).await.expect(StatusCode::CREATED)
        };
        let enrolment = id(&made(
            Method::POST,
            "/enrolments".to_owned(),
            json!({
                "student_id": student.id, "certification": "ESSAI", "route": "student",
                "status": "student", "starts_on": "2026-01-05",
            }),
        )
        .await);
        let evidence = student
            .send(
                Method::POST,
                &format!("/enrolments/{enrolment}/evidence"),
                json!({
                    "kind": "project", "title": "Un projet",
                    "competencies": [{ "competency": "C1", "justification": "Conduit." }],
                }),
            )
            .await
            .expect(StatusCode::CREATED);
        let submit = format!("/evidence/{}/submit", id(&evidence));
        student.change(Method::POST, &submit, &evidence, json!({})).await.expect(StatusCode::OK);
        let deposit = json!({ "blocks": ["ESSAI-BC1"], "presentation": "" });
        student
            .send(Method::POST, &format!("/enrolments/{enrolment}/dossiers"), deposit)
            .await
            .expect(StatusCode::CREATED);

        let planned = json!({
            "certification": "ESSAI", "route": "student", "title": "Jury",
            "starts_at": "2100-06-01T08:00:00Z", "place": "Salle 4", "statement": "Règlement",
            "window": { "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2100-06-02T00:00:00Z" },
        });
        let session = id(&made(Method::POST, "/jury-sessions".to_owned(), planned).await);
        let path = format!("/jury-sessions/{session}");
        for (index, member) in jury.iter().enumerate() {
            let body = json!({ "user_id": member.id, "chair": index == 0, "voting": true });
            made(Method::POST, format!("{path}/members"), body).await;
        }
        let step = |method, name: &'static str, body: Value| {
            let path = &path;
            async move {
                let seen = manager.get(path).await;
                let done = manager.change(method, &format!("{path}/{name}"), &seen, body).await;
                done.expect(StatusCode::OK)
            }
        };
        let candidates = json!({ "candidates": [{
            "enrolment_id": enrolment, "presentation_minutes": 20, "interview_minutes": 20,
        }] });
        step(Method::PUT, "candidates", candidates).await;
        step(Method::POST, "convene", json!({})).await;
        let open = step(Method::POST, "open", json!({})).await;
        let seats = open["members"].as_array().expect("members");
        let present: Vec<&Value> = seats.iter().map(|seat| &seat["id"]).collect();
        step(Method::POST, "roll-call", json!({ "present": present })).await;
        let decision = format!("{path}/candidates/{enrolment}/blocks/ESSAI-BC1/decision");
        jury[0]
            .change(
                Method::PUT,
                &decision,
                &json!({ "version": 0 }),
                json!({ "verdict": "validated" }),
            )
            .await
            .expect(StatusCode::OK);
        Hearing { student, enrolment, session }
    }

    /// Whether the session is sealed, all of it; else nothing of it is.
    async fn is_sealed(&self, hearing: &Hearing) -> bool {
        let Self { manager, jury } = self;
        let Hearing { student, enrolment, session } = hearing;
        let status = manager.get(&format!("/jury-sessions/{session}")).await["status"].clone();
        let sealed = status == "closed";
        assert!(sealed || status == "open", "{status}");
        let minutes =
            finish(jury[0].request(Method::GET, &format!("/jury-sessions/{session}/minutes")));
        let expected = if sealed { StatusCode::OK } else { StatusCode::NOT_FOUND };
        minutes.await.expect(expected);
        let dossiers = student.get(&format!("/enrolments/{enrolment}/dossiers")).await;
        let dossier = if sealed { "decided" } else { "presented" };
        assert_eq!(dossiers["items"][0]["status"], dossier, "{dossiers}");
        let record = student.get(&format!("/enrolments/{enrolment}/record")).await;
        let validated = record["validated"].as_array().expect("a list").len();
        assert_eq!(validated, usize::from(sealed), "{record}");
        assert_eq!(record["obtained_on"].is_null(), !sealed, "{record}");
        sealed
    }
}

/// The kill comes after so many short exchanges with the server, so that it hits a closing before,
/// in its middle and after, however fast the machine is.
const EXCHANGES: [usize; 10] = [0, 0, 1, 2, 4, 8, 16, 32, 100, 400];

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_while_a_session_closes_leaves_nothing_or_a_sealed_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path());
    let mut school = School::open(&server).await;
    let mut outcomes = Vec::new();
    for (round, exchanges) in EXCHANGES.into_iter().enumerate() {
        let mut hearing = school.hearing(&server, round).await;
        let path = format!("/jury-sessions/{}", hearing.session);
        let seen = school.manager.get(&path).await;
        let close = || {
            let request = school.jury[0].request(Method::POST, &format!("{path}/close"));
            request.header("if-match", format!("\"{}\"", seen["version"]))
        };
        let closing = tokio::spawn(close().send());
        for _ in 0..exchanges {
            school.manager.get("/instance").await;
        }
        server.kill();
        // Whether an answer came or not.
        let _ = closing.await.expect("no panic");

        server = Server::start(folder.path());
        school = school.on(&server);
        hearing.student = hearing.student.on(&server);
        let sealed = school.is_sealed(&hearing).await;
        outcomes.push(sealed);
        if !sealed {
            // Nothing is stuck: it closes as if nothing had happened.
            let request = school.jury[0].request(Method::POST, &format!("{path}/close"));
            let again = request.header("if-match", format!("\"{}\"", seen["version"]));
            finish(again).await.expect(StatusCode::NO_CONTENT);
            assert!(school.is_sealed(&hearing).await);
        }
    }
    assert!(outcomes.contains(&false), "some kill came in time: {outcomes:?}");
    assert!(outcomes.contains(&true), "some closing was faster: {outcomes:?}");
    let organisation = school.manager.get("/me").await["memberships"][0]["organisation"]["id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("an id");
    server.stop();

    let options = options(folder.path());
    let db = store::Db::open(&options, domain::ambient::Ambient::system().into());
    let db = db.await.expect("the database");
    assert_eq!(store::audit::first_break(&db, organisation).await.expect("a read"), None);
}
