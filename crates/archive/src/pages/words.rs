//! What values are called.

use chrono::{DateTime, Utc};
use domain::{
    ambient::{clock_in_france, day_in_french},
    assessment::AssessorKind,
    certification::{Certification, RouteKind},
    decision::Verdict,
    dossier::DossierStatus,
    enrolment::{LearnerStatus, TutorKind},
    evidence::{EvidenceAction, EvidenceKind, EvidenceStatus, Visibility},
    message::Speaker,
    person::User,
    visit::{Side, VisitPlace, VisitStatus},
};

pub fn name(user: &User) -> String {
    format!("{} {}", user.given_name, user.family_name)
}

/// In France.
pub fn moment(at: DateTime<Utc>) -> String {
    let (day, time) = clock_in_france(at);
    format!("{} à {}", day_in_french(day), time.format("%H:%M"))
}

/// `s` where there are several.
pub fn many(number: u64) -> &'static str {
    if number > 1 { "s" } else { "" }
}

/// How much is not there because it is confidential, if anything is.
pub fn left_out(number: usize) -> Option<String> {
    let s = many(number as u64);
    (number > 0).then(|| format!("{number} preuve{s} confidentielle{s} absente{s}"))
}

pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} octets"),
        1_000..1_000_000 => format!("{} ko", bytes.div_ceil(1_000)),
        _ => format!("{},{} Mo", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

pub fn assessor(kind: AssessorKind) -> &'static str {
    match kind {
        AssessorKind::Student => "Auto-évaluation",
        AssessorKind::Company => "Entreprise",
        AssessorKind::School => "École",
        AssessorKind::Jury => "Jury",
    }
}

pub fn tutor(kind: TutorKind) -> &'static str {
    match kind {
        TutorKind::Company => "Tuteur en entreprise",
        TutorKind::School => "Tuteur pédagogique",
    }
}

pub fn route(route: RouteKind) -> &'static str {
    match route {
        RouteKind::Student => "Élève ou étudiant",
        RouteKind::Apprenticeship => "Apprentissage",
        RouteKind::Continuing => "Formation continue",
        RouteKind::Professionalisation => "Contrat de professionnalisation",
        RouteKind::Individual => "Candidature individuelle",
        RouteKind::Experience => "Validation des acquis de l’expérience",
    }
}

pub fn learner(status: LearnerStatus) -> &'static str {
    match status {
        LearnerStatus::Student => "Élève ou étudiant",
        LearnerStatus::Apprentice => "Apprenti",
        LearnerStatus::Trainee => "Stagiaire de la formation professionnelle",
        LearnerStatus::Employee => "Salarié",
        LearnerStatus::Candidate => "Candidat",
    }
}

pub fn kind(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Internship => "Stage",
        EvidenceKind::CompanyPeriod => "Période en entreprise",
        EvidenceKind::Project => "Projet",
        EvidenceKind::Report => "Rapport",
        EvidenceKind::StayAbroad => "Séjour à l’étranger",
        EvidenceKind::LanguageCertificate => "Certificat de langue",
        EvidenceKind::Other => "Autre preuve",
    }
}

pub fn status(status: EvidenceStatus) -> &'static str {
    match status {
        EvidenceStatus::Draft => "Brouillon",
        EvidenceStatus::Submitted => "Envoyée",
        EvidenceStatus::Accepted => "Acceptée",
        EvidenceStatus::Returned => "À reprendre",
    }
}

pub fn step(action: EvidenceAction) -> &'static str {
    match action {
        EvidenceAction::Submitted => "Envoyée",
        EvidenceAction::Accepted => "Acceptée",
        EvidenceAction::Returned => "À reprendre",
        EvidenceAction::Withdrawn => "Retirée",
    }
}

pub fn visibility(visibility: Visibility) -> Option<&'static str> {
    match visibility {
        Visibility::Open => None,
        Visibility::Company => Some("Confidentielle : entreprise et école"),
        Visibility::School => Some("Confidentielle : école seule"),
    }
}

pub fn speaker(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Student => "apprenant",
        Speaker::CompanyTutor => "tuteur en entreprise",
        Speaker::SchoolTutor => "tuteur pédagogique",
    }
}

pub fn side(side: Side) -> &'static str {
    match side {
        Side::Company => "Entreprise",
        Side::School => "École",
        Side::Student => "Apprenant",
    }
}

pub fn place(place: VisitPlace) -> &'static str {
    match place {
        VisitPlace::Company => "En entreprise",
        VisitPlace::School => "À l’école",
        VisitPlace::Remote => "À distance",
    }
}

pub fn visit(status: VisitStatus) -> &'static str {
    match status {
        VisitStatus::Draft => "Texte à signer de nouveau",
        VisitStatus::Signing => "Signatures des tuteurs en cours",
        VisitStatus::Countersigning => "Attend la signature de l’apprenant",
        VisitStatus::Refused => "L’apprenant n’a pas contresigné",
        VisitStatus::Signed => "Signé par tous",
    }
}

pub fn dossier(status: DossierStatus) -> &'static str {
    match status {
        DossierStatus::Deposited => "Déposé",
        DossierStatus::Reopened => "Rouvert",
        DossierStatus::Presented => "Présenté au jury",
        DossierStatus::Decided => "Jugé",
    }
}

pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Validated => "Validé",
        Verdict::Partial => "Validé en partie",
        Verdict::Refused => "Non validé",
        Verdict::Postponed => "Ajourné",
    }
}

/// A competency by its code and wording.
pub fn competency<'a>(certification: &'a Certification, key: &'a str) -> (&'a str, &'a str) {
    match certification.competency(key) {
        Some(one) => (one.code.as_deref().unwrap_or(key), &one.text),
        None => (key, ""),
    }
}

/// The label of a level of the scale.
pub fn level<'a>(certification: &'a Certification, key: &'a str) -> &'a str {
    certification.levels.iter().find(|level| level.key == key).map_or(key, |level| &level.label)
}

/// What an act of the journal is called; one without words of its own keeps its name.
pub fn act(action: &str) -> &str {
    match action {
        "enrolment.created" => "Inscription",
        "enrolment.imported" => "Portfolio importé",
        "enrolment.tutors_set" | "enrolment.tutors_added" => "Tuteurs changés",
        "evidence.created" => "Preuve créée",
        "evidence.changed" => "Preuve modifiée",
        "evidence.deleted" => "Preuve supprimée",
        "evidence.submitted" => "Preuve envoyée",
        "evidence.accepted" => "Preuve acceptée",
        "evidence.returned" => "Preuve renvoyée",
        "evidence.withdrawn" => "Preuve retirée",
        "evidence.declared" => "Livrable déclaré",
        "evidence.replaced" => "Livrable remplacé",
        "evidence.shown_to" => "Lecteurs de la preuve changés",
        "file.attached" => "Fichier joint",
        "file.removed" => "Fichier retiré",
        "message.sent" => "Message",
        "assessment.created" => "Évaluation commencée",
        "assessment.changed" | "assessment.restarted" => "Évaluation modifiée",
        "assessment.signed" => "Évaluation signée",
        "visit.created" => "Compte rendu de visite commencé",
        "visit.changed" => "Compte rendu de visite modifié",
        "visit.signed" => "Compte rendu de visite signé",
        "visit.countersigned" => "Compte rendu de visite contresigné",
        "visit.refused" => "Compte rendu de visite non contresigné",
        "dossier.deposited" => "Dossier déposé",
        "dossier.reopened" => "Dossier rouvert",
        other => other,
    }
}
