//! A person's path through a certification.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    certification::{Certification, RouteKind},
    fault::{Fault, Faults},
    person::{Role, User},
};

/// Legal status under which a person prepares the certification; requirements may differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LearnerStatus {
    /// Élève ou étudiant.
    Student,
    /// Apprenti.
    Apprentice,
    /// Stagiaire de la formation professionnelle.
    Trainee,
    /// Salarié, among them the *contrat de professionnalisation*.
    Employee,
    /// Candidat individuel or by experience (VAE).
    Candidate,
}

/// What an assigned tutor speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TutorKind {
    Company,
    School,
}

impl TutorKind {
    /// What such a tutor is in the organisation.
    pub fn role(self) -> Role {
        match self {
            Self::Company => Role::CompanyTutor,
            Self::School => Role::SchoolTutor,
        }
    }
}

/// Names a certification version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CertificationRef {
    pub id: Uuid,
    pub code: String,
    pub version: String,
    pub title: String,
}

/// Names a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CohortRef {
    pub id: Uuid,
    pub name: String,
}

/// Students who prepare the same certification version over the same dates (*promotion*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cohort {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub name: String,
    pub certification: CertificationRef,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Number of enrolments.
    pub students: u32,
    pub version: i32,
}

/// A tutor who is assigned to an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tutor {
    pub user: User,
    pub kind: TutorKind,
}

/// A student's path through one certification version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolment {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub student: User,
    pub certification: CertificationRef,
    pub cohort: Option<CohortRef>,
    pub route: RouteKind,
    pub status: LearnerStatus,
    pub profile: Option<String>,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    /// Grows with every change below the enrolment: its progress has this as its `ETag`.
    pub version: i32,
}

/// How a person is enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentTerms {
    pub route: RouteKind,
    pub status: LearnerStatus,
    pub profile: Option<String>,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
}

impl EnrolmentTerms {
    /// The route is open where the source states its routes, and the profile is one of the
    /// certification's.
    pub fn check(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        if certification.route(self.route).is_some_and(|route| !route.open) {
            faults.add(
                "route",
                "closed_route",
                format!(
                    "La certification {} n’est pas ouverte par cette voie.",
                    certification.code
                ),
            );
        }
        if let Some(profile) = &self.profile
            && !certification.has_profile(profile)
        {
            faults.add(
                "profile",
                "unknown_profile",
                format!("« {profile} » n’est pas un profil de la certification."),
            );
        }
        faults.period("ends_on", Some(self.starts_on), self.ends_on);
        faults.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{certification, day, wrong};

    #[test]
    fn terms_fit_the_certification() {
        let terms = || EnrolmentTerms {
            route: RouteKind::Student,
            status: LearnerStatus::Student,
            profile: None,
            starts_on: day("2026-09-01"),
            ends_on: None,
        };
        for (terms, faults) in [
            (terms(), &[][..]),
            (EnrolmentTerms { ends_on: Some(day("2026-09-01")), ..terms() }, &[]),
            (
                EnrolmentTerms { ends_on: Some(day("2026-08-31")), ..terms() },
                &["ends_on: end_before_start"],
            ),
            (EnrolmentTerms { route: RouteKind::Experience, ..terms() }, &["route: closed_route"]),
            // The source says nothing of this one.
            (EnrolmentTerms { route: RouteKind::Individual, ..terms() }, &[]),
            (EnrolmentTerms { profile: Some("expert".to_owned()), ..terms() }, &[]),
            (
                EnrolmentTerms { profile: Some("unknown".to_owned()), ..terms() },
                &["profile: unknown_profile"],
            ),
        ] {
            assert_eq!(wrong(terms.check(&certification())), faults, "{terms:?}");
        }
    }

    #[test]
    fn where_no_route_is_stated_any_is_allowed() {
        let certification = Certification { routes: Vec::new(), ..certification() };
        let terms = EnrolmentTerms {
            route: RouteKind::Experience,
            status: LearnerStatus::Candidate,
            profile: None,
            starts_on: day("2026-09-01"),
            ends_on: None,
        };
        assert_eq!(terms.check(&certification), Ok(()));
    }
}
