//! Whether a member may judge a candidate.
//!
//! The law says it in full for VAE: members « ne doivent entretenir ou avoir entretenu aucune
//! relation professionnelle ou personnelle avec le candidat, ni avoir accompagné le candidat »
//! (Code du travail, D6412-6, decree 2024-332 of 10 April 2024). On the other routes the same is
//! kept for tutors, a common company and declared links, which make a judge of one's own cause.
//! Having trained the candidate is another matter: a school's own people sit on juries such as
//! RNCP42008's, where it is only told; it bars where the certification says so (RNCP38822) and for
//! VAE.
//!
//! A conflict is settled by leaving the room for that candidate, which a member does by declaring
//! it; the jury that stays must comply.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Candidate, JuryMember};
use crate::fault::Severity;

/// Why a member should not judge a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// Id of the member.
    pub member: Uuid,
    /// Id of the candidate.
    pub candidate: Uuid,
    pub ground: Ground,
    /// The company, the nature of the link, or the member's reason.
    pub detail: Option<String>,
    pub severity: Severity,
    /// The member leaves the room for this candidate: they said so, or a manager did.
    pub recused: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Nobody judges themselves.
    SamePerson,
    Tutor,
    Trainer,
    SameCompany,
    /// Declared by the candidate or a manager.
    DeclaredLink,
    /// Declared by the member.
    OwnDeclaration,
}

impl Ground {
    pub const ALL: [Self; 6] = [
        Self::SamePerson,
        Self::Tutor,
        Self::Trainer,
        Self::SameCompany,
        Self::DeclaredLink,
        Self::OwnDeclaration,
    ];
}

/// Whether a jury is free of one ground, for one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndependenceCheck {
    pub ground: Ground,
    pub met: bool,
    /// Those whom it concerns, also where it only warns or they leave the room.
    pub members: Vec<Uuid>,
}

impl Conflict {
    /// Whether the member may not judge the candidate and has not left.
    pub fn stands(&self) -> bool {
        self.severity == Severity::Blocks && !self.recused
    }
}

/// Every conflict of the member with the candidate. `trainer` is the weight of having trained them.
pub fn check_independence(
    member: &JuryMember,
    candidate: &Candidate,
    trainer: Severity,
) -> Vec<Conflict> {
    let is_one_of = |people: &[Uuid]| member.person.is_some_and(|person| people.contains(&person));
    let mut grounds = Vec::new();
    if member.person == Some(candidate.student) {
        grounds.push((Ground::SamePerson, None));
    }
    if is_one_of(&candidate.tutors) {
        grounds.push((Ground::Tutor, None));
    }
    if is_one_of(&candidate.trainers) {
        grounds.push((Ground::Trainer, None));
    }
    if let Some(company) = &member.company
        && candidate.companies.iter().any(|other| same_company(company, other))
    {
        grounds.push((Ground::SameCompany, Some(company)));
    }
    let links = candidate.links.iter().filter(|link| link.member == member.id);
    grounds.extend(links.map(|link| (Ground::DeclaredLink, Some(&link.nature))));
    let declared = member.declared.iter().filter(|one| one.candidate == candidate.id);
    grounds.extend(declared.map(|one| (Ground::OwnDeclaration, Some(&one.reason))));
    grounds
        .into_iter()
        .map(|(ground, detail)| Conflict {
            member: member.id,
            candidate: candidate.id,
            ground,
            detail: detail.cloned(),
            severity: if ground == Ground::Trainer { trainer } else { Severity::Blocks },
            recused: !member.judges(candidate.id),
        })
        .collect()
}

/// Every ground, met or not, from the conflicts of a jury with one candidate.
pub(super) fn summary(conflicts: &[Conflict]) -> Vec<IndependenceCheck> {
    Ground::ALL
        .into_iter()
        .map(|ground| {
            let on_it = || conflicts.iter().filter(|conflict| conflict.ground == ground);
            IndependenceCheck {
                ground,
                met: !on_it().any(Conflict::stands),
                members: on_it().map(|conflict| conflict.member).collect(),
            }
        })
        .collect()
}

/// The same name but for case, accents, punctuation and the legal form. Two names of one group are
/// not recognised: that is for the member to declare.
fn same_company(one: &str, other: &str) -> bool {
    let (one, other) = (company_words(one), company_words(other));
    !one.is_empty() && one == other
}

fn company_words(name: &str) -> Vec<String> {
    const LEGAL_FORMS: [&str; 10] =
        ["sa", "sas", "sasu", "sarl", "eurl", "scop", "snc", "se", "gie", "epic"];
    let plain: String = name.to_lowercase().chars().map(without_accent).collect();
    // S.A.S. is one word.
    let plain = plain.replace('.', "");
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !LEGAL_FORMS.contains(word))
        .map(str::to_owned)
        .collect()
}

/// Of the accents of French, in lower case.
fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{candidate, member},
        jury::{DeclaredConflict, DeclaredLink},
    };

    #[test]
    fn every_ground_is_found_and_only_against_whom_it_holds() {
        let person = member(1).person.expect("a person");
        let company = |name: &str| JuryMember { company: Some(name.to_owned()), ..member(1) };
        let link = |member| DeclaredLink { member, nature: "cousins".to_owned() };
        let declares = |candidate| JuryMember {
            declared: vec![DeclaredConflict { candidate, reason: "un ami".to_owned() }],
            ..member(1)
        };
        for (member, candidate, grounds) in [
            (member(1), candidate(100), vec![]),
            (
                member(1),
                Candidate { student: person, ..candidate(100) },
                vec![(Ground::SamePerson, None)],
            ),
            (
                member(1),
                Candidate { tutors: vec![person], ..candidate(100) },
                vec![(Ground::Tutor, None)],
            ),
            (
                member(1),
                Candidate { trainers: vec![person], tutors: vec![person], ..candidate(100) },
                vec![(Ground::Tutor, None), (Ground::Trainer, None)],
            ),
            (
                company("ACME S.A.S."),
                Candidate { companies: vec!["Acme".to_owned()], ..candidate(100) },
                vec![(Ground::SameCompany, Some("ACME S.A.S."))],
            ),
            (
                company("Autre"),
                Candidate { companies: vec!["Acme".to_owned()], ..candidate(100) },
                vec![],
            ),
            (
                member(1),
                Candidate { links: vec![link(member(1).id)], ..candidate(100) },
                vec![(Ground::DeclaredLink, Some("cousins"))],
            ),
            (member(2), Candidate { links: vec![link(member(1).id)], ..candidate(100) }, vec![]),
            (
                declares(candidate(100).id),
                candidate(100),
                vec![(Ground::OwnDeclaration, Some("un ami"))],
            ),
            (declares(candidate(100).id), candidate(101), vec![]),
            // Nobody knows whether they are the same person.
            (
                JuryMember { person: None, ..member(1) },
                Candidate { tutors: vec![person], ..candidate(100) },
                vec![],
            ),
        ] {
            let conflicts = check_independence(&member, &candidate, Severity::Blocks);
            let found: Vec<_> =
                conflicts.iter().map(|one| (one.ground, one.detail.as_deref())).collect();
            assert_eq!(found, grounds);
        }
    }

    #[test]
    fn what_a_member_declares_is_settled_by_it() {
        let declared =
            DeclaredConflict { candidate: candidate(100).id, reason: "un ami".to_owned() };
        let tutored =
            Candidate { tutors: member(1).person.into_iter().collect(), ..candidate(100) };
        let member = JuryMember { declared: vec![declared], ..member(1) };
        let conflicts = check_independence(&member, &tutored, Severity::Blocks);
        assert_eq!(conflicts.len(), 2, "as a tutor, and by their own word");
        assert!(conflicts.iter().all(|conflict| conflict.recused && !conflict.stands()));
    }

    #[test]
    fn a_conflict_stands_until_the_member_leaves_the_room() {
        let person = member(1).person;
        let tutored = Candidate { tutors: person.into_iter().collect(), ..candidate(100) };
        let trained = Candidate { trainers: person.into_iter().collect(), ..candidate(100) };
        for (candidate, trainer, recused, stands) in [
            (&tutored, Severity::Warns, false, true),
            (&tutored, Severity::Warns, true, false),
            (&trained, Severity::Warns, false, false),
            (&trained, Severity::Blocks, false, true),
            (&trained, Severity::Blocks, true, false),
        ] {
            let recused_from = if recused { vec![candidate.id] } else { vec![] };
            let member = JuryMember { recused_from, ..member(1) };
            let [conflict] = &check_independence(&member, candidate, trainer)[..] else {
                panic!("one conflict")
            };
            assert_eq!(conflict.stands(), stands, "{conflict:?}");
            for check in summary(std::slice::from_ref(conflict)) {
                let concerned = check.ground == conflict.ground;
                assert_eq!(check.met, !(concerned && stands), "{check:?}");
                assert_eq!(check.members.len(), usize::from(concerned));
            }
        }
    }

    #[test]
    fn a_company_is_known_by_its_name() {
        for (one, other, same) in [
            ("Société Générale", "SOCIETE GENERALE", true),
            ("Acme", "ACME S.A.S.", true),
            ("Acme SAS", "Acme (SARL)", true),
            ("Saint-Gobain", "saint gobain", true),
            ("Acme", "Acme Conseil", false),
            ("Acme", "", false),
            ("SA", "SAS", false),
        ] {
            assert_eq!(same_company(one, other), same, "{one} {other}");
        }
    }
}
