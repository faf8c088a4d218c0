//! Confidential evidence: who opens it, and that no other page tells of it.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Person, Scene, TestApp, block, competency, each, required, text, version};

/// What nobody may meet who may not open it.
const SECRETS: [&str; 4] = ["Incident", "secret", "forge.md", "Entre nous"];

/// A scene with a confidential evidence that has a file, a message and a revision.
struct Hidden<'a> {
    scene: Scene<'a>,
    manager: Person,
    id: String,
    file: String,
}

impl<'a> Hidden<'a> {
    async fn new(app: &'a TestApp, visibility: &str) -> Self {
        let scene = Scene::new(app).await;
        let manager = scene.school.person("tom", &["manager"]).await;
        let modality = crate::support::certification().blocks[0].modalities[0].key.clone();
        let body = json!({
            "kind": "project",
            "title": "Incident réservé",
            "text": "Le secret de la forge",
            "competencies": [{ "competency": competency(), "justification": "secret" }],
            "modality": modality,
            "visibility": visibility,
        });
        let draft = scene.new_evidence(body).send().await.is(201).value();
        let id = text(&draft["id"]);
        let path = format!("/api/v1/evidence/{id}");
        let upload = app.post(format!("{path}/files")).by(&scene.student);
        let upload = upload.file("forge.md", b"# Le secret").send().await.is(201).value();
        let file = text(&upload["items"][0]["id"]);
        let draft = scene.reread(&draft).await;
        scene.step(&scene.student, &draft, "submit", "").await;
        let say = app.post(format!("{path}/messages")).by(&scene.student);
        say.json(json!({ "text": "Entre nous" })).send().await.is(201);
        Self { scene, manager, id, file }
    }

    /// Every address at which something of it could be read.
    fn addresses(&self) -> Vec<String> {
        let (id, file) = (&self.id, &self.file);
        vec![
            format!("/api/v1/evidence/{id}"),
            format!("/api/v1/evidence/{id}/revisions"),
            format!("/api/v1/evidence/{id}/messages"),
            format!("/api/v1/files/{file}"),
        ]
    }

    /// Every page that speaks of the student.
    fn pages(&self) -> Vec<String> {
        let at = format!("/api/v1/enrolments/{}", self.scene.enrolment);
        let block = block();
        vec![
            at.clone(),
            format!("{at}/progress"),
            format!("{at}/evidence"),
            format!("{at}/evidence?q=secret"),
            format!("{at}/evidence?deliverable=true"),
            format!("{at}/evidence?competency={}", competency()),
            format!("{at}/evidence?block={block}&order=newest&status=submitted&kind=project"),
            format!("{at}/assessments"),
            format!("{at}/visits"),
            "/api/v1/enrolments".to_owned(),
            "/api/v1/queue".to_owned(),
            "/api/v1/me".to_owned(),
        ]
    }
}

#[tokio::test]
async fn only_who_is_chosen_opens_it() {
    for (visibility, company_may) in [("school", false), ("company", true)] {
        let app = TestApp::new().await;
        let hidden = Hidden::new(&app, visibility).await;
        let scene = &hidden.scene;
        let head = &scene.school.head;
        for (who, may) in [
            (&scene.student, true),
            (&scene.tutor, true),
            (&scene.company, company_may),
            (&hidden.manager, false),
            (head, false),
        ] {
            for path in hidden.addresses() {
                let status = app.get(&path).by(who).send().await.status.as_u16();
                assert_eq!(status, if may { 200 } else { 404 }, "{visibility} {path}");
            }
        }
    }
}

#[tokio::test]
async fn no_page_tells_of_it_to_who_may_not_open_it() {
    for (visibility, company_may) in [("school", false), ("company", true)] {
        let app = TestApp::new().await;
        let hidden = Hidden::new(&app, visibility).await;
        let scene = &hidden.scene;
        // A signed grid that took it into account is read by everybody.
        let mut grid = crate::support::grid("school", &required());
        grid["evidence"] = json!([hidden.id]);
        let grid = scene.new_assessment(&scene.tutor, grid).send().await.is(201).value();
        scene.sign(&scene.tutor, &grid).await;
        for (who, may) in [
            (&scene.tutor, true),
            (&scene.company, company_may),
            (&hidden.manager, false),
            (&scene.school.head, false),
        ] {
            let mut told = false;
            for path in hidden.pages() {
                let answer = app.get(&path).by(who).send().await.is(200);
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                let leak = SECRETS.iter().find(|secret| body.contains(**secret));
                assert!(may || leak.is_none(), "{visibility} {path} tells {leak:?}");
                told |= leak.is_some();
            }
            assert_eq!(told, may, "{visibility}: who may open it finds it");
        }
        let cohort = scene.school.cohort().await;
        let path = format!("/api/v1/cohorts/{cohort}/progress");
        let page = app.get(path).by(&hidden.manager).send().await.is(200);
        assert!(!String::from_utf8_lossy(&page.body).contains("Incident"));
    }
}

#[tokio::test]
async fn it_counts_all_the_same_and_says_that_something_is_not_shown() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "school").await;
    let scene = &hidden.scene;
    for (who, found, opens) in [
        (&scene.student, 0, true),
        (&scene.tutor, 0, true),
        (&scene.company, 1, false),
        (&hidden.manager, 1, false),
    ] {
        let progress = scene.read(who, "progress").await;
        let block = &progress["blocks"][0];
        assert_eq!(block["competencies"][0]["evidence"]["submitted"], 1);
        let id = if opens { Value::from(hidden.id.clone()) } else { Value::Null };
        assert_eq!(block["deliverables"][0]["evidence_id"], id, "it is there for everybody");
        // Whatever is searched: what is found must not depend on what is hidden.
        for query in ["evidence", "evidence?q=secret", "evidence?q=nothing"] {
            assert_eq!(scene.read(who, query).await["hidden"], found, "{query}");
        }
    }
}

#[tokio::test]
async fn who_may_not_open_it_neither_decides_nor_speaks() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "school").await;
    let scene = &hidden.scene;
    let path = format!("/api/v1/evidence/{}", hidden.id);
    for who in [&scene.company, &hidden.manager] {
        let accept = app.post(format!("{path}/accept")).by(who).version(3).json(json!({}));
        accept.send().await.fails(404, "not_found");
        let say = app.post(format!("{path}/messages")).by(who).json(json!({ "text": "Bonjour" }));
        say.send().await.fails(404, "not_found");
    }
    let kinds = |answer: Value| each(&answer, "kind");
    let queue =
        async |who: &Person| kinds(app.get("/api/v1/queue").by(who).send().await.is(200).value());
    assert!(queue(&scene.company).await.is_empty(), "it opens no block to assess either");
    assert_eq!(queue(&scene.tutor).await, ["evidence_to_review", "block_to_assess"]);
    let seen = app.get(&path).by(&scene.tutor).send().await.is(200).value();
    scene.step(&scene.tutor, &seen, "accept", "").await;
}

#[tokio::test]
async fn the_student_decides_and_it_holds_at_once() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "school").await;
    let scene = &hidden.scene;
    let path = format!("/api/v1/evidence/{}", hidden.id);
    let seen = app.get(&path).by(&scene.tutor).send().await.value();
    let returned = scene.step(&scene.tutor, &seen, "return", "Montrez-la à l’entreprise.").await;
    let change = |visibility: &str, version: i64| {
        let body = json!({ "visibility": visibility });
        app.patch(&path).by(&scene.student).version(version).json(body).send()
    };
    app.get(&path).by(&scene.company).send().await.fails(404, "not_found");
    let shown = change("company", version(&returned)).await.is(200).value();
    let read = app.get(&path).by(&scene.company).send().await.is(200).value();
    assert_eq!(read["visibility"], "company");
    app.get(&path).by(&hidden.manager).send().await.fails(404, "not_found");
    change("open", version(&shown)).await.is(200);
    app.get(&path).by(&hidden.manager).send().await.is(200);
}

#[tokio::test]
async fn what_was_for_one_company_is_closed_to_the_next_though_it_was_accepted() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "company").await;
    let scene = &hidden.scene;
    let path = format!("/api/v1/evidence/{}", hidden.id);
    let seen = app.get(&path).by(&scene.company).send().await.is(200).value();
    let accepted = scene.step(&scene.company, &seen, "accept", "").await;
    let next = scene.school.person("iris", &["company_tutor"]).await;
    let show = |by: &Person, version: i64, visibility: &str| {
        let ask = app.ask(Method::PUT, format!("{path}/visibility")).by(by).version(version);
        ask.json(json!({ "visibility": visibility })).send()
    };
    let at = version(&accepted);
    show(&scene.company, at, "open").await.fails(403, "forbidden");
    show(&next, at, "open").await.fails(404, "not_found");
    show(&scene.student, at - 1, "school").await.fails(412, "stale_version");
    show(&scene.student, at, "everybody").await.fails(422, "invalid");
    let closed = show(&scene.student, at, "school").await.is(200).value();
    assert_eq!((&closed["status"], &closed["visibility"]), (&json!("accepted"), &json!("school")));
    assert_eq!(closed["updated_at"], accepted["updated_at"]);
    for address in hidden.addresses() {
        app.get(&address).by(&scene.company).send().await.fails(404, "not_found");
        app.get(&address).by(&scene.tutor).send().await.is(200);
    }
}

#[tokio::test]
async fn what_a_tutor_may_not_open_is_not_counted_as_their_work() {
    for (visibility, company) in [("school", 0), ("company", 1)] {
        let app = TestApp::new().await;
        let hidden = Hidden::new(&app, visibility).await;
        let scene = &hidden.scene;
        let read = async |who: &Person, path: &str| {
            app.get(format!("/api/v1/{path}")).by(who).send().await.is(200).value()
        };
        let work = read(&scene.school.head, "workload").await;
        let rows = work["items"].as_array().unwrap().iter();
        let counts: Vec<Value> = rows
            .map(|row| json!([row["tutor_kind"], row["waiting_evidence"], row["grids_to_do"]]))
            .collect();
        assert!(counts.contains(&json!(["school", 1, 1])), "{visibility}: {counts:?}");
        assert!(counts.contains(&json!(["company", company, company])), "{visibility}: {counts:?}");
        for (who, expected) in [
            (&scene.tutor, 1),
            (&scene.company, company),
            (&hidden.manager, 0),
            (&scene.student, 1),
        ] {
            let list = read(who, "enrolments").await;
            assert_eq!(list["items"][0]["submitted_evidence"], expected, "{visibility}");
            let one = read(who, &format!("enrolments/{}", scene.enrolment)).await;
            assert_eq!(one["submitted_evidence"], expected, "{visibility}");
        }
        let me = read(&scene.student, "me").await;
        assert_eq!(me["enrolments"][0]["submitted_evidence"], 1);
    }
}

#[tokio::test]
async fn a_visit_report_names_it_to_those_alone_who_may_open_it() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "school").await;
    let scene = &hidden.scene;
    let open = scene.submitted("Un projet").await;
    let mut body = crate::support::visit();
    body["evidence"] = json!([hidden.id]);
    let draft = scene.new_visit(&scene.tutor, body).send().await.is(201).value();
    assert_eq!(draft["evidence"], json!([hidden.id]));
    let path = format!("/api/v1/visits/{}", text(&draft["id"]));
    let names = async |who: &Person| {
        let one = app.get(&path).by(who).send().await.is(200).value()["evidence"].clone();
        let list = scene.read(who, "visits").await["items"][0]["evidence"].clone();
        assert_eq!(one, list);
        one
    };
    assert_eq!(names(&scene.tutor).await, json!([hidden.id]));
    assert_eq!(names(&scene.company).await, json!([]));
    // Who does not see it changes the others without taking it away.
    let change = json!({ "evidence": [open["id"]] });
    let change = app.patch(&path).by(&scene.company).version(version(&draft)).json(change);
    let changed = change.send().await.is(200).value();
    assert_eq!(changed["evidence"], json!([open["id"]]));
    assert_eq!(names(&scene.tutor).await, json!([open["id"], hidden.id]));
    let signed = scene.sign_visit(&scene.company, &changed).await;
    assert_eq!(signed["evidence"], json!([open["id"]]));
    assert_eq!(names(&scene.student).await, json!([open["id"], hidden.id]));
    assert_eq!(names(&hidden.manager).await, json!([open["id"]]));
}

#[tokio::test]
async fn a_requirement_counts_it_and_says_neither_which_nor_when() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    // Only a student has weeks to reach.
    let student = scene.school.person("eva", &["apprentice"]).await;
    let body = json!({
        "student_id": student.id, "certification": "RNCP42008", "route": "student",
        "status": "student", "starts_on": "2026-09-01",
    });
    let made = app.post("/api/v1/enrolments").by(&scene.school.head).json(body).send().await;
    let enrolment = text(&made.is(201).value()["id"]);
    let tutors = json!({ "tutors": [
        { "user_id": scene.tutor.id, "kind": "school" },
        { "user_id": scene.company.id, "kind": "company" },
    ] });
    let assign = app.ask(Method::PUT, format!("/api/v1/enrolments/{enrolment}/tutors"));
    assign.by(&scene.school.head).version(1).json(tutors).send().await.is(200);
    let scene = Scene { student, enrolment, ..scene };

    let period = async |from: &str, to: &str, visibility: &str| {
        let body = json!({
            "kind": "internship", "title": "Stage", "starts_on": from, "ends_on": to,
            "in_company": true, "visibility": visibility,
        });
        let draft = scene.new_evidence(body).send().await.is(201).value();
        scene.step(&scene.student, &draft, "submit", "").await
    };
    let hidden = period("2026-01-05", "2026-03-01", "school").await;
    scene.step(&scene.tutor, &hidden, "accept", "").await;
    let open = period("2026-02-23", "2026-03-15", "open").await;
    let path = format!("/api/v1/evidence/{}", text(&open["id"]));
    for (who, named, shared) in [
        (&scene.student, json!([hidden["id"]]), json!(7)),
        (&scene.tutor, json!([hidden["id"]]), json!(7)),
        (&scene.company, json!([]), Value::Null),
    ] {
        let progress = scene.read(who, "progress").await;
        let requirements = progress["requirements"].as_array().unwrap();
        let counted = requirements.iter().find(|one| one["unit"] == "weeks" && one["have"] == 8);
        assert_eq!(counted.expect("it counts for everybody")["evidence"], named);
        let read = app.get(&path).by(who).send().await.is(200).value();
        for contribution in read["contributions"].as_array().unwrap() {
            assert_eq!(contribution["weeks"], 3);
            assert_eq!((&contribution["adds"], &contribution["shared_days"]), (&json!(2), &shared));
        }
    }
}
