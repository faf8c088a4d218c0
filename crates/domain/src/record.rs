//! What a person holds from juries: validated blocks, and what is still missing.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ambient::day_in_france,
    capitalisation::{Attainment, Force, NotIssuable, ValidatedBlock, WARNING_MONTHS},
    decision::Verdict,
    jury::{
        Attendance, JuryMember,
        minutes::{Amendment, MinutesDecision, MinutesDossier, MinutesWaiver, Sealed},
    },
    person::PersonName,
    requirement::RequirementProgress,
    waiver::Waiver,
};

/// A block that a jury validated, as it stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldBlock {
    pub id: Uuid,
    /// The enrolment whose jury validated it, which may be an earlier one.
    pub enrolment_id: Uuid,
    /// None where it was brought from another instance.
    pub session_id: Option<Uuid>,
    /// Code of the block.
    pub block: String,
    /// Day of the jury, whenever its minutes were sealed.
    pub validated_on: NaiveDate,
    /// Keys of the transversal competencies that the jury validated through it.
    pub transversal: Vec<String>,
    pub force: Force,
}

impl HeldBlock {
    pub fn validation(&self) -> ValidatedBlock {
        ValidatedBlock {
            block: self.block.clone(),
            validated_on: self.validated_on,
            transversal: self.transversal.clone(),
        }
    }
}

/// How a validation came here, where no minutes of this school say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provenance {
    /// Name of the school whose jury it was, or whose archive says so; none where somebody wrote it
    /// down from older records.
    pub school: Option<String>,
    /// When it came here.
    pub recorded_on: NaiveDate,
    /// Name of who brought it or wrote it down, as far as it is known.
    pub recorded_by: Option<String>,
}

/// What a person holds of a certification, and what stands between them and the whole.
///
/// Blocks are those of every enrolment of the person in the same certification code at the same
/// school: who comes back years later keeps what is in force. Versions are told apart by nothing
/// but the codes of their blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    /// Newest first.
    pub validated: Vec<HeldBlock>,
    pub attainment: Attainment,
    /// The day on which the certification was obtained; it does not expire with its blocks.
    pub obtained_on: Option<NaiveDate>,
    /// Id of the enrolment under which it was, whose version and school the certificate names.
    pub obtained_under: Option<Uuid>,
    /// In the order of the certification.
    pub requirements: Vec<RequirementProgress>,
    /// What juries did not insist on, without the reasons that are for those entitled.
    pub waivers: Vec<Waiver>,
    /// Day on which the person started first: who is on the way when a registration ends may still
    /// obtain the certification.
    pub started_on: NaiveDate,
    /// Why nothing can be issued today.
    pub not_issuable: Option<NotIssuable>,
}

/// What one jury decided on one person, from its sealed minutes; without anything of the other
/// candidates, whom minutes speak of too, nor of who proposed what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deliberated {
    /// Id of the session.
    pub session: Uuid,
    /// Name of the school whose jury it was.
    #[serde(default)]
    pub organisation: String,
    /// What the school calls the session.
    pub title: String,
    /// See [`held_at`](crate::jury::held_at).
    pub held_at: DateTime<Utc>,
    /// Names of the members who were present, the chair first.
    pub members: Vec<String>,
    /// What the jury read.
    pub dossier: Option<MinutesDossier>,
    /// In the certification's order.
    pub decisions: Vec<MinutesDecision>,
    pub waivers: Vec<MinutesWaiver>,
    #[serde(default)]
    pub certification_obtained: bool,
    pub minutes_sha256: String,
    pub sealed_at: DateTime<Utc>,
    pub sealed_by: PersonName,
    /// What was added to the minutes since about them or about the session, oldest first.
    #[serde(default)]
    pub amendments: Vec<Amendment>,
}

impl Deliberated {
    /// What sealed minutes say of one candidate, if they speak of them.
    pub fn of(sealed: &Sealed, enrolment: Uuid) -> Option<Self> {
        let Sealed { content, sha256, sealed_at, sealed_by, amendments } = sealed;
        let on = content.candidates.iter().find(|one| one.id == enrolment)?;
        let mut present: Vec<&JuryMember> = content
            .members
            .iter()
            .filter(|member| member.attendance == Attendance::Present)
            .collect();
        present.sort_by_key(|member| !member.chair);
        let silent = |decision: &MinutesDecision| MinutesDecision {
            votes: Vec::new(),
            casting_vote_used: false,
            ..decision.clone()
        };
        Some(Self {
            session: content.session,
            organisation: content.organisation.clone(),
            title: content.title.clone(),
            held_at: content.held_at(),
            members: present.into_iter().map(|member| member.name.clone()).collect(),
            dossier: Some(on.dossier.clone()),
            decisions: on.decisions.iter().map(silent).collect(),
            waivers: on.waivers.clone(),
            certification_obtained: on.certification_obtained,
            minutes_sha256: sha256.clone(),
            sealed_at: *sealed_at,
            sealed_by: sealed_by.clone(),
            amendments: amendments
                .iter()
                .filter(|one| one.about.is_none_or(|about| about == enrolment))
                .cloned()
                .collect(),
        })
    }

    /// Day of the jury, from which what it validated counts.
    pub fn day(&self) -> NaiveDate {
        day_in_france(self.held_at)
    }

    /// This jury validated the block on that day, with these transversal competencies.
    pub fn validates(&self, held: &ValidatedBlock) -> bool {
        let through = |decision: &MinutesDecision, key: &String| {
            decision.transversal.iter().any(|one| one.key == *key)
        };
        self.day() == held.validated_on
            && self.decisions.iter().any(|one| {
                one.block == held.block
                    && one.verdict == Verdict::Validated
                    && held.transversal.iter().all(|key| through(one, key))
            })
    }
}

/// A deliberation on an enrolment of this school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judged {
    pub enrolment_id: Uuid,
    /// Its jury sat elsewhere, and the portfolio was brought from there: the result letter is that
    /// school's.
    pub elsewhere: bool,
    #[serde(flatten)]
    pub deliberated: Deliberated,
}

/// The moments before the end of a block at which its holder is told, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryStep {
    YearBefore,
    /// The last months: what is not handed in by now hardly meets a jury in time.
    MonthsBefore,
}

/// Months before the end of a block at which its holder is told a second time.
pub const LAST_WARNING_MONTHS: u32 = 3;

impl ExpiryStep {
    /// The one step of the day. One that could not go out on its first day goes out later, until
    /// the next one takes over; what has expired is not announced any more.
    pub fn on(today: NaiveDate, last_day: NaiveDate) -> Option<Self> {
        let starts = |months| last_day.checked_sub_months(Months::new(months));
        if last_day < today {
            None
        } else if starts(LAST_WARNING_MONTHS) <= Some(today) {
            Some(Self::MonthsBefore)
        } else if starts(WARNING_MONTHS) <= Some(today) {
            Some(Self::YearBefore)
        } else {
            None
        }
    }
}

/// The validations that a later one of the same block has taken the place of, by their ids, with its
/// day.
pub fn renewed(validated: &[HeldBlock]) -> BTreeMap<Uuid, NaiveDate> {
    let newest = |block: &str| {
        let same = validated.iter().filter(|one| one.block == block);
        same.max_by_key(|one| (one.validated_on, one.id))
    };
    validated
        .iter()
        .filter_map(|one| Some((one, newest(&one.block)?)))
        .filter(|(one, newest)| one.id != newest.id)
        .map(|(one, newest)| (one.id, newest.validated_on))
        .collect()
}

/// The block whose end is near, of all that a person was ever given: a later validation of the same
/// block takes the place of an earlier one.
pub fn expiring(validated: &[HeldBlock]) -> Vec<(&HeldBlock, NaiveDate)> {
    let renewed = renewed(validated);
    validated
        .iter()
        .filter(|one| !renewed.contains_key(&one.id))
        .filter_map(|one| match one.force {
            Force::ExpiresSoon { last_day } => Some((one, last_day)),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{certification::BlockValidity, fixtures::day};

    #[test]
    fn a_holder_is_told_a_year_and_three_months_before() {
        use ExpiryStep::{MonthsBefore, YearBefore};
        let last_day = day("2031-03-10");
        for (today, step) in [
            ("2026-03-10", None),
            ("2030-03-09", None),
            ("2030-03-10", Some(YearBefore)),
            // The server was down on the first day: late, but still of use.
            ("2030-09-01", Some(YearBefore)),
            ("2030-12-09", Some(YearBefore)),
            ("2030-12-10", Some(MonthsBefore)),
            ("2031-03-10", Some(MonthsBefore)),
            ("2031-03-11", None),
        ] {
            assert_eq!(ExpiryStep::on(day(today), last_day), step, "{today}");
        }
        // The month before has no such day: its last one.
        for (last_day, today, step) in [
            ("2031-05-31", "2031-02-27", Some(YearBefore)),
            ("2031-05-31", "2031-02-28", Some(MonthsBefore)),
            ("2032-02-29", "2031-02-27", None),
            ("2032-02-29", "2031-02-28", Some(YearBefore)),
        ] {
            assert_eq!(ExpiryStep::on(day(today), day(last_day)), step, "{last_day} {today}");
        }
    }

    #[test]
    fn the_newest_validation_of_a_block_counts() {
        let validity = BlockValidity::Years { years: 5 };
        let held = |id: u128, block: &str, on: &str| {
            let validated = ValidatedBlock {
                block: block.to_owned(),
                validated_on: day(on),
                transversal: Vec::new(),
            };
            HeldBlock {
                id: Uuid::from_u128(id),
                enrolment_id: Uuid::nil(),
                session_id: None,
                block: block.to_owned(),
                validated_on: day(on),
                transversal: Vec::new(),
                force: validated.force(validity, day("2031-01-01")),
            }
        };
        let (soon, over, later) = ("2026-06-15", "2025-06-15", "2030-06-15");
        for (blocks, expected) in [
            (vec![], vec![]),
            (vec![("B1", soon)], vec![("B1", "2031-06-15")]),
            (vec![("B1", soon), ("B1", later)], vec![]),
            (vec![("B1", over), ("B1", soon)], vec![("B1", "2031-06-15")]),
            (vec![("B1", over), ("B2", later)], vec![]),
            (vec![("B1", soon), ("B2", later)], vec![("B1", "2031-06-15")]),
        ] {
            let blocks: Vec<_> =
                (1..).zip(blocks).map(|(id, (block, on))| held(id, block, on)).collect();
            let told: Vec<_> =
                expiring(&blocks).iter().map(|(one, end)| (one.block.clone(), *end)).collect();
            let expected: Vec<_> =
                expected.iter().map(|(block, end)| ((*block).to_owned(), day(end))).collect();
            assert_eq!(told, expected);
        }
        let blocks = [("B1", over), ("B2", soon), ("B1", later), ("B1", soon)];
        let blocks: Vec<_> =
            (1..).zip(blocks).map(|(id, (block, on))| held(id, block, on)).collect();
        let renewed = renewed(&blocks).into_iter();
        let renewed: Vec<_> = renewed.map(|(id, on)| (id.as_u128(), on)).collect();
        assert_eq!(renewed, [(1, day(later)), (4, day(later))]);
    }
}
