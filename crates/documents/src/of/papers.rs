//! What a person is given: attestations, letters, certificates.

use chrono::NaiveDate;
use domain::{
    ambient::day_in_france,
    certification::Certification,
    enrolment::Enrolment,
    letterhead::Letterhead,
    record::{Deliberated, HeldBlock, Provenance},
    requirement::{RequirementProgress, RequirementState},
};

use super::{minutes, words};
use crate::{Attestation, BlockRef, BlockResult, Certificate, Registration, ResultLetter, School};

/// What stands on every paper of a person, beside what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Issue<'a> {
    /// Name of the school.
    pub organisation: &'a str,
    pub letterhead: &'a Letterhead,
    pub certification: &'a Certification,
    pub enrolment: &'a Enrolment,
    pub issued_on: NaiveDate,
    /// Address that says whether the paper is in force.
    pub verification: Option<&'a str>,
}

impl Issue<'_> {
    fn registration(&self) -> Option<Registration> {
        Some(Registration {
            decided_on: self.certification.dates.decided_on?,
            level: self.certification.level?,
            nsf: self
                .certification
                .nsf
                .iter()
                .map(|one| (one.code.clone(), one.label.clone()))
                .collect(),
        })
    }

    fn holder(&self) -> crate::Holder {
        super::holder(&self.enrolment.student.given_name, &self.enrolment.student.family_name)
    }
}

/// The day, and the last characters of the id, by which the record is found again.
fn number(day: NaiveDate, id: uuid::Uuid) -> String {
    let id = id.simple().to_string().to_uppercase();
    format!("{}-{}", day.format("%Y%m%d"), &id[id.len() - 8..])
}

/// Of one validated block; with how it came here, where it is not the school's own jury that
/// validated it.
pub fn attestation(
    issue: &Issue<'_>,
    held: &HeldBlock,
    provenance: Option<&Provenance>,
) -> Attestation {
    let certification = issue.certification;
    let block = certification.block(&held.block);
    let texts = |key: &str| certification.competency(key).map(|one| one.text.clone());
    let own = block.into_iter().flat_map(|block| &block.competencies);
    let competencies = own
        .filter_map(|unit| texts(&unit.competency))
        .chain(held.transversal.iter().filter_map(|key| texts(key)))
        .collect();
    let term = certification.validation.block_validity.term(held.validated_on);
    Attestation {
        school: super::school(issue.organisation, issue.letterhead),
        certification: super::certification(&issue.enrolment.certification),
        registration: issue.registration(),
        holder: issue.holder(),
        block: BlockRef {
            code: held.block.clone(),
            title: block.map(|block| block.title.clone()).unwrap_or_default(),
        },
        competencies,
        validated_on: held.validated_on,
        provenance: provenance.cloned(),
        validity: super::validity(term),
        number: number(held.validated_on, held.id),
        issued_on: issue.issued_on,
        issued_at: super::non_empty(&issue.letterhead.place),
        signatory: super::signatory(issue.letterhead),
        verification: issue.verification.map(str::to_owned),
    }
}

/// Of the whole certification; none where the version does not say when it was registered, which a
/// certificate must print.
pub fn certificate(issue: &Issue<'_>, obtained_on: NaiveDate) -> Option<Certificate> {
    Some(Certificate {
        certifier: certifier(issue),
        certification: super::certification(&issue.enrolment.certification),
        registration: issue.registration()?,
        holder: issue.holder(),
        number: number(obtained_on, issue.enrolment.id),
        issued_on: issue.issued_on,
        issued_at: super::non_empty(&issue.letterhead.place),
        signatory: super::signatory(issue.letterhead),
        verification: issue.verification.map(str::to_owned),
    })
}

/// The certifier delivers: the only one, or of several that may each deliver in their own name the
/// one that the school is.
fn certifier(issue: &Issue<'_>) -> School {
    let school = super::school(issue.organisation, issue.letterhead);
    match issue.certification.certifiers.as_slice() {
        [only] if only.name != school.name => School {
            name: only.name.clone(),
            trade_name: only.trade_name.clone().filter(|trade| *trade != only.name),
            address: Vec::new(),
        },
        _ => school,
    }
}

/// What a session decided on one candidate, told to them alone.
pub fn result_letter(
    issue: &Issue<'_>,
    judged: &Deliberated,
    requirements: &[RequirementProgress],
) -> ResultLetter {
    let waived = |key: &str| judged.waivers.iter().any(|waiver| waiver.requirement == key);
    ResultLetter {
        school: super::school(issue.organisation, issue.letterhead),
        certification: super::certification(&issue.enrolment.certification),
        recipient: issue.holder().name,
        address: Vec::new(),
        reference: number(issue.issued_on, judged.session),
        place: super::non_empty(&issue.letterhead.place),
        date: issue.issued_on,
        session_on: day_in_france(judged.held_at),
        results: judged
            .decisions
            .iter()
            .map(|decision| BlockResult {
                code: decision.block.clone(),
                title: decision.title.clone(),
                outcome: words::outcome(decision.verdict),
                explanation: [
                    minutes::lines(&decision.missing),
                    super::non_empty(&decision.motive),
                ]
                .into_iter()
                .flatten()
                .reduce(|missing, motive| format!("{missing}\n{motive}")),
                validity: decision.term.map(super::validity),
            })
            .collect(),
        certification_obtained: judged.certification_obtained,
        amendments: judged.amendments.iter().map(minutes::amendment).collect(),
        missing_requirements: requirements
            .iter()
            .filter(|one| one.state == RequirementState::Unmet && !waived(&one.key))
            .map(|one| {
                let (required, found) = words::requirement(one);
                format!("{} : {found} sur {required}", one.label)
            })
            .collect(),
        appeals: issue.letterhead.appeals.clone(),
        signatory: super::signatory(issue.letterhead),
    }
}
