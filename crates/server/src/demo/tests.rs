use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Datelike, Timelike, Utc, Weekday};
use domain::{
    ambient::{Ambient, day_in_france},
    assessment::Assessment,
    enrolment::{LearnerStatus, TutorKind},
    evidence::{Evidence, EvidenceAction, EvidenceKind, EvidenceStatus, Visibility},
    progress::{CompetencyStatus, Progress},
    queue::QueueItem,
    requirement::RequirementState,
    revision::Revision,
};
use store::{Durability, Options, credential::Signing, enrolment::Enrolled, page::Page};
use uuid::Uuid;

use super::{calendar::is_off, *};

const ALL: Page = Page { after: None, limit: 1_000 };
const PASSWORD: &str = "une phrase de passe";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Everything that can be seen of a filled school.
struct School {
    today: NaiveDate,
    demo: api::Demo,
    db: Db,
    clock: Arc<ManualClock>,
    organisation: Uuid,
    students: Vec<Seen>,
    folder: tempfile::TempDir,
}

struct Seen {
    enrolled: Enrolled,
    certification: Arc<store::certification::Published>,
    evidence: Vec<(Evidence, Vec<Revision>)>,
    /// Signed ones, and each assessor's own drafts.
    assessments: Vec<Assessment>,
    progress: Progress,
}

async fn school(today: NaiveDate) -> School {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(ManualClock::at(DateTime::<Utc>::UNIX_EPOCH));
    let options = Options {
        folder: folder.path().to_owned(),
        database_url: None,
        durability: Durability::Off,
        max_file_bytes: 1 << 20,
    };
    let ambient = Arc::new(Ambient::seeded(clock.clone(), 1));
    let db = Db::open(&options, ambient).await.expect("an empty database");
    let signing = Signing::new(&[7; 32], "http://demonstration.test");
    let demo = fill(&db, &signing, &clock, today, PASSWORD).await.expect("a filled school");
    let manager = demo.people.iter().find(|person| person.role == Role::Manager).expect("one");
    let organisation = sign_in(&db, manager).await.1;
    let mut students = Vec::new();
    for cohort in store::cohort::list(&db, &[organisation].into(), ALL).await.expect("a list").items
    {
        for enrolment in store::enrolment::of_cohorts(&db, [cohort.id]).await.expect("students") {
            students.push(seen(&db, organisation, enrolment.id).await);
        }
    }
    School { today, demo, db, clock, organisation, students, folder }
}

/// The person's id and organisation.
async fn sign_in(db: &Db, person: &api::DemoPerson) -> (Uuid, Uuid) {
    let user = store::people::authenticate(db, &person.email, PASSWORD).await.expect("an answer");
    let user = user.expect("everyone signs in with the same password");
    let memberships = store::people::memberships(db, user.id).await.expect("an answer");
    (user.id, memberships[0].organisation.id)
}

async fn seen(db: &Db, organisation: Uuid, id: Uuid) -> Seen {
    let scope = [organisation].into();
    let enrolled = store::enrolment::find(db, &scope, id).await.expect("it").expect("exists");
    let enrolment = &enrolled.enrolment;
    let certification =
        store::certification::load(db, enrolment.certification.id).await.expect("one");
    let everything = store::evidence::Filter {
        sight: authz::Sight::Everything,
        own: true,
        text: None,
        kind: None,
        status: None,
        competency: None,
        block: None,
        deliverable: false,
        newest_first: false,
    };
    let mut evidence = Vec::new();
    let found = store::evidence::list(db, id, &everything, ALL).await.expect("a list");
    for summary in found.page.items {
        let found = store::evidence::find(db, &[enrolment.organisation_id].into(), summary.id)
            .await
            .expect("it")
            .expect("exists");
        let revisions = store::evidence::revisions(db, summary.id).await.expect("revisions");
        evidence.push((found, revisions));
    }
    let mut assessments = BTreeMap::new();
    let readers = enrolled.tutors.iter().map(|tutor| tutor.user.id).chain([enrolment.student.id]);
    for reader in readers {
        let filter = store::assessment::Filter::default();
        let found = store::assessment::list(db, id, reader, &filter, ALL).await.expect("a list");
        assessments.extend(found.items.into_iter().map(|one| (one.id, one)));
    }
    let (facts, _) = store::progress::facts(db, id).await.expect("facts");
    let in_force = store::grid::in_force(db, certification.id).await.expect("a grid");
    let progress = domain::progress::progress(
        &in_force,
        enrolment.status,
        enrolment.profile.as_deref(),
        &facts,
    );
    let assessments = assessments.into_values().collect();
    Seen { enrolled, certification, evidence, assessments, progress }
}

impl School {
    async fn queue(&self, person: &api::DemoPerson) -> Vec<QueueItem> {
        let (user, organisation) = sign_in(&self.db, person).await;
        let actor = authz::Actor { user, memberships: [(organisation, person.role)].into() };
        store::queue::of(&self.db, &actor).await.expect("a queue").items
    }

    fn evidence(&self) -> impl Iterator<Item = &(Evidence, Vec<Revision>)> {
        self.students.iter().flat_map(|student| &student.evidence)
    }

    fn assessments(&self) -> impl Iterator<Item = &Assessment> {
        self.students.iter().flat_map(|student| &student.assessments)
    }

    fn count(&self, status: EvidenceStatus) -> usize {
        self.evidence().filter(|(evidence, _)| evidence.status == status).count()
    }

    fn people(&self, role: Role) -> impl Iterator<Item = &api::DemoPerson> {
        self.demo.people.iter().filter(move |person| person.role == role)
    }

    /// What people see, without ids.
    fn content(&self) -> String {
        use std::fmt::Write;

        let mut content = String::new();
        for student in &self.students {
            let enrolment = &student.enrolled.enrolment;
            writeln!(content, "{} {:?}", enrolment.student.email, enrolment.status).expect("text");
            for (evidence, revisions) in &student.evidence {
                let files: Vec<_> =
                    evidence.files.iter().map(|file| (&file.name, &file.sha256)).collect();
                writeln!(
                    content,
                    "{} {:?} {:?} {} {files:?}",
                    evidence.created_at,
                    evidence.status,
                    evidence.content,
                    revisions.len(),
                )
                .expect("text");
            }
            for one in &student.assessments {
                let ratings = &one.content.ratings;
                writeln!(content, "{:?} {} {:?} {ratings:?}", one.kind, one.block, one.signed_at)
                    .expect("text");
            }
            for block in &student.progress.blocks {
                writeln!(content, "{} {:?}", block.code, block.tally).expect("text");
            }
        }
        for person in &self.demo.people {
            writeln!(content, "{} {}", person.email, person.note).expect("text");
        }
        content
    }
}

// Filling takes a while, so that one school serves all that is asked of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_school_in_november() {
    let today = day("2026-11-22");
    let (school, again) = tokio::join!(school(today), school(today));
    assert!(school.content() == again.content(), "the same day makes the same school");
    there_are_five_cohorts_and_all_the_people_around_them(&school);
    every_stage_and_kind_is_there(&school);
    the_people_to_visit_first_are_worth_it(&school).await;
    somebody_lacks_but_one_thing(&school);
    what_happened_could_have_happened(&school);
    a_tutor_rates_only_what_was_shown(&school);
    company_and_school_differ_now_and_then(&school);
    some_assessments_stand_on_an_older_grid(&school);
    a_lone_competency_has_found_a_block(&school);
    a_company_tutor_follows_two_to_four(&school);
    texts_are_whole_and_french(&school);
    evidence_is_there_in_full(&school).await;
    files_are_what_they_say_and_differ(&school).await;
    visits_are_there_in_every_state(&school).await;
    dossiers_wait_for_a_jury(&school).await;
    juries_are_there_in_every_state(&school).await;
    the_audit_chain_is_whole(&school).await;
    the_list_of_people_is_read_back(&school);
    mails_lead_to_where_it_is_served(&school).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_day_makes_a_school() {
    let (first, last) = tokio::join!(school(day("2026-09-01")), school(day("2027-08-31")));
    for school in [first, last] {
        assert_eq!(school.students.len(), 60);
        assert!(school.count(EvidenceStatus::Accepted) >= 250, "{}", school.today);
        what_happened_could_have_happened(&school);
    }
}

fn there_are_five_cohorts_and_all_the_people_around_them(school: &School) {
    let count = |role| school.people(role).count();
    let roles = [
        (Role::Apprentice, 60),
        (Role::CompanyTutor, 20),
        (Role::SchoolTutor, 8),
        (Role::Manager, 1),
        (Role::Administrator, 1),
        (Role::Jury, 2),
    ];
    for (role, expected) in roles {
        assert_eq!(count(role), expected, "{role:?}");
    }
    let mut cohorts: BTreeMap<&str, usize> = BTreeMap::new();
    for student in &school.students {
        *cohorts.entry(&student.certification.certification.code).or_default() += 1;
    }
    let codes = ["RNCP21947", "RNCP37579", "RNCP38822", "RNCP42008", "SYSNUM"];
    assert_eq!(cohorts.into_iter().collect::<Vec<_>>(), codes.map(|code| (code, 12)));
    let emails: BTreeSet<_> = school.demo.people.iter().map(|person| &person.email).collect();
    assert_eq!(emails.len(), school.demo.people.len());
    assert!(emails.iter().all(|email| email.is_ascii() && email.ends_with(".example")));
}

fn every_stage_and_kind_is_there(school: &School) {
    for (status, least) in [
        (EvidenceStatus::Draft, 40),
        (EvidenceStatus::Submitted, 40),
        (EvidenceStatus::Returned, 8),
        (EvidenceStatus::Accepted, 300),
    ] {
        assert!(school.count(status) >= least, "{status:?} {}", school.count(status));
    }
    for kind in [
        EvidenceKind::Internship,
        EvidenceKind::CompanyPeriod,
        EvidenceKind::Project,
        EvidenceKind::Report,
        EvidenceKind::StayAbroad,
        EvidenceKind::LanguageCertificate,
        EvidenceKind::Other,
    ] {
        assert!(school.evidence().any(|(one, _)| one.content.kind == kind), "{kind:?}");
    }
    let drafts = school.assessments().filter(|one| one.signed_at.is_none()).count();
    let superseded = school.assessments().filter(|one| one.superseded).count();
    assert!(drafts >= 5 && superseded >= 100, "{drafts} drafts, {superseded} superseded");
    let statuses: BTreeSet<CompetencyStatus> = school
        .students
        .iter()
        .flat_map(|student| &student.progress.blocks)
        .flat_map(|block| &block.competencies)
        .map(|competency| competency.status)
        .collect();
    assert_eq!(statuses.len(), 4, "{statuses:?}");
    for status in [LearnerStatus::Apprentice, LearnerStatus::Student, LearnerStatus::Trainee] {
        assert!(school.students.iter().any(|one| one.enrolled.enrolment.status == status));
    }
}

async fn the_people_to_visit_first_are_worth_it(school: &School) {
    let shown: Vec<_> = school.demo.people.iter().filter(|person| person.featured).collect();
    let count = |role| shown.iter().filter(|person| person.role == role).count();
    assert_eq!(count(Role::Apprentice), 6);
    for (role, expected) in [
        (Role::CompanyTutor, 2),
        (Role::SchoolTutor, 2),
        (Role::Manager, 1),
        (Role::Administrator, 1),
        (Role::Jury, 1),
    ] {
        assert_eq!(count(role), expected, "{role:?}");
    }
    for person in &shown {
        assert!(!person.note.is_empty());
        if matches!(person.role, Role::CompanyTutor | Role::SchoolTutor) {
            let queue = school.queue(person).await;
            assert!((3..=14).contains(&queue.len()), "{} {}", person.email, queue.len());
            let oldest = (school.today - queue[0].since.date_naive()).num_days();
            assert!((14..=23).contains(&oldest), "{} {oldest}", person.email);
        }
    }
    let by_email = |email: &str| {
        school
            .students
            .iter()
            .find(|student| student.enrolled.enrolment.student.email == email)
            .expect("a student who is shown")
    };
    let mut drafts_only = 0;
    for person in shown.iter().filter(|person| person.role == Role::Apprentice) {
        let student = by_email(&person.email);
        if student.evidence.iter().all(|(one, _)| one.status == EvidenceStatus::Draft) {
            assert_eq!(student.evidence.len(), 2);
            drafts_only += 1;
        } else {
            assert!(student.evidence.len() >= 8, "{} {}", person.email, student.evidence.len());
        }
    }
    assert_eq!(drafts_only, 1);
}

fn somebody_lacks_but_one_thing(school: &School) {
    let lacking = school.students.iter().filter(|student| {
        let Progress { blocks, requirements, .. } = &student.progress;
        let missing = blocks.iter().map(|block| block.missing_deliverables.len()).sum::<usize>()
            + requirements.iter().filter(|one| one.state == RequirementState::Unmet).count();
        !blocks.is_empty()
            && blocks.iter().all(|block| block.tally.acquired == block.tally.total)
            && missing == 1
    });
    assert!(lacking.count() >= 4);
}

fn what_happened_could_have_happened(school: &School) {
    let now = school.today.and_time(NaiveTime::MIN).and_utc();
    for student in &school.students {
        let enrolment = &student.enrolled.enrolment;
        let tutors: BTreeMap<Uuid, TutorKind> =
            student.enrolled.tutors.iter().map(|tutor| (tutor.user.id, tutor.kind)).collect();
        for (evidence, revisions) in &student.evidence {
            let title = format!("{} : {}", enrolment.student.email, evidence.content.title);
            assert!(evidence.updated_at < now, "{title}");
            let mut last = evidence.created_at;
            for event in &evidence.history {
                assert!(event.at > last, "{title} {}", event.at);
                last = event.at;
                if matches!(event.action, EvidenceAction::Submitted | EvidenceAction::Withdrawn) {
                    assert_eq!(event.by.id, enrolment.student.id, "{title}");
                    continue;
                }
                assert!(tutors.contains_key(&event.by.id), "{title}");
                assert!(is_working_hour(event.at), "{title} {}", event.at);
                if event.action == EvidenceAction::Returned {
                    assert!(event.comment.is_some(), "{title}");
                }
            }
            if let Some(first) = revisions.first() {
                assert!(!first.files.is_empty(), "{title}");
                let ends_on = first.content.ends_on;
                assert!(ends_on.is_none_or(|end| end < first.submitted_at.date_naive()), "{title}");
            }
            let starts_on = evidence.content.starts_on;
            assert!(starts_on.is_none_or(|start| start >= enrolment.starts_on), "{title}");
        }
        for one in &student.assessments {
            let signed_at = one.signed_at.unwrap_or(one.created_at);
            assert!(one.created_at <= signed_at && signed_at < now);
            let own = one.assessor.id == enrolment.student.id;
            assert!(own || tutors.contains_key(&one.assessor.id));
            assert!(own || is_working_hour(one.created_at), "{}", one.created_at);
            assert!(!one.content.evidence.is_empty(), "{} {}", one.block, one.created_at);
        }
    }
}

fn is_working_hour(at: DateTime<Utc>) -> bool {
    !is_off(at.date_naive())
        && !matches!(at.weekday(), Weekday::Sat | Weekday::Sun)
        && (6..18).contains(&at.hour())
}

fn a_tutor_rates_only_what_was_shown(school: &School) {
    for student in &school.students {
        for one in &student.assessments {
            for rating in &one.content.ratings {
                let shown = student.evidence.iter().any(|(evidence, revisions)| {
                    revisions.first().is_some_and(|first| first.submitted_at <= one.created_at)
                        && evidence
                            .content
                            .competencies
                            .iter()
                            .any(|link| link.competency == rating.competency)
                });
                assert!(
                    shown,
                    "{} {}",
                    student.enrolled.enrolment.student.email, rating.competency
                );
            }
        }
    }
}

fn company_and_school_differ_now_and_then(school: &School) {
    let divergent = school
        .students
        .iter()
        .map(|student| {
            let competencies = student.progress.blocks.iter().flat_map(|block| &block.competencies);
            competencies.filter(|competency| competency.divergent).count()
        })
        .collect::<Vec<_>>();
    assert!(divergent.iter().sum::<usize>() >= 20);
    assert!(divergent.iter().all(|count| *count <= 6), "{divergent:?}");
}

fn some_assessments_stand_on_an_older_grid(school: &School) {
    let of = |code: &'static str| {
        school
            .students
            .iter()
            .filter(move |student| student.certification.certification.code == code)
    };
    let numbers: BTreeSet<u32> =
        of("RNCP21947").flat_map(|one| &one.assessments).map(|one| one.grid).collect();
    assert_eq!(numbers.into_iter().collect::<Vec<_>>(), [1, 2]);
    let older = of("RNCP21947").map(|student| student.progress.total.older_grid).sum::<u32>();
    assert!(older >= 2, "{older}");
    assert!(of("SYSNUM").flat_map(|student| &student.assessments).all(|one| one.grid == 0));
    let weighted = of("RNCP21947").flat_map(|student| &student.progress.blocks);
    let views = weighted.flat_map(|block| &block.competencies).flat_map(|unit| &unit.views);
    assert!(views.clone().any(|view| view.weighted.is_some() && !view.older_grid));
}

fn a_lone_competency_has_found_a_block(school: &School) {
    let students: Vec<_> = school
        .students
        .iter()
        .filter(|student| student.certification.certification.code == "RNCP42008")
        .collect();
    let outside = |key: &str| {
        students
            .iter()
            .all(|student| student.progress.outside.iter().any(|unit| unit.competency == key))
    };
    assert!(outside("C5") && outside("C6") && !outside("C4"));
    let assessed = students.iter().flat_map(|student| &student.assessments);
    assert!(assessed.flat_map(|one| &one.content.ratings).any(|one| one.competency == "C4"));
}

fn a_company_tutor_follows_two_to_four(school: &School) {
    let mut followed: BTreeMap<Uuid, (usize, BTreeSet<Uuid>)> = BTreeMap::new();
    for student in &school.students {
        for tutor in &student.enrolled.tutors {
            if tutor.kind == TutorKind::Company {
                let (count, cohorts) = followed.entry(tutor.user.id).or_default();
                *count += 1;
                cohorts.insert(student.certification.id);
            }
        }
        let schools = student.enrolled.tutors.iter().filter(|one| one.kind == TutorKind::School);
        assert_eq!(schools.count(), 1);
    }
    assert_eq!(followed.len(), 20);
    assert!(followed.values().all(|(count, _)| (2..=4).contains(count)), "{followed:?}");
    assert!(followed.values().any(|(_, cohorts)| cohorts.len() > 1));
}

fn texts_are_whole_and_french(school: &School) {
    for (evidence, _) in school.evidence() {
        let content = &evidence.content;
        let justifications = content.competencies.iter().map(|link| &link.justification);
        let comments = evidence.history.iter().filter_map(|event| event.comment.as_ref());
        for text in
            [&content.title, &content.text].into_iter().chain(justifications).chain(comments)
        {
            assert!(!text.contains(['{', '}', '\'']), "{text}");
            for mark in [" :", " ;", " !", " ?", " »", "« ", " %"] {
                assert!(!text.contains(mark), "a space that may break: {text}");
            }
            assert!(!text.contains("  "), "{text}");
        }
        for article in [" de le ", " de les ", " à le ", " à les "] {
            assert!(!content.title.contains(article), "{}", content.title);
        }
        if evidence.revision > 0 {
            for link in &content.competencies {
                assert!(!link.justification.is_empty(), "{}", content.title);
            }
        }
    }
}

async fn evidence_is_there_in_full(school: &School) {
    let some = |what: &str, is: fn(&Evidence) -> bool| {
        assert!(school.evidence().any(|(one, _)| is(one)), "{what}");
    };
    some("confidential", |one| one.content.visibility == Visibility::School);
    some("shown to the company", |one| one.content.visibility == Visibility::Company);
    some("a deliverable", |one| one.deliverable_of.is_some());
    some("an establishment", |one| one.content.siret.is_some());
    some("withdrawn", |one| {
        one.status == EvidenceStatus::Draft && one.history.len() == 2 && one.revision == 1
    });
    some("valid for a time", |one| one.content.valid_until.is_some());
    let mut messages = 0;
    for (one, _) in school.evidence() {
        let said = store::message::list(&school.db, one.id, ALL).await.expect("a list").items;
        messages += said.len();
        assert!(said.is_sorted_by_key(|message| message.at), "{}", one.content.title);
    }
    assert!(messages >= 10, "{messages}");
}

async fn files_are_what_they_say_and_differ(school: &School) {
    let mut contents = BTreeSet::new();
    let mut count = 0;
    for (evidence, _) in school.evidence() {
        for file in &evidence.files {
            count += 1;
            contents.insert(&file.sha256);
            let path = school.db.files.whole(&file.sha256).await.expect("a whole content");
            let bytes = fs::read(path).expect("its bytes");
            let (head, extension): (&[u8], _) = match file.media_type.as_str() {
                "application/pdf" => (b"%PDF-1.7", "pdf"),
                "image/png" => (b"\x89PNG\r\n\x1a\n", "png"),
                "text/markdown; charset=utf-8" => (b"# ", "md"),
                other => panic!("{other}"),
            };
            assert!(bytes.starts_with(head), "{}", file.name);
            assert!(file.name.ends_with(&format!(".{extension}")), "{}", file.name);
        }
    }
    assert!(count >= 500, "{count}");
    assert_eq!(contents.len(), count, "no content is there twice");
}

async fn visits_are_there_in_every_state(school: &School) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for student in &school.students {
        let id = student.enrolled.enrolment.id;
        for visit in store::visit::list(&school.db, id, true, ALL).await.expect("a list").items {
            assert!(visit.updated_at.date_naive() < school.today);
            *seen.entry(format!("{:?}", visit.status)).or_default() += 1;
        }
    }
    let states: Vec<&str> = seen.keys().map(String::as_str).collect();
    assert_eq!(states, ["Countersigning", "Draft", "Refused", "Signed", "Signing"], "{seen:?}");
    assert!(seen["Signed"] >= 20, "{seen:?}");
}

async fn dossiers_wait_for_a_jury(school: &School) {
    let mut pending = BTreeMap::new();
    let mut reopened = 0;
    for student in &school.students {
        let enrolment = &student.enrolled.enrolment;
        let dossiers =
            store::dossier::of_enrolment(&school.db, enrolment.id).await.expect("a list");
        if let [again, first] = &dossiers[..] {
            assert!(again.number == 2 && first.reopened.is_some());
            reopened += 1;
        }
        for dossier in dossiers {
            assert!(day_in_france(dossier.deposited_at) < school.today);
            let frozen = store::dossier::frozen(&school.db, dossier.id).await.expect("whole");
            assert_eq!(frozen.dossier.blocks, dossier.blocks);
            assert!(!frozen.dossier.evidence.is_empty() && !frozen.dossier.presentation.is_empty());
            if dossier.reopened.is_none() {
                *pending.entry(enrolment.certification.code.clone()).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(reopened, 1);
    assert!(pending["RNCP38822"] >= 3, "enough for a session: {pending:?}");
    assert!(!pending.contains_key("RNCP37579"), "nothing is deposited on a draft");
}

async fn juries_are_there_in_every_state(school: &School) {
    use domain::jury::{
        JurySession,
        SessionStatus::{Closed, Open, Planned},
    };
    let memberships = [(school.organisation, Role::Manager)].into();
    let manager = authz::Actor { user: Uuid::nil(), memberships };
    let listed = store::jury::list(&school.db, &manager, None, ALL).await.expect("a list").items;
    let mut found = Vec::new();
    for listed in listed {
        assert!(listed.candidates > 0);
        let sitting = listed.sitting;
        let JurySession { id, status, starts_at, closed_at, .. } = sitting.session;
        let heard = store::jury::candidates(&school.db, id).await.expect("candidates");
        let heard = heard.iter().map(|candidate| candidate.slot.ends_at()).max();
        let heard = heard.expect("a candidate");
        assert!(
            starts_at < heard && closed_at.is_none_or(|at| heard < at),
            "closed once all are heard"
        );
        let check = store::jury::check(&school.db, &sitting).await.expect("a check");
        found.push((status, check.complies()));
    }
    found.sort_by_key(|(status, complies)| (format!("{status:?}"), *complies));
    assert_eq!(found, [(Closed, true), (Open, true), (Planned, false), (Planned, true)]);
}

async fn the_audit_chain_is_whole(school: &School) {
    let broken = store::audit::first_break(&school.db, school.organisation).await;
    assert_eq!(broken.expect("an answer"), None);
}

async fn mails_lead_to_where_it_is_served(school: &School) {
    let School { db, clock, today, .. } = school;
    let folder = school.folder.path().join("mails");
    mails::write(db, clock, *today, &folder, "http://127.0.0.1:8123").await.expect("mails");
    let mut found = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let mail = fs::read(entry.expect("a mail").path()).expect("a mail");
        let text = String::from_utf8_lossy(&mail);
        assert!(text.contains("//127.0.0.1:8123/") && !text.contains("//localhost"), "{text}");
        found += 1;
    }
    assert!(found > 0, "reminders of the week");
}

fn the_list_of_people_is_read_back(school: &School) {
    let folder = school.folder.path();
    save(folder, &school.demo).expect("a file");
    let back = load(folder).expect("a list").expect("is there");
    let json = |demo: &api::Demo| serde_json::to_string(demo).expect("JSON");
    assert_eq!(json(&back), json(&school.demo));
    assert!(load(tempfile::tempdir().expect("a folder").path()).expect("an answer").is_none());
}
