//! Evidence: what a student did, and which competencies it shows.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    certification::{CefrLevel, Certification, RequirementRule},
    fault::{Fault, Faults},
    person::{User, check_email, normal_email},
    search::fold,
    siret::is_siret,
};

pub const TITLE_MAX: usize = 200;
pub const TEXT_MAX: usize = 20_000;
pub const JUSTIFICATION_MAX: usize = 2_000;
pub const COMMENT_MAX: usize = 4_000;
pub const LINKS_MAX: usize = 20;
pub const FILES_MAX: u64 = 20;
const NAME_MAX: usize = 200;

/// What an evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    Internship,
    CompanyPeriod,
    Project,
    Report,
    StayAbroad,
    LanguageCertificate,
    Other,
}

impl EvidenceKind {
    /// Kinds that count in weeks and so need both dates.
    pub fn is_period(self) -> bool {
        matches!(self, Self::Internship | Self::CompanyPeriod | Self::StayAbroad)
    }

    /// Kinds that can be what a modality asks to be handed in.
    pub fn may_be_deliverable(self) -> bool {
        matches!(self, Self::Project | Self::Report | Self::Other)
    }
}

/// Who may open an evidence, beside its student and the school's tutors, who always may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody who may open the portfolio.
    #[default]
    Open,
    /// Confidential, shown to the company's tutors all the same.
    Company,
    /// Confidential: the school's tutors alone.
    School,
}

/// draft → submitted → accepted | returned → submitted again; what is submitted may be withdrawn,
/// and is a draft again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvidenceStatus {
    Draft,
    Submitted,
    Accepted,
    Returned,
}

/// A step in the life of an evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvidenceAction {
    Submitted,
    Accepted,
    Returned,
    /// Taken back by its student before any tutor decided.
    Withdrawn,
}

/// A step that the life of an evidence does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WrongStep {
    #[error("an evidence that is not a draft or returned cannot be changed or submitted")]
    NotEditable,
    #[error("only a submitted evidence can be accepted, returned or withdrawn")]
    NotSubmitted,
    #[error("only what is handed in can be declared as a deliverable")]
    NotHandedIn,
    #[error("nobody else can see a draft, so there is nobody to talk to")]
    NotShown,
    #[error("only a draft that was never submitted can be deleted")]
    NotDeletable,
}

impl EvidenceStatus {
    /// Whether the student may change it.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether a tutor may count on it.
    pub fn is_handed_in(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted)
    }

    pub fn edit(self) -> Result<(), WrongStep> {
        if self.is_editable() { Ok(()) } else { Err(WrongStep::NotEditable) }
    }

    pub fn apply(self, action: EvidenceAction) -> Result<Self, WrongStep> {
        match action {
            EvidenceAction::Submitted => self.edit().map(|()| Self::Submitted),
            _ if self != Self::Submitted => Err(WrongStep::NotSubmitted),
            EvidenceAction::Accepted => Ok(Self::Accepted),
            EvidenceAction::Returned => Ok(Self::Returned),
            EvidenceAction::Withdrawn => Ok(Self::Draft),
        }
    }

    /// Whether anybody but its student may open it. What was withdrawn is the student's own again.
    pub fn is_shown(self) -> bool {
        self != Self::Draft
    }

    /// Whether it can be declared as the deliverable of a modality.
    pub fn declare(self) -> Result<(), WrongStep> {
        if self.is_handed_in() { Ok(()) } else { Err(WrongStep::NotHandedIn) }
    }

    /// Whether a message on it would reach somebody.
    pub fn discuss(self) -> Result<(), WrongStep> {
        if self.is_shown() { Ok(()) } else { Err(WrongStep::NotShown) }
    }

    /// `submissions` is the number of revisions that exist: what a tutor read is never deleted.
    pub fn delete(self, submissions: u32) -> Result<(), WrongStep> {
        if self == Self::Draft && submissions == 0 { Ok(()) } else { Err(WrongStep::NotDeletable) }
    }
}

/// A link to something elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    pub label: String,
    /// `http:` or `https:`.
    pub url: String,
}

/// A competency that the evidence shows, with the student's own reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompetencyLink {
    /// Key of the competency.
    pub competency: String,
    #[serde(default)]
    pub justification: String,
}

/// What the student writes; each submission keeps a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceContent {
    pub kind: EvidenceKind,
    pub title: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub starts_on: Option<NaiveDate>,
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Company, school or public body where it took place, or that certified a language.
    #[serde(default)]
    pub organisation: Option<String>,
    /// 14 digits: the establishment of the organisation.
    #[serde(default)]
    pub siret: Option<String>,
    /// ISO 3166-1 alpha-2 code; France where absent.
    #[serde(default)]
    pub country: Option<String>,
    /// The period took place in a company rather than a laboratory or a public body.
    #[serde(default)]
    pub in_company: bool,
    /// Who followed the student there.
    #[serde(default)]
    pub supervisor_name: Option<String>,
    #[serde(default)]
    pub supervisor_function: Option<String>,
    #[serde(default)]
    pub supervisor_email: Option<String>,
    /// ISO 639-1 code of a certified language.
    #[serde(default)]
    pub language: Option<String>,
    #[serde(default)]
    pub cefr_level: Option<CefrLevel>,
    /// Day of the certificate.
    #[serde(default)]
    pub issued_on: Option<NaiveDate>,
    /// Last day on which the certificate counts; absent where it does not expire.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
    #[serde(default)]
    pub links: Vec<Link>,
    #[serde(default)]
    pub competencies: Vec<CompetencyLink>,
    /// Keys of the requirements that it is meant to satisfy as a document.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// Key of the modality whose deliverable it is meant to be.
    #[serde(default)]
    pub modality: Option<String>,
    #[serde(default)]
    pub visibility: Visibility,
}

impl EvidenceContent {
    /// Trims what people type and drops what is blank.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        let blank_is_none = |text: Option<String>| {
            text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        self.title = self.title.trim().to_owned();
        self.organisation = blank_is_none(self.organisation);
        self.country = blank_is_none(self.country).map(|code| code.to_uppercase());
        self.language = blank_is_none(self.language).map(|code| code.to_lowercase());
        self.modality = blank_is_none(self.modality);
        // People copy a SIRET with the spaces that it is printed with.
        self.siret = blank_is_none(self.siret)
            .map(|number| number.chars().filter(|c| !c.is_whitespace()).collect());
        self.supervisor_name = blank_is_none(self.supervisor_name);
        self.supervisor_function = blank_is_none(self.supervisor_function);
        self.supervisor_email =
            blank_is_none(self.supervisor_email).map(|email| normal_email(&email));
        self
    }

    /// What a search looks into.
    pub fn searched(&self) -> String {
        let organisation = self.organisation.as_deref().unwrap_or_default();
        fold(&[self.title.as_str(), organisation, self.text.as_str()].join("\n"))
    }

    /// What every saved draft must satisfy.
    pub fn check(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        faults.text("title", &self.title, TITLE_MAX);
        faults.at_most("text", &self.text, TEXT_MAX);
        faults.at_most("organisation", self.organisation.as_deref().unwrap_or_default(), NAME_MAX);
        faults.period("ends_on", self.starts_on, self.ends_on);
        check_code("country", self.country.as_deref(), &mut faults);
        check_code("language", self.language.as_deref(), &mut faults);
        self.check_certificate(&mut faults);
        self.check_place(&mut faults);
        self.check_links(&mut faults);
        self.check_references(certification, &mut faults);
        faults.into_result()
    }

    /// What a submission must satisfy beside: a tutor can read it and knows what it is for.
    pub fn check_submission(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        self.check(certification)?;
        let mut faults = Faults::default();
        if self.kind.is_period() && (self.starts_on.is_none() || self.ends_on.is_none()) {
            faults.add(
                "starts_on",
                "dates_required",
                "Indiquez les dates de début et de fin : les semaines en dépendent.",
            );
        }
        if self.kind == EvidenceKind::StayAbroad && self.country.is_none() {
            faults.add("country", "required", "Indiquez le pays du séjour.");
        }
        if self.kind == EvidenceKind::LanguageCertificate
            && (self.language.is_none() || self.cefr_level.is_none())
        {
            faults.add("cefr_level", "required", "Indiquez la langue et le niveau certifié.");
        }
        let serves_a_requirement = self.kind.is_period()
            || self.kind == EvidenceKind::LanguageCertificate
            || !self.requirements.is_empty();
        if self.competencies.is_empty() && !serves_a_requirement {
            faults.add(
                "competencies",
                "competency_required",
                "Choisissez au moins une compétence que cette preuve montre.",
            );
        }
        faults.into_result()
    }

    fn check_certificate(&self, faults: &mut Faults) {
        faults.day("issued_on", self.issued_on);
        faults.day("valid_until", self.valid_until);
        if let (Some(issued), Some(until)) = (self.issued_on, self.valid_until)
            && until < issued
        {
            faults.add(
                "valid_until",
                "end_before_start",
                "Le certificat expire avant d’être délivré.",
            );
        }
    }

    fn check_place(&self, faults: &mut Faults) {
        if self.siret.as_deref().is_some_and(|number| !is_siret(number)) {
            faults.add(
                "siret",
                "bad_siret",
                "Un numéro SIRET a 14 chiffres, dont une clé : vérifiez-le, ou laissez ce champ vide.",
            );
        }
        for (field, text) in [
            ("supervisor_name", &self.supervisor_name),
            ("supervisor_function", &self.supervisor_function),
        ] {
            faults.at_most(field, text.as_deref().unwrap_or_default(), NAME_MAX);
        }
        if let Some(email) = &self.supervisor_email {
            check_email("supervisor_email", email, faults);
        }
    }

    fn check_links(&self, faults: &mut Faults) {
        if self.links.len() > LINKS_MAX {
            faults.add("links", "too_many", format!("Au plus {LINKS_MAX} liens par preuve."));
        }
        for (index, link) in self.links.iter().enumerate() {
            faults.at_most(format!("links[{index}].label"), &link.label, TITLE_MAX);
            faults.at_most(format!("links[{index}].url"), &link.url, 2_000);
            if !(link.url.starts_with("https://") || link.url.starts_with("http://")) {
                faults.add(
                    format!("links[{index}].url"),
                    "bad_link",
                    "Un lien commence par https:// ou http://.",
                );
            }
        }
    }

    fn check_references(&self, certification: &Certification, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for (index, link) in self.competencies.iter().enumerate() {
            let field = format!("competencies[{index}].competency");
            if certification.competency(&link.competency).is_none() {
                faults.add(
                    field,
                    "unknown_competency",
                    format!(
                        "La compétence « {} » n’est pas dans la certification {}.",
                        link.competency, certification.code
                    ),
                );
            } else if !seen.insert(&link.competency) {
                faults.add(field, "repeated", "Cette compétence est choisie deux fois.");
            }
            faults.at_most(
                format!("competencies[{index}].justification"),
                &link.justification,
                JUSTIFICATION_MAX,
            );
        }
        let mut seen = BTreeSet::new();
        for (index, key) in self.requirements.iter().enumerate() {
            let is_document = certification
                .requirement(key)
                .is_some_and(|requirement| requirement.rule == RequirementRule::Document);
            if !is_document || !seen.insert(key) {
                faults.add(
                    format!("requirements[{index}]"),
                    "unknown_requirement",
                    format!("« {key} » n’est pas un document que la certification demande."),
                );
            }
        }
        if let Some(key) = &self.modality
            && certification.modality(key).is_none()
        {
            faults.add(
                "modality",
                "unknown_modality",
                format!("« {key} » n’est pas une modalité de la certification."),
            );
        } else if self.modality.is_some() && !self.kind.may_be_deliverable() {
            faults.add(
                "modality",
                "not_a_deliverable",
                "Seul un projet, un rapport ou une preuve d’une autre nature peut être un livrable.",
            );
        }
    }
}

/// Two ASCII letters, as in ISO 3166-1 and ISO 639-1.
fn check_code(field: &str, code: Option<&str>, faults: &mut Faults) {
    let two_letters = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
    if code.is_some_and(|code| !two_letters(code)) {
        faults.add(field, "bad_code", "Un code de deux lettres est attendu, par exemple « fr ».");
    }
}

/// The comment on a decision: required to return an evidence, so that the student knows what to do.
pub fn check_decision(action: EvidenceAction, comment: Option<&str>) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    let comment = comment.unwrap_or_default();
    if action == EvidenceAction::Returned {
        faults.text("comment", comment, COMMENT_MAX);
    } else {
        faults.at_most("comment", comment, COMMENT_MAX);
    }
    faults.into_result()
}

/// What the progress of a student needs to know of one evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceFact {
    pub id: Uuid,
    pub kind: EvidenceKind,
    pub status: EvidenceStatus,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub country: Option<String>,
    pub in_company: bool,
    pub language: Option<String>,
    pub cefr_level: Option<CefrLevel>,
    pub valid_until: Option<NaiveDate>,
    pub requirements: Vec<String>,
    /// Key of the modality of which it is declared the deliverable: of an enrolment, one at most.
    pub modality: Option<String>,
    pub visibility: Visibility,
}

/// An evidence in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceSummary {
    pub id: Uuid,
    pub enrolment_id: Uuid,
    pub kind: EvidenceKind,
    pub title: String,
    pub status: EvidenceStatus,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub organisation: Option<String>,
    /// Keys of the competencies.
    pub competencies: Vec<String>,
    /// Number of files.
    pub files: u32,
    /// Key of the modality whose deliverable it is.
    pub deliverable_of: Option<String>,
    pub visibility: Visibility,
    /// Number of submissions so far.
    pub revision: u32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// An evidence, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    pub id: Uuid,
    pub enrolment_id: Uuid,
    #[serde(flatten)]
    pub content: EvidenceContent,
    pub status: EvidenceStatus,
    /// Key of the modality whose deliverable it is. At most one evidence of an enrolment is, and it
    /// counts while it is handed in.
    pub deliverable_of: Option<String>,
    /// Number of submissions so far.
    pub revision: u32,
    pub files: Vec<FileInfo>,
    /// Submissions and decisions, oldest first.
    pub history: Vec<EvidenceEvent>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// A file of an evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileInfo {
    pub id: Uuid,
    pub name: String,
    /// Found in the content, not taken from the name.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Lower-case hexadecimal (FIPS 180-4).
    pub sha256: String,
    pub created_at: DateTime<Utc>,
}

/// A submission or a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceEvent {
    pub at: DateTime<Utc>,
    pub by: User,
    pub action: EvidenceAction,
    pub comment: Option<String>,
    /// The submission that it is about.
    pub revision: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{certification, day, project, shows, wrong};

    #[test]
    fn the_life_of_an_evidence() {
        use EvidenceAction as Do;
        use EvidenceStatus::{Accepted, Draft, Returned, Submitted};
        use WrongStep::{NotDeletable, NotEditable, NotSubmitted};
        let no = Err::<EvidenceStatus, _>;
        // submit, then accept, return and withdraw, then whether it may be edited, deleted before
        // and after a first submission, declared as a deliverable, and discussed
        for (
            status,
            submit,
            [accept, give_back, withdraw],
            edit,
            [delete, later],
            [declare, talk],
        ) in [
            (Draft, Ok(Submitted), [no(NotSubmitted); 3], Ok(()), [true, false], [false, false]),
            (
                Submitted,
                no(NotEditable),
                [Ok(Accepted), Ok(Returned), Ok(Draft)],
                Err(NotEditable),
                [false, false],
                [true, true],
            ),
            (
                Accepted,
                no(NotEditable),
                [no(NotSubmitted); 3],
                Err(NotEditable),
                [false, false],
                [true, true],
            ),
            (Returned, Ok(Submitted), [no(NotSubmitted); 3], Ok(()), [false, false], [false, true]),
        ] {
            let deletable = |may| if may { Ok(()) } else { Err(NotDeletable) };
            assert_eq!(status.edit(), edit, "{status:?}");
            assert_eq!(status.apply(Do::Submitted), submit, "{status:?}");
            assert_eq!(status.apply(Do::Accepted), accept, "{status:?}");
            assert_eq!(status.apply(Do::Returned), give_back, "{status:?}");
            assert_eq!(status.apply(Do::Withdrawn), withdraw, "{status:?}");
            assert_eq!(status.delete(0), deletable(delete), "{status:?}");
            assert_eq!(status.delete(1), deletable(later), "{status:?}");
            assert_eq!(status.declare().is_ok(), declare, "{status:?}");
            assert_eq!(status.discuss().is_ok(), talk, "{status:?}");
            assert_eq!(status.is_handed_in(), matches!(status, Submitted | Accepted));
        }
    }

    type Change = fn(&mut EvidenceContent);

    #[test]
    fn what_a_draft_must_satisfy() {
        let table: [(Change, &[&str]); 29] = [
            (|_| (), &[]),
            (|e| e.competencies.clear(), &[]),
            (|e| e.title = "  ".to_owned(), &["title: required"]),
            (|e| e.title = "é".repeat(TITLE_MAX), &[]),
            (|e| e.title = "é".repeat(TITLE_MAX + 1), &["title: too_long"]),
            (|e| e.text = "a".repeat(TEXT_MAX + 1), &["text: too_long"]),
            (|e| e.organisation = Some("a".repeat(201)), &["organisation: too_long"]),
            (
                |e| {
                    e.starts_on = Some(day("2026-02-02"));
                    e.ends_on = Some(day("2026-02-01"));
                },
                &["ends_on: end_before_start"],
            ),
            (|e| e.country = Some("FRA".to_owned()), &["country: bad_code"]),
            (|e| e.country = Some("é".to_owned()), &["country: bad_code"]),
            (|e| e.language = Some("e1".to_owned()), &["language: bad_code"]),
            (|e| e.links = vec![link("javascript:alert(1)")], &["links[0].url: bad_link"]),
            (
                |e| e.links = vec![link("https://a.test"), link("a.test")],
                &["links[1].url: bad_link"],
            ),
            (|e| e.links = vec![link("https://a.test"); LINKS_MAX + 1], &["links: too_many"]),
            (
                |e| e.competencies.push(shows("nowhere")),
                &["competencies[1].competency: unknown_competency"],
            ),
            (|e| e.competencies.push(shows("alone")), &["competencies[1].competency: repeated"]),
            (
                |e| e.competencies[0].justification = "a".repeat(JUSTIFICATION_MAX + 1),
                &["competencies[0].justification: too_long"],
            ),
            (
                |e| e.requirements = ["CV", "CV", "nothing"].map(str::to_owned).into(),
                &["requirements[1]: unknown_requirement", "requirements[2]: unknown_requirement"],
            ),
            (|e| e.modality = Some("B9-M".to_owned()), &["modality: unknown_modality"]),
            (|e| e.modality = Some("B1-M".to_owned()), &[]),
            (
                |e| {
                    e.kind = EvidenceKind::Internship;
                    e.modality = Some("B1-M".to_owned());
                },
                &["modality: not_a_deliverable"],
            ),
            (|e| e.siret = Some("73282932000074".to_owned()), &[]),
            (|e| e.siret = Some("73282932000075".to_owned()), &["siret: bad_siret"]),
            (|e| e.supervisor_name = Some("a".repeat(201)), &["supervisor_name: too_long"]),
            (|e| e.supervisor_email = Some("ines@entreprise.example".to_owned()), &[]),
            (|e| e.supervisor_email = Some("ines".to_owned()), &["supervisor_email: bad_email"]),
            (
                |e| e.supervisor_email = Some("a b@c.fr".to_owned()),
                &["supervisor_email: bad_email"],
            ),
            (|e| e.valid_until = Some(day("2300-01-01")), &["valid_until: bad_date"]),
            (
                |e| {
                    e.issued_on = Some(day("2026-02-02"));
                    e.valid_until = Some(day("2026-02-01"));
                },
                &["valid_until: end_before_start"],
            ),
        ];
        for (index, (change, faults)) in table.iter().enumerate() {
            let mut evidence = project();
            change(&mut evidence);
            assert_eq!(wrong(evidence.check(&certification())), *faults, "row {index}");
        }
    }

    #[test]
    fn what_a_submission_must_satisfy_beside() {
        use EvidenceKind::{CompanyPeriod, Internship, LanguageCertificate, StayAbroad};
        let table: [(Change, &[&str]); 10] = [
            (|_| (), &[]),
            (|e| e.title.clear(), &["title: required"]),
            (|e| e.competencies.clear(), &["competencies: competency_required"]),
            (
                |e| {
                    e.competencies.clear();
                    e.requirements = vec!["CV".to_owned()];
                },
                &[],
            ),
            (|e| e.kind = Internship, &["starts_on: dates_required"]),
            (
                |e| {
                    e.kind = CompanyPeriod;
                    e.starts_on = Some(day("2026-01-01"));
                },
                &["starts_on: dates_required"],
            ),
            (
                |e| {
                    period(e, Internship);
                    e.competencies.clear();
                },
                &[],
            ),
            (|e| period(e, StayAbroad), &["country: required"]),
            (|e| e.kind = LanguageCertificate, &["cefr_level: required"]),
            (
                |e| {
                    e.kind = LanguageCertificate;
                    e.language = Some("en".to_owned());
                    e.cefr_level = Some(CefrLevel::B2);
                    e.competencies.clear();
                },
                &[],
            ),
        ];
        for (index, (change, faults)) in table.iter().enumerate() {
            let mut evidence = project();
            change(&mut evidence);
            assert_eq!(wrong(evidence.check_submission(&certification())), *faults, "row {index}");
        }
    }

    fn period(evidence: &mut EvidenceContent, kind: EvidenceKind) {
        evidence.kind = kind;
        evidence.starts_on = Some(day("2026-01-01"));
        evidence.ends_on = Some(day("2026-01-31"));
    }

    fn link(url: &str) -> Link {
        Link { label: "a".to_owned(), url: url.to_owned() }
    }

    #[test]
    fn what_people_type_is_tidied() {
        let mut evidence = project();
        evidence.title = "  Stage \n".to_owned();
        evidence.country = Some(" de ".to_owned());
        evidence.language = Some("EN".to_owned());
        evidence.organisation = Some("   ".to_owned());
        evidence.siret = Some(" 732 829\u{a0}320 00074 ".to_owned());
        evidence.supervisor_name = Some(" Inès Benali ".to_owned());
        let evidence = evidence.tidied();
        assert_eq!(evidence.siret.as_deref(), Some("73282932000074"));
        assert_eq!(evidence.supervisor_name.as_deref(), Some("Inès Benali"));
        assert_eq!(evidence.title, "Stage");
        assert_eq!(evidence.country.as_deref(), Some("DE"));
        assert_eq!(evidence.language.as_deref(), Some("en"));
        assert_eq!(evidence.organisation, None);
    }

    #[test]
    fn a_return_says_why() {
        use EvidenceAction::{Accepted, Returned};
        let long = "a".repeat(COMMENT_MAX + 1);
        for (action, comment, faults) in [
            (Returned, None, &["comment: required"][..]),
            (Returned, Some("  "), &["comment: required"]),
            (Returned, Some("Précisez votre rôle."), &[]),
            (Returned, Some(long.as_str()), &["comment: too_long"]),
            (Accepted, None, &[]),
            (Accepted, Some(long.as_str()), &["comment: too_long"]),
        ] {
            assert_eq!(wrong(check_decision(action, comment)), faults, "{action:?}");
        }
    }
}
