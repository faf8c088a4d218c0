//! Who may do what. Pure: facts about the actor and the resource come in, a verdict goes out.
//!
//! The whole matrix stands in `src/snapshots/`, so that a change of policy shows in review.

use std::collections::BTreeSet;

use domain::{enrolment::TutorKind, person::Role};
use uuid::Uuid;

/// The person who asks, with the roles held in each organisation.
#[derive(Debug, Clone)]
pub struct Actor {
    pub user: Uuid,
    pub memberships: BTreeSet<(Uuid, Role)>,
}

impl Actor {
    pub fn has(&self, organisation: Uuid, role: Role) -> bool {
        self.memberships.contains(&(organisation, role))
    }

    pub fn is_member(&self, organisation: Uuid) -> bool {
        self.memberships.iter().any(|(held_in, _)| *held_in == organisation)
    }

    /// The organisations in which the actor holds one of the roles.
    pub fn organisations_as(&self, roles: &[Role]) -> BTreeSet<Uuid> {
        self.memberships
            .iter()
            .filter(|(_, role)| roles.contains(role))
            .map(|(organisation, _)| *organisation)
            .collect()
    }

    /// Every organisation the actor is a member of.
    pub fn organisations(&self) -> BTreeSet<Uuid> {
        self.organisations_as(&Role::ALL)
    }
}

/// What can be asked for. Each action says on which [`Resource`] it makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    // On an organisation
    ReadCertifications,
    PublishCertifications,
    ListCohorts,
    ManageCohorts,
    ReadPeople,
    ManagePeople,
    /// Give or use the roles of managers and administrators.
    ManageStaff,
    ManageEnrolments,
    ManageGrids,
    // On an enrolment
    ReadEnrolment,
    ManageEnrolment,
    LogEvidence,
    ReadEvidence,
    DecideEvidence,
    ReadAssessments,
    AssessSelf,
    AssessCompany,
    AssessSchool,
    ReadVisits,
    /// Draft, change and sign the reports of visits.
    WriteVisits,
    CountersignVisits,
}

impl Action {
    pub const ALL: [Self; 21] = [
        Self::ReadCertifications,
        Self::PublishCertifications,
        Self::ListCohorts,
        Self::ManageCohorts,
        Self::ReadPeople,
        Self::ManagePeople,
        Self::ManageStaff,
        Self::ManageEnrolments,
        Self::ManageGrids,
        Self::ReadEnrolment,
        Self::ManageEnrolment,
        Self::LogEvidence,
        Self::ReadEvidence,
        Self::DecideEvidence,
        Self::ReadAssessments,
        Self::AssessSelf,
        Self::AssessCompany,
        Self::AssessSchool,
        Self::ReadVisits,
        Self::WriteVisits,
        Self::CountersignVisits,
    ];

    /// Whether the action is on an organisation rather than on an enrolment.
    pub fn is_on_organisation(self) -> bool {
        matches!(
            self,
            Self::ReadCertifications
                | Self::PublishCertifications
                | Self::ListCohorts
                | Self::ManageCohorts
                | Self::ReadPeople
                | Self::ManagePeople
                | Self::ManageStaff
                | Self::ManageEnrolments
                | Self::ManageGrids
        )
    }
}

/// What the action is on. Evidence and assessments are reached through their enrolment.
#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    Organisation(Uuid),
    Enrolment { organisation: Uuid, student: Uuid, tutors: &'a [(Uuid, TutorKind)] },
}

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    /// The actor may know that the resource exists, but not do this.
    Forbidden,
    /// The actor may not know that the resource exists.
    Hidden,
}

/// Decides. What the actor may not read is hidden; what they may read but not do is forbidden.
pub fn can(actor: &Actor, action: Action, resource: Resource) -> Verdict {
    if allowed(actor, action, resource) {
        return Verdict::Allowed;
    }
    let may_know = match resource {
        Resource::Organisation(organisation) => actor.is_member(organisation),
        Resource::Enrolment { .. } => allowed(actor, Action::ReadEnrolment, resource),
    };
    if may_know { Verdict::Forbidden } else { Verdict::Hidden }
}

fn allowed(actor: &Actor, action: Action, resource: Resource) -> bool {
    match resource {
        Resource::Organisation(organisation) => {
            let has = |role| actor.has(organisation, role);
            match action {
                Action::ReadCertifications => actor.is_member(organisation),
                Action::ListCohorts | Action::ReadPeople | Action::ManagePeople => {
                    has(Role::Manager) || has(Role::Administrator)
                }
                Action::PublishCertifications
                | Action::ManageCohorts
                | Action::ManageEnrolments
                | Action::ManageGrids => has(Role::Manager),
                Action::ManageStaff => has(Role::Administrator),
                _ => false,
            }
        }
        Resource::Enrolment { organisation, student, tutors } => {
            let is_student = actor.user == student && actor.has(organisation, Role::Apprentice);
            let tutors_as =
                |kind, role| tutors.contains(&(actor.user, kind)) && actor.has(organisation, role);
            let company = tutors_as(TutorKind::Company, Role::CompanyTutor);
            let school = tutors_as(TutorKind::School, Role::SchoolTutor);
            let manager = actor.has(organisation, Role::Manager);
            match action {
                Action::ReadEnrolment
                | Action::ReadEvidence
                | Action::ReadAssessments
                | Action::ReadVisits => is_student || company || school || manager,
                Action::ManageEnrolment => manager,
                Action::LogEvidence | Action::AssessSelf | Action::CountersignVisits => is_student,
                Action::DecideEvidence | Action::WriteVisits => company || school,
                Action::AssessCompany => company,
                Action::AssessSchool => school,
                _ => false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    const HERE: Uuid = Uuid::from_u128(1);
    const ELSEWHERE: Uuid = Uuid::from_u128(2);
    const STUDENT: Uuid = Uuid::from_u128(10);
    const COMPANY: Uuid = Uuid::from_u128(11);
    const SCHOOL: Uuid = Uuid::from_u128(12);
    const NOBODY: Uuid = Uuid::from_u128(13);

    fn actor(user: Uuid, organisation: Uuid, role: Role) -> Actor {
        Actor { user, memberships: BTreeSet::from([(organisation, role)]) }
    }

    #[test]
    fn matrix() {
        let tutors = [(COMPANY, TutorKind::Company), (SCHOOL, TutorKind::School)];
        let enrolment =
            Resource::Enrolment { organisation: HERE, student: STUDENT, tutors: &tutors };
        let people = [
            ("its student", actor(STUDENT, HERE, Role::Apprentice)),
            ("another student", actor(NOBODY, HERE, Role::Apprentice)),
            ("its company tutor", actor(COMPANY, HERE, Role::CompanyTutor)),
            ("another company tutor", actor(NOBODY, HERE, Role::CompanyTutor)),
            ("its school tutor", actor(SCHOOL, HERE, Role::SchoolTutor)),
            ("another school tutor", actor(NOBODY, HERE, Role::SchoolTutor)),
            ("manager", actor(NOBODY, HERE, Role::Manager)),
            ("jury", actor(NOBODY, HERE, Role::Jury)),
            ("administrator", actor(NOBODY, HERE, Role::Administrator)),
            ("manager elsewhere", actor(NOBODY, ELSEWHERE, Role::Manager)),
            ("student's account without role", actor(STUDENT, ELSEWHERE, Role::Apprentice)),
            ("tutor whose role was taken away", actor(COMPANY, HERE, Role::Jury)),
        ];
        let mut matrix = String::new();
        for action in Action::ALL {
            let resource =
                if action.is_on_organisation() { Resource::Organisation(HERE) } else { enrolment };
            writeln!(matrix, "{action:?}").unwrap();
            for (name, person) in &people {
                let verdict = can(person, action, resource);
                writeln!(matrix, "  {name:<32} {verdict:?}").unwrap();
            }
        }
        insta::assert_snapshot!(matrix);
    }

    #[test]
    fn an_action_never_fits_the_other_kind_of_resource() {
        let mut everything = actor(STUDENT, HERE, Role::Apprentice);
        everything.memberships.extend(Role::ALL.map(|role| (HERE, role)));
        let tutors = [(STUDENT, TutorKind::Company), (STUDENT, TutorKind::School)];
        let enrolment =
            Resource::Enrolment { organisation: HERE, student: STUDENT, tutors: &tutors };
        for action in Action::ALL {
            let other =
                if action.is_on_organisation() { enrolment } else { Resource::Organisation(HERE) };
            assert_ne!(can(&everything, action, other), Verdict::Allowed, "{action:?}");
        }
    }
}
