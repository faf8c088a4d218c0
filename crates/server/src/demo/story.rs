//! The story of the school, step by step, told to the store as it happened.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ambient::ManualClock,
    assessment::{AssessmentContent, AssessorKind},
    certification::RouteKind,
    enrolment::{Enrolment, EnrolmentTerms, TutorKind},
    evidence::EvidenceAction,
    grid::Effective,
    message::Speaker,
    person::{Identity, Role},
};
use store::{Db, certification::Published, cohort::NewCohort, credential::Signing};
use uuid::Uuid;

use super::{
    assessments::{Assessor, Grid},
    calendar::{Calendar, after},
    credentials, deadlines,
    dice::Dice,
    dossiers,
    evidence::{Decision, File, FileContent, Planned, Planner},
    files, grids,
    juries::Juries,
    people::{self, COMPANY_TUTORS, JURY, MANAGER, SCHOOL_TUTORS},
    places::{COMPANIES, SCHOOL_NAME},
    planned_juries::Office,
    records,
    students::{self, COHORTS, Stage, Student},
    visits,
};

/// The school's own choices, beside those of the database's generator.
const SEED: u64 = 37_579;

/// A person with an account.
pub struct Account {
    pub identity: Identity,
    pub role: Role,
    pub is: Is,
    pub id: Uuid,
    /// The link to choose a password, until it is used.
    link: Option<String>,
}

/// Who an account belongs to, by place in the lists of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    Administrator,
    Manager,
    Jury(usize),
    SchoolTutor(usize),
    CompanyTutor(usize),
    Student(usize),
}

/// A student's work, and what the store made of it.
struct Portfolio {
    evidence: Vec<Planned>,
    grids: Vec<Grid>,
    enrolment: Option<Enrolment>,
    /// Id and version of each evidence and grid that exists.
    made: Vec<Option<(Uuid, i32)>>,
    filled: Vec<Option<Filled>>,
}

/// A grid that was begun, and what it stands on.
struct Filled {
    id: Uuid,
    on: std::sync::Arc<Effective>,
}

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
enum Step {
    Add(usize),
    Accept(usize),
    OpenCohort(usize),
    PublishGrid(usize),
    Enrol(usize),
    Create(usize, usize),
    Submit(usize, usize),
    Decide(usize, usize),
    Change(usize, usize),
    SubmitAgain(usize, usize),
    DecideAgain(usize, usize),
    Withdraw(usize, usize),
    Say(usize, usize, usize),
    Fill(usize, usize),
    Sign(usize, usize),
    Visit(usize, visits::Act),
}

pub struct Story<'a> {
    db: &'a Db,
    signing: &'a Signing,
    clock: &'a ManualClock,
    calendar: Calendar,
    password: &'a str,
    dice: Dice,
    pub organisation: Uuid,
    pub accounts: Vec<Account>,
    pub students: Vec<Student>,
    portfolios: Vec<Portfolio>,
    published: Vec<std::sync::Arc<Published>>,
    cohorts: Vec<Option<Uuid>>,
    reports: Vec<visits::Report>,
    steps: Vec<(DateTime<Utc>, Step)>,
}

/// Tells the whole story.
pub async fn tell<'a>(
    db: &'a Db,
    signing: &'a Signing,
    clock: &'a ManualClock,
    calendar: Calendar,
    password: &'a str,
) -> Result<Story<'a>> {
    let mut story = Story::open(db, signing, clock, calendar, password).await?;
    story.invite();
    story.study();
    story.own_grids();
    story.visit();
    story.steps.sort_by_key(|(at, _)| *at);
    for (at, step) in std::mem::take(&mut story.steps) {
        clock.set(at);
        story.act(step).await.with_context(|| format!("{step:?}, {at}"))?;
    }
    story.deposit().await?;
    story.transcribe().await?;
    Ok(story)
}

impl<'a> Story<'a> {
    /// The administrator opens the school with the link of the first start.
    async fn open(
        db: &'a Db,
        signing: &'a Signing,
        clock: &'a ManualClock,
        calendar: Calendar,
        password: &'a str,
    ) -> Result<Self> {
        let dice = Dice::new(SEED);
        let at = calendar.opening.and_hms_opt(7, 30, 0).context("half past seven")?.and_utc();
        clock.set(at);
        let link = store::people::setup_link(db).await?;
        clock.set(at + TimeDelta::minutes(4));
        let identity = people::at_school(people::ADMINISTRATOR);
        let administrator =
            store::people::set_up(db, &link, SCHOOL_NAME, identity.clone(), password).await?;
        let memberships = store::people::memberships(db, administrator.id).await?;
        let organisation = memberships.first().context("the school exists")?.organisation.id;
        let mut published = Vec::new();
        for cohort in &COHORTS {
            let found =
                store::certification::find(db, &[organisation].into(), cohort.code, None).await?;
            published.push(found.with_context(|| format!("no {}", cohort.code))?);
        }
        let students = students::all(&calendar);
        let portfolios = students
            .iter()
            .zip(1..)
            .map(|(student, seed)| {
                let certification = grids::planned(&published[student.cohort].certification);
                Portfolio::plan(student, &certification, &calendar, SEED + seed)
            })
            .collect();
        Ok(Self {
            db,
            signing,
            clock,
            calendar,
            password,
            dice,
            organisation,
            accounts: vec![Account {
                identity,
                role: Role::Administrator,
                is: Is::Administrator,
                id: administrator.id,
                link: None,
            }],
            students,
            portfolios,
            published,
            cohorts: vec![None; COHORTS.len()],
            reports: Vec::new(),
            steps: Vec::new(),
        })
    }

    /// Everyone's account: who adds them is known by then, and the link is used in the days after.
    fn invite(&mut self) {
        let opening = self.calendar.opening;
        let mut people = vec![(people::at_school(MANAGER), Role::Manager, Is::Manager, opening, 0)];
        for (index, name) in JURY.into_iter().enumerate() {
            let identity = people::identity(name, "jury.example");
            people.push((identity, Role::Jury, Is::Jury(index), after(opening, 2), 9));
        }
        for (index, name) in SCHOOL_TUTORS.into_iter().enumerate() {
            let is = Is::SchoolTutor(index);
            people.push((people::at_school(name), Role::SchoolTutor, is, after(opening, 1), 1));
        }
        for (index, name) in COMPANY_TUTORS.into_iter().enumerate() {
            let identity = people::identity(name, COMPANIES[index].domain);
            let is = Is::CompanyTutor(index);
            people.push((identity, Role::CompanyTutor, is, after(opening, 1), 8));
        }
        for (index, student) in self.students.iter().enumerate() {
            let identity = people::at_school(student.name);
            let day = after(student.enrolled, 2);
            people.push((identity, Role::Apprentice, Is::Student(index), day, 4));
        }
        for (identity, role, is, day, patience) in people {
            let account = self.accounts.len();
            let added = if is == Is::Manager {
                // Before everyone else, whom the manager adds.
                day.and_hms_opt(7, 45, 0).expect("a time of the day").and_utc()
            } else {
                self.calendar.at_work(day, &mut self.dice).max(midday(opening))
            };
            let accepted = match patience {
                0 => added + TimeDelta::minutes(20),
                days => {
                    let days = self.dice.between(0, days);
                    let hours = added + TimeDelta::minutes(self.dice.between(15, 150));
                    hours + TimeDelta::days(days)
                }
            };
            self.accounts.push(Account { identity, role, is, id: Uuid::nil(), link: None });
            self.steps.push((added, Step::Add(account)));
            self.steps.push((accepted, Step::Accept(account)));
        }
        for cohort in 0..COHORTS.len() {
            self.steps.push((midday(after(opening, 1)), Step::OpenCohort(cohort)));
        }
        for (index, student) in self.students.iter().enumerate() {
            let day = after(student.enrolled, 2);
            let evening = midday(super::calendar::working_day(day)) + TimeDelta::hours(6);
            self.steps.push((evening, Step::Enrol(index)));
        }
    }

    /// What each portfolio plans, as steps.
    fn study(&mut self) {
        for (student, portfolio) in self.portfolios.iter().enumerate() {
            for (index, planned) in portfolio.evidence.iter().enumerate() {
                let mut step = |at: Option<DateTime<Utc>>, step: Step| {
                    self.steps.extend(at.map(|at| (at, step)));
                };
                step(Some(planned.created), Step::Create(student, index));
                step(planned.submitted, Step::Submit(student, index));
                step(planned.decision.as_ref().map(|it| it.at), Step::Decide(student, index));
                let again = planned.again.as_ref();
                step(again.map(|it| it.changed), Step::Change(student, index));
                step(again.map(|it| it.submitted), Step::SubmitAgain(student, index));
                step(again.map(|it| it.decision.at), Step::DecideAgain(student, index));
                step(planned.withdrawn, Step::Withdraw(student, index));
                for (which, said) in planned.said.iter().enumerate() {
                    step(Some(said.at), Step::Say(student, index, which));
                }
            }
            for (index, grid) in portfolio.grids.iter().enumerate() {
                self.steps.push((grid.created, Step::Fill(student, index)));
                if let Some(signed) = grid.signed {
                    self.steps.push((signed, Step::Sign(student, index)));
                }
            }
        }
    }

    /// What the manager decides on how the certifications are assessed.
    fn own_grids(&mut self) {
        for (index, publication) in grids::PUBLICATIONS.iter().enumerate() {
            self.steps.push((publication.at(&self.calendar), Step::PublishGrid(index)));
        }
    }

    /// The visits of tutors, whose reports are signed on the day.
    fn visit(&mut self) {
        let (reports, acts) = visits::plan(&self.students, &self.calendar, &mut self.dice);
        self.reports = reports;
        self.steps.extend(acts.into_iter().map(|(at, report, act)| (at, Step::Visit(report, act))));
    }

    /// What is ready for a jury by now is deposited.
    async fn deposit(&self) -> Result<()> {
        let enrolled = self.students.iter().zip(&self.portfolios).filter_map(|(student, work)| {
            work.enrolment.as_ref().map(|enrolment| (student, enrolment.id))
        });
        let enrolled: Vec<_> = enrolled.collect();
        let (db, clock, organisation) = (self.db, self.clock, self.organisation);
        let manager = self.id(Is::Manager);
        dossiers::deposit(db, clock, organisation, manager, enrolled.iter().copied()).await?;
        let jurors = [self.id(Is::Jury(0)), self.id(Is::Jury(1))];
        Juries { db, clock, organisation, manager, jurors }.hold(&enrolled).await?;
        let apprentices = |cohort: usize| -> Vec<Uuid> {
            let fits = |student: &Student| {
                student.cohort == cohort && student.route == RouteKind::Apprenticeship
            };
            enrolled.iter().filter(|(student, _)| fits(student)).map(|(_, id)| *id).collect()
        };
        let today = self.calendar.today;
        let first = (&*self.published[0], &apprentices(0)[..]);
        let second = (&*self.published[1], &apprentices(1)[..]);
        Office { db, clock, today, organisation, manager, jurors }.plan_all(first, second).await
    }

    async fn report(&mut self, report: usize, act: visits::Act) -> Result<()> {
        let student = self.reports[report].student;
        let Student { company, school_tutor, .. } = self.students[student];
        let by = self.id(match act {
            visits::Act::Draft(TutorKind::Company) | visits::Act::Sign(TutorKind::Company) => {
                Is::CompanyTutor(company)
            }
            visits::Act::Draft(TutorKind::School) | visits::Act::Sign(TutorKind::School) => {
                Is::SchoolTutor(school_tutor)
            }
            visits::Act::Countersign | visits::Act::Refuse => Is::Student(student),
        });
        let enrolment = self.enrolment_of(student).context("the student is enrolled")?.id;
        let found = store::enrolment::find(self.db, &[self.organisation].into(), enrolment).await?;
        let enrolled = found.context("the enrolment exists")?;
        self.reports[report].act(self.db, &enrolled, by, act).await
    }

    async fn act(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Add(account) => self.add(account).await,
            Step::Accept(account) => self.accept(account).await,
            Step::OpenCohort(cohort) => self.open_cohort(cohort).await,
            Step::PublishGrid(index) => self.publish_grid(index).await,
            Step::Enrol(student) => self.enrol(student).await,
            Step::Create(student, index) => self.create(student, index).await,
            Step::Submit(student, index) | Step::SubmitAgain(student, index) => {
                self.submit(student, index).await
            }
            Step::Decide(student, index) => {
                let planned = &self.portfolios[student].evidence[index];
                let decision = planned.decision.as_ref().context("a decision is planned")?;
                self.decide(student, index, decision).await.map(|()| self.bump(student, index))
            }
            Step::DecideAgain(student, index) => {
                let planned = &self.portfolios[student].evidence[index];
                let again = planned.again.as_ref().context("a second round is planned")?;
                self.decide(student, index, &again.decision)
                    .await
                    .map(|()| self.bump(student, index))
            }
            Step::Change(student, index) => self.change(student, index).await,
            Step::Withdraw(student, index) => self.withdraw(student, index).await,
            Step::Say(student, index, which) => self.say(student, index, which).await,
            Step::Fill(student, index) => self.fill(student, index).await,
            Step::Sign(student, index) => self.sign(student, index).await,
            Step::Visit(report, act) => self.report(report, act).await,
        }
    }

    async fn add(&mut self, account: usize) -> Result<()> {
        let by = match self.accounts[account].is {
            Is::Manager => self.id(Is::Administrator),
            _ => self.id(Is::Manager),
        };
        let Account { identity, role, .. } = &self.accounts[account];
        let roles = BTreeSet::from([*role]);
        let (person, link) =
            store::people::add(self.db, by, self.organisation, identity.clone(), &roles, None)
                .await?;
        self.accounts[account].id = person.user.id;
        self.accounts[account].link = link;
        Ok(())
    }

    async fn accept(&mut self, account: usize) -> Result<()> {
        let link = self.accounts[account].link.take().context("a link was sent")?;
        store::access::choose_password(self.db, &link, self.password).await?;
        Ok(())
    }

    async fn open_cohort(&mut self, cohort: usize) -> Result<()> {
        let new = NewCohort {
            name: COHORTS[cohort].name(&self.calendar),
            starts_on: self.calendar.intake,
            ends_on: COHORTS[cohort].ends_on(&self.calendar),
        };
        let by = self.id(Is::Manager);
        let id = store::cohort::create(self.db, by, &self.published[cohort], new, None).await?;
        self.cohorts[cohort] = Some(id);
        deadlines::set(self.db, by, &self.published[cohort], (cohort, id), &self.calendar).await
    }

    async fn publish_grid(&self, index: usize) -> Result<()> {
        let code = grids::PUBLICATIONS[index].code;
        let published = self.published.iter().find(|one| one.certification.code == code);
        let published = published.with_context(|| format!("no {code}"))?;
        grids::publish(self.db, self.id(Is::Manager), published, index).await
    }

    async fn enrol(&mut self, index: usize) -> Result<()> {
        let student = &self.students[index];
        let terms = EnrolmentTerms {
            route: student.route,
            status: student.status,
            profile: None,
            starts_on: student.since,
            ends_on: Some(deadlines::path_ends_on(student, &self.calendar)),
        };
        let (manager, who) = (self.id(Is::Manager), self.id(Is::Student(index)));
        let published = &self.published[student.cohort];
        let cohort = self.cohorts[student.cohort];
        let id =
            store::enrolment::create(self.db, manager, published, who, cohort, terms, None).await?;
        let enrolment = self.enrolment(id).await?;
        let mut tutors =
            BTreeSet::from([(self.id(Is::SchoolTutor(student.school_tutor)), TutorKind::School)]);
        if student.has_company_tutor {
            tutors.insert((self.id(Is::CompanyTutor(student.company)), TutorKind::Company));
        }
        self.clock.set(domain::ambient::Clock::now(self.clock) + TimeDelta::minutes(3));
        let version = enrolment.version;
        store::enrolment::set_tutors(self.db, manager, &enrolment, version, &tutors).await?;
        self.portfolios[index].enrolment = Some(enrolment);
        Ok(())
    }

    async fn enrolment(&self, id: Uuid) -> Result<Enrolment> {
        let found = store::enrolment::find(self.db, &[self.organisation].into(), id).await?;
        Ok(found.context("the enrolment exists")?.enrolment)
    }

    /// What some students bring along from earlier juries.
    async fn transcribe(&self) -> Result<()> {
        for (student, portfolio) in self.students.iter().zip(&self.portfolios) {
            let enrolment = portfolio.enrolment.as_ref().context("the student is enrolled")?;
            let certification = &self.published[student.cohort].certification;
            let brought = records::brought(student, certification, &self.calendar)?;
            if !brought.is_empty() {
                let scope = [self.organisation].into();
                let found = store::enrolment::find(self.db, &scope, enrolment.id).await?;
                let enrolled = found.context("the enrolment exists")?;
                let manager = self.id(Is::Manager);
                store::record::transcribe(self.db, manager, &enrolled, brought).await?;
                credentials::issue_last(self.db, self.signing, manager, &enrolled).await?;
            }
        }
        Ok(())
    }

    async fn create(&mut self, student: usize, index: usize) -> Result<()> {
        let portfolio = &self.portfolios[student];
        let enrolment = portfolio.enrolment.as_ref().context("the student is enrolled")?;
        let certification = &self.published[self.students[student].cohort].certification;
        let by = self.id(Is::Student(student));
        let planned = &portfolio.evidence[index];
        let content = planned.content.clone();
        let id =
            store::evidence::create(self.db, by, enrolment, certification, content, None).await?;
        let mut version = 1;
        for file in &planned.files {
            self.attach(by, id, file).await?;
            version += 1;
        }
        self.portfolios[student].made[index] = Some((id, version));
        Ok(())
    }

    async fn withdraw(&mut self, student: usize, index: usize) -> Result<()> {
        let (id, version) = self.made(student, index)?;
        store::evidence::withdraw(self.db, self.id(Is::Student(student)), id, version).await?;
        self.bump(student, index);
        Ok(())
    }

    async fn say(&self, student: usize, index: usize, which: usize) -> Result<()> {
        let (id, _) = self.made(student, index)?;
        let said = &self.portfolios[student].evidence[index].said[which];
        let (is, speaks_as) = if said.by_tutor {
            (Is::SchoolTutor(self.students[student].school_tutor), Speaker::SchoolTutor)
        } else {
            (Is::Student(student), Speaker::Student)
        };
        store::message::create(self.db, self.id(is), speaks_as, id, said.text, None).await?;
        Ok(())
    }

    async fn attach(&self, by: Uuid, evidence: Uuid, file: &File) -> Result<()> {
        let (content, media_type) = match &file.content {
            FileContent::Document(document) => (files::document(document), "application/pdf"),
            FileContent::Note(text) => (text.clone().into_bytes(), "text/markdown; charset=utf-8"),
            FileContent::Picture { kind, caption, under, seed } => {
                let picture = files::picture(*kind, caption, under, &mut Dice::new(*seed));
                (picture, "image/png")
            }
        };
        let content = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(content))]);
        let stored = self.db.files.keep(content).await?;
        store::file::attach(self.db, by, evidence, &file.name, media_type, &stored, None).await?;
        Ok(())
    }

    async fn submit(&mut self, student: usize, index: usize) -> Result<()> {
        let certification = &self.published[self.students[student].cohort].certification;
        let by = self.id(Is::Student(student));
        let (id, version) = self.made(student, index)?;
        store::evidence::submit(self.db, by, certification, id, version).await?;
        self.bump(student, index);
        Ok(())
    }

    async fn decide(&self, student: usize, index: usize, decision: &Decision) -> Result<()> {
        let Decision { by_company, action, comment, .. } = decision;
        let Student { company, school_tutor, .. } = self.students[student];
        let by =
            if *by_company { Is::CompanyTutor(company) } else { Is::SchoolTutor(school_tutor) };
        let (id, version) = self.made(student, index)?;
        let (by, comment) = (self.id(by), comment.clone());
        debug_assert!(*action != EvidenceAction::Submitted, "a tutor accepts or returns");
        store::evidence::decide(self.db, by, id, version, *action, comment).await?;
        Ok(())
    }

    async fn change(&mut self, student: usize, index: usize) -> Result<()> {
        let certification = &self.published[self.students[student].cohort].certification;
        let by = self.id(Is::Student(student));
        let planned = &self.portfolios[student].evidence[index];
        let again = planned.again.as_ref().context("a change is planned")?;
        let (id, version) = self.made(student, index)?;
        let content = again.content.clone();
        store::evidence::update(self.db, by, certification, id, version, content).await?;
        self.attach(by, id, &again.file).await?;
        self.bump(student, index);
        self.bump(student, index);
        Ok(())
    }

    async fn fill(&mut self, student: usize, index: usize) -> Result<()> {
        let portfolio = &self.portfolios[student];
        let on = store::grid::in_force(self.db, self.published[self.students[student].cohort].id)
            .await?;
        let grid = &portfolio.grids[index];
        let Student { company, school_tutor, .. } = self.students[student];
        let assessor = self.id(match grid.kind {
            AssessorKind::Student => Is::Student(student),
            AssessorKind::Company => Is::CompanyTutor(company),
            AssessorKind::School | AssessorKind::Jury => Is::SchoolTutor(school_tutor),
        });
        let seat = store::assessment::Seat {
            enrolment: portfolio.enrolment.as_ref().context("the student is enrolled")?,
            effective: &on,
            block: on.certification.block(&grid.block).context("the block exists")?,
            kind: grid.kind,
            assessor,
        };
        let content = AssessmentContent {
            occasion: grid.occasion.clone(),
            assessed_on: grid.assessed_on,
            comment: grid.comment.clone(),
            evidence: grid
                .evidence
                .iter()
                .filter_map(|index| portfolio.made[*index].map(|(id, _)| id))
                .collect(),
            ratings: grid.ratings.clone(),
        };
        let content = content.restarted_on(&on.certification, seat.block);
        let id = store::assessment::create(self.db, seat, content, None).await?;
        self.portfolios[student].filled[index] = Some(Filled { id, on });
        Ok(())
    }

    async fn sign(&mut self, student: usize, index: usize) -> Result<()> {
        let filled = self.portfolios[student].filled[index].as_ref();
        let Filled { id, on } = filled.context("the grid was filled")?;
        store::assessment::sign(self.db, &on.certification, *id, 1).await?;
        Ok(())
    }

    pub fn id(&self, is: Is) -> Uuid {
        self.accounts.iter().find(|account| account.is == is).map_or(Uuid::nil(), |known| known.id)
    }

    pub fn enrolment_of(&self, student: usize) -> Option<&Enrolment> {
        self.portfolios[student].enrolment.as_ref()
    }

    fn made(&self, student: usize, index: usize) -> Result<(Uuid, i32)> {
        self.portfolios[student].made[index].context("the evidence exists")
    }

    fn bump(&mut self, student: usize, index: usize) {
        if let Some((_, version)) = &mut self.portfolios[student].made[index] {
            *version += 1;
        }
    }
}

impl Portfolio {
    fn plan(
        student: &Student,
        certification: &domain::certification::Certification,
        calendar: &Calendar,
        seed: u64,
    ) -> Self {
        let mut planner = Planner::new(student, certification, calendar, seed);
        planner.plan();
        let Planner { planned: evidence, modes, mut dice, .. } = planner;
        let grids = Assessor {
            student,
            certification,
            calendar,
            dice: &mut dice,
            modes: &modes,
            evidence: &evidence,
        }
        .grids();
        debug_assert!(student.stage != Stage::Newcomer || grids.is_empty());
        Self {
            enrolment: None,
            made: vec![None; evidence.len()],
            filled: grids.iter().map(|_| None).collect(),
            evidence,
            grids,
        }
    }
}

fn midday(day: chrono::NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(11, 0, 0).expect("a time of the day").and_utc()
}
