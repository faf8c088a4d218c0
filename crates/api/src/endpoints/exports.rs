//! What managers see, as files for a spreadsheet.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use domain::{
    ambient::day_in_france,
    attention::Reason,
    certification::Certification,
    deadline::DeadlineKind,
    enrolment::{Cohort, LearnerStatus, TutorKind},
    fault::Fault,
    import::plain,
    person::{Person, Role},
    progress::View,
    requirement::RequirementState,
};
use serde::Deserialize;
use sheets::{Cell, Sheet};
use store::page::Page;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::overview::{
    CohortAttention, Student, attention_of, coverage_of, in_cohort, workload_of,
};
use crate::{
    App,
    extract::Query,
    media::disposition,
    permit::{ManageCohorts, OnCohort, ReadPeople, Within, guarded},
    problem::{ApiError, Result},
};

/// Most people in one file; beyond, the list is to be narrowed to a role.
const PEOPLE_MAX: u64 = 20_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(export_cohort)).routes(guarded!(export_people))
}

/// What kind of file.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Csv,
    Xlsx,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatQuery {
    #[param(inline)]
    pub format: Format,
}

/// One table of a cohort.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Part {
    Progress,
    Attention,
    Coverage,
    Workload,
}

impl Part {
    const ALL: [Self; 4] = [Self::Progress, Self::Attention, Self::Coverage, Self::Workload];

    fn name(self) -> &'static str {
        match self {
            Self::Progress => "Avancement",
            Self::Attention => "Points d’attention",
            Self::Coverage => "Couverture",
            Self::Workload => "Charge des tuteurs",
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CohortExportQuery {
    #[param(inline)]
    format: Format,
    /// All of them, each on its sheet, if absent; a CSV file holds one.
    #[param(inline)]
    part: Option<Part>,
}

/// What the pages of a cohort show, as a file.
#[utoipa::path(get, path = "/api/v1/cohorts/{id}/export", operation_id = "export_cohort", tag = "cohorts", params(("id" = Uuid, Path), CohortExportQuery), responses((status = 200, content_type = "application/octet-stream"), ApiError))]
async fn export_cohort(
    permit: OnCohort<ManageCohorts>,
    State(app): State<App>,
    Query(query): Query<CohortExportQuery>,
) -> Result<Response> {
    let CohortExportQuery { format, part } = query;
    let parts = match (part, format) {
        (Some(part), _) => vec![part],
        (None, Format::Xlsx) => Part::ALL.to_vec(),
        (None, Format::Csv) => {
            return Err(ApiError::invalid(vec![Fault::new(
                "part",
                "required",
                "Un fichier CSV contient un seul tableau : précisez lequel.",
            )]));
        }
    };
    let cohort = permit.cohort;
    let effective = store::grid::in_force(&app.db, cohort.certification.id).await?;
    let certification = &effective.certification;
    let students = in_cohort(&app, &cohort).await?;
    let what = part.map_or("promotion", Part::name);
    let name = file_name(&[what, &cohort.name], app.db.ambient.today(), format);
    let sheets = parts
        .into_iter()
        .map(|part| (part.name(), table(&app, part, &cohort, certification, &students)))
        .collect();
    written(format, &name, sheets).await
}

fn table(
    app: &App,
    part: Part,
    cohort: &Cohort,
    certification: &Certification,
    students: &[Student],
) -> Sheet {
    match part {
        Part::Progress => progress(certification, students),
        Part::Attention => attention(&attention_of(app, cohort.clone(), students), certification),
        Part::Coverage => coverage(certification, students),
        Part::Workload => workload(students),
    }
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn progress(certification: &Certification, students: &[Student]) -> Sheet {
    let mut header = header(&["Nom", "Prénom", "Courriel", "Statut", "Début", "Fin"]);
    for block in &certification.blocks {
        header.push(format!("{} – acquises", block.code));
        header.push(format!("{} – compétences", block.code));
    }
    header.extend(
        ["Total acquises", "Total à revoir", "Total à évaluer", "Total non commencées"]
            .map(str::to_owned),
    );
    header.extend(["Avis divergents", "Prérequis remplis", "Prérequis"].map(str::to_owned));
    let rows = students
        .iter()
        .map(|student| {
            let person = &student.enrolment.student;
            let mut row: Vec<Cell> = vec![
                person.family_name.as_str().into(),
                person.given_name.as_str().into(),
                person.email.as_str().into(),
                status(student.enrolment.status).into(),
                student.enrolment.starts_on.into(),
                student.enrolment.ends_on.into(),
            ];
            for block in &student.progress.blocks {
                row.extend([block.tally.acquired.into(), block.tally.total.into()]);
            }
            let total = student.progress.total;
            let figures = [total.acquired, total.assessed, total.evidenced, total.untouched];
            row.extend(figures.map(Cell::from));
            row.push(total.divergent.into());
            let in_state = |is: fn(RequirementState) -> bool| {
                let of = &student.progress.requirements;
                number(of.iter().filter(|requirement| is(requirement.state)).count())
            };
            row.push(in_state(|state| state == RequirementState::Met).into());
            row.push(in_state(|state| state != RequirementState::NotApplicable).into());
            row
        })
        .collect();
    Sheet { header, rows }
}

fn attention(attention: &CohortAttention, certification: &Certification) -> Sheet {
    let mut rows = Vec::new();
    for (kind, list) in [
        ("En retard", &attention.late),
        ("Bloqué", &attention.stuck),
        ("À risque", &attention.at_risk),
    ] {
        for concerned in list {
            for reason in &concerned.reasons {
                rows.push(vec![
                    concerned.student.family_name.as_str().into(),
                    concerned.student.given_name.as_str().into(),
                    concerned.student.email.as_str().into(),
                    kind.into(),
                    words(reason).into(),
                ]);
            }
        }
    }
    let level = |view: &View| {
        let older = if view.older_grid { " (sur une grille antérieure)" } else { "" };
        format!("{}{older}", view.level_label)
    };
    for divergence in &attention.divergences {
        let detail = format!(
            "{} : {} — entreprise : {} ; école : {} ; requis : {}",
            divergence.block,
            competency_text(certification, &divergence.competency),
            level(&divergence.company),
            level(&divergence.school),
            divergence.required_label,
        );
        rows.push(vec![
            divergence.student.family_name.as_str().into(),
            divergence.student.given_name.as_str().into(),
            divergence.student.email.as_str().into(),
            "Avis divergents".into(),
            detail.into(),
        ]);
    }
    Sheet { header: header(&["Nom", "Prénom", "Courriel", "Attention", "Motif"]), rows }
}

/// A reason as a French sentence with its figures.
fn words(reason: &Reason) -> String {
    let day = |day: &NaiveDate| day.format("%d/%m/%Y").to_string();
    match reason {
        Reason::Overdue { deadline_kind, label, block, due_on, days } => {
            let what = label.as_deref().unwrap_or(match deadline_kind {
                DeadlineKind::SelfAssessment => "Auto-évaluation",
                DeadlineKind::Visit => "Visite",
                DeadlineKind::Deposit => "Dépôt du dossier",
            });
            let block = block.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
            format!(
                "{what}{block} : à faire avant la fin du {}, {} de retard",
                day(due_on),
                some(*days, "jour")
            )
        }
        Reason::Idle { weeks, since } => {
            format!("Aucune activité depuis {} (depuis le {})", some(*weeks, "semaine"), day(since))
        }
        Reason::Returned { weeks, count } => format!(
            "{} à reprendre, la plus ancienne depuis {}",
            some(*count, "preuve"),
            some(*weeks, "semaine")
        ),
        Reason::Waiting { days, count } => format!(
            "{} sans réponse d’un tuteur, la plus ancienne depuis {}",
            some(*count, "preuve"),
            some(*days, "jour")
        ),
        Reason::Behind { acquired, total, percent_acquired, percent_elapsed } => format!(
            "{acquired} sur {} ({percent_acquired} %) alors que {percent_elapsed} % du parcours \
             est passé",
            some(*total, "compétence")
        ),
        Reason::WeeksOutOfReach { label, have, need, weeks_left } => format!(
            "{label} : {have} sur {}, pour {weeks_left} avant la fin",
            some(*need, "semaine")
        ),
        Reason::LanguageMissing { label, have, need, days_left } => format!(
            "{label} : niveau {}, {} demandé, à {} de la fin",
            have.map_or_else(|| "non certifié".to_owned(), |level| format!("{level:?}")),
            need.map_or_else(|| "—".to_owned(), |level| format!("{level:?}")),
            some(*days_left, "jour"),
        ),
        Reason::DeliverableMissing { block, label, count, due_on } => format!(
            "{} à fournir pour le dépôt du {}, dont {label} ({block})",
            some(*count, "livrable"),
            day(due_on)
        ),
    }
}

/// « 1 jour », « 2 jours ».
fn some(count: u32, word: &str) -> String {
    format!("{count} {word}{}", if count > 1 { "s" } else { "" })
}

fn competency_text<'a>(certification: &'a Certification, key: &'a str) -> &'a str {
    certification.competency(key).map_or(key, |competency| competency.text.as_str())
}

fn coverage(certification: &Certification, students: &[Student]) -> Sheet {
    let rows = coverage_of(students)
        .into_iter()
        .map(|row| {
            let text = competency_text(certification, &row.competency).to_owned();
            vec![
                row.block.into(),
                text.into(),
                if row.transversal { "oui" } else { "" }.into(),
                row.students.into(),
                row.evidenced.into(),
                row.assessed.into(),
                row.acquired.into(),
            ]
        })
        .collect();
    Sheet {
        header: header(&[
            "Bloc",
            "Compétence",
            "Transversale",
            "Apprentis",
            "Avec une preuve",
            "Évalués par un tuteur",
            "Acquise",
        ]),
        rows,
    }
}

fn workload(students: &[Student]) -> Sheet {
    let rows = workload_of(students)
        .into_iter()
        .map(|work| {
            let kind = match work.tutor_kind {
                TutorKind::Company => "Entreprise",
                TutorKind::School => "École",
            };
            vec![
                work.tutor.family_name.into(),
                work.tutor.given_name.into(),
                work.tutor.email.into(),
                kind.into(),
                work.students.into(),
                work.waiting_evidence.into(),
                work.grids_to_do.into(),
                work.waiting_since.map(day_in_france).into(),
            ]
        })
        .collect();
    Sheet {
        header: header(&[
            "Nom",
            "Prénom",
            "Courriel",
            "Tuteur",
            "Apprentis",
            "Preuves en attente",
            "Grilles à remplir",
            "En attente depuis",
        ]),
        rows,
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PeopleExportQuery {
    #[param(inline)]
    format: Format,
    /// In the name or the address.
    q: Option<String>,
    role: Option<Role>,
    /// Needed only by who manages several.
    organisation_id: Option<Uuid>,
}

/// The people of the caller's organisation, as a file.
#[utoipa::path(get, path = "/api/v1/users/export", operation_id = "export_people", tag = "people", params(PeopleExportQuery), responses((status = 200, content_type = "application/octet-stream"), ApiError))]
async fn export_people(
    permit: Within<ReadPeople>,
    State(app): State<App>,
    Query(query): Query<PeopleExportQuery>,
) -> Result<Response> {
    let PeopleExportQuery { format, q, role, organisation_id } = query;
    let organisation = permit.organisation(organisation_id)?;
    let page = Page { after: None, limit: PEOPLE_MAX };
    let people = store::people::list(&app.db, organisation, q.as_deref(), role, page).await?;
    if people.next.is_some() {
        return Err(ApiError::invalid(vec![Fault::new(
            "role",
            "too_many",
            format!("Plus de {PEOPLE_MAX} personnes : choisissez un rôle."),
        )]));
    }
    let rows = people.items.iter().map(person).collect();
    let header = header(&["Prénom", "Nom", "Courriel", "Rôle", "A un mot de passe"]);
    let name = file_name(&["personnes"], app.db.ambient.today(), format);
    written(format, &name, vec![("Personnes", Sheet { header, rows })]).await
}

fn person(person: &Person) -> Vec<Cell> {
    let roles: Vec<&str> = person.roles.iter().copied().map(role).collect();
    vec![
        person.user.given_name.as_str().into(),
        person.user.family_name.as_str().into(),
        person.user.email.as_str().into(),
        roles.join(", ").into(),
        if person.has_password { "oui" } else { "non" }.into(),
    ]
}

/// As an import reads it.
fn role(role: Role) -> &'static str {
    match role {
        Role::Apprentice => "apprenti",
        Role::CompanyTutor => "tuteur entreprise",
        Role::SchoolTutor => "tuteur école",
        Role::Manager => "responsable",
        Role::Jury => "jury",
        Role::Administrator => "administration",
    }
}

fn status(status: LearnerStatus) -> &'static str {
    match status {
        LearnerStatus::Student => "étudiant",
        LearnerStatus::Apprentice => "apprenti",
        LearnerStatus::Trainee => "stagiaire",
        LearnerStatus::Employee => "salarié",
        LearnerStatus::Candidate => "candidat",
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Words and a date, without what a file system could trip over.
fn file_name(words: &[&str], day: NaiveDate, format: Format) -> String {
    let mut parts: Vec<String> = words.iter().map(|word| plain(word).replace(' ', "-")).collect();
    parts.push(day.to_string());
    let extension = match format {
        Format::Csv => "csv",
        Format::Xlsx => "xlsx",
    };
    format!("{}.{extension}", parts.join("-"))
}

/// A file of these tables, to be kept.
pub async fn written(
    format: Format,
    name: &str,
    tables: Vec<(&'static str, Sheet)>,
) -> Result<Response> {
    let (media_type, bytes) = match format {
        Format::Csv => {
            let bytes = tables.iter().map(|(_, table)| sheets::csv(table)).next();
            (sheets::CSV, bytes.unwrap_or_default())
        }
        Format::Xlsx => {
            // Packing a large workbook takes a while.
            let bytes = tokio::task::spawn_blocking(move || {
                let tables: Vec<(&str, &Sheet)> =
                    tables.iter().map(|(name, table)| (*name, table)).collect();
                sheets::xlsx(&tables)
            })
            .await
            .map_err(|_| ApiError::unexpected())?
            .map_err(|error| {
                tracing::error!(%error, "a table could not be written");
                ApiError::unexpected()
            })?;
            (sheets::XLSX, bytes)
        }
    };
    let headers = [
        (header::CONTENT_TYPE, header::HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition(false, name)),
    ];
    Ok((headers, bytes).into_response())
}
