//! What managers see of many students: who needs attention, what is covered, what waits for whom.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    assessment::AssessorKind,
    attention::{self, Activity, Attention, Path, Reason},
    coverage::{Coverage, coverage},
    deadline::DueDate,
    enrolment::{Cohort, Enrolment, Tutor},
    evidence::EvidenceStatus,
    grid::Effective,
    person::User,
    progress::{CompetencyProgress, Facts, Progress, View, progress},
    workload::{Work, Workload, workload},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{List, Query},
    permit::{ManageCohorts, OnCohort, Within, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(cohort_attention))
        .routes(guarded!(cohort_coverage))
        .routes(guarded!(tutors_workload))
}

/// A student with everything that is computed about them.
pub struct Student {
    pub enrolment: Enrolment,
    /// With the school's grid over it.
    pub effective: Arc<Effective>,
    pub progress: Progress,
    facts: Facts,
    activity: Activity,
    dates: Vec<DueDate>,
    tutors: Vec<Tutor>,
}

/// Students by name, in a fixed number of statements.
pub async fn students(app: &App, enrolments: Vec<Enrolment>) -> Result<Vec<Student>> {
    let ids: Vec<Uuid> = enrolments.iter().map(|enrolment| enrolment.id).collect();
    let mut facts = store::progress::facts_of_many(&app.db, &ids).await?;
    let mut activity = store::attention::activity(&app.db, &ids).await?;
    let mut dates = store::deadline::of_enrolments(&app.db, &enrolments).await?;
    let mut tutors = store::enrolment::tutors(&app.db, &ids).await?;
    let certifications = enrolments.iter().map(|enrolment| enrolment.certification.id).collect();
    let grids = store::grid::in_force_of(&app.db, certifications).await?;
    let mut students = Vec::with_capacity(enrolments.len());
    for enrolment in enrolments {
        let effective =
            grids.get(&enrolment.certification.id).cloned().ok_or_else(ApiError::not_found)?;
        let mut facts = facts.remove(&enrolment.id).unwrap_or_default();
        // A draft is the student's own.
        facts.evidence.retain(|fact| fact.status != EvidenceStatus::Draft);
        let profile = enrolment.profile.as_deref();
        students.push(Student {
            progress: progress(&effective, enrolment.status, profile, &facts),
            effective,
            facts,
            activity: activity.remove(&enrolment.id).unwrap_or_default(),
            dates: dates.remove(&enrolment.id).unwrap_or_default(),
            tutors: tutors.remove(&enrolment.id).unwrap_or_default(),
            enrolment,
        });
    }
    students.sort_by_cached_key(|student| by_name(&student.enrolment.student));
    Ok(students)
}

/// The students of a cohort by name.
pub async fn in_cohort(app: &App, cohort: &Cohort) -> Result<Vec<Student>> {
    students(app, store::enrolment::of_cohorts(&app.db, [cohort.id]).await?).await
}

fn by_name(user: &User) -> (String, String) {
    (user.family_name.to_lowercase(), user.given_name.to_lowercase())
}

/// The students of a cohort who need attention.
#[derive(Serialize, ToSchema)]
pub struct CohortAttention {
    pub cohort: Cohort,
    pub late: Vec<Concerned>,
    pub stuck: Vec<Concerned>,
    pub at_risk: Vec<Concerned>,
    pub divergences: Vec<Divergence>,
    limits: AttentionLimits,
}

/// A student with the reasons to look at them, of one kind of attention.
#[derive(Serialize, ToSchema)]
pub struct Concerned {
    pub enrolment_id: Uuid,
    pub student: User,
    pub reasons: Vec<Reason>,
}

/// A competency on which the company and the school stand on different sides of the required level.
#[derive(Serialize, ToSchema)]
pub struct Divergence {
    pub enrolment_id: Uuid,
    pub student: User,
    /// Code of the block.
    pub block: String,
    /// Key of the competency.
    pub competency: String,
    pub company: View,
    pub school: View,
    /// What the grid in force calls the required level.
    pub required_label: String,
}

/// From when on something is a reason.
#[derive(Serialize, ToSchema)]
struct AttentionLimits {
    idle_weeks: i64,
    returned_weeks: i64,
    waiting_days: i64,
    behind_points: u32,
    language_days: i64,
    deliverable_days: i64,
}

/// Who needs attention in a cohort, and why: late, stuck, at risk, with divergent views.
#[utoipa::path(get, path = "/api/v1/cohorts/{id}/attention", operation_id = "show_cohort_attention", tag = "cohorts", params(("id" = Uuid, Path)), responses((status = 200, body = CohortAttention), ApiError))]
async fn cohort_attention(
    permit: OnCohort<ManageCohorts>,
    State(app): State<App>,
) -> Result<Json<CohortAttention>> {
    let students = in_cohort(&app, &permit.cohort).await?;
    Ok(Json(attention_of(&app, permit.cohort, &students)))
}

pub fn attention_of(app: &App, cohort: Cohort, students: &[Student]) -> CohortAttention {
    let now = app.db.ambient.now();
    let mut lists = [Attention::Late, Attention::Stuck, Attention::AtRisk].map(|_| Vec::new());
    for student in students {
        let reasons = attention::reasons(
            Path {
                certification: &student.effective.certification,
                enrolment: &student.enrolment,
                ends_on: student.enrolment.ends_on.unwrap_or(cohort.ends_on),
                progress: &student.progress,
                evidence: &student.facts.evidence,
                activity: &student.activity,
                dates: &student.dates,
            },
            now,
        );
        for (index, kind) in
            [Attention::Late, Attention::Stuck, Attention::AtRisk].into_iter().enumerate()
        {
            let of_kind: Vec<Reason> =
                reasons.iter().filter(|reason| reason.calls_for() == kind).cloned().collect();
            if !of_kind.is_empty() {
                lists[index].push(Concerned {
                    enrolment_id: student.enrolment.id,
                    student: student.enrolment.student.clone(),
                    reasons: of_kind,
                });
            }
        }
    }
    for list in &mut lists {
        // By name within the same urgency: the sort is stable.
        list.sort_by_key(|concerned| {
            std::cmp::Reverse(concerned.reasons.iter().map(Reason::urgency).sum::<u32>())
        });
    }
    let [late, stuck, at_risk] = lists;
    CohortAttention {
        cohort,
        late,
        stuck,
        at_risk,
        divergences: students.iter().flat_map(divergences).collect(),
        limits: AttentionLimits {
            idle_weeks: attention::IDLE_WEEKS,
            returned_weeks: attention::RETURNED_WEEKS,
            waiting_days: attention::WAITING_DAYS,
            behind_points: attention::BEHIND_POINTS,
            language_days: attention::LANGUAGE_DAYS,
            deliverable_days: attention::DELIVERABLE_DAYS,
        },
    }
}

fn divergences(student: &Student) -> Vec<Divergence> {
    let view = |competency: &CompetencyProgress, kind: AssessorKind| {
        competency.views.iter().find(|view| view.assessor == kind).cloned()
    };
    let levels = &student.effective.certification.levels;
    let label = |key: &str| {
        let found = levels.iter().find(|level| level.key == key);
        found.map_or_else(|| key.to_owned(), |level| level.label.clone())
    };
    student
        .progress
        .divergent()
        .filter_map(|(block, competency)| {
            Some(Divergence {
                enrolment_id: student.enrolment.id,
                student: student.enrolment.student.clone(),
                block: block.to_owned(),
                competency: competency.competency.clone(),
                company: view(competency, AssessorKind::Company)?,
                school: view(competency, AssessorKind::School)?,
                required_label: label(&competency.required_level),
            })
        })
        .collect()
}

/// How well a cohort covers its certification.
#[derive(Serialize, ToSchema)]
struct CohortCoverage {
    cohort: Cohort,
    /// What fewest students have shown first.
    competencies: Vec<Coverage>,
}

/// For each competency of each block, how many students have shown it, were assessed, acquired it.
#[utoipa::path(get, path = "/api/v1/cohorts/{id}/coverage", operation_id = "show_cohort_coverage", tag = "cohorts", params(("id" = Uuid, Path)), responses((status = 200, body = CohortCoverage), ApiError))]
async fn cohort_coverage(
    permit: OnCohort<ManageCohorts>,
    State(app): State<App>,
) -> Result<Json<CohortCoverage>> {
    let students = in_cohort(&app, &permit.cohort).await?;
    let competencies = coverage_of(&students);
    Ok(Json(CohortCoverage { cohort: permit.cohort, competencies }))
}

pub fn coverage_of(students: &[Student]) -> Vec<Coverage> {
    coverage(students.iter().map(|student| &student.progress))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WorkloadQuery {
    /// Only the students of this cohort.
    cohort_id: Option<Uuid>,
}

/// What waits for each tutor, the heaviest first.
#[utoipa::path(get, path = "/api/v1/workload", operation_id = "show_workload", tag = "cohorts", params(WorkloadQuery), responses((status = 200, body = List<Workload>), ApiError))]
async fn tutors_workload(
    permit: Within<ManageCohorts>,
    State(app): State<App>,
    Query(WorkloadQuery { cohort_id }): Query<WorkloadQuery>,
) -> Result<Json<List<Workload>>> {
    let enrolments = if let Some(id) = cohort_id {
        let cohort = store::cohort::find(&app.db, &permit.organisations, id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        store::enrolment::of_cohorts(&app.db, [cohort.id]).await?
    } else {
        let today = app.db.ambient.today();
        store::enrolment::open(&app.db, &permit.organisations, today).await?
    };
    Ok(Json(workload_of(&students(&app, enrolments).await?).into()))
}

pub fn workload_of(students: &[Student]) -> Vec<Workload> {
    workload(students.iter().map(|student| Work {
        certification: &student.effective.certification,
        facts: &student.facts,
        activity: &student.activity,
        tutors: &student.tutors,
    }))
}
