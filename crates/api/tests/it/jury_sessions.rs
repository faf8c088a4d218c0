//! Jury sessions, from the plan to the roll call.

use std::collections::BTreeSet;

use axum::http::Method;
use calcard::{Entry, Parser};
use chrono::TimeDelta;
use domain::{
    certification::RouteKind,
    jury::{Attendance, opening::OpeningCheck},
};
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Ask, Person, Scene, School, TestApp, each, secret, text, version};

const STARTS_AT: &str = "2026-10-20T07:00:00Z";

/// A school that plans juries.
struct Office<'a> {
    school: School<'a>,
}

/// A session as it was answered last.
struct Planned<'a> {
    office: &'a Office<'a>,
    detail: Value,
}

fn terms() -> Value {
    json!({
        "title": "Jury d’octobre",
        "starts_at": STARTS_AT,
        "place": "Salle 12",
        "link": null,
        "statement": "",
        "window": { "opens_at": "2026-10-12T08:00:00Z", "closes_at": "2026-10-21T20:00:00Z" },
    })
}

/// The members of a jury that complies, by certification; the first one chairs.
fn bench(code: &str) -> Vec<Value> {
    let professional = |employment: Option<&str>| {
        json!({
            "voting": true, "external": true, "professional": true, "employment": employment,
            "experience_years": 3, "qualification_level": 7,
        })
    };
    let certifier = || json!({ "voting": true, "represents_certifier": true });
    let (owner, employee) = (Some("employer"), Some("employee"));
    let mut bench = match code {
        "RNCP21947" => vec![
            professional(owner),
            professional(owner),
            professional(employee),
            professional(employee),
            certifier(),
        ],
        "RNCP38822" => vec![
            professional(None),
            professional(owner),
            professional(employee),
            certifier(),
            certifier(),
        ],
        "RNCP42008" => {
            let files = catalog::builtin();
            let file = files.iter().find(|file| file.certification.code == code);
            let route = file.and_then(|file| file.certification.route(RouteKind::Student));
            let rule = route.and_then(|route| route.jury.clone()).expect("a rule");
            let seat = |seat| json!({ "voting": true, "seat": seat });
            rule.seats.into_iter().map(seat).collect()
        }
        _ => vec![json!({ "voting": true }), json!({ "voting": true })],
    };
    bench[0]["chair"] = true.into();
    bench
}

/// An id as the database writes it.
fn id(app: &TestApp, id: &str) -> String {
    let id: Uuid = id.parse().expect("an id");
    if app.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) }
}

impl<'a> Office<'a> {
    async fn open(app: &'a TestApp) -> Self {
        Self { school: School::open(app, "ecole").await }
    }

    fn app(&self) -> &'a TestApp {
        self.school.app
    }

    async fn enrolled(&self, student: &str, code: &str, route: &str) -> String {
        let body = json!({
            "student_id": student, "certification": code, "route": route, "status": "student",
            "starts_on": "2026-09-01",
        });
        let ask = self.app().post("/api/v1/enrolments").by(&self.school.head).json(body);
        text(&ask.send().await.is(201).value()["id"])
    }

    /// A student whose dossier waits, as their deposit leaves it.
    async fn candidate(&self, name: &str, code: &str, route: &str) -> String {
        let (student, _) = self.school.invite(name, &["apprentice"]).await;
        let enrolment = self.enrolled(&student, code, route).await;
        self.deposited(&enrolment, &student).await;
        enrolment
    }

    async fn deposited(&self, enrolment: &str, student: &str) {
        let app = self.app();
        let organisation = self.school.id().await.to_string();
        app.tamper(&format!(
            "INSERT INTO dossiers (id, organisation_id, enrolment_id, number, blocks, status, \
             content, manifest, manifest_sha256, deposited_by, deposited_at, version) VALUES ({}, \
             {}, {}, 1, '[\"B1\"]', 'deposited', '{{}}', '{{}}', 'abc', {}, '2026-10-01 \
             08:00:00+00:00', 1)",
            // Any id that no other row has.
            id(app, enrolment),
            id(app, &organisation),
            id(app, enrolment),
            id(app, student),
        ))
        .await;
    }

    async fn plan(&'a self, code: &str, route: &str) -> Planned<'a> {
        let mut body = terms();
        body["certification"] = code.into();
        body["route"] = route.into();
        let ask = self.app().post("/api/v1/jury-sessions").by(&self.school.head).json(body);
        Planned { office: self, detail: ask.send().await.is(201).value() }
    }

    /// A session that complies, with one candidate and members of the addresses `membre0@…`.
    async fn compliant(&'a self, code: &str, route: &str) -> Planned<'a> {
        let candidate = self.candidate("lea", code, route).await;
        let mut planned = self.plan(code, route).await;
        for (number, profile) in bench(code).into_iter().enumerate() {
            planned.seat(&format!("membre{number}"), profile).await;
        }
        planned.list(&[&candidate]).await;
        planned
    }
}

impl<'a> Planned<'a> {
    fn id(&self) -> String {
        text(&self.detail["id"])
    }

    fn path(&self, part: &str) -> String {
        format!("/api/v1/jury-sessions/{}{part}", self.id())
    }

    fn ask(&self, method: Method, part: &str) -> Ask<'a> {
        self.office.app().ask(method, self.path(part)).by(&self.office.school.head)
    }

    /// On the version that was answered last.
    fn act(&self, method: Method, part: &str) -> Ask<'a> {
        self.ask(method, part).version(version(&self.detail))
    }

    fn took(&mut self, answer: &Answer) {
        self.detail = answer.value();
    }

    async fn reread(&mut self) {
        let answer = self.ask(Method::GET, "").send().await.is(200);
        self.took(&answer);
    }

    async fn seat(&mut self, name: &str, profile: Value) {
        let mut body = profile;
        body["email"] = format!("{name}@jury.example").into();
        body["given_name"] = name.into();
        body["family_name"] = "Juré".into();
        let answer = self.ask(Method::POST, "/members").json(body).send().await.is(201);
        self.took(&answer);
    }

    /// Puts these on the list, one after the other.
    async fn list(&mut self, enrolments: &[&String]) {
        let candidate = |enrolment: &&String| {
            json!({
                "enrolment_id": enrolment, "presentation_minutes": 20, "interview_minutes": 20,
            })
        };
        let body = json!({ "candidates": enrolments.iter().map(candidate).collect::<Vec<_>>() });
        let answer = self.act(Method::PUT, "/candidates").json(body).send().await.is(200);
        self.took(&answer);
    }

    fn member(&self, place: usize) -> &Value {
        &self.detail["members"][place]
    }

    /// Changes a member, all else as it is.
    async fn change(&mut self, place: usize, change: impl FnOnce(&mut Value)) -> Answer {
        let mut body = self.member(place).clone();
        change(&mut body);
        let part = format!("/members/{}", text(&body["id"]));
        let ask = self.ask(Method::PUT, &part).version(version(self.member(place)));
        let answer = ask.json(body).send().await;
        self.reread().await;
        answer
    }

    async fn convene(&mut self) {
        let answer = self.act(Method::POST, "/convene").send().await.is(200);
        self.took(&answer);
    }

    async fn open(&mut self) -> Answer {
        let answer = self.act(Method::POST, "/open").send().await;
        self.reread().await;
        answer
    }

    async fn check(&self) -> Value {
        self.ask(Method::GET, "/check").send().await.is(200).value()
    }

    /// Sentences of all that is refused.
    async fn refused(&mut self) -> Vec<String> {
        let problem = self.open().await.fails(422, "invalid");
        let fields = problem["fields"].as_array().expect("fields");
        fields.iter().map(|fault| text(&fault["detail"])).collect()
    }

    /// A member, who comes in by the link of the newest mail.
    async fn juror(&self, name: &str) -> Person {
        let app = self.office.app();
        let address = format!("{name}@jury.example");
        let mails = app.mails(&address).await;
        let page = format!("/entrer?vers=/jurys/{}/convocation#", self.id());
        let token = secret(&mails[0].text, &page).expect("a link");
        let body = json!({ "token": token });
        let entered = app.post("/api/v1/auth/link").json(body).send().await.is(200).value();
        Person {
            id: text(&entered["user"]["id"]),
            email: address,
            token: text(&entered["access_token"]),
        }
    }

    fn own_seat(person: &Person, detail: &Value) -> i64 {
        let members = detail["members"].as_array().expect("members");
        let own = members.iter().find(|member| member["user_id"] == person.id.as_str());
        version(own.expect("a seat"))
    }

    async fn seen_by(&self, person: &Person) -> Value {
        self.office.app().get(self.path("")).by(person).send().await.is(200).value()
    }

    async fn answers(&self, person: &Person, body: Value) -> Answer {
        let seen = self.seen_by(person).await;
        let ask = self.office.app().post(self.path("/answer")).by(person);
        ask.version(Self::own_seat(person, &seen)).json(body).send().await
    }
}

#[tokio::test]
async fn each_certification_opens_with_a_jury_that_complies_and_with_no_other() {
    let size = "Nombre de membres : 5 exactement, 4 actuellement (";
    for (code, route, refusal) in [
        ("RNCP21947", "student", size),
        ("RNCP38822", "student", size),
        ("RNCP42008", "student", "Fonction « "),
        ("SYSNUM", "student", "Aucune règle n’est saisie pour cette voie"),
    ] {
        let app = TestApp::new().await;
        let office = Office::open(&app).await;
        let mut session = office.compliant(code, route).await;
        // One fault, and its sentence: a member less, or the ground that nobody has stated.
        let last = bench(code).len() - 1;
        if code == "SYSNUM" {
            assert_eq!(session.check().await["basis"], "nothing");
        } else {
            let member = session.member(last).clone();
            let part = format!("/members/{}", text(&member["id"]));
            session.ask(Method::DELETE, &part).version(version(&member)).send().await.is(204);
        }
        let check = session.check().await;
        assert_eq!(check["complies"], false, "{code}: {check}");
        let refused = session.refused().await;
        assert!(refused[0].starts_with(refusal), "{code}: {refused:?}");
        assert_eq!(session.detail["status"], "planned");

        if code == "SYSNUM" {
            let mut body = terms();
            body["statement"] = "Règlement des études, article 12".into();
            let answer = session.act(Method::PUT, "").json(body).send().await.is(200);
            session.took(&answer);
        } else {
            session.seat("retour", bench(code).remove(last)).await;
        }
        let check = session.check().await;
        assert_eq!(check["complies"], true, "{code}: {check}");
        let rules = check["rules"].as_array().expect("rules");
        assert!(!rules.is_empty() && rules.iter().all(|rule| rule["met"] == true));
        session.open().await.is(200);
        assert_eq!(session.detail["status"], "open", "{code}");
        let kept = session.check().await;
        assert_eq!(kept, check, "what it opened with is kept");
        let candidate = &session.detail["candidates"][0];
        assert_eq!(candidate["dossier"]["status"], "presented", "{code}");
        session.open().await.fails(409, "session_not_planned");
    }
}

#[tokio::test]
async fn a_draft_opens_no_session() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP37579", "student").await;
    let refused = session.refused().await;
    assert!(refused[0].contains("brouillon") && refused[1].contains("aucun bloc"), "{refused:?}");
}

#[tokio::test]
async fn a_candidate_is_enrolled_has_a_dossier_and_sits_before_one_jury() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP38822", "student").await;
    let (student, _) = office.school.invite("paul", &["apprentice"]).await;
    let bare = office.enrolled(&student, "RNCP38822", "student").await;
    let other_route = office.candidate("ines", "RNCP38822", "continuing").await;
    let other_code = office.candidate("noe", "RNCP21947", "student").await;
    let lea = text(&session.detail["candidates"][0]["enrolment_id"]);

    let list = |ids: &[&str]| {
        let candidate = |id: &&str| json!({ "enrolment_id": id });
        json!({ "candidates": ids.iter().map(candidate).collect::<Vec<_>>() })
    };
    let nobody = Uuid::nil().to_string();
    let ask = session.act(Method::PUT, "/candidates");
    let body = list(&[&other_route, &other_code, &nobody]);
    let faults = ask.json(body).send().await.faults();
    let not_enrolled = |index| format!("candidates[{index}].enrolment_id: not_enrolled");
    assert_eq!(faults, (0..3).map(not_enrolled).collect::<Vec<_>>());
    let second = office.plan("RNCP38822", "student").await;
    let ask = second.act(Method::PUT, "/candidates").json(list(&[&lea]));
    let refused = ask.send().await.fails(422, "invalid");
    assert_eq!(refused["fields"][0]["field"], "candidates[0].enrolment_id");
    assert_eq!(refused["fields"][0]["code"], "in_another_session");
    let detail = text(&refused["fields"][0]["detail"]);
    let named = "lea Test est déjà dans la session « Jury d’octobre » du 20 octobre 2026";
    assert!(detail.starts_with(named), "{detail}");

    // The certification's own durations, one candidate after the other.
    let ask = session.act(Method::PUT, "/candidates").json(list(&[&lea, &bare]));
    let answer = ask.send().await.is(200);
    session.took(&answer);
    assert_eq!(session.detail["durations"]["presentation_minutes"], 20);
    let slots = session.detail["candidates"].as_array().expect("candidates").iter();
    let slots: Vec<String> = slots.map(|one| text(&one["starts_at"])).collect();
    assert_eq!(slots, ["2026-10-20T07:00:00Z", "2026-10-20T07:40:00Z"]);
    assert_eq!(session.refused().await, ["paul Test n’a pas déposé de dossier."]);
    office.deposited(&bare, &student).await;
    session.open().await.is(200);
}

#[tokio::test]
async fn who_can_be_listed_is_found_by_dossier_and_name() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let lea = office.candidate("lea", "RNCP38822", "student").await;
    let (paul, _) = office.school.invite("paul", &["apprentice"]).await;
    let bare = office.enrolled(&paul, "RNCP38822", "student").await;
    let zoe = office.candidate("zoe", "RNCP38822", "student").await;
    office.candidate("ines", "RNCP38822", "continuing").await;
    office.candidate("noe", "RNCP21947", "student").await;
    let mut other = office.plan("RNCP38822", "student").await;
    let session = office.plan("RNCP38822", "student").await;
    let pool = async |query: &str| {
        let list = session.ask(Method::GET, &format!("/pool?{query}")).send().await.is(200);
        list.value()["items"].as_array().expect("items").clone()
    };
    for (query, found) in [
        ("deposited=true", vec![&lea, &zoe]),
        ("deposited=true&q=zoe", vec![&zoe]),
        ("deposited=false", vec![&bare]),
    ] {
        let items = pool(query).await;
        let ids: BTreeSet<String> = items.iter().map(|one| text(&one["enrolment_id"])).collect();
        assert_eq!(ids, found.into_iter().cloned().collect(), "{query}");
        assert!(items.iter().all(|one| one["elsewhere"].is_null()), "{query}");
    }
    // Who is on another list is still found, with what keeps them from this one.
    other.list(&[&lea]).await;
    for (query, elsewhere) in [
        ("deposited=true&q=lea", json!({ "title": "Jury d’octobre", "starts_at": STARTS_AT })),
        ("deposited=true&q=zoe", Value::Null),
    ] {
        assert_eq!(pool(query).await[0]["elsewhere"], elsewhere, "{query}");
    }
}

#[tokio::test]
async fn who_knows_a_candidate_leaves_the_room_or_the_session_does_not_open() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    // The company of a period that was handed in.
    let body = json!({
        "kind": "company_period", "title": "Alternance", "organisation": "Acme SAS",
        "starts_on": "2026-09-01", "ends_on": "2026-09-30", "in_company": true,
        "competencies": [{ "competency": crate::support::competency() }],
    });
    let draft = scene.new_evidence(body).send().await.is(201).value();
    scene.step(&scene.student, &draft, "submit", "").await;
    scene.deposited().await;
    let tutor = scene.tutor.id.clone();
    let enrolment = scene.enrolment.clone();
    let office = Office { school: scene.school };
    let mut session = office.plan("RNCP38822", "apprenticeship").await;
    for (number, profile) in bench("RNCP38822").into_iter().enumerate() {
        session.seat(&format!("membre{number}"), profile).await;
    }
    session.list(&[&enrolment]).await;
    assert_eq!(session.detail["candidates"][0]["companies"], json!(["Acme SAS"]));
    session.change(1, |member| member["company"] = "ACME".into()).await.is(200);
    let refused = session.refused().await;
    assert_eq!(refused, ["membre1 Juré est de la même entreprise que lea Test : ACME."]);

    // Nobody can leave a jury of five that has to be five.
    let leaves = json!([enrolment]);
    session.change(1, |member| member["recused_from"] = leaves).await.is(200);
    let refused = session.refused().await;
    assert!(refused[0].starts_with("Pour lea Test, sans les membres qui se récusent"));
    session.change(1, |member| member["company"] = Value::Null).await.is(200);
    session.change(1, |member| member["recused_from"] = json!([])).await.is(200);

    // A trainer, and a link that the manager declares.
    let member = text(&session.member(2)["user_id"]);
    let seat = text(&session.member(3)["id"]);
    let candidate = json!({ "candidates": [{
        "enrolment_id": enrolment, "trainers": [member],
        "links": [{ "member": seat, "nature": "Son oncle" }],
    }] });
    let answer = session.act(Method::PUT, "/candidates").json(candidate).send().await.is(200);
    session.took(&answer);
    let refused = session.refused().await.join("\n");
    assert!(refused.contains("membre2 Juré a formé ou accompagné lea Test."), "{refused}");
    assert!(refused.contains("membre3 Juré a un lien déclaré avec lea Test : Son oncle"));
    session.list(&[&enrolment]).await;

    // A tutor who sits.
    let profile = bench("RNCP38822").remove(4);
    let last = session.member(4).clone();
    let part = format!("/members/{}", text(&last["id"]));
    session.ask(Method::DELETE, &part).version(version(&last)).send().await.is(204);
    let mut body = profile;
    body["user_id"] = tutor.into();
    let answer = session.ask(Method::POST, "/members").json(body.clone()).send().await.is(201);
    session.took(&answer);
    session.ask(Method::POST, "/members").json(body).send().await.fails(409, "already_member");
    assert_eq!(session.refused().await, ["nadia Test est tuteur de lea Test."]);
}

/// Name and text of every property of a calendar file, as another program reads it.
fn calendar(file: &str) -> Vec<(String, String)> {
    let Entry::ICalendar(calendar) = Parser::new(file).entry() else {
        panic!("no calendar: {file}")
    };
    let properties = calendar.components.iter().flat_map(|component| &component.entries);
    let text = |entry: &calcard::icalendar::ICalendarEntry| {
        let value = entry.values.first().and_then(|value| value.as_text());
        (entry.name.as_str().to_owned(), value.unwrap_or_default().to_owned())
    };
    properties.map(text).collect()
}

/// The calendar file of the newest mail to this address.
async fn attached(app: &TestApp, to: &str) -> String {
    let id = app.mails(to).await.first().expect("a mail").id;
    let bytes = std::fs::read(app.mails_folder().join(format!("{id}.eml"))).expect("a mail");
    let message = MessageParser::default().parse(&bytes).expect("a message");
    let file = message.attachments().next().expect("an attachment");
    assert_eq!(file.attachment_name(), Some("invitation.ics"));
    file.text_contents().expect("text").to_owned()
}

#[tokio::test]
async fn members_are_convened_by_mail_and_told_what_changes() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP38822", "student").await;
    assert!(app.mails("membre0@jury.example").await.is_empty(), "not before they are convened");
    session.convene().await;
    session.act(Method::POST, "/convene").send().await.fails(409, "nobody_to_convene");

    let mails = app.mails("membre0@jury.example").await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Convocation : Jury d’octobre, 20 octobre");
    for words in ["mardi 20 octobre 2026, à 9\u{a0}h\u{a0}00", "Salle 12", "1 candidat", "chef@"] {
        assert!(mails[0].text.contains(words), "{words}: {}", mails[0].text);
    }
    let file = attached(&app, "membre0@jury.example").await;
    let read = calendar(&file);
    let value = |name: &str| {
        let found = read.iter().find(|(found, _)| found == name);
        found.unwrap_or_else(|| panic!("no {name}: {read:?}")).1.clone()
    };
    assert_eq!(value("SUMMARY"), "Jury d’octobre");
    let uid = value("UID");
    for line in ["METHOD:PUBLISH", "DTSTART:20261020T070000Z", "DTEND:20261020T074000Z"] {
        assert!(file.lines().any(|found| found == line), "{line}\n{file}");
    }
    let sequence = |file: &str| -> u32 {
        let line = file.lines().find_map(|line| line.strip_prefix("SEQUENCE:"));
        line.expect("a sequence").parse().expect("a number")
    };

    // The link lets its person in, once, and nobody else.
    let juror = session.juror("membre0").await;
    let token =
        secret(&mails[0].text, &format!("/entrer?vers=/jurys/{}/convocation#", session.id()));
    let again = app.post("/api/v1/auth/link").json(json!({ "token": token })).send().await;
    again.fails(409, "dead_link");
    let own = app.get(session.path("/invitation.ics")).by(&juror).send().await.is(200);
    assert_eq!(own.header("content-type"), "text/calendar; charset=utf-8; method=PUBLISH");
    let own = String::from_utf8(own.body.to_vec()).expect("text");
    assert!(own.contains(&uid));

    // Another date: the same appointment, later, and the answer is asked for again.
    session.answers(&juror, json!({ "accepts": true })).await.is(200);
    session.reread().await;
    let mut body = terms();
    body["starts_at"] = "2026-10-20T12:00:00Z".into();
    let answer = session.act(Method::PUT, "").json(body.clone()).send().await.is(200);
    session.took(&answer);
    assert_eq!(session.member(0)["attendance"], "convened");
    assert_eq!(session.detail["candidates"][0]["starts_at"], "2026-10-20T12:00:00Z");
    let moved = attached(&app, "membre0@jury.example").await;
    assert!(moved.contains(&uid) && moved.contains("DTSTART:20261020T120000Z"), "{moved}");
    assert!(sequence(&moved) > sequence(&file));
    let mails = app.mails("membre0@jury.example").await;
    assert_eq!(mails[0].subject, "Changement : Jury d’octobre, 20 octobre");

    // The window is nobody's business.
    body["window"]["closes_at"] = "2026-10-22T20:00:00Z".into();
    let answer = session.act(Method::PUT, "").json(body).send().await.is(200);
    session.took(&answer);
    assert_eq!(app.mails("membre0@jury.example").await.len(), mails.len());

    let declines = session.juror("membre1").await;
    session.answers(&declines, json!({ "accepts": false })).await.is(200);
    let before = app.mails("membre1@jury.example").await.len();
    session.reread().await;
    session.act(Method::DELETE, "").send().await.is(204);
    session.ask(Method::GET, "").send().await.fails(404, "not_found");
    let cancelled = attached(&app, "membre0@jury.example").await;
    assert!(cancelled.contains("METHOD:CANCEL") && cancelled.contains(&uid), "{cancelled}");
    assert!(sequence(&cancelled) > sequence(&moved));
    assert_eq!(app.mails("membre1@jury.example").await.len(), before, "who declined knows");
}

const OF_THE_FIRST_BLOCK: &str = "UPDATE dossiers SET blocks = '[\"RNCP38822BC01\"]'";

/// Subjects and texts of what a candidate got, newest first.
async fn told(app: &TestApp, name: &str) -> Vec<(String, String)> {
    let mails = app.mails(&format!("{name}@ecole.fr")).await;
    let about = mails.into_iter().filter(|mail| mail.subject.contains("passage devant le jury"));
    about.map(|mail| (mail.subject, mail.text)).collect()
}

#[tokio::test]
async fn candidates_are_told_of_their_own_slot_and_of_what_changes_in_it() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP38822", "student").await;
    let lea = text(&session.detail["candidates"][0]["enrolment_id"]);
    let tom = office.candidate("tom", "RNCP38822", "student").await;
    let zoe = office.candidate("zoe", "RNCP38822", "student").await;
    session.list(&[&lea, &tom]).await;
    app.tamper(OF_THE_FIRST_BLOCK).await;
    assert!(told(&app, "lea").await.is_empty(), "a plan is nobody's business");

    session.convene().await;
    let mails = told(&app, "tom").await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "Votre passage devant le jury, 20 octobre");
    for words in
        ["mardi 20 octobre 2026, à 9\u{a0}h\u{a0}40", "Salle 12", "- RNCP38822BC01 – ", "chef@"]
    {
        assert!(mails[0].1.contains(words), "{words}: {}", mails[0].1);
    }
    for word in ["membre0", "Juré", "lea", "9\u{a0}h\u{a0}00"] {
        assert!(!mails[0].1.contains(word), "{word}: {}", mails[0].1);
    }
    assert_eq!(told(&app, "lea").await.len(), 1);

    // Who sits is nothing to them, nor what stays as it is.
    session.seat("membre5", json!({ "voting": false })).await;
    session.reread().await;
    session.convene().await;
    session.list(&[&lea, &zoe]).await;
    assert_eq!(told(&app, "lea").await.len(), 1);
    assert_eq!(told(&app, "tom").await[0].0, "Votre passage devant le jury est annulé, 20 octobre");
    assert_eq!(told(&app, "zoe").await[0].0, "Votre passage devant le jury, 20 octobre");

    // Another date moves every slot.
    let mut body = terms();
    body["starts_at"] = "2026-10-20T12:00:00Z".into();
    let answer = session.act(Method::PUT, "").json(body).send().await.is(200);
    session.took(&answer);
    let (subject, words) = told(&app, "zoe").await.swap_remove(0);
    assert_eq!(subject, "Votre passage devant le jury change, 20 octobre");
    assert!(words.contains("à 14\u{a0}h\u{a0}40"), "{words}");
    assert_eq!(told(&app, "tom").await.len(), 2, "no longer concerned");

    session.act(Method::DELETE, "").send().await.is(204);
    let subject = &told(&app, "lea").await[0].0;
    assert_eq!(subject, "Votre passage devant le jury est annulé, 20 octobre");
}

#[tokio::test]
async fn a_student_sees_when_they_come_before_the_jury() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let lea = office.school.person("lea", &["apprentice"]).await;
    let enrolment = office.enrolled(&lea.id, "RNCP38822", "student").await;
    office.deposited(&enrolment, &lea.id).await;
    let other = office.candidate("tom", "RNCP38822", "student").await;
    let mut session = office.plan("RNCP38822", "student").await;
    session.seat("membre0", bench("RNCP38822").swap_remove(0)).await;
    session.reread().await;
    session.list(&[&other, &enrolment]).await;
    let path = format!("/api/v1/enrolments/{enrolment}/hearings");
    let hearings = async || app.get(&path).by(&lea).send().await.is(200).value()["items"].clone();
    let waits = async || {
        let queue = app.get("/api/v1/queue").by(&lea).send().await.is(200).value();
        let items = queue["items"].as_array().expect("items").clone();
        let item = items.into_iter().find(|item| item["kind"] == "hearing");
        item.map(|item| text(&item["title"]))
    };
    assert_eq!((hearings().await, waits().await), (json!([]), None), "a plan is not told");

    session.convene().await;
    let hearing = json!({
        "enrolment_id": enrolment,
        "title": "Jury d’octobre",
        "starts_at": "2026-10-20T07:40:00Z",
        "presentation_minutes": 20,
        "interview_minutes": 20,
        "place": "Salle 12",
        "link": null,
        "blocks": ["B1"],
    });
    assert_eq!(hearings().await, json!([hearing]));
    assert_eq!(waits().await.as_deref(), Some("2026-10-20T07:40:00+00:00"));
    // Their slot is over, the session is not.
    app.clock.set("2026-10-20T08:21:00Z".parse().expect("a time"));
    let lea = lea.again(&app).await;
    let after = app.get(&path).by(&lea).send().await.is(200).value();
    assert_eq!(after["items"], json!([]));
}

#[tokio::test]
async fn a_session_that_opens_unannounced_tells_its_candidates() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP38822", "student").await;
    app.tamper(OF_THE_FIRST_BLOCK).await;
    session.open().await.is(200);
    let mails = told(&app, "lea").await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].1.contains("- RNCP38822BC01 – "), "{}", mails[0].1);
}

#[tokio::test]
async fn a_member_answers_for_themself_and_sees_names_and_companies_only() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP38822", "student").await;
    let candidate = text(&session.detail["candidates"][0]["enrolment_id"]);
    // Before they are convened, a member sees no candidate.
    let early = office.school.person("vera", &["jury"]).await;
    let body = json!({ "user_id": early.id, "voting": false });
    let answer = session.ask(Method::POST, "/members").json(body).send().await.is(201);
    session.took(&answer);
    assert_eq!(session.seen_by(&early).await["candidates"], json!([]));
    session.answers(&early, json!({ "accepts": true })).await.fails(409, "not_convened");
    let offered = async || {
        let list = app.get("/api/v1/jury-sessions").by(&early).send().await.is(200).value();
        let listed = list["items"][0]["actions"].clone();
        assert_eq!(listed, session.seen_by(&early).await["actions"], "a list says the same");
        listed
    };
    assert_eq!(offered().await, json!([]), "there is nothing to answer yet");
    session.act(Method::POST, "/convene").send().await.is(200);
    assert_eq!(offered().await, json!(["answer"]));
    session.reread().await;

    let juror = session.juror("membre0").await;
    let seen = session.seen_by(&juror).await;
    assert_eq!(seen["candidates"][0]["student"]["given_name"], "lea");
    assert!(!seen.to_string().contains("@ecole.fr"), "no address: {seen}");
    assert!(seen["members"].as_array().unwrap().iter().all(|one| one["email"].is_null()));
    assert_eq!(seen["actions"], json!(["answer"]));
    for (body, faults) in [
        (
            json!({ "accepts": true, "conflicts": [{ "candidate": candidate, "reason": " " }] }),
            &["conflicts[0].reason: required"][..],
        ),
        (
            json!({
                "accepts": true,
                "conflicts": [{ "candidate": Uuid::nil(), "reason": "Ma nièce" }],
            }),
            &["conflicts[0].candidate: unknown_candidate"],
        ),
        (json!({ "accepts": "oui" }), &["accepts: bad_json"]),
    ] {
        assert_eq!(session.answers(&juror, body).await.faults(), faults);
    }
    let stale = app.post(session.path("/answer")).by(&juror).version(1);
    stale.json(json!({ "accepts": true })).send().await.fails(412, "stale_version");
    let conflict = json!({
        "accepts": true, "conflicts": [{ "candidate": candidate, "reason": "Ma nièce" }],
    });
    session.answers(&juror, conflict).await.is(200);
    // What one declares, the manager reads and the others do not.
    session.reread().await;
    assert_eq!(session.member(0)["declared"][0]["reason"], "Ma nièce");
    assert_eq!(session.member(0)["attendance"], "accepted");
    let other = session.juror("membre1").await;
    assert!(!session.seen_by(&other).await.to_string().contains("Ma nièce"));
    let refused = session.refused().await.join("\n");
    // Who declares a conflict leaves the room by it: the others have to make up a jury.
    let staying = "Pour lea Test, sans les membres qui se récusent : Professionnels : 3";
    assert!(refused.contains(staying), "{refused}");

    // Only who manages plans, and only who sits answers.
    for (method, part) in [
        (Method::PUT, ""),
        (Method::DELETE, ""),
        (Method::PUT, "/candidates"),
        (Method::POST, "/members"),
        (Method::GET, "/check"),
        (Method::POST, "/convene"),
        (Method::POST, "/open"),
    ] {
        let ask = app.ask(method, session.path(part)).by(&juror).version(1).json(json!({}));
        ask.send().await.fails(403, "forbidden");
    }
    let head = session.ask(Method::POST, "/answer").version(1).json(json!({ "accepts": true }));
    head.send().await.fails(403, "forbidden");
    let elsewhere = School::open(&app, "ailleurs").await;
    let stranger = office.school.person("paul", &["jury"]).await;
    for person in [&elsewhere.head, &stranger] {
        app.get(session.path("")).by(person).send().await.fails(404, "not_found");
    }
}

#[tokio::test]
async fn files_are_read_inside_the_window_by_who_has_not_declined() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let dossier = scene.deposited().await;
    let enrolment = scene.enrolment.clone();
    let office = Office { school: scene.school };
    let mut session = office.plan("RNCP38822", "apprenticeship").await;
    for (number, profile) in bench("RNCP38822").into_iter().enumerate() {
        session.seat(&format!("membre{number}"), profile).await;
    }
    session.list(&[&enrolment]).await;
    session.convene().await;
    let mut juror = session.juror("membre0").await;
    let path = format!("/api/v1/dossiers/{}", text(&dossier["id"]));
    // Planned: nothing is read, even inside the window.
    app.pass(TimeDelta::days(8));
    let body = json!({ "email": juror.email });
    let enter = || async {
        app.post("/api/v1/auth/link/ask").json(body.clone()).send().await;
        let token = app.mailed_link("membre0@jury.example").await;
        let body = json!({ "token": token });
        let entered = app.post("/api/v1/auth/link").json(body).send().await.is(200).value();
        text(&entered["access_token"])
    };
    juror.token = enter().await;
    app.get(&path).by(&juror).send().await.fails(404, "not_found");
    let head = office.school.head.again(&app).await;
    let office = Office { school: School { head, ..office.school } };
    let mut session = Planned { office: &office, detail: session.detail };
    session.open().await.is(200);
    assert!(session.seen_by(&juror).await["actions"].to_string().contains("read_files"));
    app.get(&path).by(&juror).send().await.is(200);

    // Nothing of an open session changes but the end of its window, which moves later.
    let mut changed = terms();
    changed["place"] = "Ailleurs".into();
    session.act(Method::PUT, "").json(changed).send().await.fails(409, "session_open");
    let mut shorter = terms();
    shorter["window"]["closes_at"] = "2026-10-21T19:00:00Z".into();
    session.act(Method::PUT, "").json(shorter).send().await.fails(409, "session_open");
    let mut longer = terms();
    longer["window"]["closes_at"] = "2026-10-25T20:00:00Z".into();
    let answer = session.act(Method::PUT, "").json(longer).send().await.is(200);
    session.took(&answer);
    for (method, part) in [(Method::DELETE, ""), (Method::POST, "/convene")] {
        session.act(method, part).send().await.fails(409, "session_not_planned");
    }
    let body = json!({ "candidates": [] });
    let ask = session.act(Method::PUT, "/candidates").json(body);
    ask.send().await.fails(409, "session_not_planned");
    session.change(1, |one| one["chair"] = true.into()).await.fails(409, "session_open");
    session.change(1, |one| one["recused_from"] = json!([enrolment])).await.is(200);

    // Past the window it is over, for whoever was in.
    app.pass(TimeDelta::days(13));
    juror.token = enter().await;
    app.get(&path).by(&juror).send().await.fails(404, "not_found");
}

#[tokio::test]
async fn the_chair_or_the_manager_calls_the_roll() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP38822", "student").await;
    session.convene().await;
    let (chair, other) = (session.juror("membre0").await, session.juror("membre1").await);
    let ids: Vec<String> = each(&json!({ "items": session.detail["members"] }), "id");
    let call = |by: &Person, at: i64, present: &[String]| {
        let ask = app.post(session.path("/roll-call")).by(by).version(at);
        ask.json(json!({ "present": present })).send()
    };
    let at = version(&session.detail);
    call(&chair, at, &ids).await.fails(409, "session_not_open");
    let opened = session.act(Method::POST, "/open").send().await.is(200).value();
    let at = version(&opened);
    call(&other, at, &ids).await.fails(403, "forbidden");
    let nobody = [Uuid::nil().to_string()];
    assert_eq!(call(&chair, at, &nobody).await.faults(), ["present[0]: unknown_member"]);
    let called = call(&chair, at, &ids[..4]).await.is(200).value();
    let attendance = each(&json!({ "items": called["members"] }), "attendance");
    assert_eq!(attendance, ["present", "present", "present", "present", "absent"]);
    call(&office.school.head, at, &ids).await.fails(412, "stale_version");
    // Who comes late is there all the same.
    let called = call(&office.school.head, version(&called), &ids).await.is(200).value();
    let attendance = each(&json!({ "items": called["members"] }), "attendance");
    assert!(attendance.iter().all(|one| one == "present"));
    let scope = [office.school.id().await].into();
    let id = session.id().parse().expect("an id");
    let found = store::jury::find(&app.db, &scope, id).await.expect("a session");
    let sitting = found.expect("a session");
    assert!(sitting.members.iter().all(|sat| sat.member.attendance == Attendance::Present));
    let kept = store::jury::opened_with(&app.db, sitting.session.id).await.expect("a check");
    assert!(kept.as_ref().is_some_and(OpeningCheck::complies));
}

/// What is changed in a plan, and the faults that it has then.
type Wrong = (fn(&mut Value), &'static [&'static str]);

#[tokio::test]
async fn a_plan_is_checked_and_changes_on_its_version() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let head = &office.school.head;
    let plan = |change: fn(&mut Value)| {
        let mut body = terms();
        body["certification"] = "RNCP38822".into();
        body["route"] = "student".into();
        change(&mut body);
        app.post("/api/v1/jury-sessions").by(head).json(body).header("idempotency-key", "un").send()
    };
    let refused: [Wrong; 10] = [
        (|body| body["title"] = " ".into(), &["title: required"]),
        (|body| body["place"] = "".into(), &["place: required"]),
        (|body| body["link"] = "javascript:alert(1)".into(), &["link: bad_link"]),
        (|body| body["certification"] = "RNCP1".into(), &["certification: unknown_certification"]),
        (
            |body| body["window"]["closes_at"] = "2026-10-12T08:00:00Z".into(),
            &["window.closes_at: end_before_start"],
        ),
        (|body| body["route"] = "autre".into(), &["route: bad_json"]),
        (|body| body["starts_at"] = "demain".into(), &["starts_at: bad_json"]),
        (|body| body["window"]["closes_at"] = 3.into(), &["window.closes_at: bad_json"]),
        (|body| body["starts_at"] = "1999-10-20T07:00:00Z".into(), &["starts_at: past"]),
        // It is the fifth of October.
        (|body| body["starts_at"] = "2026-10-04T21:59:59Z".into(), &["starts_at: past"]),
    ];
    for (change, faults) in refused {
        assert_eq!(plan(change).await.faults(), faults);
    }
    let made = plan(|_| ()).await.is(201).value();
    assert_eq!(plan(|_| ()).await.is(201).value()["id"], made["id"], "sent twice, made once");
    let mut session = Planned { office: &office, detail: made };
    session.ask(Method::PUT, "").json(terms()).send().await.fails(428, "precondition_required");
    session.ask(Method::PUT, "").version(9).json(terms()).send().await.fails(412, "stale_version");

    for (profile, faults) in [
        (json!({ "external": true, "represents_certifier": true }), "external_representative"),
        (json!({ "experience_years": 61 }), "out_of_range"),
        (json!({ "qualification_level": 9 }), "out_of_range"),
        (json!({ "experience_years": -1 }), "experience_years: bad_number"),
        (json!({ "experience_years": 2.5 }), "experience_years: bad_number"),
        (json!({ "experience_years": 1e30 }), "experience_years: bad_number"),
        (json!({ "qualification_level": 300 }), "qualification_level: bad_number"),
        (json!({ "voting": "oui" }), "voting: bad_json"),
    ] {
        let mut body = profile;
        body["email"] = "vera@jury.example".into();
        body["given_name"] = "Vera".into();
        body["family_name"] = "Juré".into();
        let refused = session.ask(Method::POST, "/members").json(body).send().await.faults();
        assert!(refused[0].ends_with(faults), "{refused:?}");
    }
    for minutes in [json!(-20), json!(20.5), json!(5_000_000_000_u64)] {
        let candidate = json!({ "enrolment_id": Uuid::nil(), "interview_minutes": minutes });
        let body = json!({ "candidates": [candidate] });
        let refused = session.ask(Method::PUT, "/candidates").version(1).json(body).send().await;
        assert_eq!(refused.faults(), ["candidates[0].interview_minutes: bad_number"]);
    }
    let ask = session.ask(Method::POST, "/members").json(json!({ "user_id": Uuid::nil() }));
    assert_eq!(ask.send().await.faults(), ["user_id: unknown_person"]);
    let people = app.get("/api/v1/users?role=jury").by(head).send().await.value();
    assert_eq!(people["items"], json!([]), "a refusal leaves nobody behind");
    session.seat("vera", json!({})).await;
    assert_eq!(session.member(0)["version"], 1);
    let part = format!("/members/{}", Uuid::nil());
    session.ask(Method::DELETE, &part).version(1).send().await.fails(404, "not_found");
    session.change(0, |member| member["seat"] = "x".repeat(501).into()).await.faults();
    let organisation = office.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn a_list_shows_what_one_manages_and_where_one_sits() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let vera = office.school.person("vera", &["jury"]).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let path = "/api/v1/jury-sessions";
    let mut counts = Vec::new();
    let mut planned = 0;
    for many in [3, 12] {
        for number in planned..many {
            let session = office.plan("RNCP38822", "student").await;
            // Every other one is hers.
            if number % 2 == 0 {
                let body = json!({ "user_id": vera.id, "voting": true });
                session.ask(Method::POST, "/members").json(body).send().await.is(201);
            }
        }
        planned = many;
        let all = app.get(path).by(&office.school.head).send().await.is(200).value();
        assert_eq!(all["items"].as_array().unwrap().len(), many);
        let own = app.get(path).by(&vera).send().await.is(200).value();
        assert_eq!(own["items"].as_array().unwrap().len(), many.div_ceil(2));
        assert_eq!(own["items"][0]["attendance"], "convened");
        // Whoever plans sees in the list what is left to settle.
        let unsettled = |list: &Value| list["items"][0]["unsettled"].as_u64();
        assert!(unsettled(&all).is_some_and(|left| left > 1) && unsettled(&own).is_none());
        counts.push((
            app.statements_of(&office.school.head, path).await,
            app.statements_of(&vera, path).await,
        ));
    }
    assert_eq!(counts[0], counts[1]);
    let none = app.get(path).by(&elsewhere.head).send().await.is(200).value();
    assert_eq!(none["items"], json!([]));
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let ask = app.get(format!("{path}?limit=5&status=planned{cursor}"));
        let page = ask.by(&office.school.head).send().await.is(200).value();
        seen.extend(each(&page, "id"));
        let Value::String(next) = &page["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), planned);
    let open = app.get(format!("{path}?status=open")).by(&office.school.head).send().await;
    assert_eq!(open.is(200).value()["items"], json!([]));
}

#[tokio::test]
async fn a_session_takes_as_many_statements_for_many_candidates_as_for_few() {
    let app = TestApp::new().await;
    let office = Office::open(&app).await;
    let mut session = office.compliant("RNCP38822", "student").await;
    let mut enrolments = vec![text(&session.detail["candidates"][0]["enrolment_id"])];
    let mut counts = Vec::new();
    for many in [1, 8] {
        while enrolments.len() < many {
            let name = format!("eleve{}", enrolments.len());
            enrolments.push(office.candidate(&name, "RNCP38822", "student").await);
        }
        session.list(&enrolments.iter().collect::<Vec<_>>()).await;
        let head = &office.school.head;
        counts.push((
            app.statements_of(head, &session.path("")).await,
            app.statements_of(head, &session.path("/check")).await,
        ));
    }
    assert_eq!(counts[0], counts[1]);
}
