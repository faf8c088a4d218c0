//! The frozen dossier.

use domain::{
    assessment::AssessorKind,
    certification::Certification,
    dossier::frozen::{FrozenDossier, FrozenEvidence},
    evidence::{EvidenceKind, EvidenceStatus},
    progress::{CompetencyProgress, CompetencyStatus},
    requirement::{RequirementProgress, RequirementState},
};

use super::words;
use crate::{
    Block, Candidate, Competency, Dossier, Evidence, EvidenceFile, Level, Link, Rating, Ratings,
    Requirement,
};

/// What was frozen, without what its reader may not open, of which `hidden` is the number.
pub fn dossier(frozen: &FrozenDossier, manifest_sha256: &str, hidden: usize) -> Dossier {
    let enrolment = &frozen.enrolment;
    let certification = &frozen.certification;
    let last_period = frozen
        .evidence
        .iter()
        .filter(|one| one.content.kind == EvidenceKind::CompanyPeriod)
        .max_by_key(|one| one.content.starts_on);
    let blocks = frozen.progress.blocks.iter().filter(|block| frozen.blocks.contains(&block.code));
    Dossier {
        school: super::named(&frozen.organisation),
        certification: super::certification(&enrolment.certification),
        candidate: Candidate {
            holder: super::holder(&enrolment.student.given_name, &enrolment.student.family_name),
            cohort: enrolment.cohort.as_ref().map(|cohort| cohort.name.clone()),
            company: last_period.and_then(|one| one.content.organisation.clone()),
        },
        route: words::route(enrolment.route).to_owned(),
        version: frozen.number,
        deposited_at: super::moment(frozen.deposited_at),
        presentation: frozen.presentation.clone(),
        requirements: frozen.progress.requirements.iter().map(requirement).collect(),
        levels: certification
            .levels
            .iter()
            .map(|level| Level {
                label: level.label.clone(),
                descriptor: level.description.clone(),
            })
            .collect(),
        blocks: blocks
            .map(|block| Block {
                code: block.code.clone(),
                title: block.title.clone(),
                competencies: block
                    .competencies
                    .iter()
                    .chain(&block.transversal)
                    .map(|progress| competency(certification, progress, &frozen.evidence))
                    .collect(),
            })
            .collect(),
        evidence: frozen.evidence.iter().map(piece).collect(),
        hidden,
        manifest_sha256: manifest_sha256.to_owned(),
    }
}

fn requirement(progress: &RequirementProgress) -> Requirement {
    let (required, found) = words::requirement(progress);
    Requirement {
        label: progress.label.clone(),
        required,
        found,
        state: match progress.state {
            RequirementState::Met => crate::RequirementState::Met,
            RequirementState::Unmet => crate::RequirementState::Unmet,
            RequirementState::NotApplicable => crate::RequirementState::NotApplicable,
        },
    }
}

fn competency(
    certification: &Certification,
    progress: &CompetencyProgress,
    evidence: &[FrozenEvidence],
) -> Competency {
    let key = &progress.competency;
    let official = certification.competency(key);
    let level = certification.levels.iter().find(|level| level.key == progress.required_level);
    let rating = |assessor: AssessorKind| {
        progress
            .views
            .iter()
            .find(|view| view.assessor == assessor)
            .map(|view| Rating { level: view.level_label.clone(), on: view.assessed_on })
    };
    Competency {
        code: official.and_then(|one| one.code.clone()).unwrap_or_else(|| key.clone()),
        text: official.map(|one| one.text.clone()).unwrap_or_default(),
        required: level.map_or_else(|| progress.required_level.clone(), |one| one.label.clone()),
        ratings: Ratings {
            own: rating(AssessorKind::Student),
            company: rating(AssessorKind::Company),
            school: rating(AssessorKind::School),
            jury: rating(AssessorKind::Jury),
        },
        diverges: progress.divergent,
        acquired: progress.status == CompetencyStatus::Acquired,
        links: (1..)
            .zip(evidence)
            .filter_map(|(number, one)| {
                let link = one.content.competencies.iter().find(|link| link.competency == *key)?;
                let justification = super::non_empty(&link.justification);
                Some(Link { evidence: number, justification })
            })
            .collect(),
    }
}

fn piece(evidence: &FrozenEvidence) -> Evidence {
    let content = &evidence.content;
    Evidence {
        title: content.title.clone(),
        kind: words::kind(content.kind).to_owned(),
        from: content.starts_on,
        to: content.ends_on,
        accepted: evidence.status == EvidenceStatus::Accepted,
        revision: evidence.revision,
        files: evidence
            .files
            .iter()
            .map(|frozen| EvidenceFile {
                name: frozen.file.name.clone(),
                size: frozen.file.size,
                sha256: frozen.file.sha256.clone(),
            })
            .collect(),
    }
}
