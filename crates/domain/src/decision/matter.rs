//! What lies before a jury on one candidate: what its members see of it, whether it can be closed,
//! and what the minutes say of it.
//!
//! Each member forms an opinion before hearing the others': a member sees their own proposals, the
//! chair, who leads the deliberation, sees them all, and everybody who judges the candidate sees
//! them once the chair has recorded what the jury decided on the block. Whoever left the room, or
//! is not there, sees nothing of that candidate; but a chair who left it sees the blocks and what
//! is recorded, for they alone can postpone.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Deliberation, Proposal, Recorded, Ruling, Verdict, deliberation,
    quorum::check_quorum,
    tally::{Lean, ProposalTally, has_casting_vote, tally},
};
use crate::{
    certification::{Block, Certification, RouteKind},
    fault::{Fault, Faults},
    jury::{
        JuryMember,
        composition::RuleCheck,
        minutes::{
            MinutesCandidate, MinutesDecision, MinutesDossier, MinutesVote, MinutesWaiver,
            NamedCompetency,
        },
    },
    person::User,
    requirement::RequirementProgress,
    waiver::Waiver,
};

/// Everything on one candidate.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Id of the enrolment.
    pub candidate: Uuid,
    pub student: User,
    pub dossier: MinutesDossier,
    /// Codes of the blocks that the dossier holds.
    pub deposited: Vec<String>,
    /// As the dossier froze it.
    pub certification: Arc<Certification>,
    /// As they stand today: what is met since the deposit needs no waiver.
    pub requirements: Vec<RequirementProgress>,
    pub proposals: Vec<Kept<Proposal>>,
    pub decisions: Vec<Kept<Recorded>>,
    pub waivers: Vec<Kept<Waiver>>,
}

/// Something that was written down, and may be written anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kept<T> {
    pub said: T,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

/// Who deliberates, and by which rule.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    pub route: RouteKind,
    pub members: &'a [JuryMember],
}

/// One candidate, as a member sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CandidateTable {
    /// Id of the enrolment.
    pub id: Uuid,
    pub given_name: String,
    pub family_name: String,
    pub dossier: MinutesDossier,
    /// Members who left the room.
    pub recused: Vec<Uuid>,
    /// Absent for those who leave the room, unless they preside, or are not there.
    pub matter: Option<MatterTable>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterTable {
    /// Anything that is not met leaves only postponing.
    pub quorum: Vec<RuleCheck>,
    /// The chair's voice outweighs in a tie.
    pub casting_vote: bool,
    /// The certification asks for the transversal competencies too.
    pub transversal_required: bool,
    /// Those of the dossier, in the certification's order.
    pub blocks: Vec<BlockTable>,
    pub requirements: Vec<RequirementTable>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockTable {
    pub code: String,
    pub title: String,
    /// What a partial validation may lack, the transversal ones last.
    pub competencies: Vec<NamedCompetency>,
    /// What the jury may validate through the block.
    pub transversal: Vec<NamedCompetency>,
    /// Those that this member may see.
    pub proposals: Vec<Kept<Proposal>>,
    /// Voting members who have said nothing yet.
    pub awaited: Vec<Uuid>,
    /// Absent for those who do not see the proposals.
    pub tally: Option<ProposalTally>,
    pub decision: Option<Kept<Ruling>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequirementTable {
    #[serde(flatten)]
    pub progress: RequirementProgress,
    pub waiver: Option<Kept<Waiver>>,
}

/// Whether a member sees another's proposal on a block.
fn sees(member: &JuryMember, of: Uuid, decided: bool) -> bool {
    member.id == of || member.chair || decided
}

impl Matter {
    /// In the certification's order.
    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.certification.blocks.iter().filter(|block| self.deposited.contains(&block.code))
    }

    fn proposals_on<'a>(&'a self, block: &'a str) -> impl Iterator<Item = &'a Kept<Proposal>> {
        self.proposals.iter().filter(move |one| one.said.ruling.block == block)
    }

    pub fn decision_on(&self, block: &str) -> Option<&Kept<Recorded>> {
        self.decisions.iter().find(|one| one.said.ruling.block == block)
    }

    pub fn tally(&self, bench: Bench<'_>, block: &str) -> ProposalTally {
        let proposals: Vec<Proposal> =
            self.proposals_on(block).map(|one| one.said.clone()).collect();
        let casting_vote = has_casting_vote(&self.certification, bench.route);
        tally(self.candidate, bench.members, &proposals, casting_vote)
    }

    /// What the candidate's table shows to a member.
    pub fn table(&self, bench: Bench<'_>, member: &JuryMember) -> CandidateTable {
        let judges = member.judges(self.candidate);
        let is_at_the_table = member.deliberates() && (judges || member.chair);
        CandidateTable {
            id: self.candidate,
            given_name: self.student.given_name.clone(),
            family_name: self.student.family_name.clone(),
            dossier: self.dossier.clone(),
            recused: self.recused(bench),
            matter: is_at_the_table.then(|| MatterTable {
                quorum: self.quorum(bench),
                casting_vote: has_casting_vote(&self.certification, bench.route),
                transversal_required: self.certification.validation.transversal_required,
                blocks: self.blocks().map(|block| self.block(bench, member, block)).collect(),
                requirements: self
                    .requirements
                    .iter()
                    .filter(|_| judges)
                    .map(|progress| RequirementTable {
                        progress: progress.clone(),
                        waiver: self.waiver(member, &progress.key),
                    })
                    .collect(),
            }),
        }
    }

    /// Members who do not judge the candidate.
    fn recused(&self, bench: Bench<'_>) -> Vec<Uuid> {
        let recused = bench.members.iter().filter(|one| !one.judges(self.candidate));
        recused.map(|one| one.id).collect()
    }

    fn block(&self, bench: Bench<'_>, member: &JuryMember, block: &Block) -> BlockTable {
        let decision = self.decision_on(&block.code);
        let decided = decision.is_some();
        let judges = member.judges(self.candidate);
        let has_spoken = |one: &&JuryMember| {
            self.proposals_on(&block.code).any(|said| said.said.member == one.id)
        };
        let voters = bench.members.iter().filter(|one| one.votes_on(self.candidate));
        let assessed: Vec<String> = block.assessed().map(str::to_owned).collect();
        BlockTable {
            code: block.code.clone(),
            title: block.title.clone(),
            competencies: NamedCompetency::of(&self.certification, &assessed),
            transversal: NamedCompetency::of(&self.certification, &block.transversal),
            proposals: self
                .proposals_on(&block.code)
                .filter(|one| judges && sees(member, one.said.member, decided))
                .cloned()
                .collect(),
            awaited: voters.filter(|one| judges && !has_spoken(one)).map(|one| one.id).collect(),
            tally: (judges && (member.chair || decided)).then(|| self.tally(bench, &block.code)),
            decision: decision.map(|one| Kept {
                said: one.said.ruling.clone(),
                version: one.version,
                updated_at: one.updated_at,
            }),
        }
    }

    /// That a waiver is an accommodation, and what is behind it, is the chair's to read, who answers
    /// for it, while the session is open.
    fn waiver(&self, member: &JuryMember, requirement: &str) -> Option<Kept<Waiver>> {
        let found = self.waivers.iter().find(|one| one.said.requirement == requirement)?.clone();
        let said = if member.chair { found.said } else { found.said.public() };
        Some(Kept { said, ..found })
    }

    pub fn quorum(&self, bench: Bench<'_>) -> Vec<RuleCheck> {
        check_quorum(&self.certification, bench.route, bench.members, self.candidate)
    }

    /// Whether the chair may record this.
    pub fn check_decision(&self, bench: Bench<'_>, ruling: &Ruling) -> Result<(), Vec<Fault>> {
        let presides = |one: &&JuryMember| one.chair && one.deliberates();
        ruling.check_decision(&Deliberation {
            certification: &self.certification,
            deposited: &self.deposited,
            tally: &self.tally(bench, &ruling.block),
            quorum: &self.quorum(bench),
            chair_left: bench
                .members
                .iter()
                .find(presides)
                .is_some_and(|chair| !chair.judges(self.candidate)),
        })
    }

    /// A proposal is on a block that was handed in.
    pub fn check_proposal(&self, ruling: &Ruling) -> Result<(), Vec<Fault>> {
        ruling.check_proposal(&self.certification)?;
        let mut faults = Faults::default();
        if !self.deposited.contains(&ruling.block) {
            faults.add(
                "block",
                "not_deposited",
                format!("Le bloc {} n’est pas dans le dossier déposé.", ruling.block),
            );
        }
        faults.into_result()
    }

    /// Whether anything but a report to a later session is recorded.
    pub fn is_judged(&self) -> bool {
        self.decisions.iter().any(|one| one.said.ruling.verdict.decides())
    }

    /// Members who were at the table when something was decided.
    pub fn deciders(&self) -> impl Iterator<Item = Uuid> {
        let decisions = self.decisions.iter().map(|one| &one.said);
        let decisive = decisions.filter(|one| one.ruling.verdict.decides());
        decisive.filter_map(|one| one.present.as_ref()).flatten().copied()
    }

    /// What keeps the session from closing: a block without a decision, or whose decision does not
    /// hold any more, because somebody who took it turned out to be bound to the candidate, or a
    /// member thought again. Faults are on `{candidate}.{block}`.
    pub fn check_closing(&self, bench: Bench<'_>, faults: &mut Faults) {
        for block in self.blocks() {
            let field = format!("{}.{}", self.candidate, block.code);
            let name = format!("{} {}", self.student.given_name, self.student.family_name);
            let Some(decision) = self.decision_on(&block.code) else {
                faults.add(
                    field,
                    "undecided",
                    format!("{name}, bloc {} : aucune décision n’est enregistrée.", block.code),
                );
                continue;
            };
            let Recorded { ruling, .. } = &decision.said;
            let members = decision.said.bench(bench.members);
            let bench = Bench { members: &members, ..bench };
            for fault in self.check_decision(bench, ruling).err().unwrap_or_default() {
                faults.add(
                    field.as_str(),
                    fault.code,
                    format!("{name}, bloc {} : {}", block.code, fault.detail),
                );
            }
        }
    }

    /// What the minutes say of the candidate, whose blocks are all decided.
    pub fn minutes(&self, bench: Bench<'_>, day: NaiveDate, obtained: bool) -> MinutesCandidate {
        MinutesCandidate {
            id: self.candidate,
            student: self.student.id,
            given_name: self.student.given_name.clone(),
            family_name: self.student.family_name.clone(),
            dossier: self.dossier.clone(),
            recused: self.recused(bench),
            quorum: self.quorum(Bench { members: &self.fewest(bench), ..bench }),
            decisions: self
                .blocks()
                .filter_map(|block| Some((block, &self.decision_on(&block.code)?.said)))
                .map(|(block, recorded)| {
                    let members = recorded.bench(bench.members);
                    self.decided(Bench { members: &members, ..bench }, day, block, &recorded.ruling)
                })
                .collect(),
            waivers: self
                .waivers
                .iter()
                .map(|one| MinutesWaiver::new(&self.certification, &one.said))
                .collect(),
            certification_obtained: obtained,
        }
    }

    /// The jury as it was when the fewest decided; as it is, where nothing is decided.
    fn fewest(&self, bench: Bench<'_>) -> Vec<JuryMember> {
        self.decisions
            .iter()
            .filter(|one| one.said.ruling.verdict.decides())
            .map(|one| one.said.bench(bench.members))
            .min_by_key(|members| members.iter().filter(|one| one.deliberates()).count())
            .unwrap_or_else(|| bench.members.to_vec())
    }

    fn decided(
        &self,
        bench: Bench<'_>,
        day: NaiveDate,
        block: &Block,
        ruling: &Ruling,
    ) -> MinutesDecision {
        let keeps_votes = deliberation(&self.certification, bench.route).keeps_votes;
        let lean = self.tally(bench, &block.code).lean;
        let voters = bench.members.iter().filter(|one| keeps_votes && one.votes_on(self.candidate));
        let vote = |member: &JuryMember| {
            let said = self.proposals_on(&block.code).find(|one| one.said.member == member.id)?;
            Some(MinutesVote {
                member: member.id,
                name: member.name.clone(),
                verdict: said.said.ruling.verdict,
            })
        };
        MinutesDecision {
            block: block.code.clone(),
            title: block.title.clone(),
            verdict: ruling.verdict,
            missing: NamedCompetency::of(&self.certification, &ruling.missing),
            transversal: NamedCompetency::of(&self.certification, &ruling.transversal),
            motive: ruling.motive.trim().to_owned(),
            term: (ruling.verdict == Verdict::Validated)
                .then(|| self.certification.validation.block_validity.term(day)),
            votes: voters.filter_map(vote).collect(),
            casting_vote_used: lean == (Lean::CastingVote { verdict: ruling.verdict }),
        }
    }
}

#[cfg(test)]
mod tests {
    use Verdict::{Partial, Postponed, Refused, Validated};

    use super::*;
    use crate::{
        capitalisation::Term,
        certification::{AccessRoute, BlockValidity, DeliberationRule, Validation},
        decision::fixtures::{present, ruling},
        enrolment::LearnerStatus,
        fixtures::{certification, day, moment, route, wrong},
        jury::{Attendance, DeclaredConflict},
        requirement,
    };

    const CANDIDATE: Uuid = Uuid::from_u128(100);

    fn kept<T>(said: T) -> Kept<T> {
        Kept { said, version: 1, updated_at: moment("2026-06-01T10:00:00Z") }
    }

    fn deliberating(rule: DeliberationRule) -> Certification {
        let student = AccessRoute { deliberation: rule, ..route(RouteKind::Student, true) };
        Certification {
            routes: vec![student],
            validation: Validation {
                block_validity: BlockValidity::Years { years: 5 },
                ..certification().validation
            },
            ..certification()
        }
    }

    /// What members 1, 2… propose on B1, the one block of the dossier; member 1 is the chair.
    fn matter(certification: Certification, said: &[Verdict], decided: Option<Ruling>) -> Matter {
        Matter {
            candidate: CANDIDATE,
            student: User {
                id: Uuid::from_u128(200),
                email: String::new(),
                given_name: "Léa".to_owned(),
                family_name: "Roy".to_owned(),
            },
            dossier: MinutesDossier {
                id: Uuid::nil(),
                number: 1,
                manifest_sha256: "ab".to_owned(),
            },
            deposited: vec!["B1".to_owned()],
            requirements: requirement::evaluate(
                &certification,
                LearnerStatus::Student,
                &[],
                day("2026-06-01"),
            ),
            certification: Arc::new(certification),
            proposals: (1..)
                .zip(said)
                .map(|(id, verdict)| {
                    let member = Uuid::from_u128(id);
                    kept(Proposal { member, ruling: ruling(*verdict) })
                })
                .collect(),
            decisions: decided
                .map(|ruling| Recorded { ruling, chair: Uuid::from_u128(1), present: None })
                .map(kept)
                .into_iter()
                .collect(),
            waivers: vec![kept(Waiver {
                requirement: "CV".to_owned(),
                motive: "Pièce perdue".to_owned(),
                granted_by: "Anne Roux".to_owned(),
                accommodation: true,
                restricted_reason: Some("Avis médical".to_owned()),
            })],
        }
    }

    fn bench(members: &[JuryMember]) -> Bench<'_> {
        Bench { route: RouteKind::Student, members }
    }

    #[test]
    fn a_member_hears_the_others_once_the_block_is_decided_and_the_chair_before() {
        let recused = JuryMember {
            declared: vec![DeclaredConflict {
                candidate: CANDIDATE,
                reason: "Ma nièce".to_owned(),
            }],
            ..present(4)
        };
        let silent = JuryMember { voting: false, ..present(5) };
        let absent = JuryMember { attendance: Attendance::Accepted, ..present(6) };
        let members = [present(1), present(2), present(3), recused, silent, absent];
        let said = [Validated, Refused, Validated];
        // Who looks, and whose proposals they see before and after the decision.
        for (looks, before, after) in [
            (0, Some(&[1, 2, 3][..]), Some(&[1, 2, 3][..])),
            (1, Some(&[2]), Some(&[1, 2, 3])),
            (2, Some(&[3]), Some(&[1, 2, 3])),
            (3, None, None),
            (4, Some(&[]), Some(&[1, 2, 3])),
            (5, None, None),
        ] {
            for (decided, expected) in [(None, before), (Some(ruling(Validated)), after)] {
                let is_decided = decided.is_some();
                let matter = matter(deliberating(DeliberationRule::default()), &said, decided);
                let table = matter.table(bench(&members), &members[looks]);
                let seen = table.matter.as_ref().map(|matter| {
                    let proposals = matter.blocks[0].proposals.iter();
                    proposals.map(|one| one.said.member.as_u128()).collect::<Vec<_>>()
                });
                assert_eq!(seen.as_deref(), expected, "member {looks}, decided: {is_decided}");
                let Some(MatterTable { blocks, requirements, .. }) = table.matter else { continue };
                assert_eq!(blocks[0].tally.is_some(), looks == 0 || is_decided);
                let waiver = requirements[0].waiver.as_ref().expect("a waiver");
                assert_eq!(waiver.said.restricted_reason.is_some(), looks == 0);
            }
        }
    }

    #[test]
    fn those_who_have_said_nothing_are_awaited() {
        let absent = JuryMember { attendance: Attendance::Absent, ..present(3) };
        let members = [present(1), present(2), absent];
        let matter = matter(certification(), &[Validated], None);
        let table = matter.table(bench(&members), &members[1]).matter.expect("a table");
        assert_eq!(table.blocks[0].awaited, [members[1].id]);
        assert_eq!(table.blocks.len(), 1, "what was not handed in is not judged");
    }

    #[test]
    fn a_session_closes_on_decisions_that_all_hold() {
        let members: Vec<_> = (1..=3).map(present).collect();
        let field = |code: &str| format!("{CANDIDATE}.B1: {code}");
        for (members, said, decided, faults) in [
            (&members[..], &[][..], None, vec![field("undecided")]),
            (&members, &[], Some(ruling(Validated)), vec![]),
            (&members, &[], Some(ruling(Postponed)), vec![]),
            // Two members thought again.
            (
                &members,
                &[Validated, Refused, Refused],
                Some(ruling(Validated)),
                vec![field("against_the_majority")],
            ),
        ] {
            let matter = matter(certification(), said, decided);
            let mut found = Faults::default();
            matter.check_closing(bench(members), &mut found);
            assert_eq!(wrong(found.into_result()), faults, "{said:?}");
        }
    }

    #[test]
    fn a_decision_stands_on_the_jury_that_took_it() {
        let gone = |id| JuryMember { attendance: Attendance::Absent, ..present(id) };
        let recused = |member: JuryMember| JuryMember { recused_from: vec![CANDIDATE], ..member };
        let follows = JuryMember { chair: true, ..present(2) };
        let replaced = JuryMember { chair: false, ..gone(1) };
        let all: &[u128] = &[1, 2, 3];
        for (what, at_the_table, now, holds) in [
            ("nobody moved", all, [present(1), present(2), present(3)], true),
            ("two had to go", all, [present(1), gone(2), gone(3)], true),
            ("the chair had to go", all, [replaced.clone(), follows.clone(), gone(3)], true),
            ("the next chair judges not", all, [replaced, recused(follows), present(3)], true),
            ("they were too few", &[1], [present(1), present(2), present(3)], false),
            ("most were bound", all, [present(1), recused(present(2)), recused(gone(3))], true),
            ("the chair was bound", all, [recused(present(1)), present(2), present(3)], false),
        ] {
            let mut matter = matter(certification(), &[], Some(ruling(Validated)));
            let present = at_the_table.iter().copied().map(Uuid::from_u128).collect();
            matter.decisions[0].said.present = Some(present);
            let mut found = Faults::default();
            matter.check_closing(bench(&now), &mut found);
            assert_eq!(found.into_result().is_ok(), holds, "{what}");
            let minutes = matter.minutes(bench(&now), day("2026-06-01"), false);
            let in_number = minutes.quorum.iter().all(|check| check.met);
            assert_eq!(in_number, holds, "{what}");
        }
    }

    #[test]
    fn a_chair_who_left_the_room_sees_what_to_postpone_and_nothing_that_was_said() {
        let chair = JuryMember { recused_from: vec![CANDIDATE], ..present(1) };
        let members = [chair, present(2), present(3)];
        let postponed =
            Ruling { motive: "La présidence s’est récusée".to_owned(), ..ruling(Postponed) };
        for (decided, faults) in [
            (ruling(Validated), &["verdict: out_of_the_room", "motive: required"][..]),
            (ruling(Postponed), &["motive: required"]),
            (postponed, &[]),
        ] {
            let matter = matter(certification(), &[Validated, Validated, Refused], Some(decided));
            let table = matter.table(bench(&members), &members[0]);
            assert_eq!(table.recused, [members[0].id]);
            let seen = table.matter.expect("the blocks, to postpone them");
            assert!(seen.requirements.is_empty(), "nor what is behind an accommodation");
            let [block] = &seen.blocks[..] else { panic!("one block") };
            assert!(
                block.proposals.is_empty() && block.awaited.is_empty() && block.tally.is_none()
            );
            let ruling = &block.decision.as_ref().expect("what is recorded").said;
            assert_eq!(wrong(matter.check_decision(bench(&members), ruling)), faults);
        }
        // Handed over, the candidate is judged again by those who stay.
        let [first, second, third] = members;
        let members =
            [JuryMember { chair: false, ..first }, JuryMember { chair: true, ..second }, third];
        let matter = matter(certification(), &[], Some(ruling(Validated)));
        assert!(matter.table(bench(&members), &members[0]).matter.is_none());
        assert_eq!(matter.check_decision(bench(&members), &ruling(Validated)), Ok(()));
    }

    #[test]
    fn the_minutes_keep_votes_where_the_rule_does_and_say_when_the_chair_outweighed() {
        let members: Vec<_> = (1..=2).map(present).collect();
        for (keeps_votes, chair_casting_vote) in
            [(false, false), (true, false), (false, true), (true, true)]
        {
            let rule = DeliberationRule { chair_casting_vote, keeps_votes, ..Default::default() };
            let decided = ruling(Validated);
            let matter = matter(deliberating(rule), &[Validated, Refused], Some(decided));
            let minutes = matter.minutes(bench(&members), day("2026-06-01"), false);
            let decision = &minutes.decisions[0];
            let votes: Vec<_> =
                decision.votes.iter().map(|vote| (vote.name.as_str(), vote.verdict)).collect();
            let kept = [("Membre 1", Validated), ("Membre 2", Refused)];
            assert_eq!(votes, if keeps_votes { &kept[..] } else { &[] });
            assert_eq!(decision.casting_vote_used, chair_casting_vote);
            assert_eq!(decision.term, Some(Term::Until { last_day: day("2031-06-01") }));
            let [MinutesWaiver { requirement, label: _, motive, granted_by }] =
                &minutes.waivers[..]
            else {
                panic!("one waiver")
            };
            assert_eq!((requirement.as_str(), motive.as_str()), ("CV", "Pièce perdue"));
            assert_eq!(granted_by, "Anne Roux");
        }
    }

    #[test]
    fn the_minutes_say_what_is_missing_in_the_sources_words() {
        let members = [present(1)];
        let partial = Ruling {
            missing: vec!["alone".to_owned()],
            motive: " Tests à compléter \n".to_owned(),
            ..ruling(Partial)
        };
        let matter = matter(certification(), &[], Some(partial));
        let minutes = matter.minutes(bench(&members), day("2026-06-01"), true);
        let decision = &minutes.decisions[0];
        assert_eq!(decision.missing[0].text, "alone");
        assert_eq!(decision.motive, "Tests à compléter");
        assert_eq!(decision.term, None, "only what is validated is in force");
        assert!(minutes.certification_obtained);
    }
}
