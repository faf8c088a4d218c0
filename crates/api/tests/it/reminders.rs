//! Reminders of what is due: once a step, one mail a day, by day.

use axum::http::Method;
use chrono::{DateTime, Utc};
use mail::Kept;
use serde_json::{Value, json};
use store::mail::{Outcome, claim, settle};

use crate::{
    archives,
    support::{Person, School, TestApp, below, block, each, rating, text, version},
};

/// A school with a cohort, two students of one company tutor, and dates.
struct Year<'a> {
    school: School<'a>,
    organisation: uuid::Uuid,
    cohort: String,
    students: Vec<Person>,
    tutor: Person,
    enrolments: Vec<String>,
}

impl<'a> Year<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let school = School::open(app, "ecole").await;
        let organisation = school.id().await;
        let cohort = school.cohort().await;
        let tutor = school.person("marc", &["company_tutor"]).await;
        let (mut students, mut enrolments) = (Vec::new(), Vec::new());
        for name in ["lea", "tom"] {
            let student = school.person(name, &["apprentice"]).await;
            let tutors = [(tutor.id.as_str(), "company")];
            enrolments.push(school.enrol(&student.id, Some(&cohort), &tutors).await);
            students.push(student);
        }
        // So that the mails of before are gone.
        app.mails("").await;
        Self { school, organisation, cohort, students, tutor, enrolments }
    }

    async fn date(&self, kind: &str, block: Option<String>, due_on: &str) -> Value {
        let cohort = self.cohort.parse().expect("an id");
        let app = self.school.app;
        let scope = [self.organisation].into();
        let cohort = store::cohort::find(&app.db, &scope, cohort).await.unwrap().expect("it");
        let terms = serde_json::from_value(json!({
            "kind": kind, "label": null, "block": block, "due_on": due_on,
        }));
        let head = self.school.head.id.parse().expect("an id");
        let terms = terms.expect("terms");
        let id = store::deadline::create(&app.db, head, &cohort, terms, None).await.unwrap();
        json!({ "id": id, "version": 1 })
    }

    /// Moves a date.
    async fn moved(&self, date: &Value, due_on: &str) {
        let app = self.school.app;
        let scope = [self.organisation].into();
        let id = self.cohort.parse().expect("an id");
        let cohort = store::cohort::find(&app.db, &scope, id).await.unwrap().expect("it");
        let terms = json!({ "kind": "visit", "label": null, "block": null, "due_on": due_on });
        let terms = serde_json::from_value(terms).expect("terms");
        let head = self.school.head.id.parse().expect("an id");
        let id = text(&date["id"]).parse().expect("an id");
        store::deadline::update(&app.db, head, &cohort, id, 1, terms).await.unwrap();
    }

    fn at(&self, time: &str) -> &Self {
        self.school.app.clock.set(time.parse::<DateTime<Utc>>().expect("a time"));
        self
    }

    /// Reminders to this person so far, newest first.
    async fn reminders(&self, person: &Person) -> Vec<Kept> {
        let mut mails = self.school.app.mails(&person.email).await;
        mails.retain(|mail| !mail.subject.contains("invite"));
        mails
    }

    async fn count(&self, person: &Person) -> usize {
        self.reminders(person).await.len()
    }
}

#[tokio::test]
async fn a_step_is_told_once_and_in_one_mail_a_person() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    year.date("visit", None, "2026-12-16").await;
    year.date("self_assessment", None, "2026-12-16").await;
    let [lea, ..] = year.students.as_slice() else { unreachable!() };

    assert_eq!(year.at("2026-12-01T09:00:00Z").count(&year.tutor).await, 0);
    // Fourteen days before.
    let mails = year.at("2026-12-02T09:00:00Z").reminders(&year.tutor).await;
    assert_eq!(mails.len(), 1, "both students in one mail");
    assert_eq!(mails[0].subject, "Vos 2 échéances");
    for student in ["lea Test", "tom Test"] {
        let line = format!("Visite – {student} (Promotion 2027) : mercredi 16");
        assert!(mails[0].text.contains(&line), "{}", mails[0].text);
    }
    assert!(mails[0].text.contains("/entrer#") && mails[0].text.contains("/courriels#"));
    let mails = year.reminders(lea).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Auto-évaluation : jusqu’au 16 décembre");
    for time in ["2026-12-02T10:00:00Z", "2026-12-03T09:00:00Z", "2026-12-12T09:00:00Z"] {
        assert_eq!(year.at(time).count(&year.tutor).await, 1, "{time}");
    }
    // Three days before is a Sunday: on Monday then. And the day after it was due.
    assert_eq!(year.at("2026-12-13T09:00:00Z").count(&year.tutor).await, 1);
    assert_eq!(year.at("2026-12-14T09:00:00Z").count(&year.tutor).await, 2);
    assert_eq!(year.at("2026-12-16T09:00:00Z").count(&year.tutor).await, 2);
    let mails = year.at("2026-12-17T09:00:00Z").reminders(&year.tutor).await;
    assert_eq!(mails.len(), 3);
    assert!(mails[0].text.contains("En retard :\n- Visite"), "{}", mails[0].text);
    assert_eq!(year.at("2027-02-17T09:00:00Z").count(&year.tutor).await, 3);
}

#[tokio::test]
async fn who_tutored_elsewhere_is_told_nothing_of_here() {
    let app = TestApp::new().await;
    let left = Year::new(&app).await;
    let lea = left.students[0].clone();
    let path = format!("/api/v1/enrolments/{}/archive", left.enrolments[0]);
    let archive = app.get(path).by(&lea).send().await.is(200).body;
    let school = School::open(&app, "lycee").await;
    let brought = archives::into(&school, &mut archives::Kept::of(&archive)).await;
    let cohorts = app.get("/api/v1/cohorts").by(&school.head).send().await.is(200).value();
    let here = Year {
        organisation: school.id().await,
        cohort: each(&cohorts, "id").remove(0),
        students: vec![lea],
        tutor: left.tutor.clone(),
        enrolments: vec![brought.enrolment.to_string()],
        school,
    };
    here.date("visit", None, "2026-12-16").await;
    assert_eq!(here.at("2026-12-02T09:00:00Z").count(&here.tutor).await, 0);
    let head = here.school.head.again(&app).await;
    let work = app.get("/api/v1/workload").by(&head).send().await.is(200).value();
    assert_eq!(work["items"], json!([]));
}

#[tokio::test]
async fn nothing_goes_out_at_night_and_what_was_missed_goes_out_once() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    year.date("visit", None, "2026-12-16").await;
    assert_eq!(year.at("2026-12-02T19:30:00Z").count(&year.tutor).await, 0);
    assert_eq!(year.at("2026-12-03T06:30:00Z").count(&year.tutor).await, 0);
    // The server was down for the first two steps: one mail, of the step of today.
    assert_eq!(year.at("2026-12-15T09:00:00Z").count(&year.tutor).await, 1);
    assert_eq!(year.at("2026-12-16T09:00:00Z").count(&year.tutor).await, 1);
}

#[tokio::test]
async fn a_later_deposit_is_that_of_whoever_followed_the_cohort_to_its_end() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    let [lea, tom] = year.students.as_slice() else { unreachable!() };
    // Lea went to the end; Tom's contract was broken off.
    app.tamper("UPDATE cohorts SET ends_on = '2026-10-31'").await;
    app.tamper("UPDATE enrolments SET ends_on = '2026-10-31'").await;
    let broken_off = "UPDATE enrolments SET ends_on = '2026-10-20' WHERE student_id IN \
                      (SELECT id FROM users WHERE given_name = 'tom')";
    app.tamper(broken_off).await;
    year.date("deposit", None, "2026-12-16").await;
    year.date("self_assessment", None, "2026-10-30").await;
    year.at("2026-12-02T09:00:00Z");
    assert_eq!((year.count(lea).await, year.count(tom).await), (1, 0));
    for (person, count) in [(lea, 1), (tom, 0), (&year.school.head, 1)] {
        let person = person.again(&app).await;
        let dates = app.get("/api/v1/deadlines").by(&person).send().await.is(200).value();
        assert_eq!(each(&dates, "kind"), vec!["deposit"; count], "{}", person.email);
    }
}

#[tokio::test]
async fn what_is_done_is_not_asked_for() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    year.date("self_assessment", Some(block()), "2026-12-16").await;
    let lea = &year.students[0];
    let path = format!("/api/v1/enrolments/{}/assessments", year.enrolments[0]);
    let certification = crate::support::certification();
    let whole = certification.block(&block()).expect("it").assessed().map(str::to_owned);
    let ratings: Vec<Value> = whole.map(|competency| rating(&competency, &below())).collect();
    let body = json!({
        "kind": "self", "block": block(), "occasion": "Bilan", "assessed_on": "2026-10-05",
        "ratings": ratings,
    });
    let draft = app.post(path).by(lea).json(body).send().await.is(201).value();
    let sign = format!("/api/v1/assessments/{}/sign", text(&draft["id"]));
    app.post(sign).by(lea).version(version(&draft)).send().await.is(200);
    year.at("2026-12-02T09:00:00Z");
    assert_eq!(year.count(lea).await, 0);
    assert_eq!(year.count(&year.students[1]).await, 1);
}

#[tokio::test]
async fn a_date_that_is_moved_is_announced_anew() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    let date = year.date("visit", None, "2026-12-16").await;
    assert_eq!(year.at("2026-12-02T09:00:00Z").count(&year.tutor).await, 1);
    year.moved(&date, "2027-02-10").await;
    assert_eq!(year.at("2026-12-14T09:00:00Z").count(&year.tutor).await, 1);
    assert_eq!(year.at("2027-01-27T09:00:00Z").count(&year.tutor).await, 2);
}

#[tokio::test]
async fn who_muted_reminders_still_hears_of_the_deposit() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    year.date("self_assessment", None, "2026-12-16").await;
    let lea = &year.students[0];
    let mute = json!({ "topic": "deadlines", "muted": true });
    app.ask(Method::PUT, "/api/v1/me/mails").by(lea).json(mute).send().await.is(200);
    assert_eq!(year.at("2026-12-02T09:00:00Z").count(lea).await, 0);
    year.date("deposit", None, "2026-12-17").await;
    let mails = year.at("2026-12-03T09:00:00Z").reminders(lea).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Dépôt du dossier : jusqu’au 17 décembre");
    assert!(!mails[0].text.contains("/courriels#"), "{}", mails[0].text);
    assert_eq!(year.at("2026-12-14T09:00:00Z").count(lea).await, 2);
    let late = year.at("2026-12-18T09:00:00Z").reminders(lea).await;
    assert_eq!((late.len(), late[0].subject.as_str()), (3, "En retard : Dépôt du dossier"));
}

#[tokio::test]
async fn what_could_not_leave_is_written_anew_as_it_stands_then() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    let head = year.school.head.id.parse().expect("an id");
    let kept = year.date("visit", None, "2026-12-16").await;
    let dropped = year.date("deposit", None, "2026-12-16").await;
    // On that day the relay is away.
    year.at("2026-12-02T18:50:00Z");
    store::reminder::write(&app.db).await.unwrap();
    while let Some(claimed) = claim(&app.db).await.unwrap() {
        settle(&app.db, &claimed, Outcome::NotNow("421".to_owned())).await.unwrap();
    }
    assert_eq!(year.at("2026-12-02T20:00:00Z").count(&year.tutor).await, 0, "not at night");
    // By the next day there is nothing left of one of them to be told.
    let scope = [year.organisation].into();
    let cohort = year.cohort.parse().expect("an id");
    let cohort = store::cohort::find(&app.db, &scope, cohort).await.unwrap().expect("it");
    let id = text(&dropped["id"]).parse().expect("an id");
    store::deadline::delete(&app.db, head, &cohort, id, 1).await.unwrap();
    for time in ["2026-12-03T09:00:00Z", "2026-12-03T11:00:00Z", "2026-12-04T09:00:00Z"] {
        assert_eq!(year.at(time).count(&year.tutor).await, 1, "{kept}, {time}");
        assert_eq!(year.count(&year.students[0]).await, 0, "{time}");
    }
}

#[tokio::test]
async fn two_servers_write_one_reminder() {
    let app = TestApp::new().await;
    let year = Year::new(&app).await;
    year.date("visit", None, "2026-12-16").await;
    year.date("self_assessment", None, "2026-12-16").await;
    year.at("2026-12-02T09:00:00Z");
    let mut servers = [app.runner(), app.runner(), app.runner()];
    for done in futures::future::join_all(servers.iter_mut().map(runner::Runner::tick)).await {
        done.unwrap();
    }
    for person in year.students.iter().chain([&year.tutor]) {
        assert_eq!(year.count(person).await, 1, "{}", person.email);
    }
}
