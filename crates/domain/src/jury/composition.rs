//! The composition of a jury against the typed rule of its route.
//!
//! How the texts are read, where they leave a doubt:
//!
//! - **What a text lists with « et » is different people.** RNCP21947: « 1 président professionnel
//!   votant et 3 professionnels et 1 membre certificateurs » is five people, so the chair is not
//!   one of the three, nor the certifier's member. RNCP38822: « 3 membres externes, professionnels
//!   […] 2 représentants » is five people too. A representative of the certifier is therefore never
//!   counted as a professional nor as an external member, whatever else is true of them. Where no
//!   chair of a kind of its own is asked for (RNCP38822), the chair is one of the others.
//! - **Employers and employees are counted among the professionals.** RNCP38822 says so (« un
//!   employeur et un salarié » of the three). In RNCP21947 the two and two are the chair and the
//!   three professionals; the certifier's own employee would make the condition empty.
//! - **Experience and level are asked of every professional**, those beyond the minimum too
//!   (RNCP38822: « Les personnes exerçant le métier visé doivent justifier »); what is not known is
//!   not shown.
//! - **Every member counts in a size and in a share**, voting or not: a jury « est composé de » its
//!   members. Shares are compared as whole numbers: 59.9 % is not 60 %.
//! - **A seat is held by one person or several** (RNCP42008: « responsables des spécialités »), and
//!   nobody holds two. Experts come beside the seats. « Dont la majorité » is more than half of the
//!   experts who sit, not of the three that are needed at least. An expert who teaches the
//!   speciality and works in the job fulfils both conditions: the text does not set them apart.
//!
//! Beside the route's rule: a jury has one chair, who records what it decides; a block whose
//! modality is defended before a number of professionals has that number.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Candidate, Employment, JuryMember};
use crate::certification::{Certification, JuryRule};

/// A rule and whether the jury meets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleCheck {
    pub rule: CompositionRule,
    pub met: bool,
    /// Whom to look at: those who count towards a number; where something is asked of each one,
    /// or of nobody, those who fail it.
    pub members: Vec<Uuid>,
}

/// One thing that is asked, with its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CompositionRule {
    /// Exactly one chair.
    Chair {
        have: u32,
    },
    /// Exactly so many members.
    Size {
        need: u32,
        have: u32,
    },
    /// Somebody holds this function.
    Seat {
        seat: String,
        have: u32,
    },
    /// The chair is a professional and votes.
    ProfessionalVotingChair,
    Professionals {
        need: u32,
        have: u32,
    },
    /// Professionals beside the chair, where the text asks for one of a kind of their own.
    OtherProfessionals {
        need: u32,
        have: u32,
    },
    CertifierRepresentatives {
        need: u32,
        have: u32,
    },
    External {
        need: u32,
        have: u32,
    },
    /// `have` of `of` members, where `percent` are needed.
    ExternalShare {
        percent: u32,
        have: u32,
        of: u32,
    },
    Employers {
        need: u32,
        have: u32,
    },
    Employees {
        need: u32,
        have: u32,
    },
    Experts {
        need: u32,
        have: u32,
    },
    /// More than half of the experts teach the speciality.
    TeachingExperts {
        have: u32,
        of: u32,
    },
    ProfessionalExperts {
        need: u32,
        have: u32,
    },
    /// `have` of `of` professionals show so many years.
    Experience {
        years: u32,
        have: u32,
        of: u32,
    },
    /// `have` of `of` professionals show this level of qualification.
    Qualification {
        level: u8,
        have: u32,
        of: u32,
    },
    /// Nobody who judges a candidate trained them; `have` members did.
    NoTrainer {
        have: u32,
    },
    /// Professionals before whom a modality is defended.
    DefenceProfessionals {
        need: u32,
        have: u32,
    },
    /// VAE, whatever the certification (Code du travail, D6412-6): at least two people…
    LegalSize {
        need: u32,
        have: u32,
    },
    /// … of whom one at least is qualified in what the certification is about.
    LegalQualified {
        need: u32,
        have: u32,
    },
    /// Voting members who are present.
    Quorum {
        need: u32,
        have: u32,
    },
}

/// The members who sit, and the checks made on them so far.
pub(super) struct Checks<'a> {
    sitting: Vec<&'a JuryMember>,
    pub(super) found: Vec<RuleCheck>,
}

/// Every rule of the route, met or not, in the order of its text; then the chair. Members who
/// declined or are absent do not count. Who trained one of these candidates, and judges them,
/// matters only where the rule asks.
pub fn check_composition(
    rule: &JuryRule,
    members: &[JuryMember],
    candidates: &[Candidate],
) -> Vec<RuleCheck> {
    let JuryRule {
        size,
        seats,
        professional_voting_chair,
        min_professionals,
        min_certifier_representatives,
        min_external,
        min_external_percent,
        min_employers,
        min_employees,
        min_experts,
        majority_of_experts_teach,
        min_professional_experts,
        min_experience_years,
        min_qualification_level,
        no_trainer_of_candidates,
    } = rule;
    let mut checks = Checks::new(members);

    if let Some(need) = *size {
        let have = checks.count(|_| true);
        checks.add(CompositionRule::Size { need, have }, have == need, |_| true);
    }
    for seat in seats {
        let holds = |member: &JuryMember| member.seat.as_deref() == Some(seat);
        let have = checks.count(holds);
        checks.add(CompositionRule::Seat { seat: seat.clone(), have }, have > 0, holds);
    }
    if *professional_voting_chair {
        let fits = |one: &JuryMember| one.chair && one.voting && one.is_independent_professional();
        let met = checks.count(fits) == 1;
        checks.add(CompositionRule::ProfessionalVotingChair, met, fits);
    }
    let apart = *professional_voting_chair;
    checks.at_least(*min_professionals, professionals(apart), |one| {
        one.is_independent_professional() && !(apart && one.chair)
    });
    checks.at_least(
        *min_certifier_representatives,
        |need, have| CompositionRule::CertifierRepresentatives { need, have },
        |one| one.represents_certifier,
    );
    checks.at_least(
        *min_external,
        |need, have| CompositionRule::External { need, have },
        is_external,
    );
    if let Some(percent) = *min_external_percent {
        let (have, of) = (checks.count(is_external), checks.count(|_| true));
        let met = of > 0 && u64::from(have) * 100 >= u64::from(percent) * u64::from(of);
        checks.add(CompositionRule::ExternalShare { percent, have, of }, met, is_external);
    }
    checks.at_least(
        *min_employers,
        |need, have| CompositionRule::Employers { need, have },
        |one| one.is_independent_professional() && one.employment == Some(Employment::Employer),
    );
    checks.at_least(
        *min_employees,
        |need, have| CompositionRule::Employees { need, have },
        |one| one.is_independent_professional() && one.employment == Some(Employment::Employee),
    );
    checks.at_least(*min_experts, |need, have| CompositionRule::Experts { need, have }, is_expert);
    if *majority_of_experts_teach {
        let teaches = |one: &JuryMember| is_expert(one) && one.teaches_speciality;
        let (have, of) = (checks.count(teaches), checks.count(is_expert));
        checks.add(CompositionRule::TeachingExperts { have, of }, 2 * have > of, teaches);
    }
    checks.at_least(
        *min_professional_experts,
        |need, have| CompositionRule::ProfessionalExperts { need, have },
        |one| is_expert(one) && one.professional,
    );
    if let Some(years) = *min_experience_years {
        checks.each_professional(
            |have, of| CompositionRule::Experience { years, have, of },
            |one| one.experience_years.is_some_and(|has| has >= years),
        );
    }
    if let Some(level) = *min_qualification_level {
        checks.each_professional(
            |have, of| CompositionRule::Qualification { level, have, of },
            |one| one.qualification_level.is_some_and(|has| has >= level),
        );
    }
    if *no_trainer_of_candidates {
        let trained = |one: &JuryMember| {
            candidates.iter().any(|candidate| {
                one.person.is_some_and(|person| candidate.trainers.contains(&person))
                    && one.judges(candidate.id)
            })
        };
        let have = checks.count(trained);
        checks.add(CompositionRule::NoTrainer { have }, have == 0, trained);
    }
    checks.chair();
    checks.found
}

/// The professionals before whom the certification's modalities are defended, where one says so:
/// the largest number that any block asks for.
pub(super) fn check_defence(
    certification: &Certification,
    members: &[JuryMember],
) -> Option<RuleCheck> {
    let modalities = certification.blocks.iter().flat_map(|block| &block.modalities);
    let mut checks = Checks::new(members);
    checks.at_least(
        modalities.filter_map(|modality| modality.min_professionals).max(),
        |need, have| CompositionRule::DefenceProfessionals { need, have },
        JuryMember::is_independent_professional,
    );
    checks.found.pop()
}

/// Numbered without the chair, where the chair is set apart.
fn professionals(apart: bool) -> fn(u32, u32) -> CompositionRule {
    if apart {
        |need, have| CompositionRule::OtherProfessionals { need, have }
    } else {
        |need, have| CompositionRule::Professionals { need, have }
    }
}

fn is_external(member: &JuryMember) -> bool {
    member.external && !member.represents_certifier
}

fn is_expert(member: &JuryMember) -> bool {
    member.expert && member.seat.is_none()
}

impl<'a> Checks<'a> {
    pub(super) fn new(members: &'a [JuryMember]) -> Self {
        Self { sitting: members.iter().filter(|member| member.sits()).collect(), found: Vec::new() }
    }

    pub(super) fn count(&self, counts: impl Fn(&JuryMember) -> bool) -> u32 {
        u32::try_from(self.sitting.iter().filter(|one| counts(one)).count()).unwrap_or(u32::MAX)
    }

    pub(super) fn chair(&mut self) {
        let have = self.count(|one| one.chair);
        self.add(CompositionRule::Chair { have }, have == 1, |one| one.chair);
    }

    /// A minimum, where one is asked for.
    pub(super) fn at_least(
        &mut self,
        need: Option<u32>,
        rule: impl Fn(u32, u32) -> CompositionRule,
        counts: impl Fn(&JuryMember) -> bool,
    ) {
        if let Some(need) = need {
            let have = self.count(&counts);
            self.add(rule(need, have), have >= need, counts);
        }
    }

    /// Asked of every professional; of a jury without any, it is not met.
    fn each_professional(
        &mut self,
        rule: impl Fn(u32, u32) -> CompositionRule,
        fits: impl Fn(&JuryMember) -> bool,
    ) {
        let of = self.count(JuryMember::is_independent_professional);
        let have = self.count(|one| one.is_independent_professional() && fits(one));
        self.add(rule(have, of), of > 0 && have == of, |one| {
            one.is_independent_professional() && !fits(one)
        });
    }

    fn add(&mut self, rule: CompositionRule, met: bool, concerned: impl Fn(&JuryMember) -> bool) {
        let members = self.sitting.iter().filter(|one| concerned(one)).map(|one| one.id).collect();
        self.found.push(RuleCheck { rule, met, members });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{candidate, certification, member},
        jury::Attendance,
    };

    /// The only check of a rule that asks for one thing; the chair's is the other.
    fn one(rule: &JuryRule, members: &[JuryMember]) -> RuleCheck {
        let mut checks = check_composition(rule, members, &[candidate(100)]);
        assert_eq!(checks.len(), 2, "{checks:?}");
        checks.swap_remove(0)
    }

    fn external(id: u128) -> JuryMember {
        JuryMember { external: true, ..member(id) }
    }

    fn professional(id: u128) -> JuryMember {
        JuryMember { professional: true, ..member(id) }
    }

    #[test]
    fn a_share_is_compared_exactly() {
        for (percent, have, of, met) in [
            (60, 3, 5, true),
            (60, 2, 5, false),
            (60, 4, 7, false),       // 57.1 %
            (60, 599, 1_000, false), // 59.9 %
            (60, 600, 1_000, true),
            (50, 2, 4, true),
            (50, 2, 5, false),
            (67, 2, 3, false), // 66.7 %
            (66, 2, 3, true),
            (100, 5, 5, true),
            (1, 0, 5, false),
            (1, 0, 0, false),
        ] {
            let rule = JuryRule { min_external_percent: Some(percent), ..JuryRule::default() };
            let members: Vec<_> = (0..of)
                .map(|id| if id < have { external(id.into()) } else { member(id.into()) })
                .collect();
            let check = one(&rule, &members);
            assert_eq!(check.rule, CompositionRule::ExternalShare { percent, have, of });
            assert_eq!(check.met, met, "{have} of {of} for {percent} %");
        }
    }

    #[test]
    fn a_size_is_exact() {
        for (number, met) in [(2, false), (3, true), (4, false)] {
            let rule = JuryRule { size: Some(3), ..JuryRule::default() };
            let members: Vec<_> = (0..number).map(member).collect();
            assert_eq!(one(&rule, &members).met, met, "{number}");
        }
    }

    #[test]
    fn who_declined_or_is_absent_does_not_count() {
        use Attendance::{Absent, Accepted, Convened, Declined, Present};
        let rule = JuryRule { min_professionals: Some(1), ..JuryRule::default() };
        for (attendance, met) in [
            (Convened, true),
            (Accepted, true),
            (Present, true),
            (Declined, false),
            (Absent, false),
        ] {
            let members = [JuryMember { attendance, ..professional(1) }];
            assert_eq!(one(&rule, &members).met, met, "{attendance:?}");
        }
    }

    #[test]
    fn a_representative_is_neither_a_professional_nor_external() {
        let both = JuryMember {
            external: true,
            represents_certifier: true,
            employment: Some(Employment::Employee),
            ..professional(1)
        };
        for (rule, met) in [
            (JuryRule { min_certifier_representatives: Some(1), ..JuryRule::default() }, true),
            (JuryRule { min_professionals: Some(1), ..JuryRule::default() }, false),
            (JuryRule { min_external: Some(1), ..JuryRule::default() }, false),
            (JuryRule { min_external_percent: Some(1), ..JuryRule::default() }, false),
            (JuryRule { min_employees: Some(1), ..JuryRule::default() }, false),
        ] {
            assert_eq!(one(&rule, std::slice::from_ref(&both)).met, met, "{rule:?}");
        }
    }

    #[test]
    fn the_chair_stands_apart_only_where_the_text_asks_for_a_professional_one() {
        let chair =
            |voting, professional| JuryMember { chair: true, voting, professional, ..member(1) };
        for (apart, chair, chair_met, counted) in [
            (true, chair(true, true), true, 1),
            (true, chair(false, true), false, 1),
            (true, chair(true, false), false, 1),
            (false, chair(true, true), true, 2),
        ] {
            let rule = JuryRule {
                professional_voting_chair: apart,
                min_professionals: Some(1),
                ..JuryRule::default()
            };
            let checks = check_composition(&rule, &[chair, professional(2)], &[]);
            let professionals = checks.iter().find_map(|check| match check.rule {
                CompositionRule::OtherProfessionals { have, .. } if apart => Some(have),
                CompositionRule::Professionals { have, .. } if !apart => Some(have),
                _ => None,
            });
            assert_eq!(professionals, Some(counted));
            let is_voting_chair =
                |check: &&RuleCheck| check.rule == CompositionRule::ProfessionalVotingChair;
            assert_eq!(
                checks.iter().find(is_voting_chair).is_none_or(|check| check.met),
                chair_met
            );
        }
    }

    #[test]
    fn there_is_one_chair() {
        for (chairs, met) in [(0, false), (1, true), (2, false)] {
            let members: Vec<_> =
                (0..3).map(|id| JuryMember { chair: id < chairs, ..member(id) }).collect();
            let [check] = &check_composition(&JuryRule::default(), &members, &[])[..] else {
                panic!("nothing else is asked for")
            };
            assert_eq!((check.met, check.members.len() as u128), (met, chairs));
        }
    }

    #[test]
    fn what_is_asked_of_each_professional_names_those_who_lack_it() {
        let rule = JuryRule { min_experience_years: Some(3), ..JuryRule::default() };
        let with = |years: &[Option<u32>]| -> Vec<JuryMember> {
            (1..)
                .zip(years)
                .map(|(id, years)| JuryMember { experience_years: *years, ..professional(id) })
                .collect()
        };
        for (years, met, lacking) in [
            (&[][..], false, &[][..]),
            (&[Some(3), Some(20)], true, &[]),
            (&[Some(3), Some(2)], false, &[2]),
            (&[None, Some(3)], false, &[1]),
        ] {
            let check = one(&rule, &with(years));
            let lacking: Vec<Uuid> = lacking.iter().copied().map(Uuid::from_u128).collect();
            assert_eq!((check.met, check.members), (met, lacking), "{years:?}");
        }
        // Not asked of the others.
        let others = [professional(1), member(2)];
        let others = others.map(|one| JuryMember { experience_years: Some(3), ..one });
        let representative =
            JuryMember { represents_certifier: true, experience_years: None, ..professional(3) };
        assert!(one(&rule, &[others.to_vec(), vec![representative]].concat()).met);
    }

    #[test]
    fn the_majority_is_of_the_experts_who_sit() {
        let expert = |id, teaches_speciality, professional| JuryMember {
            expert: true,
            teaches_speciality,
            professional,
            ..member(id)
        };
        let rule = JuryRule { majority_of_experts_teach: true, ..JuryRule::default() };
        for (teach, of, met) in
            [(0, 0, false), (1, 2, false), (2, 3, true), (2, 4, false), (3, 5, true)]
        {
            let members: Vec<_> = (0..of).map(|id| expert(id, id < teach, false)).collect();
            assert_eq!(one(&rule, &members).met, met, "{teach} of {of}");
        }
        // One who teaches and works in the job fulfils both conditions.
        let rule = JuryRule {
            min_experts: Some(3),
            majority_of_experts_teach: true,
            min_professional_experts: Some(1),
            ..JuryRule::default()
        };
        let both = [expert(1, true, true), expert(2, true, false), expert(3, false, false)];
        let checks = check_composition(&rule, &both, &[]);
        assert!(checks[..3].iter().all(|check| check.met), "{checks:?}");
        // Whoever holds a seat is not an expert beside the seats.
        let seated = both.map(|one| JuryMember { seat: Some("Directeur".to_owned()), ..one });
        let checks = check_composition(&rule, &seated, &[]);
        assert!(checks[..3].iter().all(|check| !check.met), "{checks:?}");
    }

    #[test]
    fn a_trainer_who_leaves_the_room_judges_nobody_they_trained() {
        let rule = JuryRule { no_trainer_of_candidates: true, ..JuryRule::default() };
        let pupil =
            Candidate { trainers: member(1).person.into_iter().collect(), ..candidate(100) };
        for (recused_from, met) in [(vec![], false), (vec![pupil.id], true)] {
            let members = [JuryMember { recused_from, ..member(1) }, member(2)];
            let checks = check_composition(&rule, &members, &[pupil.clone(), candidate(101)]);
            assert_eq!(checks[0].met, met);
            assert_eq!(checks[0].members.is_empty(), met);
        }
    }

    #[test]
    fn a_defence_has_the_professionals_that_its_modality_asks_for() {
        let mut certification = certification();
        assert_eq!(check_defence(&certification, &[]), None);
        certification.blocks[0].modalities[0].min_professionals = Some(2);
        for (number, met) in [(1, false), (2, true), (3, true)] {
            let members: Vec<_> = (0..number).map(professional).collect();
            let check = check_defence(&certification, &members).expect("a modality asks");
            assert_eq!(check.met, met, "{number}");
        }
    }
}
