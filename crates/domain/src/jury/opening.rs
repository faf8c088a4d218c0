//! Whether a session may open: every rule listed as met or not.
//!
//! What holds where a certification says little:
//!
//! - **A draft, or a version without a block** (RNCP37579): no session opens, there is nothing to
//!   decide on.
//! - **No typed rule** (SYSNUM, whose source has no jury text): for VAE the law is the floor, at
//!   least two people of whom one is qualified in what the certification is about, and a chair
//!   (Code du travail, D6412-6, decree 2024-332 of 10 April 2024); it holds beside the typed rule
//!   too. For the other routes no text of general scope numbers a jury: the manager states on what
//!   ground it is composed, and the minutes say so. The law's « représentation équilibrée des
//!   femmes et des hommes » is an aim and no quota, and the gender of members is not kept: it is
//!   not checked.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Candidate, JuryMember,
    composition::{Checks, CompositionRule, RuleCheck, check_composition, check_defence},
    independence::{Conflict, IndependenceCheck, check_independence, summary},
};
use crate::{
    certification::{Certification, JuryRule, RouteKind, VersionStatus},
    fault::Severity,
};

/// What a session is about to open with.
#[derive(Debug, Clone, Copy)]
pub struct SessionPlan<'a> {
    pub certification: &'a Certification,
    pub route: RouteKind,
    pub members: &'a [JuryMember],
    pub candidates: &'a [Candidate],
    /// On what ground the jury is composed, in the manager's words, where no typed rule says it.
    pub statement: &'a str,
}

/// Everything that was checked, for the manager and, later, for the minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningCheck {
    pub basis: Basis,
    pub obstacles: Vec<Obstacle>,
    /// The whole jury.
    pub rules: Vec<RuleCheck>,
    /// In the order of the candidates.
    pub candidates: Vec<CandidateCheck>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CandidateCheck {
    /// Id of the candidate.
    pub candidate: Uuid,
    /// Without one there is nothing to read.
    pub has_dossier: bool,
    /// One by one, met or not.
    pub independence: Vec<IndependenceCheck>,
    pub conflicts: Vec<Conflict>,
    /// The jury without those who leave the room; empty where nobody does.
    pub rules: Vec<RuleCheck>,
}

/// What the composition is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The route's typed rule.
    Rule,
    /// The route has a text that nobody typed: the manager reads it.
    Text,
    /// The source says nothing.
    Nothing,
}

/// Why a session cannot open, beside the rules on its jury.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    Draft,
    NoBlock,
    ClosedRoute,
    NoCandidate,
    /// One person is listed as two members.
    RepeatedMember,
    /// No typed rule, and the manager has not said on what ground the jury is composed.
    NoStatement,
}

impl OpeningCheck {
    pub fn complies(&self) -> bool {
        self.unsettled() == 0
    }

    /// How many things stand between the session and its opening.
    pub fn unsettled(&self) -> usize {
        let of_candidates: usize = self.candidates.iter().map(CandidateCheck::unsettled).sum();
        self.obstacles.len() + unmet(&self.rules) + of_candidates
    }
}

impl CandidateCheck {
    fn unsettled(&self) -> usize {
        let standing = self.conflicts.iter().filter(|conflict| conflict.stands()).count();
        usize::from(!self.has_dossier) + unmet(&self.rules) + standing
    }
}

fn unmet(rules: &[RuleCheck]) -> usize {
    rules.iter().filter(|check| !check.met).count()
}

/// Checks all that stands between a planned session and its opening.
pub fn check_opening(plan: &SessionPlan<'_>) -> OpeningCheck {
    let SessionPlan { certification, route, members, candidates, statement } = *plan;
    let stated = certification.route(route);
    let rule = jury_rule(certification, route);
    let basis = if rule.is_some() {
        Basis::Rule
    } else if stated.is_some_and(|route| route.jury_text.is_some()) {
        Basis::Text
    } else {
        Basis::Nothing
    };
    let mut obstacles = Vec::new();
    if certification.status == VersionStatus::Draft {
        obstacles.push(Obstacle::Draft);
    }
    if certification.blocks.is_empty() {
        obstacles.push(Obstacle::NoBlock);
    }
    if stated.is_some_and(|route| !route.open) {
        obstacles.push(Obstacle::ClosedRoute);
    }
    if candidates.is_empty() {
        obstacles.push(Obstacle::NoCandidate);
    }
    if is_anybody_listed_twice(members) {
        obstacles.push(Obstacle::RepeatedMember);
    }
    if basis != Basis::Rule && statement.trim().is_empty() {
        obstacles.push(Obstacle::NoStatement);
    }
    let trainer = if route == RouteKind::Experience
        || rule.is_some_and(|rule| rule.no_trainer_of_candidates)
    {
        Severity::Blocks
    } else {
        Severity::Warns
    };
    OpeningCheck {
        basis,
        obstacles,
        rules: check_jury(certification, route, members, candidates),
        candidates: candidates
            .iter()
            .map(|candidate| check_candidate(plan, candidate, trainer))
            .collect(),
    }
}

fn is_anybody_listed_twice(members: &[JuryMember]) -> bool {
    let mut seen = HashSet::new();
    members
        .iter()
        .filter(|member| member.sits())
        .filter_map(|member| member.person)
        .any(|person| !seen.insert(person))
}

/// The typed rule of the route, where there is one.
pub fn jury_rule(certification: &Certification, route: RouteKind) -> Option<&JuryRule> {
    certification.route(route)?.jury.as_ref()
}

/// Every rule on the jury as a whole: the route's, the modalities', the law's.
pub fn check_jury(
    certification: &Certification,
    route: RouteKind,
    members: &[JuryMember],
    candidates: &[Candidate],
) -> Vec<RuleCheck> {
    let unstated = JuryRule::default();
    let rule = jury_rule(certification, route).unwrap_or(&unstated);
    let mut found = check_composition(rule, members, candidates);
    found.extend(check_defence(certification, members));
    if route == RouteKind::Experience {
        found.extend(legal_floor(members));
    }
    found
}

/// What no quorum takes away: a chair, of the kind that the rule asks for, and, for VAE, what the
/// law asks for.
pub(crate) fn check_floor(
    rule: Option<&JuryRule>,
    route: RouteKind,
    members: &[JuryMember],
) -> Vec<RuleCheck> {
    let professional_voting_chair = rule.is_some_and(|rule| rule.professional_voting_chair);
    let of_chair = JuryRule { professional_voting_chair, ..JuryRule::default() };
    let mut found = check_composition(&of_chair, members, &[]);
    if route == RouteKind::Experience {
        found.extend(legal_floor(members));
    }
    found
}

fn legal_floor(members: &[JuryMember]) -> Vec<RuleCheck> {
    let mut checks = Checks::new(members);
    checks.at_least(Some(2), |need, have| CompositionRule::LegalSize { need, have }, |_| true);
    checks.at_least(
        Some(1),
        |need, have| CompositionRule::LegalQualified { need, have },
        |one| one.professional || one.expert || one.teaches_speciality,
    );
    checks.found
}

fn check_candidate(
    plan: &SessionPlan<'_>,
    candidate: &Candidate,
    trainer: Severity,
) -> CandidateCheck {
    let sitting = || plan.members.iter().filter(|member| member.sits());
    let conflicts: Vec<Conflict> =
        sitting().flat_map(|member| check_independence(member, candidate, trainer)).collect();
    let rules = if sitting().any(|member| !member.judges(candidate.id)) {
        let staying = staying_for(plan.members, candidate.id);
        let alone = std::slice::from_ref(candidate);
        check_jury(plan.certification, plan.route, &staying, alone)
    } else {
        Vec::new()
    };
    CandidateCheck {
        candidate: candidate.id,
        has_dossier: candidate.has_dossier,
        independence: summary(&conflicts),
        conflicts,
        rules,
    }
}

/// The jury of one candidate: without those who leave the room.
pub fn staying_for(members: &[JuryMember], candidate: Uuid) -> Vec<JuryMember> {
    members.iter().filter(|member| member.judges(candidate)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        certification::AccessRoute,
        fixtures::{candidate, certification, member, route},
    };

    fn with_rule(rule: Option<JuryRule>, text: Option<&str>) -> Certification {
        let stated = AccessRoute {
            jury: rule,
            jury_text: text.map(str::to_owned),
            ..route(RouteKind::Student, true)
        };
        Certification {
            routes: vec![stated, route(RouteKind::Experience, false)],
            ..certification()
        }
    }

    fn chaired(number: u128) -> Vec<JuryMember> {
        (1..=number).map(|id| JuryMember { chair: id == 1, ..member(id) }).collect()
    }

    #[test]
    fn what_stands_in_the_way_is_named() {
        let members = chaired(2);
        let candidates = [candidate(100)];
        let twice = [
            members[0].clone(),
            JuryMember { person: members[0].person, ..member(2) },
            JuryMember { person: None, ..member(3) },
            JuryMember { person: None, ..member(4) },
        ];
        let typed =
            with_rule(Some(JuryRule { size: Some(2), ..JuryRule::default() }), Some("Deux."));
        let worded = with_rule(None, Some("Deux."));
        let silent = with_rule(None, None);
        let draft = Certification {
            status: VersionStatus::Draft,
            blocks: Vec::new(),
            routes: Vec::new(),
            ..certification()
        };
        let plan = SessionPlan {
            certification: &typed,
            route: RouteKind::Student,
            members: &members,
            candidates: &candidates,
            statement: "",
        };
        for (plan, basis, obstacles) in [
            (plan, Basis::Rule, &[][..]),
            (SessionPlan { candidates: &[], ..plan }, Basis::Rule, &[Obstacle::NoCandidate]),
            (SessionPlan { members: &twice, ..plan }, Basis::Rule, &[Obstacle::RepeatedMember]),
            (SessionPlan { certification: &worded, ..plan }, Basis::Text, &[Obstacle::NoStatement]),
            (
                SessionPlan { certification: &silent, ..plan },
                Basis::Nothing,
                &[Obstacle::NoStatement],
            ),
            (
                SessionPlan { certification: &silent, statement: "Règlement, art. 4", ..plan },
                Basis::Nothing,
                &[],
            ),
            (
                SessionPlan { route: RouteKind::Experience, statement: "Règlement", ..plan },
                Basis::Nothing,
                &[Obstacle::ClosedRoute],
            ),
            (
                SessionPlan { certification: &draft, statement: "Règlement", ..plan },
                Basis::Nothing,
                &[Obstacle::Draft, Obstacle::NoBlock],
            ),
        ] {
            let check = check_opening(&plan);
            assert_eq!((check.basis, check.obstacles.as_slice()), (basis, obstacles));
            assert!(obstacles.is_empty() || !check.complies());
        }
        assert!(check_opening(&plan).complies());
    }

    #[test]
    fn every_candidate_has_a_dossier() {
        let certification = with_rule(Some(JuryRule::default()), None);
        let members = chaired(1);
        for (has_dossier, complies) in [(true, true), (false, false)] {
            let candidates = [candidate(100), Candidate { has_dossier, ..candidate(101) }];
            let check = check_opening(&SessionPlan {
                certification: &certification,
                route: RouteKind::Student,
                members: &members,
                candidates: &candidates,
                statement: "",
            });
            assert_eq!(check.complies(), complies);
            assert_eq!(check.candidates[1].has_dossier, has_dossier);
        }
    }

    #[test]
    fn the_law_is_the_floor_of_a_vae_jury_that_no_text_describes() {
        let certification = Certification { routes: Vec::new(), ..certification() };
        let candidates = [candidate(100)];
        let qualified = |number| {
            let mut members = chaired(number);
            members[0].professional = true;
            members
        };
        for (members, complies) in
            [(qualified(1), false), (chaired(2), false), (qualified(2), true), (qualified(5), true)]
        {
            let plan = SessionPlan {
                certification: &certification,
                route: RouteKind::Experience,
                members: &members,
                candidates: &candidates,
                statement: "Code du travail, D6412-6",
            };
            let check = check_opening(&plan);
            assert_eq!(check.complies(), complies, "{check:?}");
            let student = SessionPlan { route: RouteKind::Student, ..plan };
            assert!(check_opening(&student).complies(), "no such floor on another route");
        }
    }

    #[test]
    fn the_jury_that_stays_for_a_candidate_must_comply() {
        let tutor = member(2);
        let tutored = Candidate { tutors: tutor.person.into_iter().collect(), ..candidate(100) };
        let candidates = [tutored, candidate(101)];
        let exact = JuryRule { size: Some(3), ..JuryRule::default() };
        for (rule, recused, complies) in [
            (JuryRule::default(), false, false),
            (JuryRule::default(), true, true),
            (exact.clone(), false, false),
            (exact, true, false),
        ] {
            let certification = with_rule(Some(rule), None);
            let mut members = chaired(3);
            if recused {
                members[1].recused_from = vec![candidates[0].id];
            }
            let check = check_opening(&SessionPlan {
                certification: &certification,
                route: RouteKind::Student,
                members: &members,
                candidates: &candidates,
                statement: "",
            });
            assert_eq!(check.complies(), complies, "{check:?}");
            assert_eq!(check.candidates[0].conflicts.len(), 1);
            assert_eq!(check.candidates[0].rules.is_empty(), !recused);
            assert!(
                check.candidates[1].conflicts.is_empty() && check.candidates[1].rules.is_empty()
            );
        }
    }
}
