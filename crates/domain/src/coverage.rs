//! How well a cohort covers the competencies of its certification.

use serde::Serialize;

use crate::progress::{CompetencyProgress, CompetencyStatus, Progress};

/// A competency in a block, over the students of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// Code of the block.
    pub block: String,
    /// Key of the competency.
    pub competency: String,
    /// Assessed in this block beside its own competencies.
    pub transversal: bool,
    pub students: u32,
    /// Students with evidence that is handed in.
    pub evidenced: u32,
    /// Students whom a tutor has assessed.
    pub assessed: u32,
    pub acquired: u32,
}

/// Every competency of every block, what fewest students have shown first.
pub fn coverage<'a>(students: impl IntoIterator<Item = &'a Progress>) -> Vec<Coverage> {
    let mut rows: Vec<Coverage> = Vec::new();
    for progress in students {
        // Every student of a cohort has the same blocks, in the same order.
        let mut row = 0;
        for block in &progress.blocks {
            let own = block.competencies.iter().map(|one| (one, false));
            let transversal = block.transversal.iter().map(|one| (one, true));
            for (competency, transversal) in own.chain(transversal) {
                if row == rows.len() {
                    rows.push(Coverage {
                        block: block.code.clone(),
                        competency: competency.competency.clone(),
                        transversal,
                        students: 0,
                        evidenced: 0,
                        assessed: 0,
                        acquired: 0,
                    });
                }
                rows[row].count(competency);
                row += 1;
            }
        }
    }
    rows.sort_by_key(|row| (row.evidenced, row.assessed, row.acquired));
    rows
}

impl Coverage {
    fn count(&mut self, competency: &CompetencyProgress) {
        self.students += 1;
        if competency.evidence.submitted + competency.evidence.accepted > 0 {
            self.evidenced += 1;
        }
        if competency.views.iter().any(|view| view.assessor.is_tutor()) {
            self.assessed += 1;
        }
        if competency.status == CompetencyStatus::Acquired {
            self.acquired += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assessment::AssessorKind::{Company, School, Student},
        enrolment::LearnerStatus,
        evidence::EvidenceStatus::{Accepted, Draft, Returned, Submitted},
        fixtures::{certification, effective, fact, rated},
        progress::{Facts, progress},
    };

    #[test]
    fn what_fewest_have_shown_comes_first() {
        let shows = |id: u128, status, competency: &str| Facts {
            evidence: vec![fact(id, status)],
            links: vec![(uuid::Uuid::from_u128(id), competency.to_owned())],
            ..Facts::default()
        };
        let rated = |ratings| Facts { ratings, ..Facts::default() };
        let students = [
            shows(1, Submitted, "alone"),
            shows(2, Accepted, "alone"),
            // Neither of these is handed in.
            shows(3, Draft, "shared"),
            shows(4, Returned, "shared"),
            rated(vec![rated_in("B1", "shared", School, 0), rated_in("B2", "shared", Company, 1)]),
            rated(vec![rated_in("B1", "alone", Student, 2)]),
        ];
        let progresses: Vec<Progress> = students
            .iter()
            .map(|facts| progress(&effective(certification()), LearnerStatus::Student, None, facts))
            .collect();
        let rows: Vec<_> = coverage(&progresses)
            .into_iter()
            .map(|row| {
                assert_eq!(row.students, 6);
                assert_eq!(row.transversal, row.competency == "team");
                let of = format!("{} {}", row.block, row.competency);
                (of, row.evidenced, row.assessed, row.acquired)
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("B1 team".to_owned(), 0, 0, 0),
                ("B1 shared".to_owned(), 0, 1, 0),
                ("B2 shared".to_owned(), 0, 1, 1),
                ("B1 alone".to_owned(), 2, 0, 0),
            ]
        );
    }

    fn rated_in(
        block: &str,
        competency: &str,
        assessor: crate::assessment::AssessorKind,
        lowest: usize,
    ) -> crate::progress::RatingFact {
        rated(block, competency, assessor, lowest, 1)
    }

    #[test]
    fn nobody_covers_nothing() {
        assert_eq!(coverage([]), []);
    }
}
