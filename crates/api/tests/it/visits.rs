//! Visit reports, from the draft to the last signature.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::{Answer, Person, Scene, TestApp, each, text, version, visit};

fn path(visit: &Value) -> String {
    format!("/api/v1/visits/{}", text(&visit["id"]))
}

async fn countersign(scene: &Scene<'_>, visit: &Value, agreed: bool, comment: &str) -> Answer {
    let ask = scene.school.app.post(format!("{}/countersign", path(visit))).by(&scene.student);
    let body = json!({ "agreed": agreed, "comment": comment });
    ask.version(version(visit)).json(body).send().await
}

async fn change(scene: &Scene<'_>, by: &Person, visit: &Value, body: Value) -> Answer {
    scene.school.app.patch(path(visit)).by(by).version(version(visit)).json(body).send().await
}

async fn waits(scene: &Scene<'_>, by: &Person) -> Vec<String> {
    let queue = scene.school.app.get("/api/v1/queue").by(by).send().await.is(200).value();
    each(&queue, "kind")
}

#[tokio::test]
async fn both_tutors_sign_then_the_student() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let mut body = visit();
    body["participants"] = json!([
        { "user_id": scene.student.id, "name": "Quelqu’un d’autre" },
        { "name": "  Mme Roy " },
        { "name": " " },
    ]);
    let once = || scene.new_visit(&scene.tutor, body.clone()).header("idempotency-key", "v1");
    let draft = once().send().await.is(201).value();
    assert_eq!(once().send().await.is(201).value()["id"], draft["id"]);
    assert_eq!(draft["status"], "draft");
    assert_eq!(draft["participants"][0]["name"], "lea Test", "an account has its own name");
    assert_eq!(draft["participants"][1], json!({ "user_id": null, "name": "Mme Roy" }));
    assert_eq!(draft["participants"].as_array().unwrap().len(), 2);
    assert_eq!(draft["actions"], json!(["edit", "delete", "sign"]));
    // The author finishes it; the others do not see it yet.
    assert_eq!(waits(&scene, &scene.tutor).await, ["visit_to_sign"]);
    assert!(waits(&scene, &scene.company).await.is_empty());
    assert!(each(&scene.read(&scene.student, "visits").await, "id").is_empty());
    app.get(path(&draft)).by(&scene.student).send().await.fails(404, "not_found");

    // Either tutor writes.
    let draft =
        change(&scene, &scene.company, &draft, json!({ "points": "Le projet avance bien." }));
    let draft = draft.await.is(200).value();
    let signed = scene.sign_visit(&scene.company, &draft).await;
    assert_eq!((&signed["status"], &signed["waits_for"]), (&"signing".into(), &json!(["school"])));
    assert_eq!(waits(&scene, &scene.tutor).await, ["visit_to_sign"]);
    assert!(waits(&scene, &scene.company).await.is_empty());
    let again = app.post(format!("{}/sign", path(&signed))).by(&scene.company);
    again.version(version(&signed)).send().await.fails(409, "visit_signed");
    countersign(&scene, &signed, true, "").await.fails(409, "tutors_first");
    let day: NaiveDate = "2026-10-01".parse().unwrap();
    let enrolment = scene.enrolment.parse().unwrap();
    assert!(store::visit::signed_dates(&app.db, &[enrolment]).await.unwrap().is_empty());

    let signed = scene.sign_visit(&scene.tutor, &signed).await;
    assert_eq!(signed["status"], "countersigning");
    let dates = store::visit::signed_dates(&app.db, &[enrolment]).await.unwrap();
    assert_eq!(dates[&enrolment], [day].into());
    assert_eq!(waits(&scene, &scene.student).await, ["visit_to_countersign"]);
    let closed = countersign(&scene, &signed, true, "Merci.").await.is(200).value();
    assert_eq!((&closed["status"], &closed["actions"]), (&"signed".into(), &json!([])));
    let sides: Vec<&Value> =
        closed["signatures"].as_array().unwrap().iter().map(|one| &one["side"]).collect();
    assert_eq!(sides, ["company", "school", "student"]);
    for person in [&scene.student, &scene.tutor, &scene.company] {
        assert!(waits(&scene, person).await.is_empty());
    }

    // Nothing changes any more; a correction names what it corrects.
    for by in [&scene.company, &scene.tutor] {
        change(&scene, by, &closed, json!({ "points": "Non." })).await.fails(409, "visit_closed");
    }
    let delete = app.delete(path(&closed)).by(&scene.tutor).version(version(&closed));
    delete.send().await.fails(409, "visit_not_deletable");
    let mut correction = visit();
    correction["corrects"] = closed["id"].clone();
    let correction = scene.new_visit(&scene.tutor, correction).send().await.is(201).value();
    assert_eq!(correction["corrects"], closed["id"]);
    let closed = app.get(path(&closed)).by(&scene.tutor).send().await.is(200).value();
    assert_eq!(closed["corrected_by"], correction["id"]);
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn a_change_asks_everybody_to_sign_again() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.visit(&scene.company).await;
    let signed = scene.sign_visit(&scene.company, &draft).await;
    let signed = scene.sign_visit(&scene.tutor, &signed).await;
    countersign(&scene, &signed, false, " ").await.fails(422, "invalid");
    let refused = countersign(&scene, &signed, false, "La date est fausse.").await.is(200).value();
    assert_eq!(refused["status"], "refused");
    for tutor in [&scene.company, &scene.tutor] {
        assert_eq!(waits(&scene, tutor).await, ["visit_refused"]);
    }
    countersign(&scene, &refused, false, "Encore.").await.fails(409, "visit_signed");
    change(&scene, &scene.tutor, &signed, json!({})).await.fails(412, "stale_version");
    let changed = change(&scene, &scene.tutor, &refused, json!({ "held_on": "2026-09-30" })).await;
    let changed = changed.is(200).value();
    assert_eq!(
        (&changed["status"], &changed["waits_for"]),
        (&"draft".into(), &json!(["company", "school"]))
    );
    let current: Vec<&Value> =
        changed["signatures"].as_array().unwrap().iter().map(|one| &one["current"]).collect();
    assert_eq!(current, [false, false, false]);
    assert_eq!(
        changed["signatures"][2]["comment"], "La date est fausse.",
        "it stays in the record"
    );
    let enrolment = scene.enrolment.parse().unwrap();
    assert!(store::visit::signed_dates(&app.db, &[enrolment]).await.unwrap().is_empty());
    // The student goes on seeing what was signed once.
    assert_eq!(each(&scene.read(&scene.student, "visits").await, "id").len(), 1);
    let signed = scene.sign_visit(&scene.tutor, &changed).await;
    let signed = scene.sign_visit(&scene.company, &signed).await;
    let closed = countersign(&scene, &signed, true, "").await.is(200).value();
    assert_eq!(closed["status"], "signed");
}

#[tokio::test]
async fn what_a_report_may_not_say() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let evidence = scene.evidence("Brouillon").await;
    let with = |field: &str, value: Value| {
        let mut body = visit();
        body[field] = value;
        scene.new_visit(&scene.tutor, body).send()
    };
    for (field, value, faults) in [
        ("held_on", json!("1000-01-01"), "held_on: bad_date"),
        ("points", json!("a".repeat(10_001)), "points: too_long"),
        ("evidence", json!([evidence["id"]]), "evidence: unknown_evidence"),
        (
            "participants",
            json!([{ "user_id": scene.school.head.id, "name": "Anne" }]),
            "participants[0].user_id: unknown_participant",
        ),
        (
            "objectives",
            json!([{ "text": "", "due_on": "2026-12-01" }]),
            "objectives[0].text: required",
        ),
        ("corrects", json!(evidence["id"]), "corrects: unknown_visit"),
    ] {
        assert_eq!(with(field, value).await.faults(), [faults], "{field}");
    }
    let unsigned = scene.visit(&scene.tutor).await;
    with("corrects", unsigned["id"].clone()).await.fails(409, "visit_not_closed");
    let empty = json!({ "held_on": "2026-12-01", "place": "remote" });
    let early = scene.new_visit(&scene.tutor, empty).send().await.is(201).value();
    let sign = app.post(format!("{}/sign", path(&early))).by(&scene.tutor).version(1);
    assert_eq!(
        sign.send().await.faults(),
        ["held_on: in_the_future", "participants: required", "points: required"]
    );
    let delete = |version: i64| app.delete(path(&early)).by(&scene.company).version(version).send();
    delete(7).await.fails(412, "stale_version");
    delete(1).await.is(204);
    app.get(path(&early)).by(&scene.tutor).send().await.fails(404, "not_found");
}
