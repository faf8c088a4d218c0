//! The grids that tutors and students fill, from the evidence that is there at the time.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    assessment::{AssessorKind, CriterionRating, Rating},
    certification::{Block, Certification},
};

use super::{
    calendar::Calendar,
    dice::Dice,
    evidence::{Mode, Planned},
    places::french,
    students::{SHOWN_COMPANY_TUTORS, SHOWN_SCHOOL_TUTORS, Stage, Student},
    texts,
};

pub struct Grid {
    pub kind: AssessorKind,
    /// Code of the block.
    pub block: String,
    pub created: DateTime<Utc>,
    pub signed: Option<DateTime<Utc>>,
    pub occasion: String,
    pub assessed_on: NaiveDate,
    pub comment: String,
    /// Places in the student's evidence.
    pub evidence: Vec<usize>,
    pub ratings: Vec<Rating>,
}

pub struct Assessor<'a> {
    pub student: &'a Student,
    pub certification: &'a Certification,
    pub calendar: &'a Calendar,
    pub dice: &'a mut Dice,
    pub modes: &'a [Mode],
    pub evidence: &'a [Planned],
}

/// What the company and the school think in the end of a competency in a block.
#[derive(Clone, Copy)]
struct Opinion {
    company: usize,
    school: usize,
}

/// A time at which grids are filled, block after block.
#[derive(Clone, Copy)]
struct Round {
    kind: AssessorKind,
    day: NaiveDate,
    /// 0 halfway, 1 at the last visit.
    number: usize,
}

impl Assessor<'_> {
    pub fn grids(&mut self) -> Vec<Grid> {
        let mut grids = Vec::new();
        if self.student.stage == Stage::Newcomer {
            return grids;
        }
        let certification = self.certification;
        let rounds = self.rounds();
        for (block, mode) in certification.blocks.iter().zip(self.modes) {
            let opinions: Vec<Opinion> =
                block.assessed().map(|key| self.opinion(block, key, *mode)).collect();
            for round in &rounds {
                grids.extend(self.grid(*round, block, &opinions));
            }
        }
        self.drafts(&mut grids);
        grids.sort_by_key(|grid| grid.created);
        grids
    }

    /// When the three sides fill their grids.
    fn rounds(&mut self) -> Vec<Round> {
        let Student { stage, closely, has_company_tutor, .. } = *self.student;
        let calendar = self.calendar;
        let mut ago = |low, high| {
            calendar.ago(u64::try_from(self.dice.between(low, high)).unwrap_or_default())
        };
        let mut rounds = Vec::new();
        if stage >= Stage::Advanced {
            rounds.push(Round { kind: AssessorKind::Student, day: ago(135, 160), number: 0 });
        }
        rounds.push(Round { kind: AssessorKind::Student, day: ago(33, 42), number: 1 });
        for (kind, visits) in
            [(AssessorKind::Company, has_company_tutor), (AssessorKind::School, true)]
        {
            if !visits {
                continue;
            }
            let (halfway, last) = (ago(105, 130), ago(24, 30));
            let is_sure = closely
                || stage == Stage::Complete
                || (kind == AssessorKind::School && stage == Stage::Advanced);
            let comes_last = is_sure || last.to_epoch_days() % 3 != 0;
            if stage >= Stage::Underway || !comes_last {
                rounds.push(Round { kind, day: halfway, number: 0 });
            }
            if comes_last {
                rounds.push(Round { kind, day: last, number: 1 });
            }
        }
        rounds
    }

    fn opinion(&mut self, block: &Block, competency: &str, mode: Mode) -> Opinion {
        let required = self.required(block, competency);
        let below = required.saturating_sub(1);
        let highest = self.certification.levels.len().saturating_sub(1);
        let both = |level| Opinion { company: level, school: level };
        let chance = self.dice.below(100);
        match mode {
            Mode::Full => match chance {
                // The rule of the certification may still count it as acquired.
                0..5 if self.student.has_company_tutor => {
                    Opinion { company: required, school: below }
                }
                5..45 => both(highest),
                _ => both(required),
            },
            Mode::Mixed => match chance {
                0..40 => both(required),
                40..62 => Opinion { company: required, school: below },
                62..72 => Opinion { company: below, school: required },
                _ => both(below),
            },
            Mode::Started | Mode::Empty => match chance {
                0..10 => both(required),
                10..18 => both(0),
                _ => both(below),
            },
        }
    }

    fn required(&self, block: &Block, competency: &str) -> usize {
        let level = self.certification.required_level_in(block, competency, None);
        self.certification.rank(level).unwrap_or_default()
    }

    /// One side's grid of a block, if there is anything to rate in it on that day.
    fn grid(&mut self, round: Round, block: &Block, opinions: &[Opinion]) -> Option<Grid> {
        let Round { kind, day, number } = round;
        let created = if kind == AssessorKind::Student {
            self.calendar.at_leisure(day, self.dice)
        } else {
            self.calendar.at_work(day, self.dice)
        };
        let mut ratings = Vec::new();
        let mut reached = true;
        for (key, opinion) in block.assessed().zip(opinions) {
            let shown = self.evidence.iter().any(|one| one.shows(key) && one.is_handed_in(created));
            if !shown {
                continue;
            }
            let required = self.required(block, key);
            let mut level = match kind {
                AssessorKind::School | AssessorKind::Jury => opinion.school,
                AssessorKind::Company => opinion.company,
                AssessorKind::Student => {
                    // One's own view is now and then a little higher or lower.
                    let level = opinion.company.max(opinion.school);
                    match self.dice.below(10) {
                        0..2 => level + 1,
                        2..4 => level.saturating_sub(1),
                        _ => level,
                    }
                }
            };
            if number == 0 && self.dice.percent(70) {
                level = level.saturating_sub(1);
            }
            reached &= level >= required;
            ratings.push(self.rating(kind, key, level, required));
        }
        if ratings.is_empty() {
            return None;
        }
        let occasions: &[&str] = match kind {
            AssessorKind::Company => &texts::COMPANY_OCCASIONS[number],
            AssessorKind::School | AssessorKind::Jury => &texts::SCHOOL_OCCASIONS[number],
            AssessorKind::Student => &texts::SELF_OCCASIONS,
        };
        let comments: &[&str] = match kind {
            AssessorKind::Student => &texts::SELF_GRID,
            _ if reached => &texts::GOOD_GRID,
            _ => &texts::MIXED_GRID,
        };
        Some(Grid {
            kind,
            block: block.code.clone(),
            created,
            signed: Some(created + TimeDelta::minutes(self.dice.between(6, 35))),
            occasion: french(self.dice.pick(occasions)),
            assessed_on: created.date_naive(),
            comment: if self.dice.percent(75) {
                french(self.dice.pick(comments))
            } else {
                String::new()
            },
            evidence: self.considered(block, created),
            ratings,
        })
    }

    /// The evidence of the block's competencies that is there, the newest first.
    fn considered(&self, block: &Block, at: DateTime<Utc>) -> Vec<usize> {
        let mut considered: Vec<usize> = (0..self.evidence.len())
            .rev()
            .filter(|index| {
                let one = &self.evidence[*index];
                one.is_handed_in(at) && block.assessed().any(|key| one.shows(key))
            })
            .take(6)
            .collect();
        considered.reverse();
        considered
    }

    /// Levels of each criterion, the lowest of which is the level of the whole.
    fn rating(&mut self, kind: AssessorKind, key: &str, level: usize, required: usize) -> Rating {
        let highest = self.certification.levels.len().saturating_sub(1);
        let level = level.min(highest);
        let criteria = self.certification.competency(key).map_or_else(Vec::new, |competency| {
            competency.criteria().into_iter().map(|criterion| criterion.key).collect()
        });
        let lowest = self.dice.below(criteria.len());
        let criteria = criteria
            .into_iter()
            .enumerate()
            .map(|(index, criterion)| {
                let higher = index != lowest && self.dice.percent(55);
                let rank = if higher { (level + 1).min(highest) } else { level };
                let says_why =
                    rank < required && kind != AssessorKind::Student && self.dice.percent(45);
                CriterionRating {
                    criterion,
                    level: Some(self.certification.levels[rank].key.clone()),
                    comment: if says_why {
                        french(self.dice.pick(&texts::BELOW))
                    } else {
                        String::new()
                    },
                }
            })
            .collect();
        Rating { competency: key.to_owned(), criteria }
    }

    /// A grid that its author has begun and not signed.
    fn drafts(&mut self, grids: &mut Vec<Grid>) {
        let Student { place, school_tutor, company, has_company_tutor, .. } = *self.student;
        let mut kinds = Vec::new();
        if has_company_tutor && place == 0 && SHOWN_COMPANY_TUTORS.contains(&company) {
            kinds.push(AssessorKind::Company);
        }
        if place == 2 && SHOWN_SCHOOL_TUTORS.contains(&school_tutor) {
            kinds.push(AssessorKind::School);
        }
        if place % 6 == 4 {
            kinds.push(AssessorKind::Student);
        }
        for kind in kinds {
            let created = self.calendar.at_work(
                self.calendar.ago(u64::try_from(self.dice.between(2, 6)).unwrap_or(2)),
                self.dice,
            );
            let unrated = |block: &&Block| {
                block.assessed().any(|key| {
                    let rated = grids.iter().any(|grid| {
                        grid.kind == kind
                            && grid.block == block.code
                            && grid.ratings.iter().any(|rating| rating.competency == key)
                    });
                    !rated
                        && self
                            .evidence
                            .iter()
                            .any(|one| one.shows(key) && one.is_handed_in(created))
                })
            };
            let Some(block) = self.certification.blocks.iter().find(unrated) else { continue };
            let Some(key) = block.assessed().find(|key| {
                self.evidence.iter().any(|one| one.shows(key) && one.is_handed_in(created))
            }) else {
                continue;
            };
            let required = self.required(block, key);
            let mut rating = self.rating(kind, key, required, required);
            if rating.criteria.len() > 1
                && let Some(last) = rating.criteria.last_mut()
            {
                last.level = None;
            }
            grids.push(Grid {
                kind,
                block: block.code.clone(),
                created,
                signed: None,
                occasion: "Point d’étape".to_owned(),
                assessed_on: created.date_naive(),
                comment: String::new(),
                evidence: self.considered(block, created),
                ratings: vec![rating],
            });
        }
    }
}
