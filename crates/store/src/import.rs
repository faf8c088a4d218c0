//! People and enrolments from a table: what importing it would do, and doing it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use domain::{
    enrolment::{EnrolmentTerms, TutorKind},
    fault::Fault,
    import::{Column, Line, PlannedLine, Step, Wanted, plain},
    person::Role,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Result, audit,
    certification::{self, Published},
    convert, enrolment,
    entity::{cohorts, enrolment_tutors, enrolments, memberships, users},
    people,
};

/// Into which organisation, on whose word.
#[derive(Debug, Clone, Copy)]
pub struct Importing {
    pub organisation: Uuid,
    pub by: Uuid,
    /// Whether they may give the roles of staff.
    pub gives_staff: bool,
}

/// What importing the lines would do, in a fixed number of statements. Nothing is changed.
pub async fn preview(db: &Db, importing: Importing, lines: Vec<Line>) -> Result<Vec<PlannedLine>> {
    let plan = Plan::make(db, db.read(), importing, lines).await?;
    Ok(plan.lines.into_iter().map(|line| line.shown).collect())
}

/// Imports the lines in one transaction, and tells what was done. While a line is wrong nothing is
/// imported, unless the others are asked for by themselves.
pub async fn import(
    db: &Db,
    importing: Importing,
    lines: Vec<Line>,
    leave_wrong_lines: bool,
) -> Result<Vec<PlannedLine>> {
    let write = db.write().await?;
    hold(&write, &lines).await?;
    let plan = Plan::make(db, &write, importing, lines).await?;
    let wrong = plan.lines.iter().filter(|line| !line.is_right()).count();
    if wrong > 0 && !leave_wrong_lines {
        return Err(Error::conflict(
            "wrong_lines",
            if wrong == 1 {
                "Une ligne est à corriger : rien n’a été importé.".to_owned()
            } else {
                format!("{wrong} lignes sont à corriger : rien n’a été importé.")
            },
        ));
    }
    let Plan { lines, mut ids, .. } = plan;
    let right: Vec<&Planned> = lines.iter().filter(|line| line.is_right()).collect();
    let mut entries = Vec::new();
    for line in &right {
        entries.extend(line.add_person(db, &write, importing, &mut ids).await?);
    }
    // Tutors may be on later lines than their students.
    for line in &right {
        entries.extend(line.enrol(db, &write, importing, &ids).await?);
    }
    audit::append_all(db, &write, entries).await?;
    write.commit().await?;
    Ok(lines.into_iter().map(|line| line.shown).collect())
}

/// Keeps other writes from enrolling the same people meanwhile: the plan stays true to its end.
async fn hold(write: &DatabaseTransaction, lines: &[Line]) -> Result<()> {
    let _: Vec<Uuid> = users::Entity::find()
        .select_only()
        .column(users::Column::Id)
        .filter(users::Column::Email.is_in(lines.iter().map(|line| line.email.as_str())))
        .order_by_asc(users::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple()
        .all(write)
        .await?;
    Ok(())
}

/// A line with everything that it refers to.
struct Planned {
    line: Line,
    shown: PlannedLine,
    enrolment: Option<Place>,
    /// Tutors that are not assigned yet.
    tutors: Vec<(TutorKind, String)>,
}

/// Where a line enrols somebody.
struct Place {
    published: Arc<Published>,
    cohort: Option<(Uuid, String)>,
    terms: EnrolmentTerms,
    /// The enrolment that is there already.
    existing: Option<Uuid>,
}

impl Planned {
    fn is_right(&self) -> bool {
        self.shown.faults.is_empty()
    }

    fn wrong(&mut self, column: Column, code: &'static str, detail: impl Into<String>) {
        self.shown.faults.push(Fault::new(column.name(), code, detail));
    }

    async fn add_person(
        &self,
        db: &Db,
        write: &DatabaseTransaction,
        importing: Importing,
        ids: &mut HashMap<String, Uuid>,
    ) -> Result<Option<audit::Entry<'static>>> {
        for step in &self.shown.steps {
            match step {
                Step::AddPerson { roles } => {
                    let Some(identity) = self.line.identity.clone() else { continue };
                    let roles: BTreeSet<Role> = roles.iter().copied().collect();
                    let (id, organisation) = (db.ambient.id(), importing.organisation);
                    let (person, _) =
                        people::add_in(db, write, organisation, id, identity, &roles).await?;
                    ids.insert(self.line.email.clone(), person.user.id);
                    return Ok(Some(people::added(importing.by, &person)));
                }
                Step::AddRoles { roles } => {
                    let user = known(ids, &self.line.email)?;
                    for role in roles {
                        people::insert_membership(write, importing.organisation, user, *role)
                            .await?;
                    }
                    return Ok(Some(audit::Entry {
                        organisation: importing.organisation,
                        actor: Some(importing.by),
                        action: "person.roles_added",
                        subject: ("user", user),
                        before: None,
                        after: Some(json!({ "roles": roles })),
                    }));
                }
                Step::Enrol { .. } | Step::AddTutor { .. } => {}
            }
        }
        Ok(None)
    }

    async fn enrol(
        &self,
        db: &Db,
        write: &DatabaseTransaction,
        importing: Importing,
        ids: &HashMap<String, Uuid>,
    ) -> Result<Vec<audit::Entry<'static>>> {
        let mut entries = Vec::new();
        let Some(place) = &self.enrolment else { return Ok(entries) };
        let student = known(ids, &self.line.email)?;
        let cohort = place.cohort.as_ref().map(|(id, _)| *id);
        let id = if let Some(existing) = place.existing {
            existing
        } else if self.shown.steps.iter().any(|step| matches!(step, Step::Enrol { .. })) {
            let (id, published) = (db.ambient.id(), &place.published);
            let terms = place.terms.clone();
            enrolment::create_in(db, write, published, id, student, cohort, terms).await?;
            entries.push(enrolment::created(importing.by, published, id, student, cohort));
            id
        } else {
            return Ok(entries);
        };
        if self.tutors.is_empty() {
            return Ok(entries);
        }
        if place.existing.is_some() {
            enrolment::touch(write, id).await?;
        }
        let mut added = Vec::new();
        for (kind, email) in &self.tutors {
            let tutor = known(ids, email)?;
            enrolment_tutors::Entity::insert(enrolment_tutors::ActiveModel {
                enrolment_id: Set(id),
                user_id: Set(tutor),
                kind: Set(convert::text(*kind)),
                organisation_id: Set(importing.organisation),
            })
            .exec_without_returning(write)
            .await?;
            added.push((tutor, *kind));
        }
        entries.push(audit::Entry {
            organisation: importing.organisation,
            actor: Some(importing.by),
            action: "enrolment.tutors_added",
            subject: ("enrolment", id),
            before: None,
            after: Some(json!(added)),
        });
        Ok(entries)
    }
}

fn known(ids: &HashMap<String, Uuid>, email: &str) -> Result<Uuid> {
    ids.get(email).copied().ok_or(Error::NotFound)
}

/// What is there that the lines speak of.
struct Plan {
    lines: Vec<Planned>,
    /// Everybody who has an account, by address.
    ids: HashMap<String, Uuid>,
    /// What they are in the organisation.
    roles: HashMap<String, BTreeSet<Role>>,
    cohorts: Vec<cohorts::Model>,
    published: Vec<Arc<Published>>,
    enrolments: HashMap<Uuid, Vec<enrolments::Model>>,
    tutors: BTreeSet<(Uuid, Uuid, String)>,
}

impl Plan {
    async fn make(
        db: &Db,
        connection: &impl ConnectionTrait,
        importing: Importing,
        lines: Vec<Line>,
    ) -> Result<Self> {
        let mut plan = Self::look(db, connection, importing.organisation, lines).await?;
        for index in 0..plan.lines.len() {
            plan.check_roles(index, importing.gives_staff);
            plan.check_enrolment(index);
        }
        plan.check_repeated();
        // A tutor on a line that is wrong is no tutor, which makes other lines wrong in turn.
        while plan.check_tutors() {}
        plan.decide();
        Ok(plan)
    }

    async fn look(
        db: &Db,
        connection: &impl ConnectionTrait,
        organisation: Uuid,
        lines: Vec<Line>,
    ) -> Result<Self> {
        let emails: BTreeSet<&str> = lines
            .iter()
            .flat_map(|line| line.tutors.values().chain([&line.email]))
            .map(String::as_str)
            .collect();
        let users = users::Entity::find()
            .filter(users::Column::Email.is_in(emails))
            .all(connection)
            .await?;
        let held = memberships::Entity::find()
            .filter(memberships::Column::OrganisationId.eq(organisation))
            .filter(memberships::Column::UserId.is_in(users.iter().map(|user| user.id)))
            .all(connection)
            .await?;
        let mut by_id: HashMap<Uuid, BTreeSet<Role>> = HashMap::new();
        for row in held {
            by_id.entry(row.user_id).or_default().insert(convert::from_text(&row.role)?);
        }
        let cohorts = cohorts::Entity::find()
            .filter(cohorts::Column::OrganisationId.eq(organisation))
            .all(connection)
            .await?;
        let published = certification::list(db, &BTreeSet::from([organisation])).await?;
        let mut of_student: HashMap<Uuid, Vec<enrolments::Model>> = HashMap::new();
        let existing = enrolments::Entity::find()
            .filter(enrolments::Column::OrganisationId.eq(organisation))
            .filter(enrolments::Column::StudentId.is_in(by_id.keys().copied()))
            .all(connection)
            .await?;
        let assigned = enrolment_tutors::Entity::find()
            .filter(enrolment_tutors::Column::EnrolmentId.is_in(existing.iter().map(|row| row.id)))
            .all(connection)
            .await?;
        for row in existing {
            of_student.entry(row.student_id).or_default().push(row);
        }
        let names: HashMap<&str, (&str, &str)> = users
            .iter()
            .filter(|user| by_id.contains_key(&user.id))
            .map(|user| {
                (user.email.as_str(), (user.given_name.as_str(), user.family_name.as_str()))
            })
            .collect();
        let lines = lines
            .into_iter()
            .map(|line| {
                let known_as = names
                    .get(line.email.as_str())
                    .filter(|(given, family)| {
                        line.identity.as_ref().is_some_and(|identity| {
                            (identity.given_name.as_str(), identity.family_name.as_str())
                                != (*given, *family)
                        })
                    })
                    .map(|(given, family)| format!("{given} {family}"));
                let shown = PlannedLine {
                    line: line.number,
                    name: line.name.clone(),
                    email: line.email.clone(),
                    known_as,
                    steps: Vec::new(),
                    faults: line.faults.clone(),
                };
                Planned { line, shown, enrolment: None, tutors: Vec::new() }
            })
            .collect();
        Ok(Self {
            lines,
            roles: users
                .iter()
                .filter_map(|user| Some((user.email.clone(), by_id.get(&user.id)?.clone())))
                .collect(),
            ids: users.into_iter().map(|user| (user.email, user.id)).collect(),
            cohorts,
            published,
            enrolments: of_student,
            tutors: assigned
                .into_iter()
                .map(|row| (row.enrolment_id, row.user_id, row.kind))
                .collect(),
        })
    }

    fn check_roles(&mut self, index: usize, gives_staff: bool) {
        let planned = &mut self.lines[index];
        let held = self.roles.get(&planned.line.email);
        let gives = |role: Role| {
            planned.line.roles.contains(&role) && held.is_none_or(|held| !held.contains(&role))
        };
        if !gives_staff && (gives(Role::Manager) || gives(Role::Administrator)) {
            planned.wrong(
                Column::Role,
                "forbidden",
                "Seule l’administration donne les rôles de responsable et d’administration.",
            );
        }
    }

    fn check_enrolment(&mut self, index: usize) {
        let Some(wanted) = self.lines[index].line.enrolment.clone() else { return };
        match self.place(&self.lines[index].line, wanted) {
            Ok(place) => self.lines[index].enrolment = Some(place),
            Err(faults) => self.lines[index].shown.faults.extend(faults),
        }
    }

    fn place(&self, line: &Line, wanted: Wanted) -> Result<Place, Vec<Fault>> {
        let Wanted { cohort, certification, route, status, profile, starts_on, ends_on } = wanted;
        let wrong =
            |column: Column, code, detail: &str| Err(vec![Fault::new(column.name(), code, detail)]);
        let newest = |code: &str| {
            let of = |one: &&Arc<Published>| plain(&one.certification.code) == plain(code);
            self.published.iter().rev().find(of).cloned()
        };
        let cohort = match &cohort {
            Some(name) => Some(self.cohort(name, certification.as_deref())?),
            None => None,
        };
        let published = match (&cohort, &certification) {
            (Some(cohort), _) => self.version(cohort.certification_id),
            (None, Some(code)) => newest(code),
            (None, None) => None,
        };
        let Some(published) = published else {
            return wrong(
                Column::Certification,
                "unknown_certification",
                "Cette certification n’est pas publiée dans l’établissement.",
            );
        };
        let Some(starts_on) = starts_on.or(cohort.map(|cohort| cohort.starts_on)) else {
            return wrong(Column::StartsOn, "required", "Indiquez la date de début.");
        };
        let ends_on = ends_on.or(cohort.map(|cohort| cohort.ends_on));
        let profile = match profile {
            None => None,
            Some(text) => {
                let profiles = &published.certification.profiles;
                let is = |one: &str| plain(one) == plain(&text);
                match profiles.iter().find(|one| is(&one.key) || is(&one.label)) {
                    Some(profile) => Some(profile.key.clone()),
                    None => {
                        return wrong(
                            Column::Profile,
                            "unknown_profile",
                            "Ce n’est pas un profil de la certification.",
                        );
                    }
                }
            }
        };
        let terms = EnrolmentTerms { route, status, profile, starts_on, ends_on };
        terms.check(&published.certification).map_err(|faults| {
            faults
                .into_iter()
                .map(|fault| {
                    let column = match fault.field.as_str() {
                        "route" => Column::Route,
                        "profile" => Column::Profile,
                        "starts_on" => Column::StartsOn,
                        _ => Column::EndsOn,
                    };
                    Fault { field: column.name().to_owned(), ..fault }
                })
                .collect::<Vec<_>>()
        })?;
        let existing = self.existing(line, &published, cohort.map(|one| one.id), &terms)?;
        Ok(Place {
            published,
            cohort: cohort.map(|one| (one.id, one.name.clone())),
            terms,
            existing,
        })
    }

    fn version(&self, id: Uuid) -> Option<Arc<Published>> {
        self.published.iter().find(|one| one.id == id).cloned()
    }

    /// The cohort of this name, among those that prepare the certification if one is named.
    fn cohort(&self, name: &str, code: Option<&str>) -> Result<&cohorts::Model, Vec<Fault>> {
        let prepares = |one: &cohorts::Model| {
            code.is_none_or(|code| {
                self.version(one.certification_id)
                    .is_some_and(|one| plain(&one.certification.code) == plain(code))
            })
        };
        let mut found = self
            .cohorts
            .iter()
            .filter(|one| plain(&one.name) == plain(name))
            .filter(|one| prepares(one));
        let (column, fault, detail) = match (found.next(), found.next()) {
            (Some(only), None) => return Ok(only),
            (Some(_), Some(_)) => (
                Column::Certification,
                "several_cohorts",
                "Plusieurs promotions ont ce nom : précisez la certification.",
            ),
            (None, _) if code.is_some() => (
                Column::Cohort,
                "unknown_cohort",
                "Aucune promotion de ce nom ne prépare cette certification.",
            ),
            (None, _) => (
                Column::Cohort,
                "unknown_cohort",
                "Cette promotion n’existe pas : créez-la d’abord, ou corrigez son nom.",
            ),
        };
        Err(vec![Fault::new(column.name(), fault, detail)])
    }

    /// The enrolment that is the same; one that is not may not overlap.
    fn existing(
        &self,
        line: &Line,
        published: &Published,
        cohort: Option<Uuid>,
        terms: &EnrolmentTerms,
    ) -> Result<Option<Uuid>, Vec<Fault>> {
        let of_student = self.ids.get(&line.email).and_then(|id| self.enrolments.get(id));
        let overlaps = |row: &&enrolments::Model| {
            row.certification_id == published.id
                && overlap((row.starts_on, row.ends_on), (terms.starts_on, terms.ends_on))
        };
        let Some(row) = of_student.into_iter().flatten().find(overlaps) else { return Ok(None) };
        let same = (row.starts_on, row.ends_on) == (terms.starts_on, terms.ends_on)
            && row.cohort_id == cohort
            && row.route == convert::text(terms.route)
            && row.status == convert::text(terms.status)
            && row.profile == terms.profile;
        if same {
            return Ok(Some(row.id));
        }
        Err(vec![Fault::new(
            Column::StartsOn.name(),
            "already_enrolled",
            format!(
                "Cette personne prépare déjà cette certification, depuis le {}, à d’autres dates \
                 ou conditions. L’import ne change pas un parcours ouvert.",
                row.starts_on.format("%d/%m/%Y")
            ),
        )])
    }

    /// A line that enrols the same person in the same certification over the same time.
    fn check_repeated(&mut self) {
        let mut seen: HashMap<(String, Uuid), Vec<(usize, Period)>> = HashMap::new();
        for planned in &mut self.lines {
            if !planned.is_right() {
                continue;
            }
            let Some(place) = &planned.enrolment else { continue };
            let period = (place.terms.starts_on, place.terms.ends_on);
            let key = (planned.line.email.clone(), place.published.id);
            let before = seen.entry(key).or_default();
            match before.iter().find(|(_, other)| overlap(*other, period)) {
                None => before.push((planned.line.number, period)),
                Some((first, _)) => {
                    let detail = format!("La ligne {first} l’inscrit déjà à ces dates.");
                    planned.wrong(Column::Email, "repeated", detail);
                }
            }
        }
    }

    /// Whether a line became wrong.
    fn check_tutors(&mut self) -> bool {
        let mut will_be: HashMap<&str, BTreeSet<Role>> = HashMap::new();
        let mut on_wrong_line: HashMap<&str, usize> = HashMap::new();
        for planned in &self.lines {
            if planned.is_right() {
                will_be.entry(&planned.line.email).or_default().extend(&planned.line.roles);
            } else {
                on_wrong_line.insert(&planned.line.email, planned.line.number);
            }
        }
        let mut found = Vec::new();
        for (index, planned) in self.lines.iter().enumerate().filter(|(_, line)| line.is_right()) {
            for (kind, email) in &planned.line.tutors {
                let (column, role, words) = match kind {
                    TutorKind::Company => {
                        (Column::CompanyTutor, Role::CompanyTutor, "tuteur entreprise")
                    }
                    TutorKind::School => (Column::SchoolTutor, Role::SchoolTutor, "tuteur école"),
                };
                let has = |roles: Option<&BTreeSet<Role>>| {
                    roles.is_some_and(|roles| roles.contains(&role))
                };
                if has(self.roles.get(email)) || has(will_be.get(email.as_str())) {
                    continue;
                }
                let detail = match on_wrong_line.get(email.as_str()) {
                    Some(line) => format!("La ligne {line}, qui ajoute {email}, est à corriger."),
                    None => format!(
                        "{email} n’a pas le rôle de {words} dans l’établissement : ajoutez une \
                         ligne pour cette personne, ou corrigez l’adresse."
                    ),
                };
                found.push((index, column, detail));
            }
        }
        let any = !found.is_empty();
        for (index, column, detail) in found {
            self.lines[index].wrong(column, "not_a_tutor", detail);
        }
        any
    }

    /// What each right line does, once the lines before it are done.
    fn decide(&mut self) {
        let mut roles = self.roles.clone();
        for planned in self.lines.iter_mut().filter(|line| line.is_right()) {
            let line = &planned.line;
            let steps = &mut planned.shown.steps;
            match roles.get_mut(&line.email) {
                None => {
                    steps.push(Step::AddPerson { roles: line.roles.iter().copied().collect() });
                    roles.insert(line.email.clone(), line.roles.clone());
                }
                Some(held) => {
                    let more: Vec<Role> = line.roles.difference(held).copied().collect();
                    if !more.is_empty() {
                        held.extend(&more);
                        steps.push(Step::AddRoles { roles: more });
                    }
                }
            }
            let Some(place) = &planned.enrolment else { continue };
            if place.existing.is_none() {
                steps.push(Step::Enrol {
                    certification: place.published.certification.code.clone(),
                    cohort: place.cohort.as_ref().map(|(_, name)| name.clone()),
                });
            }
            let assigned = |email: &String, kind: TutorKind| {
                let (Some(id), Some(tutor)) = (place.existing, self.ids.get(email)) else {
                    return false;
                };
                self.tutors.contains(&(id, *tutor, convert::text(kind)))
            };
            let by_kind: &BTreeMap<TutorKind, String> = &line.tutors;
            for (kind, email) in by_kind.iter().filter(|(kind, email)| !assigned(email, **kind)) {
                steps.push(Step::AddTutor { tutor_kind: *kind, email: email.clone() });
                planned.tutors.push((*kind, email.clone()));
            }
        }
    }
}

/// First and last day, the last one open where it is absent.
type Period = (NaiveDate, Option<NaiveDate>);

fn overlap((from, to): Period, (other_from, other_to): Period) -> bool {
    to.is_none_or(|to| to >= other_from) && other_to.is_none_or(|to| to >= from)
}
