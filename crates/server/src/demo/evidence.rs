//! What each student logs, when, and what becomes of it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    certification::{CefrLevel, Certification, Modality, RequirementRule},
    enrolment::LearnerStatus,
    evidence::{CompetencyLink, EvidenceAction, EvidenceContent, EvidenceKind, Link},
};

use super::{
    calendar::{Calendar, after, before, in_french, last_working_day, working_day},
    dice::Dice,
    files::{Document, Picture},
    people::plain,
    places::{COMPANIES, Place, SCHOOL, SCHOOL_NAME, Words, capital, french},
    students::{COHORTS, Stage, Student},
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
    Picture { kind: Picture, caption: String, under: String, seed: u64 },
}

impl Planned {
    /// Whether a tutor could count on it at that moment.
    pub fn is_handed_in(&self, at: DateTime<Utc>) -> bool {
        let submitted = self.submitted.is_some_and(|submitted| submitted <= at);
        let returned = self.decision.as_ref().is_some_and(|decision| {
            decision.action == EvidenceAction::Returned && decision.at <= at
        });
        let again = self.again.as_ref().is_some_and(|again| again.submitted <= at);
        submitted && (!returned || again)
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
        self.planned.sort_by_key(|planned| planned.created);
    }

    /// The competencies that the student works on: of each block what its mode asks for, then some
    /// of those that are in no block.
    fn targets(&mut self) -> Vec<String> {
        let certification = self.certification;
        let mut targets: Vec<String> = Vec::new();
        let mut add = |keys: &[&str], share: usize| {
            let count = (keys.len() * share).div_ceil(100);
            for key in &keys[..count] {
                if !targets.iter().any(|known| known == key) {
                    targets.push((*key).to_owned());
                }
            }
        };
        for (block, mode) in certification.blocks.iter().zip(&self.modes) {
            let mut keys: Vec<&str> = block.assessed().collect();
            let share = match mode {
                Mode::Full => 100,
                Mode::Mixed => 75,
                Mode::Started => 40,
                Mode::Empty => 0,
            };
            if *mode != Mode::Full {
                self.dice.shuffle(&mut keys);
            }
            add(&keys, share);
        }
        let mut outside: Vec<&str> = certification
            .competencies
            .iter()
            .map(|competency| competency.key.as_str())
            .filter(|key| !certification.is_in_a_block(key))
            .collect();
        self.dice.shuffle(&mut outside);
        let share = match self.student.stage {
            Stage::Newcomer => 0,
            Stage::Beginning => 20,
            Stage::Underway => 45,
            Stage::Advanced => 80,
            Stage::Complete => 100,
        };
        add(&outside, share);
        targets
    }

    /// Accepted projects until each target is shown, and a believable number of them.
    fn cover(&mut self, targets: &[String]) {
        let least = match self.student.stage {
            Stage::Newcomer | Stage::Beginning => 2,
            Stage::Underway => 4,
            Stage::Advanced => 6,
            Stage::Complete => 8,
        };
        let mut wanted = targets.to_vec();
        let mut chosen = Vec::new();
        while !wanted.is_empty() || chosen.len() < least {
            let Some((template, links)) = self.choose(&wanted, targets) else { break };
            wanted.retain(|key| !links.iter().any(|(linked, _)| linked == key));
            chosen.push((template, links));
        }
        self.dice.shuffle(&mut chosen);
        let count = chosen.len();
        for (index, (template, links)) in chosen.into_iter().enumerate() {
            let day = self.spread(index, count);
            let may_be_mended = day < self.calendar.ago(80);
            let fate =
                if may_be_mended && self.dice.percent(18) { Fate::Mended } else { Fate::Accepted };
            self.log(template, &links, fate, day);
        }
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

    /// The template that shows the most of what is wanted, with what it shows.
    fn choose(
        &mut self,
        wanted: &[String],
        allowed: &[String],
    ) -> Option<(&'static Template, Vec<(String, Theme)>)> {
        let (index, links) = self
            .templates
            .iter()
            .enumerate()
            .map(|(index, template)| (index, self.links(template, wanted, allowed)))
            .filter(|(_, links)| !links.is_empty())
            .max_by_key(|(index, links)| {
                let new = links.iter().filter(|(key, _)| wanted.contains(key)).count();
                (new, usize::MAX - index)
            })?;
        Some((self.templates.remove(index), links))
    }

    /// What a template shows: first what is wanted, then what may be shown again; no more than two
    /// competencies for one theme, and four in all.
    fn links(
        &self,
        template: &Template,
        wanted: &[String],
        allowed: &[String],
    ) -> Vec<(String, Theme)> {
        let mut links: Vec<(String, Theme)> = Vec::new();
        for (keys, most) in [(wanted, 4), (allowed, 2)] {
            for (theme, _) in template.shows {
                for (key, themes) in &self.themes {
                    let of_theme = links.iter().filter(|(_, known)| known == theme).count();
                    if links.len() < most
                        && of_theme < 2
                        && themes.contains(theme)
                        && keys.iter().any(|wanted| wanted == key)
                        && !links.iter().any(|(known, _)| known == key)
                    {
                        links.push(((*key).to_owned(), *theme));
                    }
                }
            }
        }
        links
    }

    /// One more project: on what is not among these, if a template shows it, or on these alone.
    fn project(&mut self, targets: &[String], on: On, fate: Fate, days_ago: u64) {
        let every: Vec<String> = self.themes.iter().map(|(key, _)| (*key).to_owned()).collect();
        let (wanted, allowed) = match on {
            On::New => {
                (every.iter().filter(|key| !targets.contains(key)).cloned().collect(), every)
            }
            On::Known => (Vec::new(), targets.to_vec()),
        };
        let Some((template, mut links)) = self.choose(&wanted, &allowed) else { return };
        links.truncate(if fate == Fate::Draft { 1 } else { 3 });
        let day = match fate {
            Fate::Draft => self.calendar.ago(u64::try_from(self.dice.between(1, 12)).unwrap_or(1)),
            _ => self.calendar.ago(days_ago),
        };
        self.log(template, &links, fate, day);
    }

    /// What is new: waiting for a tutor, returned, or still a draft.
    fn latest(&mut self, targets: &[String]) {
        let (waiting, returned, drafts) = match (self.student.stage, self.student.place) {
            (Stage::Newcomer, _) => (0, 0, 2),
            (Stage::Beginning, _) => (1, 0, 2),
            (Stage::Underway, _) => (1, usize::from(self.dice.percent(40)), 1),
            (Stage::Advanced, 0) => (2, 1, 1),
            (Stage::Advanced, _) => (1, usize::from(self.dice.percent(50)), 1),
            (Stage::Complete, _) => (1, 0, 0),
        };
        for index in 0..waiting {
            let days = match (index, self.student.closely) {
                (0, true) => self.dice.between(15, 20),
                (0, false) => self.dice.between(4, 26),
                _ => self.dice.between(2, 9),
            };
            // What is new opens a block to assess; tutors who keep up to date have few of them.
            let is_new = index == 0
                && self.student.stage != Stage::Complete
                && (self.student.place % 3 == 0 || !self.student.closely);
            let on = if is_new { On::New } else { On::Known };
            self.project(targets, on, Fate::Waiting, u64::try_from(days).unwrap_or_default());
        }
        for _ in 0..returned {
            let days = self.dice.between(17, 30);
            self.project(targets, On::New, Fate::Returned, u64::try_from(days).unwrap_or_default());
        }
        for _ in 0..drafts {
            self.project(targets, On::New, Fate::Draft, 0);
        }
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
                        under: capital(&organisation(place)),
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

    /// Internships, company periods and stays abroad that are over.
    fn periods(&mut self) {
        let stage = self.student.stage;
        let abroad = self.certification.requirements.iter().any(|requirement| {
            matches!(
                requirement.rule,
                RequirementRule::Weeks { of: domain::certification::PeriodKind::Abroad, .. }
            )
        });
        let far = stage >= Stage::Advanced;
        if self.student.status == LearnerStatus::Student {
            self.period(EvidenceKind::Internship, "Premier stage", 16, 26, None);
            if stage >= Stage::Underway {
                let country = (abroad && far).then(|| self.dice.pick(&ABROAD));
                self.period(EvidenceKind::Internship, "Second stage", 28, 50, country);
            }
            return;
        }
        self.period(EvidenceKind::CompanyPeriod, "Première période en entreprise", 5, 19, None);
        if stage >= Stage::Underway {
            let title = "Deuxième période en entreprise";
            self.period(EvidenceKind::CompanyPeriod, title, 23, 37, None);
        }
        if far && abroad {
            let country = self.dice.pick(&ABROAD);
            self.period(EvidenceKind::StayAbroad, "Mission", 40, 50, Some(country));
        } else if far {
            let title = "Troisième période en entreprise";
            self.period(EvidenceKind::CompanyPeriod, title, 40, 51, None);
        }
    }

    fn period(
        &mut self,
        kind: EvidenceKind,
        title: &str,
        from_week: u64,
        to_week: u64,
        abroad: Option<(&'static str, &'static str)>,
    ) {
        let starts_on = after(self.calendar.intake, from_week * 7);
        let ends_on = after(self.calendar.intake, to_week * 7 - 3);
        let soonest = after(ends_on, 3).max(after(self.calendar.opening, 13));
        let day = after(soonest, u64::try_from(self.dice.between(0, 12)).unwrap_or_default());
        if day >= self.calendar.today {
            return;
        }
        let place = self.place(At::Company);
        let words = Words::new(place, &mut self.dice);
        let (title, text) = match abroad {
            Some((_, city)) => {
                (format!("{title} à {city}"), texts::STAY.map(|text| text.replace("{ville}", city)))
            }
            None => (format!("{title} chez {}", place.name), texts::PERIOD.map(str::to_owned)),
        };
        let content = EvidenceContent {
            text: text.map(|text| words.fill(&text)).join("\n\n"),
            starts_on: Some(starts_on),
            ends_on: Some(ends_on),
            organisation: Some(match abroad {
                Some((_, city)) => format!("Équipe partenaire à {city}"),
                None => organisation(place),
            }),
            country: abroad.map(|(code, _)| code.to_owned()),
            in_company: kind != EvidenceKind::StayAbroad,
            ..blank(kind, french(&title))
        };
        let files = vec![self.document(&content, day)];
        let by_company = self.student.has_company_tutor && abroad.is_none();
        self.happen(content, files, Fate::Accepted, day, by_company);
    }

    /// A certified level of English, where it is asked for or worth showing.
    fn certificate(&mut self) {
        let required = self
            .certification
            .requirements
            .iter()
            .any(|requirement| matches!(requirement.rule, RequirementRule::Language { .. }));
        let shown: Vec<&str> = self
            .themes
            .iter()
            .filter(|(_, themes)| themes.first() == Some(&Theme::English))
            .map(|(key, _)| *key)
            .collect();
        if self.student.stage < Stage::Underway || (!required && shown.is_empty()) {
            return;
        }
        let level = match (required, self.student.stage) {
            // The one thing that is missing.
            (true, Stage::Complete) => CefrLevel::B1,
            (_, Stage::Advanced) => self.dice.pick(&[CefrLevel::B2, CefrLevel::C1]),
            _ => self.dice.pick(&[CefrLevel::B1, CefrLevel::B2, CefrLevel::B2]),
        };
        let day = self.spread(1, 4);
        let taken = before(day, 20);
        let content = EvidenceContent {
            text: french(texts::CERTIFICATE),
            starts_on: Some(taken),
            ends_on: Some(taken),
            organisation: Some("Centre de tests Albion, Nantes".to_owned()),
            language: Some("en".to_owned()),
            cefr_level: Some(level),
            competencies: shown
                .into_iter()
                .map(|key| CompetencyLink {
                    competency: key.to_owned(),
                    justification: french(
                        "Le niveau est attesté par un test extérieur à l'école, partie par partie.",
                    ),
                })
                .collect(),
            ..blank(
                EvidenceKind::LanguageCertificate,
                format!("Attestation d’anglais, niveau {level:?}"),
            )
        };
        let files = vec![self.document(&content, day)];
        self.happen(content, files, Fate::Accepted, day, false);
    }

    /// Documents that the certification asks for beside the blocks; who has everything else lacks
    /// the last one.
    fn documents(&mut self) {
        let certification = self.certification;
        let asked: Vec<_> = certification
            .requirements
            .iter()
            .filter(|requirement| requirement.rule == RequirementRule::Document)
            .collect();
        for (index, requirement) in asked.iter().enumerate() {
            let is_last = index + 1 == asked.len();
            if is_last && self.student.stage != Stage::Advanced {
                continue;
            }
            if is_last && self.dice.percent(50) {
                continue;
            }
            let day = self.spread(index, 8);
            let (title, text) = if index == 0 {
                ("Diplôme de niveau 6, licence d'informatique", texts::ADMISSION)
            } else {
                ("Dossier des documents demandés par le référentiel", texts::DOCUMENTS)
            };
            let content = EvidenceContent {
                text: french(text),
                organisation: Some(SCHOOL_NAME.to_owned()),
                requirements: vec![requirement.key.clone()],
                ..blank(EvidenceKind::Other, french(title))
            };
            let files = vec![self.document(&content, day)];
            self.happen(content, files, Fate::Accepted, day, false);
        }
    }

    /// The files that the modalities of the blocks ask for. Who has everything else, and no
    /// requirement to lack, lacks the last one.
    fn deliverables(&mut self) {
        let certification = self.certification;
        let complete = self.student.stage == Stage::Complete;
        let lacks_one = complete && certification.requirements.is_empty();
        let mut asked: Vec<(usize, &Modality)> = Vec::new();
        for (index, (block, mode)) in certification.blocks.iter().zip(&self.modes).enumerate() {
            let modalities =
                block.modalities.iter().filter(|modality| !modality.deliverables.is_empty());
            if *mode == Mode::Full {
                asked.extend(modalities.map(|modality| (index, modality)));
            }
        }
        if lacks_one {
            asked.pop();
        }
        let count = asked.len();
        for (order, (index, modality)) in asked.into_iter().enumerate() {
            let day = self.spread(count + order, 2 * count);
            self.deliverable(index, modality, day);
        }
    }

    fn deliverable(&mut self, block: usize, modality: &Modality, day: NaiveDate) {
        let block = &self.certification.blocks[block];
        let covered: Vec<&str> = if modality.covers.is_empty() {
            block.competencies.iter().map(|unit| unit.competency.as_str()).collect()
        } else {
            modality.covers.iter().map(String::as_str).collect()
        };
        let place = self.place(At::Company);
        let words = Words::new(place, &mut self.dice);
        let known_themes = self.themes.clone();
        let theme = |key: &str| {
            known_themes
                .iter()
                .find(|(known, _)| *known == key)
                .and_then(|(_, themes)| themes.first().copied())
                .unwrap_or(Theme::Quality)
        };
        let themes: Vec<Theme> = covered.iter().map(|key| theme(key)).collect();
        let main = themes
            .iter()
            .find(|theme| !self.subjects.contains(theme))
            .or(themes.first())
            .copied()
            .unwrap_or(Theme::Quality);
        self.subjects.push(main);
        let label: Vec<&str> =
            modality.deliverables.iter().map(|deliverable| deliverable.label.as_str()).collect();
        let title = words.fill(&format!(
            "{} : {}",
            capital(&label.join(", ").to_lowercase().replace('+', " et ").replace("  ", " ")),
            texts::subject(main)
        ));
        let mut reasons = Reasons::default();
        let competencies = covered
            .iter()
            .map(|key| CompetencyLink {
                competency: (*key).to_owned(),
                justification: words.fill(reasons.next(theme(key))),
            })
            .collect();
        let content = EvidenceContent {
            text: texts::DELIVERABLE.map(|text| words.fill(text)).join("\n\n"),
            organisation: Some(organisation(place)),
            competencies,
            modality: Some(modality.key.clone()),
            ..blank(EvidenceKind::Report, title)
        };
        let mut file = self.document(&content, day);
        if let FileContent::Document(document) = &mut file.content {
            // A file gathers what was logged along the way.
            for earlier in &self.planned {
                let related = earlier
                    .content
                    .competencies
                    .iter()
                    .any(|link| covered.contains(&link.competency.as_str()));
                if related && earlier.content.modality.is_none() && document.sections.len() < 9 {
                    document.sections.push((
                        earlier.content.title.clone(),
                        earlier.content.text.split("\n\n").map(str::to_owned).collect(),
                    ));
                }
            }
        }
        self.happen(content, vec![file], Fate::Accepted, day, false);
    }

    /// The evidence as a document: what it says, and why it shows each competency.
    fn document(&self, content: &EvidenceContent, day: NaiveDate) -> File {
        let (given, family, _) = self.student.name;
        let mut sections = Vec::new();
        let headings: &[&str] = match content.kind {
            _ if content.modality.is_some() => &["Objet", "Contenu", "Relecture"],
            EvidenceKind::Project | EvidenceKind::Report => {
                &["Contexte", "Ce que j'ai fait", "Résultat", "Compléments"]
            }
            EvidenceKind::Internship | EvidenceKind::CompanyPeriod | EvidenceKind::StayAbroad => {
                &["Cadre", "Missions", "Bilan", "Compléments"]
            }
            _ => &["Objet", "Déroulement", "Suites", "Compléments"],
        };
        for (heading, text) in headings.iter().zip(content.text.split("\n\n")) {
            sections.push((french(heading), vec![text.to_owned()]));
        }
        let mut facts = Vec::new();
        if let (Some(start), Some(end)) = (content.starts_on, content.ends_on) {
            if start == end {
                facts.push(format!("Date : {}", in_french(start)));
            } else {
                facts.push(format!("Du {} au {}", in_french(start), in_french(end)));
            }
        }
        if let Some(level) = content.cefr_level {
            facts.push(format!("Niveau atteint : {level:?} du Cadre européen commun de référence"));
            for part in [
                "Compréhension écrite",
                "Compréhension orale",
                "Expression écrite",
                "Expression orale",
            ] {
                facts.push(format!("{part} : {level:?}"));
            }
        }
        if !facts.is_empty() {
            let facts = facts.iter().map(|fact| french(fact)).collect();
            sections.push(("Repères".to_owned(), facts));
        }
        let reasons: Vec<String> = content
            .competencies
            .iter()
            .filter_map(|link| {
                let competency = self.certification.competency(&link.competency)?;
                let code = competency.code.as_ref().unwrap_or(&competency.key);
                Some(french(&format!("{code} : {}", link.justification)))
            })
            .collect();
        if !reasons.is_empty() {
            sections.push(("Compétences montrées".to_owned(), reasons));
        }
        let context = format!(
            "{SCHOOL_NAME}, {} – {}",
            COHORTS[self.student.cohort].name(self.calendar),
            in_french(day)
        );
        File {
            name: format!("{}.pdf", slug(&content.title)),
            content: FileContent::Document(Box::new(Document {
                title: content.title.clone(),
                author: french(&format!("{given} {family}")),
                context,
                date: day,
                sections,
            })),
        }
    }
}

/// Cities of the stays abroad, with their country.
const ABROAD: [(&str, &str); 6] = [
    ("PT", "Porto"),
    ("IE", "Cork"),
    ("DE", "Dresde"),
    ("CA", "Sherbrooke"),
    ("PL", "Gdańsk"),
    ("SE", "Linköping"),
];

fn modes(stage: Stage, blocks: usize, dice: &mut Dice) -> Vec<Mode> {
    use Mode::{Empty, Full, Mixed, Started};
    let pattern: &[Mode] = match stage {
        Stage::Newcomer => &[],
        Stage::Beginning => &[Started],
        Stage::Underway => &[Mixed, Started, Started],
        Stage::Advanced => &[Full, Full, Mixed, Started, Started],
        Stage::Complete => &[Full, Full, Full, Full, Full, Full],
    };
    let mut modes: Vec<Mode> =
        (0..blocks).map(|index| pattern.get(index).copied().unwrap_or(Empty)).collect();
    dice.shuffle(&mut modes);
    modes
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
        country: None,
        in_company: false,
        language: None,
        cefr_level: None,
        links: Vec::new(),
        competencies: Vec::new(),
        requirements: Vec::new(),
        modality: None,
    }
}

fn organisation(place: &Place) -> String {
    if place.name == SCHOOL.name { SCHOOL_NAME.to_owned() } else { french(place.name) }
}

/// What tutors say in turn, so that a student does not read the same twice.
#[derive(Default)]
struct Remarks {
    left: Vec<&'static str>,
}

impl Remarks {
    fn accepted(&mut self, content: &EvidenceContent, dice: &mut Dice) -> &'static str {
        if content.modality.is_some() {
            return dice.pick(&texts::FILE_ACCEPTED);
        }
        if content.kind.is_period()
            || content.kind == EvidenceKind::LanguageCertificate
            || !content.requirements.is_empty()
        {
            let checked = if content.kind.is_period() { [0, 2, 3] } else { [1, 1, 2] };
            return texts::PAPER_ACCEPTED[dice.pick(&checked)];
        }
        if self.left.is_empty() {
            self.left = texts::ACCEPTED.to_vec();
            dice.shuffle(&mut self.left);
        }
        self.left.pop().unwrap_or(texts::ACCEPTED[0])
    }
}

/// Gives the reasons of each theme in turn.
#[derive(Default)]
struct Reasons(Vec<Theme>);

impl Reasons {
    fn next(&mut self, theme: Theme) -> &'static str {
        let given = self.0.iter().filter(|known| **known == theme).count();
        self.0.push(theme);
        let reasons = texts::reasons(theme);
        reasons[given % reasons.len()]
    }
}

/// The links with their reasons: the template's own the first time a theme comes, a common one
/// after that.
fn justified(
    template: &Template,
    links: &[(String, Theme)],
    words: &Words,
    dice: &mut Dice,
) -> Vec<CompetencyLink> {
    let mut own: Vec<Theme> = Vec::new();
    let mut reasons = Reasons(if dice.percent(50) {
        links.iter().map(|(_, theme)| *theme).collect()
    } else {
        Vec::new()
    });
    links
        .iter()
        .map(|(competency, theme)| {
            let text = if own.contains(theme) {
                reasons.next(*theme)
            } else {
                own.push(*theme);
                template
                    .shows
                    .iter()
                    .find(|(known, _)| known == theme)
                    .map_or_else(|| reasons.next(*theme), |(_, reason)| *reason)
            };
            CompetencyLink { competency: competency.clone(), justification: words.fill(text) }
        })
        .collect()
}

/// A title as the name of a file.
fn slug(title: &str) -> String {
    let plain = plain(&title.replace(['’', '\'', '\u{a0}', '/'], " "));
    let words: Vec<&str> =
        plain.split('-').filter(|word| !word.is_empty() && word.len() < 20).take(7).collect();
    words.join("-")
}
