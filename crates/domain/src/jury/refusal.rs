//! Why a session does not open, or not close, in sentences: one for each thing that is not met, with its figures
//! and the people to look at.

use uuid::Uuid;

use super::{
    Candidate, JuryMember,
    composition::{CompositionRule, RuleCheck},
    independence::{Conflict, Ground},
    opening::{CandidateCheck, Obstacle, OpeningCheck},
};
use crate::fault::{Fault, Faults};

/// Everything that keeps the session from opening; empty where it complies.
pub fn reasons(
    check: &OpeningCheck,
    members: &[JuryMember],
    candidates: &[Candidate],
) -> Vec<Fault> {
    let mut faults = Faults::default();
    for (index, obstacle) in check.obstacles.iter().enumerate() {
        let (code, detail) = obstacle.reason();
        faults.add(format!("obstacles[{index}]"), code, detail);
    }
    for (index, rule) in unmet(&check.rules) {
        faults.add(format!("rules[{index}]"), "rule_not_met", rule.reason(members));
    }
    for (place, one) in check.candidates.iter().enumerate() {
        let name = name(one, candidates);
        if !one.has_dossier {
            faults.add(
                format!("candidates[{place}]"),
                "no_dossier",
                format!("{name} n’a pas déposé de dossier."),
            );
        }
        for (index, conflict) in standing(one) {
            faults.add(
                format!("candidates[{place}].conflicts[{index}]"),
                "not_independent",
                conflict.reason(members, name),
            );
        }
        for (index, rule) in unmet(&one.rules) {
            faults.add(
                format!("candidates[{place}].rules[{index}]"),
                "rule_not_met",
                format!("Pour {name}, sans les membres qui se récusent : {}", rule.reason(members)),
            );
        }
    }
    faults.into_result().err().unwrap_or_default()
}

/// Conflicts that have come up since the session opened, with candidates on whom something is
/// decided. Each can still be settled: the member leaves the room, and where that leaves too few to
/// decide, the candidate comes back before another jury. What else is no longer met is a matter of
/// the quorum.
pub fn reasons_to_stay_open(
    check: &OpeningCheck,
    members: &[JuryMember],
    candidates: &[Candidate],
    decided: &[Uuid],
    faults: &mut Faults,
) {
    let judged = check.candidates.iter().filter(|one| decided.contains(&one.candidate));
    for one in judged {
        let name = name(one, candidates);
        for (_, conflict) in standing(one) {
            faults.add(
                one.candidate.to_string(),
                "not_independent",
                format!(
                    "{} Un responsable doit l’écarter pour ce candidat ; sinon, ses blocs se \
                     reportent.",
                    conflict.reason(members, name)
                ),
            );
        }
    }
}

fn standing(check: &CandidateCheck) -> impl Iterator<Item = (usize, &Conflict)> {
    check.conflicts.iter().enumerate().filter(|(_, one)| one.stands())
}

fn name<'a>(check: &CandidateCheck, candidates: &'a [Candidate]) -> &'a str {
    let found = candidates.iter().find(|candidate| candidate.id == check.candidate);
    found.map_or("?", |candidate| candidate.name.as_str())
}

fn unmet(rules: &[RuleCheck]) -> impl Iterator<Item = (usize, &RuleCheck)> {
    rules.iter().enumerate().filter(|(_, check)| !check.met)
}

fn names(ids: &[Uuid], members: &[JuryMember]) -> String {
    let named = members.iter().filter(|member| ids.contains(&member.id));
    named.map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ")
}

impl Obstacle {
    fn reason(self) -> (&'static str, &'static str) {
        match self {
            Self::Draft => {
                ("draft", "La certification est un brouillon : aucune session ne peut s’ouvrir.")
            }
            Self::NoBlock => ("no_block", "La certification n’a aucun bloc à décider."),
            Self::ClosedRoute => {
                ("closed_route", "La certification n’est pas ouverte par cette voie d’accès.")
            }
            Self::NoCandidate => ("no_candidate", "La session n’a aucun candidat."),
            Self::RepeatedMember => {
                ("repeated_member", "La même personne siège deux fois dans ce jury.")
            }
            Self::NoStatement => (
                "no_statement",
                "Aucune règle n’est saisie pour cette voie : dites sur quel fondement le jury est \
                 composé.",
            ),
        }
    }
}

impl RuleCheck {
    fn reason(&self, members: &[JuryMember]) -> String {
        let sentence = self.rule.to_string();
        let names = names(&self.members, members);
        if names.is_empty() { format!("{sentence}.") } else { format!("{sentence} ({names}).") }
    }
}

impl std::fmt::Display for CompositionRule {
    /// What is asked and what there is, in French, without a full stop.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at_least = |f: &mut std::fmt::Formatter<'_>, what: &str, need: &u32, have: &u32| {
            write!(f, "{what} : {need} au moins, {have} actuellement")
        };
        match self {
            Self::Chair { have } => write!(f, "Président du jury : un seul, {have} actuellement"),
            Self::Size { need, have } => {
                write!(f, "Nombre de membres : {need} exactement, {have} actuellement")
            }
            Self::Seat { seat, have } => {
                write!(f, "Fonction « {seat} » : une personne au moins, {have} actuellement")
            }
            Self::ProfessionalVotingChair => {
                write!(f, "Le président est un professionnel et il vote")
            }
            Self::Professionals { need, have } => at_least(f, "Professionnels", need, have),
            Self::OtherProfessionals { need, have } => {
                at_least(f, "Professionnels en plus du président", need, have)
            }
            Self::CertifierRepresentatives { need, have } => {
                at_least(f, "Représentants du certificateur", need, have)
            }
            Self::External { need, have } => at_least(f, "Membres extérieurs", need, have),
            Self::ExternalShare { percent, have, of } => write!(
                f,
                "Part des membres extérieurs : {percent} % au moins, {have} sur {of} actuellement"
            ),
            Self::Employers { need, have } => at_least(f, "Employeurs", need, have),
            Self::Employees { need, have } => at_least(f, "Salariés", need, have),
            Self::Experts { need, have } => at_least(f, "Experts", need, have),
            Self::TeachingExperts { have, of } => write!(
                f,
                "Experts qui enseignent la spécialité : plus de la moitié, {have} sur {of} \
                 actuellement"
            ),
            Self::ProfessionalExperts { need, have } => {
                at_least(f, "Experts du monde professionnel", need, have)
            }
            Self::Experience { years, have, of } => write!(
                f,
                "Expérience d’au moins {years} ans pour chaque professionnel : {have} sur {of} \
                 actuellement"
            ),
            Self::Qualification { level, have, of } => write!(
                f,
                "Niveau {level} de qualification pour chaque professionnel : {have} sur {of} \
                 actuellement"
            ),
            Self::NoTrainer { have } => {
                write!(f, "Membres qui ont formé un candidat : aucun, {have} actuellement")
            }
            Self::DefenceProfessionals { need, have } => {
                at_least(f, "Professionnels devant qui se tient la soutenance", need, have)
            }
            Self::LegalSize { need, have } => {
                at_least(f, "Membres du jury de VAE (code du travail, D6412-6)", need, have)
            }
            Self::LegalQualified { need, have } => at_least(
                f,
                "Membres qualifiés du jury de VAE (code du travail, D6412-6)",
                need,
                have,
            ),
            Self::Quorum { need, have } => at_least(f, "Membres présents qui votent", need, have),
        }
    }
}

impl Conflict {
    fn reason(&self, members: &[JuryMember], candidate: &str) -> String {
        let member = names(&[self.member], members);
        let detail = self.detail.as_deref().unwrap_or_default();
        match self.ground {
            Ground::SamePerson => format!("{member} est membre du jury et candidat."),
            Ground::Tutor => format!("{member} est tuteur de {candidate}."),
            Ground::Trainer => format!("{member} a formé ou accompagné {candidate}."),
            Ground::SameCompany => {
                format!("{member} est de la même entreprise que {candidate} : {detail}.")
            }
            Ground::DeclaredLink => {
                format!("{member} a un lien déclaré avec {candidate} : {detail}")
            }
            Ground::OwnDeclaration => {
                format!("{member} a déclaré ne pas devoir juger {candidate} : {detail}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        certification::{AccessRoute, Certification, JuryRule, RouteKind},
        fixtures::{candidate, certification, member, route},
        jury::opening::{SessionPlan, check_opening},
    };

    #[test]
    fn each_thing_that_is_not_met_has_its_sentence() {
        let rule = JuryRule {
            size: Some(3),
            min_external: Some(1),
            min_experience_years: Some(3),
            ..JuryRule::default()
        };
        let stated = AccessRoute { jury: Some(rule), ..route(RouteKind::Student, true) };
        let certification = Certification { routes: vec![stated], ..certification() };
        let chair = JuryMember {
            name: "Anne Roy".to_owned(),
            chair: true,
            professional: true,
            experience_years: Some(1),
            ..member(1)
        };
        let tutor = JuryMember { name: "Marc Petit".to_owned(), ..member(2) };
        let candidates = [
            Candidate {
                name: "Léa Test".to_owned(),
                tutors: tutor.person.into_iter().collect(),
                ..candidate(100)
            },
            Candidate { name: "Paul Test".to_owned(), has_dossier: false, ..candidate(101) },
        ];
        let details = |members: &[JuryMember], statement| {
            let check = check_opening(&SessionPlan {
                certification: &certification,
                route: RouteKind::Student,
                members,
                candidates: &candidates,
                statement,
            });
            let reasons = reasons(&check, members, &candidates);
            assert_eq!(reasons.is_empty(), check.complies());
            let line = |fault: Fault| format!("{}: {}", fault.field, fault.detail);
            reasons.into_iter().map(line).collect::<Vec<_>>()
        };
        let members = [chair, tutor];
        assert_eq!(
            details(&members, ""),
            [
                "rules[0]: Nombre de membres : 3 exactement, 2 actuellement (Anne Roy, Marc Petit).",
                "rules[1]: Membres extérieurs : 1 au moins, 0 actuellement.",
                "rules[2]: Expérience d’au moins 3 ans pour chaque professionnel : 0 sur 1 \
                 actuellement (Anne Roy).",
                "candidates[0].conflicts[0]: Marc Petit est tuteur de Léa Test.",
                "candidates[1]: Paul Test n’a pas déposé de dossier.",
            ]
        );
        let [chair, tutor] = members;
        let found = check_opening(&SessionPlan {
            certification: &certification,
            route: RouteKind::Student,
            members: &[chair.clone(), tutor.clone()],
            candidates: &candidates,
            statement: "",
        });
        for (decided, stands) in [(vec![], false), (vec![candidates[0].id], true)] {
            let both = [chair.clone(), tutor.clone()];
            let mut faults = Faults::default();
            reasons_to_stay_open(&found, &both, &candidates, &decided, &mut faults);
            let faults = faults.into_result().err().unwrap_or_default();
            let details: Vec<_> = faults.into_iter().map(|fault| fault.detail).collect();
            assert_eq!(details.len(), usize::from(stands), "{details:?}");
            assert!(details.iter().all(|one| one.starts_with("Marc Petit est tuteur de Léa")));
        }
        let recused = [chair, JuryMember { recused_from: vec![candidates[0].id], ..tutor }];
        let details = details(&recused, "");
        assert!(
            details.iter().any(|line| line
                == "candidates[0].rules[0]: Pour Léa Test, sans les membres qui se récusent : \
                    Nombre de membres : 3 exactement, 1 actuellement (Anne Roy)."),
            "{details:?}"
        );
    }
}
