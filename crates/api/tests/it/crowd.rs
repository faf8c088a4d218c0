//! Many students at once, where it is their number that matters.

use std::fmt::Write;

use axum::http::Method;
use domain::evidence::EvidenceContent;
use serde_json::Value;

use crate::support::{Answer, Ask, CODE, Person, School, project, text};

/// A form with a file and other fields.
pub fn form(name: &str, file: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let mut form = crate::support::form(name, file);
    form.truncate(form.len() - b"\r\n--frontier--\r\n".len());
    for (name, value) in fields {
        let part = format!(
            "\r\n--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}"
        );
        form.extend_from_slice(part.as_bytes());
    }
    form.extend_from_slice(b"\r\n--frontier--\r\n");
    form
}

/// Says what importing a file would do.
pub async fn preview(school: &School<'_>, by: &Person, file: &[u8]) -> Answer {
    import_ask(school, by, "/api/v1/imports/preview", file, &[]).send().await
}

/// Imports a file as it was previewed.
pub async fn import(school: &School<'_>, by: &Person, file: &[u8], wrong_too: bool) -> Answer {
    let sha256 = text(&preview(school, by, file).await.is(200).value()["sha256"]);
    let leave = if wrong_too { "true" } else { "false" };
    let fields = [("sha256", sha256.as_str()), ("leave_wrong_lines", leave)];
    import_ask(school, by, "/api/v1/imports", file, &fields).send().await
}

pub fn import_ask<'a>(
    school: &School<'a>,
    by: &Person,
    path: &str,
    file: &[u8],
    fields: &[(&str, &str)],
) -> Ask<'a> {
    school
        .app
        .ask(Method::POST, path)
        .by(by)
        .header("content-type", crate::support::FORM)
        .body(form("personnes.csv", file, fields))
}

/// Enrols students until there are so many in the cohort, all with this tutor of the school; every
/// tenth of them has handed in as many evidences.
pub async fn grow(
    school: &School<'_>,
    cohort: (&str, &str),
    tutor: &Person,
    students: usize,
    evidence: usize,
) {
    let app = school.app;
    let (id, name) = cohort;
    let path = format!("/api/v1/cohorts/{id}/progress");
    let before = app.get(&path).by(&school.head).send().await.is(200).value();
    let before = before["students"].as_array().expect("students").len();
    let mut file = "prénom;nom;courriel;promotion;voie;tuteur école\n".to_owned();
    for number in before..students {
        let tutor = &tutor.email;
        writeln!(file, "Élève;N{number:04};n{number}@ecole.fr;{name};apprentissage;{tutor}")
            .expect("a line");
    }
    let done = import(school, &school.head, file.as_bytes(), false).await.is(200).value();
    assert_eq!(done["enrolments_added"], students - before);

    let after = app.get(&path).by(&school.head).send().await.is(200).value();
    let organisation = [school.id().await].into();
    let published = store::certification::find(&app.db, &organisation, CODE, None)
        .await
        .expect("a read")
        .expect("the certification");
    let mut content = project("Un projet");
    content["competencies"][0]["justification"] = Value::from("");
    for row in after["students"].as_array().expect("students")[before..].iter().step_by(10) {
        let enrolment = text(&row["enrolment_id"]).parse().expect("an id");
        let student = text(&row["student"]["id"]).parse().expect("an id");
        let enrolled = store::enrolment::find(&app.db, &organisation, enrolment)
            .await
            .expect("a read")
            .expect("the enrolment");
        for _ in 0..evidence {
            let content: EvidenceContent =
                serde_json::from_value(content.clone()).expect("an evidence");
            let id = store::evidence::create(
                &app.db,
                student,
                &enrolled.enrolment,
                &published.certification,
                content,
                None,
            )
            .await
            .expect("a draft");
            store::evidence::submit(&app.db, student, &published.certification, id, 1)
                .await
                .expect("a submission");
        }
    }
}
