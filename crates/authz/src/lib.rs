//! Who may do what. Pure: facts about the actor and the resource come in, a verdict goes out.
//!
//! The whole matrix stands in `src/snapshots/`, so that a change of policy shows in review.

use std::collections::BTreeSet;

use domain::{enrolment::TutorKind, evidence::Visibility, person::Role};
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
    /// Plan sessions and see them all.
    PlanJuries,
    // On an enrolment
    ReadEnrolment,
    ManageEnrolment,
    ReadAssessments,
    AssessSelf,
    AssessCompany,
    AssessSchool,
    ReadVisits,
    /// Draft, change and sign the reports of visits.
    WriteVisits,
    CountersignVisits,
    // On an enrolment, for some evidence of it, and on an evidence, for that one
    LogEvidence,
    ReadEvidence,
    DecideEvidence,
    DiscussEvidence,
    /// Freeze a dossier for the jury.
    Deposit,
    ReadDossiers,
    ReopenDossiers,
    /// Validated blocks, attestations, credentials.
    ReadRecords,
    IssueRecords,
    /// Choose what a public page shows of them.
    ShareRecords,
    // On a jury session
    ReadSession,
    ManageSession,
    /// Accept or decline, declare a conflict.
    AnswerConvocation,
    /// Read the candidates' dossiers, take notes on them.
    ReadFiles,
    /// A deliberation is secret: who has no seat, a manager included, does not follow it.
    FollowDeliberation,
    Propose,
    /// Record what the jury decided, and close the session.
    Decide,
    ReadMinutes,
    AmendMinutes,
}

impl Action {
    pub const ALL: [Self; 38] = [
        Self::ReadCertifications,
        Self::PublishCertifications,
        Self::ListCohorts,
        Self::ManageCohorts,
        Self::ReadPeople,
        Self::ManagePeople,
        Self::ManageStaff,
        Self::ManageEnrolments,
        Self::ManageGrids,
        Self::PlanJuries,
        Self::ReadEnrolment,
        Self::ManageEnrolment,
        Self::ReadAssessments,
        Self::AssessSelf,
        Self::AssessCompany,
        Self::AssessSchool,
        Self::ReadVisits,
        Self::WriteVisits,
        Self::CountersignVisits,
        Self::LogEvidence,
        Self::ReadEvidence,
        Self::DecideEvidence,
        Self::DiscussEvidence,
        Self::Deposit,
        Self::ReadDossiers,
        Self::ReopenDossiers,
        Self::ReadRecords,
        Self::IssueRecords,
        Self::ShareRecords,
        Self::ReadSession,
        Self::ManageSession,
        Self::AnswerConvocation,
        Self::ReadFiles,
        Self::FollowDeliberation,
        Self::Propose,
        Self::Decide,
        Self::ReadMinutes,
        Self::AmendMinutes,
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
                | Self::PlanJuries
        )
    }

    /// Whether the action is on a jury session.
    pub fn is_on_session(self) -> bool {
        matches!(
            self,
            Self::ReadSession
                | Self::ManageSession
                | Self::AnswerConvocation
                | Self::ReadFiles
                | Self::FollowDeliberation
                | Self::Propose
                | Self::Decide
                | Self::ReadMinutes
                | Self::AmendMinutes
        )
    }

    /// Whether a single evidence may be asked about.
    pub fn is_on_evidence(self) -> bool {
        matches!(
            self,
            Self::LogEvidence | Self::ReadEvidence | Self::DecideEvidence | Self::DiscussEvidence
        )
    }
}

/// The people around a student: all that a policy asks about an enrolment.
#[derive(Debug, Clone, Copy)]
pub struct Circle<'a> {
    pub organisation: Uuid,
    pub student: Uuid,
    pub tutors: &'a [(Uuid, TutorKind)],
}

/// The people of a jury session: all that a policy asks about it.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    pub organisation: Uuid,
    pub seats: &'a [Seat],
}

/// A member of a jury, and what the session is ready for.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that a right depends on")]
pub struct Seat {
    pub user: Uuid,
    pub chair: bool,
    pub voting: bool,
    /// The session has opened, its access window is not over, and they have not declined.
    pub reads: bool,
    /// The session is open and they are there.
    pub deliberates: bool,
    /// They are there, or were when it closed.
    pub attended: bool,
}

/// What the action is on. Assessments are reached through their enrolment.
#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    Organisation(Uuid),
    Enrolment(Circle<'a>),
    /// An evidence of an enrolment.
    Evidence(Circle<'a>, Visibility),
    Session(Panel<'a>),
}

/// Which evidence of an enrolment a person may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Nothing,
    /// What is not confidential.
    Open,
    /// Also what is confidential and shown to the company.
    Company,
    Everything,
}

impl Sight {
    pub fn covers(self, visibility: Visibility) -> bool {
        match visibility {
            Visibility::Open => self != Self::Nothing,
            Visibility::Company => matches!(self, Self::Company | Self::Everything),
            Visibility::School => self == Self::Everything,
        }
    }
}

/// What the actor is to the student.
#[expect(clippy::struct_excessive_bools, reason = "a person may be several of them at once")]
struct Part {
    student: bool,
    company: bool,
    school: bool,
    manager: bool,
}

impl Part {
    fn of(actor: &Actor, circle: Circle) -> Self {
        let Circle { organisation, student, tutors } = circle;
        let tutors_as =
            |kind, role| tutors.contains(&(actor.user, kind)) && actor.has(organisation, role);
        Self {
            student: actor.user == student && actor.has(organisation, Role::Apprentice),
            company: tutors_as(TutorKind::Company, Role::CompanyTutor),
            school: tutors_as(TutorKind::School, Role::SchoolTutor),
            manager: actor.has(organisation, Role::Manager),
        }
    }

    fn sight(&self) -> Sight {
        match self {
            Self { student: true, .. } | Self { school: true, .. } => Sight::Everything,
            Self { company: true, .. } => Sight::Company,
            Self { manager: true, .. } => Sight::Open,
            _ => Sight::Nothing,
        }
    }

    fn allows(&self, action: Action) -> bool {
        match action {
            Action::ReadEnrolment
            | Action::ReadEvidence
            | Action::ReadAssessments
            | Action::ReadVisits => self.student || self.company || self.school || self.manager,
            Action::ManageEnrolment | Action::ReopenDossiers | Action::IssueRecords => self.manager,
            Action::LogEvidence
            | Action::AssessSelf
            | Action::CountersignVisits
            | Action::Deposit
            | Action::ShareRecords => self.student,
            Action::DecideEvidence | Action::WriteVisits => self.company || self.school,
            Action::DiscussEvidence => self.student || self.company || self.school,
            Action::ReadDossiers => self.student || self.school || self.manager,
            Action::ReadRecords => self.student || self.manager,
            Action::AssessCompany => self.company,
            Action::AssessSchool => self.school,
            _ => false,
        }
    }
}

/// Which evidence of an enrolment the actor may open.
pub fn sight(actor: &Actor, circle: Circle) -> Sight {
    Part::of(actor, circle).sight()
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
        Resource::Enrolment(_) => allowed(actor, Action::ReadEnrolment, resource),
        Resource::Evidence(..) => allowed(actor, Action::ReadEvidence, resource),
        Resource::Session(_) => allowed(actor, Action::ReadSession, resource),
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
                | Action::ManageGrids
                | Action::PlanJuries => has(Role::Manager),
                Action::ManageStaff => has(Role::Administrator),
                _ => false,
            }
        }
        Resource::Enrolment(circle) => Part::of(actor, circle).allows(action),
        Resource::Evidence(circle, visibility) => {
            let part = Part::of(actor, circle);
            action.is_on_evidence() && part.allows(action) && part.sight().covers(visibility)
        }
        Resource::Session(panel) => allowed_in_session(actor, action, panel),
    }
}

fn allowed_in_session(actor: &Actor, action: Action, panel: Panel) -> bool {
    let Panel { organisation, seats } = panel;
    let manager = actor.has(organisation, Role::Manager);
    let seat =
        seats.iter().find(|seat| seat.user == actor.user && actor.has(organisation, Role::Jury));
    match action {
        Action::ReadSession => manager || seat.is_some(),
        Action::ManageSession => manager,
        Action::AnswerConvocation | Action::FollowDeliberation => seat.is_some(),
        Action::ReadFiles => seat.is_some_and(|seat| seat.reads),
        Action::Propose => seat.is_some_and(|seat| seat.deliberates && seat.voting),
        Action::Decide => seat.is_some_and(|seat| seat.deliberates && seat.chair),
        Action::ReadMinutes => manager || seat.is_some_and(|seat| seat.attended),
        Action::AmendMinutes => manager || seat.is_some_and(|seat| seat.chair && seat.attended),
        _ => false,
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
    const CHAIR: Uuid = Uuid::from_u128(14);
    const MEMBER: Uuid = Uuid::from_u128(15);
    const OBSERVER: Uuid = Uuid::from_u128(16);
    const AWAY: Uuid = Uuid::from_u128(17);

    fn actor(user: Uuid, organisation: Uuid, role: Role) -> Actor {
        Actor { user, memberships: BTreeSet::from([(organisation, role)]) }
    }

    #[test]
    fn matrix() {
        let tutors = [(COMPANY, TutorKind::Company), (SCHOOL, TutorKind::School)];
        let circle = Circle { organisation: HERE, student: STUDENT, tutors: &tutors };
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
        let of_jury = [
            ("chair", actor(CHAIR, HERE, Role::Jury)),
            ("voting member", actor(MEMBER, HERE, Role::Jury)),
            ("member without a vote", actor(OBSERVER, HERE, Role::Jury)),
            ("member who did not come", actor(AWAY, HERE, Role::Jury)),
            ("chair whose role was taken away", actor(CHAIR, HERE, Role::SchoolTutor)),
        ];
        let mut matrix = String::new();
        for action in Action::ALL.into_iter().filter(|action| action.is_on_session()) {
            for (label, reads, deliberates, attended) in [
                ("planned", false, false, false),
                ("open", true, true, true),
                ("closed", true, false, true),
            ] {
                let seat = |user, chair, voting| Seat {
                    user,
                    chair,
                    voting,
                    reads,
                    deliberates,
                    attended,
                };
                let seats = [
                    seat(CHAIR, true, true),
                    seat(MEMBER, false, true),
                    seat(OBSERVER, false, false),
                    Seat {
                        reads: false,
                        deliberates: false,
                        attended: false,
                        ..seat(AWAY, false, true)
                    },
                ];
                let session = Resource::Session(Panel { organisation: HERE, seats: &seats });
                writeln!(matrix, "{action:?}, {label}").unwrap();
                for (name, person) in people.iter().chain(&of_jury) {
                    let verdict = can(person, action, session);
                    writeln!(matrix, "  {name:<32} {verdict:?}").unwrap();
                }
            }
        }
        for action in Action::ALL.into_iter().filter(|action| !action.is_on_session()) {
            let resource = if action.is_on_organisation() {
                Resource::Organisation(HERE)
            } else {
                Resource::Enrolment(circle)
            };
            let mut resources = vec![("", resource)];
            if action.is_on_evidence() {
                resources.extend([
                    (", evidence", Resource::Evidence(circle, Visibility::Open)),
                    (", confidential, shown", Resource::Evidence(circle, Visibility::Company)),
                    (", confidential", Resource::Evidence(circle, Visibility::School)),
                ]);
            }
            for (label, resource) in resources {
                writeln!(matrix, "{action:?}{label}").unwrap();
                for (name, person) in &people {
                    let verdict = can(person, action, resource);
                    writeln!(matrix, "  {name:<32} {verdict:?}").unwrap();
                }
            }
        }
        // Lists are narrowed by sight, so it must say what `can` says one by one.
        for (name, person) in &people {
            for visibility in [Visibility::Open, Visibility::Company, Visibility::School] {
                let evidence = Resource::Evidence(circle, visibility);
                let alone = can(person, Action::ReadEvidence, evidence) == Verdict::Allowed;
                assert_eq!(sight(person, circle).covers(visibility), alone, "{name}");
            }
        }
        insta::assert_snapshot!(matrix);
    }

    #[test]
    fn an_action_never_fits_the_other_kind_of_resource() {
        let mut everything = actor(STUDENT, HERE, Role::Apprentice);
        everything.memberships.extend(Role::ALL.map(|role| (HERE, role)));
        let tutors = [(STUDENT, TutorKind::Company), (STUDENT, TutorKind::School)];
        let circle = Circle { organisation: HERE, student: STUDENT, tutors: &tutors };
        let evidence = Resource::Evidence(circle, Visibility::Open);
        let seats = [Seat {
            user: STUDENT,
            chair: true,
            voting: true,
            reads: true,
            deliberates: true,
            attended: true,
        }];
        let session = Resource::Session(Panel { organisation: HERE, seats: &seats });
        for action in Action::ALL {
            let mut others = Vec::new();
            if action.is_on_session() {
                others.extend([Resource::Enrolment(circle), Resource::Organisation(HERE)]);
            } else if action.is_on_organisation() {
                others.extend([Resource::Enrolment(circle), session]);
            } else {
                others.extend([Resource::Organisation(HERE), session]);
            }
            if !action.is_on_evidence() {
                others.push(evidence);
            }
            for other in others {
                assert_ne!(can(&everything, action, other), Verdict::Allowed, "{action:?}");
            }
        }
    }
}
