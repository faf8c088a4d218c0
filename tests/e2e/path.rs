//! The main job over HTTP: evidence logged, assessed on the grid, progress moved.

use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tests::{Server, finish};

/// Every criterion of the block's first competencies at this level.
fn ratings(certification: &Value, block: &str, count: usize, level: &str) -> Vec<Value> {
    let find = |list: &str, key: &str, value: &str| -> Value {
        certification[list]
            .as_array()
            .expect("a list")
            .iter()
            .find(|item| item[key] == value)
            .expect("it is there")
            .clone()
    };
    find("blocks", "code", block)["competencies"]
        .as_array()
        .expect("competencies")
        .iter()
        .take(count)
        .map(|unit| {
            let key = unit["competency"].as_str().expect("a key");
            let criteria = find("competencies", "key", key)["criteria"].clone();
            let keys: Vec<Value> = match criteria.as_array() {
                Some(criteria) if !criteria.is_empty() => {
                    criteria.iter().map(|criterion| criterion["key"].clone()).collect()
                }
                _ => vec![json!(key)],
            };
            let criteria: Vec<Value> = keys
                .into_iter()
                .map(|criterion| json!({ "criterion": criterion, "level": level }))
                .collect();
            json!({ "competency": key, "criteria": criteria })
        })
        .collect()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told once")]
async fn from_a_cohort_to_a_moved_progress() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let manager = server.set_up().await;
    let student = server.add(&manager, "lea@essais.example", &["apprentice"]).await;
    let company = server.add(&manager, "paul@entreprise.example", &["company_tutor"]).await;
    let school = server.add(&manager, "ines@essais.example", &["school_tutor"]).await;

    let cohort = manager
        .send(
            Method::POST,
            "/cohorts",
            json!({
                "name": "Promotion 2028", "certification": "RNCP21947",
                "starts_on": "2026-09-01", "ends_on": "2028-08-31",
            }),
        )
        .await
        .expect(StatusCode::CREATED);
    let enrolment = manager
        .send(
            Method::POST,
            "/enrolments",
            json!({
                "student_id": student.id, "cohort_id": cohort["id"], "route": "apprenticeship",
                "status": "apprentice", "starts_on": "2026-09-01",
            }),
        )
        .await
        .expect(StatusCode::CREATED);
    let at = format!("/enrolments/{}", enrolment["id"].as_str().expect("an id"));
    manager
        .change(Method::PUT, &format!("{at}/tutors"), &enrolment, json!({ "tutors": [
            { "user_id": company.id, "kind": "company" }, { "user_id": school.id, "kind": "school" },
        ] }))
        .await
        .expect(StatusCode::OK);

    let certification = student.get("/certifications/RNCP21947").await;
    let block = certification["blocks"][0]["code"].as_str().expect("a code").to_owned();
    let competencies: Vec<Value> = certification["blocks"][0]["competencies"]
        .as_array()
        .expect("competencies")
        .iter()
        .take(2)
        .map(|unit| json!({ "competency": unit["competency"], "justification": "Conçu et testé." }))
        .collect();
    let evidence = student
        .send(
            Method::POST,
            &format!("{at}/evidence"),
            json!({
                "kind": "project", "title": "Refonte du suivi des tournées",
                "text": "Ce que j’ai fait.", "competencies": competencies,
            }),
        )
        .await
        .expect(StatusCode::CREATED);
    let path = format!("/evidence/{}", evidence["id"].as_str().expect("an id"));
    let part = Part::bytes(b"%PDF-1.4\n%%EOF".to_vec()).file_name("rapport.pdf");
    let form = Form::new().part("file", part);
    let uploaded = finish(student.request(Method::POST, &format!("{path}/files")).multipart(form))
        .await
        .expect(StatusCode::CREATED);
    assert_eq!(uploaded["items"][0]["media_type"], "application/pdf");
    let evidence = student.get(&path).await;
    let evidence = student
        .change(Method::POST, &format!("{path}/submit"), &evidence, json!({}))
        .await
        .expect(StatusCode::OK);

    let waiting = company.get("/queue").await;
    assert_eq!(waiting["items"][0]["kind"], "evidence_to_review");
    company
        .change(Method::POST, &format!("{path}/return"), &evidence, json!({}))
        .await
        .problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    company
        .change(Method::POST, &format!("{path}/accept"), &evidence, json!({ "comment": "Bien." }))
        .await
        .expect(StatusCode::OK);

    let before = student.get(&format!("{at}/progress")).await;
    assert_eq!(before["blocks"][0]["tally"]["evidenced"], 2);
    for (person, kind, level) in [
        (&student, "self", "maitrise"),
        (&company, "company", "acquis"),
        (&school, "school", "en_cours"),
    ] {
        let draft = person
            .send(
                Method::POST,
                &format!("{at}/assessments"),
                json!({
                    "kind": kind, "block": block, "occasion": "Visite de mi-parcours",
                    "assessed_on": "2026-11-02", "evidence": [evidence["id"]],
                    "ratings": ratings(&certification, &block, 2, level),
                }),
            )
            .await
            .expect(StatusCode::CREATED);
        let sign = format!("/assessments/{}/sign", draft["id"].as_str().expect("an id"));
        person.change(Method::POST, &sign, &draft, json!({})).await.expect(StatusCode::OK);
        person
            .change(Method::POST, &sign, &draft, json!({}))
            .await
            .problem(StatusCode::CONFLICT, "assessment_signed");
    }

    let after = student.get(&format!("{at}/progress")).await;
    let block = &after["blocks"][0];
    assert_eq!(block["tally"]["acquired"], 2, "{block}");
    assert_eq!(block["tally"]["self_assessed"], 2);
    assert_eq!(block["competencies"][0]["divergent"], true, "company and school disagree");
    assert_eq!(block["competencies"][0]["views"].as_array().map(Vec::len), Some(3));

    let cohort = cohort["id"].as_str().expect("an id");
    let map = manager.get(&format!("/cohorts/{cohort}/progress")).await;
    assert_eq!(map["students"][0]["total"]["acquired"], 2);
}
