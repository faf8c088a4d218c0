//! Proposals, decisions, waivers, and the minutes that a closing seals.

use axum::http::Method;
use futures::future::join_all;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    reading::{Jury, another, deposited, fellow},
    support::{Answer, Ask, Person, Scene, School, TestApp, block, competency, text, version},
};

/// A jury at its table: the session is open, and everybody but those who are named is there.
pub async fn gathered<'a>(scene: &Scene<'a>, candidates: &[&str], absent: &[usize]) -> Jury<'a> {
    let jury = Jury::open(scene, candidates).await;
    call(&jury, absent).await;
    jury
}

pub async fn call(jury: &Jury<'_>, absent: &[usize]) {
    let session = jury.read(&jury.head).await;
    let present: Vec<&Value> = jury
        .members
        .iter()
        .enumerate()
        .filter(|(index, _)| !absent.contains(index))
        .map(|(_, person)| {
            let seats = session["members"].as_array().expect("members");
            &seats.iter().find(|seat| seat["user_id"] == person.id).expect("a seat")["id"]
        })
        .collect();
    let ask = jury.app.post(format!("{}/roll-call", jury.path())).by(&jury.head);
    ask.version(version(&session)).json(json!({ "present": present })).send().await.is(200);
}

impl<'a> Jury<'a> {
    pub fn chair(&self) -> &Person {
        &self.members[0]
    }

    pub async fn table(&self, by: &Person) -> Value {
        let path = format!("{}/deliberation", self.path());
        self.app.get(path).by(by).send().await.is(200).value()
    }

    /// The first block of the first candidate, as a member sees it.
    pub async fn block(&self, by: &Person) -> Value {
        self.table(by).await["candidates"][0]["matter"]["blocks"][0].clone()
    }

    pub fn propose(&self, by: &Person, candidate: &str, seen: i64, ruling: Value) -> Ask<'a> {
        let path = format!("{}/blocks/{}/proposal", self.of(candidate), block());
        self.app.ask(Method::PUT, path).by(by).version(seen).json(ruling)
    }

    pub fn decide(&self, candidate: &str, seen: i64, ruling: Value) -> Ask<'a> {
        let path = format!("{}/blocks/{}/decision", self.of(candidate), block());
        self.app.ask(Method::PUT, path).by(self.chair()).version(seen).json(ruling)
    }

    pub fn waiver(&self, method: Method, candidate: &str, requirement: &str, seen: i64) -> Ask<'a> {
        let path = format!("{}/waivers/{requirement}", self.of(candidate));
        self.app.ask(method, path).by(self.chair()).version(seen)
    }

    pub async fn close(&self) -> Answer {
        let version = version(&self.read(&self.head).await);
        self.app
            .post(format!("{}/close", self.path()))
            .by(self.chair())
            .version(version)
            .send()
            .await
    }

    pub fn minutes(&self, by: &Person) -> Ask<'a> {
        self.app.get(format!("{}/minutes", self.path())).by(by)
    }

    pub fn amend(&self, by: &Person, words: &str) -> Ask<'a> {
        self.amend_about(by, None, words)
    }

    pub fn amend_about(&self, by: &Person, about: Option<&str>, words: &str) -> Ask<'a> {
        let path = format!("{}/minutes/amendments", self.path());
        self.app.post(path).by(by).json(json!({ "about": about, "text": words }))
    }
}

pub fn says(verdict: &str) -> Value {
    json!({ "verdict": verdict, "motive": format!("Pour « {verdict} »") })
}

fn proposed(block: &Value) -> Vec<String> {
    let proposals = block["proposals"].as_array().expect("proposals");
    proposals.iter().map(|one| text(&one["said"]["ruling"]["verdict"])).collect()
}

#[tokio::test]
async fn a_session_offers_each_what_they_may_read() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let jury = gathered(&scene, &[&scene.enrolment], &[]).await;
    let offers = async |by: &Person, right: &str| {
        jury.read(by).await["actions"].as_array().expect("actions").contains(&json!(right))
    };
    let follows = "follow_deliberation";
    assert!(offers(jury.chair(), follows).await && !offers(&jury.head, follows).await);
    let deliberation = app.get(format!("{}/deliberation", jury.path())).by(&jury.head);
    deliberation.send().await.fails(403, "forbidden");
    assert!(!offers(&jury.head, "read_minutes").await);

    jury.decide(&scene.enrolment, 0, says("validated")).send().await.is(200);
    jury.close().await.is(204);
    for by in [&jury.head, jury.chair()] {
        assert!(offers(by, "read_minutes").await && !offers(by, follows).await);
    }
}

#[tokio::test]
async fn each_member_speaks_before_hearing_the_others() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    let said = ["validated", "refused", "validated"];
    for (member, verdict) in jury.members.iter().zip(said) {
        let answer = jury.propose(member, candidate, 0, says(verdict)).send().await.is(200);
        assert_eq!(answer.header("etag"), "\"1\"");
    }
    let [chair, second, _, fourth, _] = &jury.members[..] else { panic!("five members") };
    let before = jury.block(chair).await;
    assert_eq!(proposed(&before).len(), 3);
    assert_eq!(before["tally"]["lean"], json!({ "kind": "majority", "verdict": "validated" }));
    assert_eq!(before["awaited"].as_array().expect("a list").len(), 2);
    for (member, own) in [(second, &["refused"][..]), (fourth, &[])] {
        let seen = jury.block(member).await;
        assert_eq!(proposed(&seen), own);
        assert_eq!(seen["tally"], Value::Null);
        assert!(!seen.to_string().contains("Pour « validated »"));
    }
    // Deliberating is secret: the school reads the minutes.
    let path = format!("{}/deliberation", jury.path());
    app.get(&path).by(&jury.head).send().await.fails(403, "forbidden");
    app.get(&path).by(&scene.student).send().await.fails(404, "not_found");

    jury.decide(candidate, 0, says("validated")).send().await.is(200);
    for member in [chair, second, fourth] {
        let after = jury.block(member).await;
        assert_eq!(proposed(&after).len(), 3);
        assert_eq!(after["decision"]["said"]["verdict"], "validated");
    }
    // One more thought is allowed, over what was seen.
    jury.propose(second, candidate, 1, says("validated")).send().await.is(200);
    assert_eq!(jury.block(chair).await["tally"]["votes"], json!([3, 0, 0, 0]));
}

#[tokio::test]
async fn of_two_words_at_once_none_is_lost() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;

    // Everybody at once: nobody's words push another's aside.
    let all = jury.members.iter().map(|by| jury.propose(by, candidate, 0, says("refused")).send());
    for answer in join_all(all).await {
        answer.is(200);
    }
    assert_eq!(proposed(&jury.block(jury.chair()).await).len(), 5);

    // Two windows of one member, and two of the chair.
    let second = &jury.members[1];
    let twice = ["validated", "partial"];
    let proposals = twice.map(|verdict| jury.propose(second, candidate, 1, says(verdict)).send());
    let decisions = twice.map(|verdict| {
        let missing = if verdict == "partial" { vec![competency()] } else { vec![] };
        let ruling = json!({ "verdict": verdict, "missing": missing, "motive": "Entendu" });
        jury.decide(candidate, 0, ruling).send()
    });
    for answers in [join_all(proposals).await, join_all(decisions).await] {
        let mut statuses: Vec<u16> = answers.iter().map(|one| one.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let won = answers.iter().find(|one| one.status == 200).expect("a winner").value();
        let lost = answers.into_iter().find(|one| one.status == 412).expect("a loser");
        let problem = lost.fails(412, "stale_version");
        let of = |table: &Value| table["matter"]["blocks"][0].clone();
        assert_eq!(of(&problem["current"])["decision"], of(&won)["decision"]);
        let words = of(&problem["current"]).to_string();
        assert!(words.contains("Pour") || words.contains("Entendu"), "{words}");
    }
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn who_is_not_at_the_table_says_and_hears_nothing() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = Jury::open(&scene, &[candidate]).await;
    let [chair, second, third, fourth, _] = &jury.members[..] else { panic!("five members") };
    jury.propose(second, candidate, 0, says("validated")).send().await.fails(403, "forbidden");
    assert_eq!(
        jury.table(second).await["candidates"][0]["matter"],
        Value::Null,
        "no roll call yet"
    );

    call(&jury, &[3]).await;
    jury.propose(second, candidate, 0, says("validated")).send().await.is(200);
    jury.propose(fourth, candidate, 0, says("validated")).send().await.fails(403, "forbidden");
    assert_eq!(jury.table(fourth).await["candidates"][0]["matter"], Value::Null);
    let decision = format!("{}/blocks/{}/decision", jury.of(candidate), block());
    let ask = app.ask(Method::PUT, decision).by(second).version(0).json(says("validated"));
    ask.send().await.fails(403, "forbidden");

    jury.recuse(third, candidate).await;
    let table = jury.table(third).await;
    assert_eq!(table["candidates"][0]["matter"], Value::Null);
    assert_eq!(table["candidates"][0]["recused"][0], jury.seat(third).await["id"]);
    let refused = jury.propose(third, candidate, 0, says("validated")).send().await;
    refused.fails(409, "out_of_the_room");

    // Five were asked for: of three, nothing is decided.
    let short = jury.decide(candidate, 0, says("validated")).send().await;
    assert_eq!(short.faults(), ["verdict: no_quorum"]);
    assert!(
        jury.table(chair).await["candidates"][0]["matter"]["quorum"].to_string().contains("false")
    );
    jury.decide(candidate, 0, says("postponed")).send().await.is(200);
}

#[tokio::test]
async fn a_decision_is_complete_and_on_the_block() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    for (ruling, faults) in [
        (json!({ "verdict": "refused" }), &["motive: required"][..]),
        (json!({ "verdict": "refused", "motive": " \n" }), &["motive: required"]),
        (json!({ "verdict": "partial", "motive": "Non" }), &["missing: required"]),
        (
            json!({ "verdict": "partial", "motive": "Non", "missing": ["x"] }),
            &["missing[0]: competency_not_in_block"],
        ),
        (
            json!({ "verdict": "refused", "motive": "Non", "transversal": ["T1"] }),
            &["transversal: only_when_validated"],
        ),
        (json!({ "verdict": "refused", "motive": "é".repeat(4_001) }), &["motive: too_long"]),
        (json!({ "verdict": "refused", "motive": "a\u{0}" }), &["motive: bad_character"]),
        (json!({ "verdict": "perhaps" }), &["verdict: bad_json"]),
    ] {
        assert_eq!(
            jury.decide(candidate, 0, ruling.clone()).send().await.faults(),
            faults,
            "{ruling}"
        );
    }
    for (of, code) in
        [("BC99", 422), (crate::support::certification().blocks[1].code.as_str(), 422)]
    {
        let path = format!("{}/blocks/{of}/decision", jury.of(candidate));
        let ask = app.ask(Method::PUT, path).by(jury.chair()).version(0).json(says("validated"));
        assert_eq!(ask.send().await.status, code, "{of}");
    }
    for stranger in [uuid::Uuid::nil().to_string(), "x".to_owned()] {
        jury.decide(&stranger, 0, says("validated")).send().await.fails(404, "not_found");
    }
    // Against the majority, it says why.
    for member in &jury.members[..3] {
        jury.propose(member, candidate, 0, says("refused")).send().await.is(200);
    }
    let against = jury.decide(candidate, 0, json!({ "verdict": "validated" })).send().await;
    assert_eq!(against.faults(), ["motive: against_the_majority"]);
    let ruling = json!({ "verdict": "validated", "motive": "Après débat", "transversal": ["T1"] });
    jury.decide(candidate, 0, ruling).send().await.is(200);
}

#[tokio::test]
async fn what_is_behind_an_accommodation_is_the_chairs_to_read() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    let requirements = |table: &Value| {
        let all = table["candidates"][0]["matter"]["requirements"].as_array().cloned();
        all.expect("requirements").into_iter().filter(|one| one["state"] == "unmet")
    };
    let key =
        text(&requirements(&jury.table(jury.chair()).await).next().expect("one unmet")["key"]);
    let put = |seen, body: Value| jury.waiver(Method::PUT, candidate, &key, seen).json(body).send();
    for (body, faults) in [
        (
            json!({ "motive": "", "granted_by": " " }),
            &["motive: required", "granted_by: required"][..],
        ),
        (
            json!({ "motive": "Aménagement", "granted_by": "Alix", "accommodation": true }),
            &["restricted_reason: required"],
        ),
    ] {
        assert_eq!(put(0, body).await.faults(), faults);
    }
    let unknown = jury.waiver(Method::PUT, candidate, "rien", 0);
    let body = json!({ "motive": "Non", "granted_by": "Alix" });
    assert_eq!(unknown.json(body).send().await.faults(), ["requirement: unknown_requirement"]);

    let secret = "Avis du médecin du travail";
    let waiver = json!({
        "motive": "Décidé par la direction", "granted_by": "Alix Test",
        "accommodation": true, "restricted_reason": secret,
    });
    put(0, waiver.clone()).await.is(200);
    put(0, waiver.clone()).await.fails(412, "stale_version");
    assert!(jury.table(jury.chair()).await.to_string().contains(secret));
    let path = format!("{}/accommodations", jury.path());
    let during = app.get(&path).by(&jury.head).send().await.is(200).value();
    assert_eq!(during["items"][0]["reason"], secret);
    app.get(&path).by(jury.chair()).send().await.fails(403, "forbidden");
    let others = jury.table(&jury.members[1]).await.to_string();
    assert!(others.contains("Décidé par la direction") && !others.contains(secret));
    assert!(!others.contains("\"accommodation\":true"), "nor that there is a disability");

    jury.waiver(Method::DELETE, candidate, &key, 0).send().await.fails(412, "stale_version");
    jury.waiver(Method::DELETE, candidate, &key, 1).send().await.is(204);
    jury.waiver(Method::DELETE, candidate, &key, 1).send().await.fails(404, "not_found");
    put(0, waiver).await.is(200);
    jury.decide(candidate, 0, says("validated")).send().await.is(200);
    jury.close().await.is(204);
    let minutes = jury.minutes(jury.chair()).send().await.is(200).value();
    let kept = &minutes["content"]["candidates"][0]["waivers"][0];
    assert_eq!(kept["granted_by"], "Alix Test");
    assert!(!minutes.to_string().contains(secret) && !kept.to_string().contains("accommodation"));
    // Those who set accommodations up read it then too; nobody else does, the chair included.
    let path = format!("{}/accommodations", jury.path());
    let kept = app.get(&path).by(&jury.head).send().await.is(200).value();
    assert_eq!(kept["items"][0]["reason"], secret);
    assert_eq!(kept["items"][0]["requirement"], key.as_str());
    assert_eq!(kept["items"][0]["candidate"], candidate);
    for juror in &jury.members {
        app.get(&path).by(juror).send().await.fails(403, "forbidden");
    }
    for stranger in [&scene.student, &scene.tutor, &scene.company] {
        app.get(&path).by(stranger).send().await.fails(404, "not_found");
    }
    let audit = app.texts("SELECT COALESCE(after, '') AS text FROM audit_entries").await.concat();
    assert!(audit.contains(&key) && !audit.contains(secret) && !audit.contains("Décidé par"));
}

#[tokio::test]
async fn a_session_closes_once_everything_is_decided_and_then_stays_as_it_is() {
    let app = TestApp::new().await;
    let (scene, dossier) = deposited(&app).await;
    let other = another(&scene, "zoe").await;
    let candidates = [scene.enrolment.as_str(), other.enrolment.as_str()];
    let jury = gathered(&scene, &candidates, &[]).await;
    let ruling = json!({ "verdict": "validated", "transversal": ["T1", "T2"] });
    jury.propose(&jury.members[1], candidates[0], 0, says("validated")).send().await.is(200);
    jury.decide(candidates[0], 0, ruling).send().await.is(200);

    let undecided = jury.close().await.fails(422, "invalid");
    assert_eq!(undecided["fields"].as_array().expect("faults").len(), 1);
    assert_eq!(undecided["fields"][0]["field"], format!("{}.{}", candidates[1], block()));
    assert!(text(&undecided["fields"][0]["detail"]).contains("zoe Test"));
    let partial = json!({ "verdict": "partial", "missing": [competency()], "motive": "À revoir" });
    jury.decide(candidates[1], 0, partial).send().await.is(200);
    jury.minutes(jury.chair()).send().await.fails(404, "not_found");
    // Somebody has to go: what the five decided stands, and they are among those who were there.
    call(&jury, &[4]).await;
    jury.close().await.is(204);

    let sealed = jury.minutes(&jury.members[4]).send().await.is(200).value();
    let content = &sealed["content"];
    assert_eq!(content["format"], 1);
    assert_eq!(content["members"].as_array().expect("members").len(), 5);
    assert_eq!(content["opening"]["basis"], "rule");
    let [first, second] = &content["candidates"].as_array().expect("candidates")[..] else {
        panic!("two candidates")
    };
    assert_eq!(first["dossier"]["manifest_sha256"], dossier["manifest_sha256"]);
    let decision = &first["decisions"][0];
    assert_eq!(decision["term"], json!({ "kind": "until", "last_day": "2031-10-05" }));
    assert_eq!(decision["votes"], json!([]), "the rule does not keep them");
    assert_eq!(decision["transversal"][0]["key"], "T1");
    assert_eq!(second["decisions"][0]["missing"][0]["key"], competency());
    assert!(!text(&second["decisions"][0]["missing"][0]["text"]).is_empty());
    assert!(!sealed.to_string().contains("Pour « validated »"), "nor what was said");
    let kept = app.texts("SELECT content AS text FROM minutes").await.concat();
    assert_eq!(sealed["sha256"], hex::encode(Sha256::digest(&kept)));

    let session = jury.read(&jury.head).await;
    assert_eq!(session["status"], "closed");
    // Each candidate is told that there is a result, and nothing of it.
    app.runner().tick().await.expect("a tick");
    for (student, enrolment) in [(&scene.student, candidates[0]), (&other.student, candidates[1])] {
        let mails = app.mails(&student.email).await;
        let mails: Vec<_> =
            mails.iter().filter(|one| one.subject == "Votre résultat est disponible").collect();
        let [told] = mails[..] else { panic!("one mail to each: {mails:?}") };
        assert!(told.text.contains(&format!("vers=/parcours/{enrolment}/acquis")), "{told:?}");
        assert!(!told.text.to_lowercase().contains("valid"), "{told:?}");
    }
    let dossiers = scene.read(&scene.student, "dossiers").await;
    assert_eq!(dossiers["items"][0]["status"], "decided", "{dossiers}");
    let record = scene.read(&scene.student, "record").await;
    assert_eq!(record["validated"][0]["block"], block());
    assert_eq!(other.read(&other.student, "record").await["validated"], json!([]));
    let audit = app.texts("SELECT COALESCE(after, '') AS text FROM audit_entries").await.concat();
    assert!(audit.contains(&text(&sealed["sha256"])));

    jury.decide(candidates[0], 1, says("refused")).send().await.fails(403, "forbidden");
    jury.propose(jury.chair(), candidates[0], 0, says("refused"))
        .send()
        .await
        .fails(403, "forbidden");
    jury.close().await.fails(403, "forbidden");
    let path = format!("{}/deliberation", jury.path());
    app.get(path).by(jury.chair()).send().await.fails(409, "session_not_open");
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn of_two_closings_one_seals() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    jury.decide(candidate, 0, says("validated")).send().await.is(200);
    let seen = version(&jury.read(&jury.head).await);
    let path = format!("{}/close", jury.path());
    app.post(&path).by(jury.chair()).version(seen - 1).send().await.fails(412, "stale_version");
    let late = says("refused");
    let (one, two, late) = futures::join!(
        app.post(&path).by(jury.chair()).version(seen).send(),
        app.post(&path).by(jury.chair()).version(seen).send(),
        jury.decide(candidate, 1, late).send(),
    );
    // The decision came first, and whoever closes has to read it; or it came too late.
    let sealed = [&one, &two].iter().filter(|answer| answer.status == 204).count();
    assert_eq!(sealed, usize::from(late.status != 200), "{one:?} {two:?} {late:?}");
    if late.status == 200 {
        jury.close().await.is(204);
    }
    // The minutes and the record say the same.
    let minutes = jury.minutes(jury.chair()).send().await.is(200).value();
    let verdict = text(&minutes["content"]["candidates"][0]["decisions"][0]["verdict"]);
    assert_eq!(verdict == "refused", late.status == 200, "{late:?}");
    let record = scene.read(&scene.student, "record").await;
    let validated = record["validated"].as_array().expect("a list").len();
    assert_eq!(validated, usize::from(verdict == "validated"));
}

#[tokio::test]
async fn minutes_are_only_added_to_and_every_sum_is_taken_again() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    jury.amend(jury.chair(), "Trop tôt").send().await.fails(409, "not_sealed");
    jury.decide(candidate, 0, says("validated")).send().await.is(200);
    jury.close().await.is(204);
    let before = jury.minutes(jury.chair()).send().await.is(200).value();

    assert_eq!(jury.amend(jury.chair(), " ").send().await.faults(), ["text: required"]);
    jury.amend(&jury.members[1], "Non").send().await.fails(403, "forbidden");
    for by in [jury.chair(), &jury.head] {
        let once = || jury.amend(by, "Lire « Léa »").header("idempotency-key", &by.id).send();
        once().await.is(201);
        once().await.is(201);
    }
    let after = jury.minutes(&jury.members[1]).send().await.is(200).value();
    assert_eq!((&after["content"], &after["sha256"]), (&before["content"], &before["sha256"]));
    let amendments = after["amendments"].as_array().expect("amendments");
    assert_eq!(amendments.len(), 2, "sent twice, written once");
    assert_eq!(amendments[1]["number"], 2);
    assert_ne!(amendments[0]["sha256"], amendments[1]["sha256"]);
    assert_eq!((&before["may_amend"], &after["may_amend"]), (&json!(true), &json!(false)));

    let elsewhere = School::open(&app, "ailleurs").await;
    jury.minutes(&elsewhere.head).send().await.fails(404, "not_found");
    jury.minutes(&scene.student).send().await.fails(404, "not_found");

    app.tamper("UPDATE minutes_amendments SET text = 'Lire Zoé' WHERE number = 1").await;
    jury.minutes(jury.chair()).send().await.fails(500, "internal");
    app.tamper("UPDATE minutes_amendments SET text = 'Lire « Léa »' WHERE number = 1").await;
    jury.minutes(jury.chair()).send().await.is(200);
    app.tamper("UPDATE minutes SET content = REPLACE(content, 'validated', 'refused')").await;
    jury.minutes(jury.chair()).send().await.fails(500, "internal");
}

#[tokio::test]
async fn what_is_added_about_one_candidate_is_not_for_the_others() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let other = another(&scene, "zoe").await;
    let (first, second) = (scene.enrolment.as_str(), other.enrolment.as_str());
    let jury = gathered(&scene, &[first, second], &[]).await;
    let (chair, third) = (jury.chair(), &jury.members[2]);
    jury.recuse(third, second).await;
    jury.decide(first, 0, says("validated")).send().await.is(200);
    jury.decide(second, 0, says("postponed")).send().await.is(200);
    jury.close().await.is(204);

    jury.amend_about(chair, Some(second), "Lire « Zoé »").send().await.is(201);
    jury.amend_about(&jury.head, None, "Lire « salle 5 »").send().await.is(201);
    jury.amend_about(chair, Some(first), "Lire « Léa »").send().await.is(201);
    let stranger = fellow(&scene, "yann").await.enrolment;
    let unknown = jury.amend_about(chair, Some(&stranger), "Lire « Yann »").send().await;
    assert_eq!(unknown.faults(), ["about: unknown_candidate"]);

    let numbers = |found: &Value| -> Vec<i64> {
        let found = found["amendments"].as_array().expect("amendments").iter();
        found.map(|one| one["number"].as_i64().expect("a number")).collect()
    };
    for (reader, expected) in [(&jury.head, &[1, 2, 3][..]), (chair, &[1, 2, 3]), (third, &[2, 3])]
    {
        assert_eq!(numbers(&jury.minutes(reader).send().await.is(200).value()), expected);
    }
    for (of, expected) in [(&scene, [2, 3]), (&other, [1, 2])] {
        assert_eq!(numbers(&of.read(&of.student, "record").await["judged"][0]), expected);
    }
    app.tamper("UPDATE minutes_amendments SET about_id = NULL WHERE number = 1").await;
    jury.minutes(chair).send().await.fails(500, "internal");
}

#[tokio::test]
async fn a_chair_adds_nothing_about_whom_they_left_the_room_for() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let other = another(&scene, "zoe").await;
    let (first, second) = (scene.enrolment.as_str(), other.enrolment.as_str());
    let jury = gathered(&scene, &[first, second], &[]).await;
    jury.decide(first, 0, says("validated")).send().await.is(200);
    jury.recuse(jury.chair(), second).await;
    jury.decide(second, 0, says("postponed")).send().await.is(200);
    jury.close().await.is(204);
    let refused = jury.amend_about(jury.chair(), Some(second), "Lire « Zoé »").send().await;
    assert_eq!(refused.faults(), ["about: unknown_candidate"]);
    jury.amend_about(&jury.head, Some(second), "Lire « Zoé »").send().await.is(201);
}

#[tokio::test]
async fn a_table_takes_as_many_statements_however_many_candidates() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let (second, third) = (another(&scene, "zoe").await, another(&scene, "yann").await);
    let all = [&scene, &second, &third].map(|scene| scene.enrolment.clone());
    let [first, second, third] = all.each_ref().map(String::as_str);
    let jury = gathered(&scene, &[first, second, third], &[]).await;
    let path = format!("{}/deliberation", jury.path());
    let empty = app.statements_of(jury.chair(), &path).await;
    assert!(empty <= 22, "{empty} statements");
    for candidate in [first, second, third] {
        for member in &jury.members {
            jury.propose(member, candidate, 0, says("validated")).send().await.is(200);
        }
        jury.decide(candidate, 0, says("validated")).send().await.is(200);
    }
    assert_eq!(app.statements_of(jury.chair(), &path).await, empty);
}
