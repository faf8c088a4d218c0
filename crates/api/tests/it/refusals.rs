//! Input that is wrong, late or sent twice: a clear 4xx, and nothing is kept.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    PASSWORD, Scene, School, TestApp, below, certification, each, grid, project, rating, text,
    version,
};

#[tokio::test]
async fn an_unknown_certification_is_named() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let cohort = json!({
        "name": "A", "certification": "RNCP1", "starts_on": "2026-09-01", "ends_on": "2027-08-31",
    });
    let enrolment = json!({
        "student_id": school.head.id, "certification": "RNCP1", "route": "student",
        "status": "student", "starts_on": "2026-09-01",
    });
    for answer in [
        app.get("/api/v1/certifications/RNCP1").by(&school.head).send().await,
        app.get("/api/v1/certifications/RNCP38822?version=9").by(&school.head).send().await,
        app.post("/api/v1/cohorts").by(&school.head).json(cohort).send().await,
        app.post("/api/v1/enrolments").by(&school.head).json(enrolment).send().await,
    ] {
        answer.fails(404, "unknown_certification");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let path = format!("/api/v1/enrolments/{}/evidence", scene.enrolment);
    let send = |kind: &str, body: String| {
        app.post(&path).by(&scene.student).header("content-type", kind).body(body).send()
    };
    let json = "application/json";
    send(json, "{\"kind\":".to_owned()).await.fails(400, "bad_json");
    send(json, String::new()).await.fails(400, "bad_json");
    send("text/plain", project("A").to_string()).await.fails(415, "bad_json");
    for (body, fault) in [
        (json!({ "kind": "dream", "title": "A" }), "kind: bad_json"),
        (json!({ "kind": "project" }), "title: required"),
        (json!({ "kind": "project", "title": 3 }), "title: bad_json"),
        (json!({ "kind": "project", "title": "A", "starts_on": "hier" }), "starts_on: bad_json"),
        (json!({ "kind": "project", "title": "A", "cefr_level": "Z9" }), "cefr_level: bad_json"),
        (
            json!({ "kind": "project", "title": "A", "links": [{ "label": "a" }] }),
            "links[0].url: required",
        ),
        (json!([]), ": bad_json"),
    ] {
        assert_eq!(send(json, body.to_string()).await.faults(), [fault], "{body}");
    }
    let long = format!("{{\"title\":\"{}\"}}", "a".repeat(2_000_000));
    send(json, long).await.fails(413, "body_too_large");
    let bad_query = app.get(format!("{path}?status=lost")).by(&scene.student).send().await;
    bad_query.fails(400, "bad_query");
    assert!(each(&scene.read(&scene.student, "evidence").await, "id").is_empty());
}

#[tokio::test]
async fn an_evidence_that_does_not_fit() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let mut body = project(&"é".repeat(201));
    body["text"] = "a".repeat(20_001).into();
    body["competencies"][0]["competency"] = "nowhere".into();
    body["links"] = json!([{ "label": "a", "url": "javascript:alert(1)" }]);
    let expected = [
        "title: too_long",
        "text: too_long",
        "links[0].url: bad_link",
        "competencies[0].competency: unknown_competency",
    ];
    assert_eq!(scene.new_evidence(body.clone()).send().await.faults(), expected);

    let draft = scene.evidence("Un projet").await;
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let change = |body: Value| app.patch(&path).by(&scene.student).version(1).json(body).send();
    assert_eq!(change(body).await.faults(), expected);
    assert_eq!(change(json!({ "status": "accepted" })).await.faults(), ["status: unknown_field"]);
    assert_eq!(change(json!({ "title": null })).await.faults(), ["title: bad_json"]);
    let internship = change(json!({ "kind": "internship" })).await.is(200).value();
    let submit = app.post(format!("{path}/submit")).by(&scene.student);
    let submit = submit.version(version(&internship)).send().await;
    assert_eq!(submit.faults(), ["starts_on: dates_required"]);
}

#[tokio::test]
async fn an_assessment_that_does_not_fit() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let start = |body: Value| scene.new_assessment(&scene.tutor, body).send();
    let with = |field: &str, value: Value| {
        let mut body = grid("school", &below());
        body[field] = value;
        body
    };
    let elsewhere = certification().blocks[1].competencies[0].competency.clone();
    let stranger = scene.school.person("paul", &["apprentice"]).await;
    let other = scene.school.enrol(&stranger.id, None, &[]).await;
    let foreign = app.post(format!("/api/v1/enrolments/{other}/evidence")).by(&stranger);
    let foreign = foreign.json(project("D’un autre")).send().await.is(201).value()["id"].clone();
    for (body, fault) in [
        (with("block", "B9".into()), "block: unknown_block"),
        (
            with("ratings", json!([rating(&elsewhere, &below())])),
            "ratings[0].competency: competency_not_in_block",
        ),
        (grid("school", "superb"), "ratings[0].criteria[0].level: level_outside_scale"),
        (with("assessed_on", "2026-10-07".into()), "assessed_on: in_the_future"),
        (with("evidence", json!([foreign])), "evidence: unknown_evidence"),
        (with("occasion", "a".repeat(201).into()), "occasion: too_long"),
    ] {
        assert!(start(body).await.faults().contains(&fault.to_owned()), "{fault}");
    }
    assert!(each(&scene.read(&scene.tutor, "assessments").await, "id").is_empty());

    let empty = start(with("ratings", json!([]))).await.is(201).value();
    let path = format!("/api/v1/assessments/{}", text(&empty["id"]));
    let sign = app.post(format!("{path}/sign")).by(&scene.tutor).version(1).send().await;
    assert_eq!(sign.faults(), ["ratings: nothing_assessed"]);
}

#[tokio::test]
async fn what_no_database_keeps_is_a_fault_of_the_field() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    for (field, value, fault) in [
        ("title", "a\u{0}b", "title: bad_character"),
        ("text", "cloche\u{7}", "text: bad_character"),
        ("starts_on", "-9999-01-01", "starts_on: bad_date"),
        ("ends_on", "9999-01-01", "ends_on: bad_date"),
    ] {
        let mut body = project("Une date");
        body[field] = value.into();
        assert_eq!(scene.new_evidence(body).send().await.faults(), [fault]);
    }
    let unknown = app.get("/api/v1/certifications/%00").by(&scene.student).send().await;
    assert_eq!(unknown.status, 404);
    app.delete("/api/v1/queue").by(&scene.student).send().await.fails(405, "method_not_allowed");
}

#[tokio::test]
async fn a_school_publishes_a_version_of_its_own_once() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let publish = |source: String| {
        app.post("/api/v1/certifications").by(&school.head).json(json!({ "source": source })).send()
    };
    let broken = publish("code = \"ECOLE1\"\ncouleur = 1\n".to_owned()).await;
    let problem = broken.fails(422, "invalid");
    let lines = problem["fields"].as_array().expect("faults");
    assert!(
        lines.iter().any(|fault| text(&fault["detail"]).starts_with("Ligne 2")),
        "each fault has its line: {lines:?}"
    );
    let file = catalog::find("RNCP38822").expect("shipped").text;
    publish(file.to_owned()).await.fails(409, "version_exists");
    let next = file.replacen("version = \"1\"", "version = \"2\"", 1);
    assert_eq!(publish(next).await.is(201).value()["version"], "2");
    let newest = app.get("/api/v1/certifications/RNCP38822").by(&school.head).send().await;
    assert_eq!(newest.value()["version"], "2");
    let pinned = app.get("/api/v1/certifications/RNCP38822?version=1").by(&school.head);
    assert_eq!(pinned.send().await.value()["version"], "1", "the earlier one stays");
}

#[tokio::test]
async fn what_is_signed_stands() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let signed = scene.signed(&scene.tutor, "school", &below()).await;
    let path = format!("/api/v1/assessments/{}", text(&signed["id"]));
    for version in [1, version(&signed)] {
        let sign = app.post(format!("{path}/sign")).by(&scene.tutor).version(version).send();
        sign.await.fails(409, "assessment_signed");
        let edit = app.patch(&path).by(&scene.tutor).version(version).json(json!({}));
        edit.send().await.fails(409, "assessment_signed");
        let delete = app.delete(&path).by(&scene.tutor).version(version).send();
        delete.await.fails(409, "assessment_signed");
    }
}

#[tokio::test]
async fn a_change_says_which_version_it_changes() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let grid = scene.assessment(&scene.tutor, "school", &below()).await;
    let evidence = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let assessment = format!("/api/v1/assessments/{}", text(&grid["id"]));
    let tutors = format!("/api/v1/enrolments/{}/tutors", scene.enrolment);
    for (by, method, path, body) in [
        (&scene.student, Method::PATCH, evidence.clone(), json!({})),
        (&scene.student, Method::DELETE, evidence.clone(), json!({})),
        (&scene.student, Method::POST, format!("{evidence}/submit"), json!({})),
        (&scene.tutor, Method::PATCH, assessment.clone(), json!({})),
        (&scene.tutor, Method::DELETE, assessment.clone(), json!({})),
        (&scene.tutor, Method::POST, format!("{assessment}/sign"), json!({})),
        (&scene.school.head, Method::PUT, tutors, json!({ "tutors": [] })),
    ] {
        let ask = || app.ask(method.clone(), &path).by(by).json(body.clone());
        ask().send().await.fails(428, "precondition_required");
        ask().header("if-match", "*").send().await.fails(400, "bad_if_match");
        ask().version(99).send().await.fails(412, "stale_version");
    }
}

#[tokio::test]
async fn a_creation_that_is_sent_twice_happens_once() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let once = || scene.new_evidence(project("Un projet")).header("idempotency-key", "abc").send();
    let (first, second) = (once().await.is(201).value(), once().await.is(201).value());
    assert_eq!(first["id"], second["id"]);
    assert_eq!(each(&scene.read(&scene.student, "evidence").await, "title"), ["Un projet"]);

    let other = scene.new_assessment(&scene.student, grid("self", &below()));
    other.header("idempotency-key", "abc").send().await.fails(409, "idempotency_key_reused");
    let tutors = scene.new_assessment(&scene.tutor, grid("school", &below()));
    tutors.header("idempotency-key", "abc").send().await.is(201);
    // The same address with other words is another intention, not a second try.
    let changed = scene.new_evidence(project("Un autre projet")).header("idempotency-key", "abc");
    changed.send().await.fails(409, "idempotency_key_reused");
    // A refusal keeps the key free.
    let wrong = scene.new_evidence(project("")).header("idempotency-key", "def");
    assert_eq!(wrong.send().await.faults(), ["title: required"]);
    let right = scene.new_evidence(project("Mieux")).header("idempotency-key", "def");
    right.send().await.is(201);
    for key in ["", &"k".repeat(101)] {
        let bad = scene.new_evidence(project("A")).header("idempotency-key", key).send().await;
        bad.fails(400, "bad_idempotency_key");
    }
}

#[tokio::test]
async fn a_file_that_is_sent_twice_is_kept_once() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let send = |name: &str, content: &[u8]| {
        let ask = app.post(format!("{path}/files")).by(&scene.student).file(name, content);
        ask.header("idempotency-key", "abc").send()
    };
    let first = send("a.txt", b"un").await.is(201).value();
    let second = send("a.txt", b"un").await.is(201).value();
    assert_eq!(first["items"][0]["id"], second["items"][0]["id"]);
    send("a.txt", b"deux").await.fails(409, "idempotency_key_reused");
    send("b.txt", b"un").await.fails(409, "idempotency_key_reused");
    let kept = app.get(&path).by(&scene.student).send().await.value();
    assert_eq!(kept["files"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_week() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let once = || scene.new_evidence(project("Un projet")).header("idempotency-key", "abc").send();
    let first = once().await.is(201).value();
    app.pass(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(store::idempotency::sweep(&app.db).await.unwrap(), 0);
    app.pass(TimeDelta::seconds(2));
    assert_eq!(store::idempotency::sweep(&app.db).await.unwrap(), 1);
    assert_eq!(store::idempotency::sweep(&app.db).await.unwrap(), 0);
    let body = json!({ "email": scene.student.email, "password": PASSWORD });
    let session = app.post("/api/v1/auth/login").json(body).send().await.is(200).value();
    let path = format!("/api/v1/enrolments/{}/evidence", scene.enrolment);
    let again = app.post(path).json(project("Un projet")).header("idempotency-key", "abc");
    let again = again.header("authorization", format!("Bearer {}", text(&session["access_token"])));
    let later = again.send().await.is(201).value();
    assert_ne!(first["id"], later["id"]);
}

#[tokio::test]
async fn an_enrolment_fits_the_school() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let enrol = |changes: Value| {
        let mut body = json!({
            "student_id": scene.student.id, "certification": "RNCP38822", "route": "student",
            "status": "student", "starts_on": "2025-09-01", "ends_on": "2026-08-31",
        });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        app.post("/api/v1/enrolments").by(&scene.school.head).json(body).send()
    };
    enrol(json!({})).await.is(201);
    enrol(json!({})).await.fails(409, "already_enrolled");
    enrol(json!({ "cohort_id": scene.enrolment })).await.fails(404, "not_found");
    for (changes, fault) in [
        (json!({ "student_id": scene.tutor.id }), "student_id: not_a_student"),
        (json!({ "profile": "chef" }), "profile: unknown_profile"),
        (json!({ "ends_on": "2025-08-31" }), "ends_on: end_before_start"),
        (json!({ "certification": null }), "certification: required"),
    ] {
        assert_eq!(enrol(changes).await.faults(), [fault]);
    }
    let tutors = |user: &str, kind: &str| {
        let path = format!("/api/v1/enrolments/{}/tutors", scene.enrolment);
        let body = json!({ "tutors": [{ "user_id": user, "kind": kind }] });
        app.ask(Method::PUT, path).by(&scene.school.head).version(2).json(body).send()
    };
    assert_eq!(
        tutors(&scene.student.id, "school").await.faults(),
        ["tutors[0].user_id: own_tutor"]
    );
    assert_eq!(
        tutors(&scene.company.id, "school").await.faults(),
        ["tutors[0].user_id: not_a_tutor"]
    );
}

#[tokio::test]
async fn a_person_is_added_once() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let add = |email: &str, roles: Value| {
        let body = json!({
            "email": email, "given_name": "Léa", "family_name": "Martin", "roles": roles,
        });
        app.post("/api/v1/users").by(&school.head).json(body).send()
    };
    add("Lea@Ecole.fr", json!(["apprentice"])).await.is(201);
    add(" lea@ecole.fr ", json!(["apprentice"])).await.fails(409, "person_exists");
    // A second try with the same key is answered like the first, with a link that works.
    let once = |given_name: &str| {
        let body = json!({
            "email": "zoe@ecole.fr", "given_name": given_name, "family_name": "Petit",
            "roles": ["school_tutor"],
        });
        app.post("/api/v1/users")
            .by(&school.head)
            .header("idempotency-key", "zoe")
            .json(body)
            .send()
    };
    let (first, second) = (once("Zoé").await.is(201).value(), once("Zoé").await.is(201).value());
    assert_eq!(first["person"], second["person"]);
    once("Chloé").await.fails(409, "idempotency_key_reused");
    let link = text(&second["invitation_url"]);
    let token = link.split_once('#').expect("a secret in the fragment").1;
    let body = json!({ "token": token, "password": PASSWORD });
    app.post("/api/v1/auth/link").json(body).send().await.is(200);
    assert!(once("Zoé").await.is(201).value()["invitation_url"].is_null(), "they have a password");
    assert_eq!(add("paul@ecole.fr", json!([])).await.faults(), ["roles: required"]);
    assert_eq!(add("paul", json!(["jury"])).await.faults(), ["email: bad_email"]);
    assert_eq!(add("paul@ecole.fr", json!(["king"])).await.faults(), ["roles[0]: bad_json"]);
    let found = |query: &str| {
        let ask = app.get(format!("/api/v1/users?{query}")).by(&school.head).send();
        async { each(&ask.await.is(200).value(), "email") }
    };
    assert_eq!(found("q=MART").await, ["lea@ecole.fr"]);
    assert_eq!(found("role=apprentice").await, ["lea@ecole.fr"]);
    for query in ["q=%25", "q=_", "q=%5C", "role=jury"] {
        assert!(found(query).await.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_problem_too() {
    let app = TestApp::new().await;
    app.get("/api/v1/nothing").send().await.fails(404, "not_found");
    let scene = Scene::new(&app).await;
    app.get("/api/v1/enrolments/7").by(&scene.student).send().await.fails(404, "not_found");
}
