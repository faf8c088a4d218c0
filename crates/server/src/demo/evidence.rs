//! What each student logs, when, and what becomes of it.

mod choice;
mod document;
mod more;
mod reasons;
mod typed;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    certification::Certification,
    evidence::{EvidenceAction, EvidenceContent, EvidenceKind, Link, Visibility},
};

use self::{
    choice::modes,
    document::slug,
    reasons::{Remarks, justified},
};
use super::{
    calendar::{Calendar, after, before, last_working_day, working_day},
    dice::Dice,
    files::{Document, Picture},
    places::{COMPANIES, Place, SCHOOL, SCHOOL_NAME, Words, capital, french},
    students::{Stage, Student},
    templates::{At, TEMPLATES, Template},
    texts,
    themes::{self, Theme},
};

/// How far a student is in one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Full,
    Mixed,
    Started,
    Empty,
}

pub struct Planned {
    pub content: EvidenceContent,
    pub files: Vec<File>,
    pub created: DateTime<Utc>,
    pub submitted: Option<DateTime<Utc>>,
    pub decision: Option<Decision>,
    pub again: Option<Again>,
    pub withdrawn: Option<DateTime<Utc>>,
    /// The conversation on it.
    pub said: Vec<Said>,
}

pub struct Said {
    pub at: DateTime<Utc>,
    /// A tutor speaks; otherwise the student.
    pub by_tutor: bool,
    pub text: &'static str,
}

pub struct Decision {
    pub at: DateTime<Utc>,
    pub by_company: bool,
    pub action: EvidenceAction,
    pub comment: Option<String>,
}

/// What follows a return.
pub struct Again {
    pub changed: DateTime<Utc>,
    pub content: EvidenceContent,
    /// What is joined with the change.
    pub file: File,
    pub submitted: DateTime<Utc>,
    pub decision: Decision,
}

pub struct File {
    pub name: String,
    pub content: FileContent,
}

pub enum FileContent {
    Document(Box<Document>),
    /// A text in Markdown.
    Note(String),
    Picture {
        kind: Picture,
        caption: String,
        under: String,
        seed: u64,
    },
}

impl Planned {
    /// Whether a tutor could count on it at that moment.
    pub fn is_handed_in(&self, at: DateTime<Utc>) -> bool {
        let submitted = self.submitted.is_some_and(|submitted| submitted <= at);
        let returned = self.decision.as_ref().is_some_and(|decision| {
            decision.action == EvidenceAction::Returned && decision.at <= at
        });
        let again = self.again.as_ref().is_some_and(|again| again.submitted <= at);
        submitted && self.withdrawn.is_none() && (!returned || again)
    }

    pub fn shows(&self, competency: &str) -> bool {
        self.content.competencies.iter().any(|link| link.competency == competency)
    }
}

/// What is planned to become of an evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Draft,
    Waiting,
    Returned,
    Accepted,
    /// Returned, submitted again, accepted.
    Mended,
}

/// What a late project is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    /// Competencies that no tutor has seen yet.
    New,
    /// Those that the student has already shown.
    Known,
}

pub struct Planner<'a> {
    student: &'a Student,
    certification: &'a Certification,
    calendar: &'a Calendar,
    pub dice: Dice,
    themes: Vec<(&'a str, Vec<Theme>)>,
    /// Templates that are left, in the order in which they are tried.
    templates: Vec<&'static Template>,
    pub modes: Vec<Mode>,
    pub planned: Vec<Planned>,
    remarks: Remarks,
    /// What the files of blocks are about so far.
    subjects: Vec<Theme>,
}

impl<'a> Planner<'a> {
    pub fn new(
        student: &'a Student,
        certification: &'a Certification,
        calendar: &'a Calendar,
        seed: u64,
    ) -> Self {
        let mut dice = Dice::new(seed);
        let mut templates: Vec<&Template> = TEMPLATES.iter().collect();
        dice.shuffle(&mut templates);
        let modes = modes(student.stage, certification.blocks.len(), &mut dice);
        let themes = certification
            .competencies
            .iter()
            .map(|competency| (competency.key.as_str(), themes::of(competency)))
            .collect();
        Self {
            student,
            certification,
            calendar,
            dice,
            themes,
            templates,
            modes,
            planned: Vec::new(),
            remarks: Remarks::default(),
            subjects: Vec::new(),
        }
    }

    fn place(&self, at: At) -> &'static Place {
        match at {
            At::Company => &COMPANIES[self.student.company],
            At::School => &SCHOOL,
        }
    }

    /// Everything that the student has logged up to today.
    pub fn plan(&mut self) {
        if self.student.stage == Stage::Newcomer {
            for _ in 0..2 {
                self.project(&[], On::New, Fate::Draft, 0);
            }
            return;
        }
        let targets = self.targets();
        self.cover(&targets);
        self.periods();
        self.certificate();
        self.documents();
        self.deliverables();
        self.latest(&targets);
        self.more();
        self.planned.sort_by_key(|planned| planned.created);
    }

    /// A day between the first weeks and the last visit of the tutors.
    fn spread(&mut self, index: usize, count: usize) -> NaiveDate {
        let (first, last) = (after(self.calendar.opening, 14), self.calendar.ago(46));
        let days = (last - first).num_days().max(1);
        let index = i64::try_from(index).unwrap_or_default();
        let step = days / i64::try_from(count.max(1)).unwrap_or(1);
        let day = index * step + self.dice.between(0, step.max(1) - 1);
        after(first, u64::try_from(day).unwrap_or_default())
    }

    fn log(
        &mut self,
        template: &'static Template,
        links: &[(String, Theme)],
        fate: Fate,
        day: NaiveDate,
    ) {
        let place = self.place(template.at);
        let words = Words::new(place, &mut self.dice);
        let weeks = u64::try_from(self.dice.between(3, 10)).unwrap_or_default();
        let ends_on = before(day, u64::try_from(self.dice.between(6, 12)).unwrap_or_default());
        let paragraphs: Vec<String> = template.text.iter().map(|text| words.fill(text)).collect();
        let mut content = EvidenceContent {
            starts_on: Some(working_day(before(ends_on, weeks * 7).max(self.student.since))),
            ends_on: Some(last_working_day(ends_on)),
            organisation: Some(organisation(place)),
            text: paragraphs.join("\n\n"),
            competencies: justified(template, links, &words, &mut self.dice),
            ..blank(template.kind, capital(&words.fill(template.title)))
        };
        if self.dice.percent(14) {
            content.links.push(Link {
                label: "Dépôt du projet".to_owned(),
                url: format!("https://forge.{}/{}", place.domain, slug(&content.title)),
            });
        }
        if fate == Fate::Draft {
            // A draft stops where its author was interrupted.
            let kept = self.dice.below(2);
            content.text = paragraphs[..=kept].join("\n\n");
            content.ends_on = None;
            for link in &mut content.competencies {
                link.justification.clear();
            }
        }
        let (given, family, _) = self.student.name;
        let mut files = Vec::new();
        let wants_document = template.kind == EvidenceKind::Report || self.dice.percent(60);
        if fate != Fate::Draft || self.dice.percent(40) {
            if wants_document {
                files.push(self.document(&content, day));
            }
            if !wants_document || self.dice.percent(55) {
                files.push(File {
                    name: format!("{}.png", slug(template.caption)),
                    content: FileContent::Picture {
                        kind: template.picture,
                        caption: french(template.caption),
                        under: format!("{}, {given} {family}", organisation(place)),
                        seed: self.dice.between(0, i64::MAX - 1).unsigned_abs(),
                    },
                });
            }
        }
        let by_company =
            template.at == At::Company && self.student.has_company_tutor && self.dice.percent(75);
        self.happen(content, files, fate, day, by_company);
    }

    /// Sets the moments of an evidence that is ready on a day.
    fn happen(
        &mut self,
        content: EvidenceContent,
        files: Vec<File>,
        fate: Fate,
        day: NaiveDate,
        by_company: bool,
    ) {
        let calendar = self.calendar;
        let mended = (fate == Fate::Mended).then(|| self.mended(&content, day));
        let Self { dice, remarks, .. } = self;
        let days = |dice: &mut Dice, low, high| TimeDelta::days(dice.between(low, high));
        let submitted_at = calendar.at_leisure(day, dice);
        let created = (submitted_at - days(dice, 0, 4) - TimeDelta::minutes(dice.between(20, 90)))
            .max(calendar.at_leisure(after(calendar.opening, 12), dice) - TimeDelta::hours(6));
        let created = created.min(submitted_at - TimeDelta::minutes(10));
        let mut planned = Planned {
            content,
            files,
            created,
            submitted: (fate != Fate::Draft).then_some(submitted_at),
            decision: None,
            again: None,
            withdrawn: None,
            said: Vec::new(),
        };
        let later = |dice: &mut Dice, from: DateTime<Utc>, low, high| {
            let day = (from + TimeDelta::days(dice.between(low, high))).date_naive();
            calendar.at_work(day, dice)
        };
        let decision = |at, action, comment| Decision { at, by_company, action, comment };
        match fate {
            Fate::Draft | Fate::Waiting => {}
            Fate::Accepted => {
                let at = later(dice, submitted_at, 3, 12);
                // What is too recent to be decided is still waiting.
                if at > submitted_at && at.date_naive() < calendar.ago(1) {
                    let said = dice.percent(70).then(|| remarks.accepted(&planned.content, dice));
                    let comment = said.map(french);
                    planned.decision = Some(decision(at, EvidenceAction::Accepted, comment));
                }
            }
            Fate::Returned | Fate::Mended => {
                let comment = mended
                    .as_ref()
                    .map_or_else(|| dice.pick(&texts::RETURNED).0, |(comment, ..)| comment);
                let at = later(dice, submitted_at, 3, 8).max(submitted_at + TimeDelta::hours(2));
                let comment = Some(french(comment));
                planned.decision = Some(decision(at, EvidenceAction::Returned, comment));
                if let Some((_, content, file)) = mended {
                    let changed = calendar.at_leisure((at + days(dice, 2, 8)).date_naive(), dice);
                    let submitted = changed + TimeDelta::minutes(dice.between(8, 50));
                    let accepted = later(dice, submitted, 2, 8);
                    let comment =
                        dice.percent(60).then(|| "Merci, c’est maintenant complet.".to_owned());
                    planned.again = Some(Again {
                        changed,
                        content,
                        file,
                        submitted,
                        decision: decision(accepted, EvidenceAction::Accepted, comment),
                    });
                }
            }
        }
        self.planned.push(planned);
    }

    /// Why it is returned, and what it becomes then.
    fn mended(
        &mut self,
        content: &EvidenceContent,
        day: NaiveDate,
    ) -> (&'static str, EvidenceContent, File) {
        let (comment, added) = self.dice.pick(&texts::RETURNED);
        let mut content = content.clone();
        content.text = format!("{}\n\n{}", content.text, french(added));
        let mut file = self.document(&content, after(day, 10));
        file.name = file.name.replace(".pdf", "-version-2.pdf");
        (comment, content, file)
    }
}

/// An evidence that has its kind and title alone.
fn blank(kind: EvidenceKind, title: String) -> EvidenceContent {
    EvidenceContent {
        kind,
        title,
        text: String::new(),
        starts_on: None,
        ends_on: None,
        organisation: None,
        siret: None,
        country: None,
        in_company: false,
        supervisor_name: None,
        supervisor_function: None,
        supervisor_email: None,
        language: None,
        cefr_level: None,
        issued_on: None,
        valid_until: None,
        links: Vec::new(),
        competencies: Vec::new(),
        requirements: Vec::new(),
        modality: None,
        visibility: Visibility::Open,
    }
}

fn organisation(place: &Place) -> String {
    if place.name == SCHOOL.name { SCHOOL_NAME.to_owned() } else { french(place.name) }
}
