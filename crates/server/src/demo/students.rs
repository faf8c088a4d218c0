//! The students, how far each has come, and who follows whom.

use chrono::NaiveDate;
use domain::{certification::RouteKind, enrolment::LearnerStatus};

use super::{
    calendar::Calendar,
    people::{COMPANY_TUTORS, Name, SCHOOL_TUTORS, STUDENTS},
};

/// How far a student has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Has just arrived: two drafts.
    Newcomer,
    Beginning,
    Underway,
    /// Two blocks acquired.
    Advanced,
    /// Everything but one thing.
    Complete,
}

pub struct Cohort {
    pub code: &'static str,
    name: &'static str,
    years: i32,
    /// How far the first student has come, whom the sign-in page shows.
    first: Stage,
    /// The students who are not apprentices, by their place.
    students: &'static [usize],
}

pub const COHORTS: [Cohort; 5] = [
    Cohort {
        code: "RNCP38822",
        name: "Architecture et développement logiciel",
        years: 2,
        first: Stage::Advanced,
        students: &[9, 10],
    },
    Cohort {
        code: "RNCP21947",
        name: "Ingénierie informatique",
        years: 2,
        first: Stage::Advanced,
        students: &[9, 10],
    },
    Cohort {
        code: "RNCP42008",
        name: "Ingénieurs informatique",
        years: 3,
        first: Stage::Complete,
        students: &[3, 5, 7, 9, 10, 11],
    },
    Cohort {
        code: "SYSNUM",
        name: "Systèmes numériques",
        years: 2,
        first: Stage::Complete,
        students: &[9, 10],
    },
    Cohort {
        code: "RNCP37579",
        name: "Ingénieurs informaticiens",
        years: 3,
        first: Stage::Advanced,
        students: &[4, 9, 10],
    },
];

impl Cohort {
    pub fn name(&self, calendar: &Calendar) -> String {
        let (first, last) = self.years(calendar);
        format!("{} {first}-{last}", self.name)
    }

    pub fn ends_on(&self, calendar: &Calendar) -> NaiveDate {
        let (_, last) = self.years(calendar);
        NaiveDate::from_ymd_opt(last, 9, 30).expect("30 September is a day")
    }

    fn years(&self, calendar: &Calendar) -> (i32, i32) {
        let first = chrono::Datelike::year(&calendar.intake);
        (first, first + self.years)
    }
}

/// The tutors whom the sign-in page shows, by their place.
pub const SHOWN_COMPANY_TUTORS: [usize; 2] = [0, 1];
pub const SHOWN_SCHOOL_TUTORS: [usize; 2] = [0, 4];
/// The newcomer whom it shows: the last of the first cohort.
pub const SHOWN_NEWCOMER: (usize, usize) = (0, 11);

pub struct Student {
    pub name: Name,
    /// Place in [`COHORTS`], and within the cohort.
    pub cohort: usize,
    pub place: usize,
    pub stage: Stage,
    pub status: LearnerStatus,
    pub route: RouteKind,
    /// Place of the company, and of its tutor.
    pub company: usize,
    pub has_company_tutor: bool,
    pub school_tutor: usize,
    /// First day of the enrolment.
    pub since: NaiveDate,
    /// When the enrolment is entered in Acquis.
    pub enrolled: NaiveDate,
    /// Whether a tutor of theirs keeps up to date.
    pub closely: bool,
    /// Offered first on the sign-in page.
    pub shown: bool,
}

pub fn all(calendar: &Calendar) -> Vec<Student> {
    let mut students: Vec<Student> = COHORTS
        .iter()
        .enumerate()
        .flat_map(|(cohort, _)| (0..12).map(move |place| student(calendar, cohort, place)))
        .collect();
    assign_companies(&mut students);
    for student in &mut students {
        student.closely = student.place == 0
            || SHOWN_SCHOOL_TUTORS.contains(&student.school_tutor)
            || student.has_company_tutor && SHOWN_COMPANY_TUTORS.contains(&student.company);
    }
    students
}

fn student(calendar: &Calendar, cohort: usize, place: usize) -> Student {
    use Stage::{Advanced, Beginning, Complete, Newcomer, Underway};
    const STAGES: [Stage; 12] = [
        Advanced, Advanced, Underway, Beginning, Underway, Advanced, Beginning, Underway, Complete,
        Beginning, Underway, Newcomer,
    ];
    let stage = if place == 0 { COHORTS[cohort].first } else { STAGES[place] };
    let (status, route) = if COHORTS[cohort].students.contains(&place) {
        (LearnerStatus::Student, RouteKind::Student)
    } else if (cohort, place) == (1, 7) {
        (LearnerStatus::Trainee, RouteKind::Continuing)
    } else {
        (LearnerStatus::Apprentice, RouteKind::Apprenticeship)
    };
    let late = stage == Stage::Newcomer;
    Student {
        name: STUDENTS[cohort][place],
        cohort,
        place,
        stage,
        status,
        route,
        company: 0,
        has_company_tutor: status != LearnerStatus::Student,
        // Two tutors for each of the first four cohorts; the last one is shared among four.
        school_tutor: if cohort < 4 { 2 * cohort + place / 6 } else { 2 * (place / 3) + 1 },
        since: if late { calendar.ago(40) } else { calendar.intake },
        enrolled: if late { calendar.ago(38) } else { calendar.opening },
        closely: false,
        shown: place == 0 || (cohort, place) == SHOWN_NEWCOMER,
    }
}

/// Each company tutor follows two to four apprentices; every third one, across cohorts.
fn assign_companies(students: &mut [Student]) {
    let mut waiting: [Vec<usize>; COHORTS.len()] = Default::default();
    for (index, student) in students.iter().enumerate().rev() {
        if student.has_company_tutor {
            waiting[student.cohort].push(index);
        }
    }
    let mut next_cohort = 0;
    for company in 0..COMPANY_TUTORS.len() {
        let follows = match company {
            0 => 4,
            1 | 4 | 8 => 3,
            _ => 2,
        };
        let mut cohort = fullest(&waiting);
        for _ in 0..follows {
            if company % 3 == 0 {
                cohort = next_cohort;
                next_cohort = (next_cohort + 1) % COHORTS.len();
            }
            if waiting[cohort].is_empty() {
                cohort = fullest(&waiting);
            }
            if let Some(index) = waiting[cohort].pop() {
                students[index].company = company;
            }
        }
    }
    // Internships are wherever a student found one.
    for (index, student) in students.iter_mut().enumerate() {
        if !student.has_company_tutor {
            student.company = (index * 7 + 5) % COMPANY_TUTORS.len();
        }
    }
    debug_assert!(waiting.iter().all(Vec::is_empty), "every apprentice has a tutor");
    debug_assert!(students.iter().all(|student| student.school_tutor < SCHOOL_TUTORS.len()));
}

fn fullest(waiting: &[Vec<usize>]) -> usize {
    (0..waiting.len()).rev().max_by_key(|cohort| waiting[*cohort].len()).unwrap_or_default()
}
