//! Brings a portfolio in from another instance, without loss.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    assessment::Assessment,
    certification::Certification,
    dossier::{
        frozen::{FrozenDossier, FrozenFile},
        manifest::{Manifest, ManifestEntry},
    },
    enrolment::EnrolmentTerms,
    evidence::FileInfo,
    fault::Fault,
    person::{Identity, Role},
    portfolio::{KeptDossier, KeptEvidence, KeptGrid, KeptVisit, Origin, Portfolio},
    visit::{Side, VisitStatus},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use super::Foreign;
use crate::{
    Db, Error, Result, assessment, audit,
    certification::{self, Published},
    convert, enrolment,
    entity::{
        assessments, certifications, certifications_obtained, cohorts, dossier_files, dossiers,
        enrolment_tutors, enrolments, evidence, evidence_events, evidence_messages,
        evidence_revisions, files, grids, imported_portfolios, users, validated_blocks,
        visit_signatures, visits,
    },
    evidence as of_evidence, people, visit,
};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    pub enrolment: Uuid,
    /// False where this very archive was brought before, and nothing was added.
    pub is_new: bool,
    /// Accounts that were made, without a password.
    pub people: usize,
    /// Numbers of the dossiers that a jury of elsewhere had open. They wait for one of here.
    pub waiting_again: Vec<u32>,
}

/// Brings a portfolio into an organisation, in one transaction. The contents of its files are in the
/// file store already. Who validated what and when stays as it was; people are found by their
/// address, or get an account without a password and without a mail. Of them only the student
/// becomes a member: whoever judged them elsewhere has no right here.
pub async fn bring(
    db: &Db,
    organisation: Uuid,
    portfolio: &Portfolio,
    archive_sha256: &str,
) -> Result<Brought> {
    let certification = check(db, portfolio).await?;
    let origin = portfolio.enrolment.id;
    if let Some(enrolment) = brought_before(db, organisation, origin, archive_sha256).await? {
        return Ok(Brought { enrolment, is_new: false, people: 0, waiting_again: Vec::new() });
    }
    let write = db.write().await?;
    let (users, new_people) = people_of(db, &write, portfolio).await?;
    let (published, is_new) = published(db, &write, organisation, portfolio, certification).await?;
    let grids = grids_of(db, &write, &published, is_new, portfolio, &users).await?;
    let into = Into {
        db,
        write: &write,
        organisation,
        published: &published,
        ids: ids_of(db, &write, portfolio).await?,
        users,
        grids,
    };
    let enrolment = into.enrolment(portfolio).await?;
    for kept in &portfolio.evidence {
        into.evidence(enrolment, kept).await?;
    }
    for one in &portfolio.assessments {
        into.assessment(enrolment, one).await?;
    }
    for kept in &portfolio.visits {
        into.visit(enrolment, kept).await?;
    }
    for kept in &portfolio.dossiers {
        into.dossier(enrolment, kept).await?;
    }
    into.records(enrolment, portfolio).await?;
    into.foreign(enrolment, portfolio, archive_sha256).await?;

    let mut entries = Vec::new();
    if is_new {
        let published =
            certification::published(organisation, None, published.id, &published.certification);
        entries.push(published);
    }
    let entry = |action, subject, after| audit::Entry {
        organisation,
        actor: None,
        action,
        subject,
        before: None,
        after: Some(after),
    };
    for user in &new_people {
        entries.push(entry("person.imported", ("user", *user), json!({ "enrolment": enrolment })));
    }
    entries.push(entry(
        "enrolment.imported",
        ("enrolment", enrolment),
        json!({
            "archive": archive_sha256,
            "origin": origin,
            "exported_at": portfolio.exported_at,
            "certification": published.id,
        }),
    ));
    audit::append_all(db, &write, entries).await?;
    write.commit().await?;
    let dossiers = portfolio.dossiers.iter();
    let waiting_again = dossiers.filter(|one| one.status.brought() != one.status);
    Ok(Brought {
        enrolment,
        is_new: true,
        people: new_people.len(),
        waiting_again: waiting_again.map(|one| one.number).collect(),
    })
}

/// What an archive must satisfy whatever is here: it is the student's own, whole, and its files have
/// arrived; its dossiers are what was deposited, and its blocks the certification's.
async fn check(db: &Db, portfolio: &Portfolio) -> Result<Certification> {
    let incomplete =
        portfolio.left_out > 0 || portfolio.dossiers.iter().any(|dossier| dossier.frozen.is_none());
    if incomplete {
        return Err(Error::conflict(
            "incomplete_archive",
            "Cette archive laisse de côté des preuves confidentielles : demandez la sienne à \
             l’apprenant.",
        ));
    }
    let mut checked = HashSet::new();
    for FileInfo { sha256, size, .. } in portfolio.files() {
        if checked.insert(sha256) {
            let is_sum = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
            let damaged = || Error::Damaged { sha256: sha256.clone() };
            if !is_sum {
                return Err(damaged());
            }
            let path = db.files.whole(sha256).await?;
            if tokio::fs::metadata(path).await?.len() != *size {
                return Err(damaged());
            }
        }
    }
    check_dossiers(portfolio)?;
    let certification = catalog::parse("certification.toml", &portfolio.certification_source)
        .map_err(|faults| {
            let faults = faults.into_iter().map(|fault| {
                let detail = format!("Ligne {} : {}", fault.line, fault.reason);
                Fault::new("certification", "certification_file", detail)
            });
            Error::Invalid(faults.collect())
        })?;
    portfolio.check_validated(&certification)?;
    Ok(certification)
}

/// Each dossier is what was deposited, and names no file that the portfolio does not hold.
fn check_dossiers(portfolio: &Portfolio) -> Result<()> {
    let sums: HashSet<&str> = portfolio.files().map(|file| file.sha256.as_str()).collect();
    for dossier in &portfolio.dossiers {
        let Some(frozen) = &dossier.frozen else { continue };
        let broken = |what: String| {
            let number = dossier.number;
            Error::conflict(
                "broken_dossier",
                format!(
                    "Le dossier n° {number} de l’archive n’est pas celui qui a été déposé ({what})."
                ),
            )
        };
        let manifest = Manifest::prove(&frozen.manifest, &dossier.manifest_sha256, &frozen.content)
            .map_err(|error| broken(error.to_string()))?;
        let content: FrozenDossier =
            serde_json::from_str(&frozen.content).map_err(|error| broken(error.to_string()))?;
        for FrozenFile { file, path } in content.evidence.iter().flat_map(|one| &one.files) {
            let entry =
                ManifestEntry { path: path.clone(), size: file.size, sha256: file.sha256.clone() };
            if !manifest.entries().contains(&entry) || !sums.contains(file.sha256.as_str()) {
                return Err(broken(path.clone()));
            }
        }
    }
    Ok(())
}

/// The enrolment that this archive already is in the organisation. One that came from another
/// archive, or that began here, is refused: what this one has more would be lost without a word.
async fn brought_before(
    db: &Db,
    organisation: Uuid,
    origin: Uuid,
    archive_sha256: &str,
) -> Result<Option<Uuid>> {
    let already = |enrolment: Uuid| {
        Error::conflict(
            "already_here",
            format!(
                "Ce portfolio est déjà là (parcours {enrolment}), venu d’une autre archive ou \
                 commencé ici. Rien n’a été repris : ce que cette archive a de plus n’y est pas \
                 ajouté."
            ),
        )
    };
    let imported = imported_portfolios::Entity::find()
        .filter(imported_portfolios::Column::OrganisationId.eq(organisation))
        .filter(imported_portfolios::Column::OriginId.eq(origin))
        .one(db.read())
        .await?;
    if let Some(row) = imported {
        let same = row.archive_sha256 == archive_sha256;
        return if same { Ok(Some(row.enrolment_id)) } else { Err(already(row.enrolment_id)) };
    }
    let own = enrolments::Entity::find_by_id(origin)
        .filter(enrolments::Column::OrganisationId.eq(organisation))
        .one(db.read())
        .await?;
    own.map_or(Ok(None), |row| Err(already(row.id)))
}

/// Everybody whom the portfolio names, by the id that they have there; and whose account is new.
async fn people_of(
    db: &Db,
    write: &DatabaseTransaction,
    portfolio: &Portfolio,
) -> Result<(HashMap<Uuid, Uuid>, Vec<Uuid>)> {
    let mut found = HashMap::new();
    let mut new = Vec::new();
    for user in portfolio.people() {
        if found.contains_key(&user.id) {
            continue;
        }
        let identity = Identity::parse(&user.email, &user.given_name, &user.family_name)?;
        let known = users::Entity::find()
            .filter(users::Column::Email.eq(&identity.email))
            .one(write)
            .await?;
        let id = if let Some(row) = known {
            row.id
        } else {
            let taken = users::Entity::find_by_id(user.id).count(write).await? > 0;
            let id = if taken { db.ambient.id() } else { user.id };
            people::insert_user(db, write, id, identity, None).await?;
            new.push(id);
            id
        };
        found.insert(user.id, id);
    }
    Ok((found, new))
}

/// The same certification version in the organisation; published by this import where it is not.
async fn published(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    portfolio: &Portfolio,
    certification: Certification,
) -> Result<(Published, bool)> {
    let here = certifications::Entity::find()
        .filter(certifications::Column::OrganisationId.eq(organisation))
        .filter(certifications::Column::Code.eq(&certification.code))
        .filter(certifications::Column::Version.eq(&certification.version))
        .one(write)
        .await?;
    let source = &portfolio.certification_source;
    let (id, is_new) = match here {
        Some(row) if row.source == *source => (row.id, false),
        Some(_) => {
            return Err(Error::conflict(
                "other_certification",
                format!(
                    "La version {} de {} publiée ici n’a pas le même contenu que celle de \
                     l’archive : on ne peut pas dire que les évaluations portent sur la même.",
                    certification.version, certification.code
                ),
            ));
        }
        None => {
            (certification::insert(db, write, organisation, source, &certification).await?, true)
        }
    };
    Ok((Published { id, organisation, certification: certification.into() }, is_new))
}

/// A grid here by its number there, with the certification as it makes it.
type Graded = BTreeMap<u32, (Option<Uuid>, Certification)>;

/// The grids that assessments stand on. They are found by their content; those that go on where the
/// grids here end, or come with their certification, are published as they were there.
async fn grids_of(
    db: &Db,
    write: &DatabaseTransaction,
    published: &Published,
    is_new: bool,
    portfolio: &Portfolio,
    users: &HashMap<Uuid, Uuid>,
) -> Result<Graded> {
    let original = &published.certification;
    let here = grids::Entity::find()
        .filter(grids::Column::CertificationId.eq(published.id))
        .filter(grids::Column::Number.is_not_null())
        .all(write)
        .await?;
    let is_same = |row: &grids::Model, kept: &KeptGrid| {
        row.number == i32::try_from(kept.number).ok() && row.content == convert::json(&kept.content)
    };
    let others = enrolments::Entity::find()
        .filter(enrolments::Column::CertificationId.eq(published.id))
        .count(write)
        .await?;
    let goes_on = is_new
        || (here.is_empty() && others == 0)
        || (!here.is_empty()
            && here.iter().all(|row| portfolio.grids.iter().any(|kept| is_same(row, kept))));
    let mut graded = Graded::from([(0, (None, Certification::clone(original)))]);
    let mut added = false;
    for kept in &portfolio.grids {
        let id = if let Some(row) = here.iter().find(|row| is_same(row, kept)) {
            row.id
        } else if goes_on {
            added = true;
            insert_grid(db, write, published, kept, users).await?
        } else if portfolio.assessments.iter().any(|one| one.grid == kept.number) {
            return Err(Error::conflict(
                "other_grids",
                format!(
                    "Des évaluations de l’archive reposent sur la grille {} de son établissement, \
                     et {} a ici d’autres grilles. Reprenez ce portfolio dans un établissement \
                     qui n’a pas encore publié cette version.",
                    kept.number, original.code
                ),
            ));
        } else {
            continue;
        };
        graded.insert(kept.number, (Some(id), kept.content.apply(original)));
    }
    if added {
        enrolment::touch_all(write, published.id).await?;
    }
    Ok(graded)
}

async fn insert_grid(
    db: &Db,
    write: &DatabaseTransaction,
    published: &Published,
    kept: &KeptGrid,
    users: &HashMap<Uuid, Uuid>,
) -> Result<Uuid> {
    let KeptGrid { number, published_at, published_by, content } = kept;
    content.check_publication(&published.certification)?;
    let id = db.ambient.id();
    let by = users.get(&published_by.id).copied().ok_or(Error::NotFound)?;
    grids::Entity::insert(grids::ActiveModel::from(grids::Model {
        id,
        organisation_id: published.organisation,
        certification_id: published.id,
        number: i32::try_from(*number).ok(),
        status: convert::text(domain::grid::GridStatus::Published),
        content: convert::json(content),
        version: 1,
        created_at: *published_at,
        created_by: by,
        updated_at: *published_at,
        published_at: Some(*published_at),
        published_by: Some(by),
    }))
    .exec_without_returning(write)
    .await?;
    Ok(id)
}

/// Ids here by the ids there: the same ones, or all others where one of them is taken. Their order,
/// in which lists are read, stays.
async fn ids_of(
    db: &Db,
    write: &DatabaseTransaction,
    portfolio: &Portfolio,
) -> Result<HashMap<Uuid, Uuid>> {
    macro_rules! taken {
        ($entity:ident, $ids:expr) => {{
            let ids: BTreeSet<Uuid> = $ids;
            let found = $entity::Entity::find()
                .filter($entity::Column::Id.is_in(ids.iter().copied()))
                .count(write)
                .await?;
            (ids, found > 0)
        }};
    }
    let Portfolio { enrolment, evidence, assessments, visits, dossiers, validated, .. } = portfolio;
    let messages = evidence.iter().flat_map(|kept| &kept.messages);
    let parts = [
        taken!(enrolments, [enrolment.id].into()),
        taken!(evidence, evidence.iter().map(|kept| kept.evidence.id).collect()),
        taken!(files, portfolio.files().map(|file| file.id).collect()),
        taken!(evidence_messages, messages.map(|message| message.id).collect()),
        taken!(assessments, assessments.iter().map(|one| one.id).collect()),
        taken!(visits, visits.iter().map(|kept| kept.visit.id).collect()),
        taken!(dossiers, dossiers.iter().map(|one| one.id).collect()),
        taken!(validated_blocks, validated.iter().map(|one| one.id).collect()),
    ];
    let is_taken = parts.iter().any(|(_, taken)| *taken);
    let there: BTreeSet<Uuid> = parts.into_iter().flat_map(|(ids, _)| ids).collect();
    let here = if is_taken { in_order(db, there.len()) } else { there.iter().copied().collect() };
    Ok(there.into_iter().zip(here).collect())
}

/// New ids, each after the one before.
fn in_order(db: &Db, count: usize) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = (0..count).map(|_| db.ambient.id()).collect();
    ids.sort();
    ids
}

/// Where the rows go.
struct Into<'a> {
    db: &'a Db,
    write: &'a DatabaseTransaction,
    organisation: Uuid,
    published: &'a Published,
    ids: HashMap<Uuid, Uuid>,
    users: HashMap<Uuid, Uuid>,
    grids: Graded,
}

impl Into<'_> {
    /// The id here of something there; what the archive does not hold keeps its name.
    fn id(&self, there: Uuid) -> Uuid {
        self.ids.get(&there).copied().unwrap_or(there)
    }

    fn user(&self, there: Uuid) -> Result<Uuid> {
        self.users.get(&there).copied().ok_or(Error::NotFound)
    }

    async fn enrolment(&self, portfolio: &Portfolio) -> Result<Uuid> {
        let Self { db, write, organisation, published, .. } = *self;
        let there = &portfolio.enrolment;
        let student = self.user(there.student.id)?;
        if !people::has_role(write, organisation, student, Role::Apprentice).await? {
            people::insert_membership(write, organisation, student, Role::Apprentice).await?;
        }
        let terms = EnrolmentTerms {
            route: there.route,
            status: there.status,
            profile: there.profile.clone(),
            starts_on: there.starts_on,
            ends_on: there.ends_on,
        };
        let id = self.id(there.id);
        let cohort = self.cohort(portfolio).await?;
        enrolment::create_in(db, write, published, id, student, cohort, terms).await?;
        enrolments::ActiveModel {
            id: Unchanged(id),
            version: Set(there.version),
            ..Default::default()
        }
        .update(write)
        .await?;
        let tutors: BTreeSet<(Uuid, String)> = portfolio
            .tutors
            .iter()
            .map(|tutor| Ok((self.user(tutor.user.id)?, convert::text(tutor.kind))))
            .collect::<Result<_>>()?;
        let rows = tutors.into_iter().map(|(user, kind)| enrolment_tutors::ActiveModel {
            enrolment_id: Set(id),
            user_id: Set(user),
            kind: Set(kind),
            organisation_id: Set(organisation),
        });
        insert_all::<enrolment_tutors::Entity, _>(write, rows.collect()).await?;
        Ok(id)
    }

    async fn cohort(&self, portfolio: &Portfolio) -> Result<Option<Uuid>> {
        let Some(kept) = &portfolio.cohort else { return Ok(None) };
        let here = cohorts::Entity::find()
            .filter(cohorts::Column::CertificationId.eq(self.published.id))
            .filter(cohorts::Column::Name.eq(&kept.name))
            .one(self.write)
            .await?;
        if let Some(row) = here {
            return Ok(Some(row.id));
        }
        let id = self.db.ambient.id();
        cohorts::Entity::insert(cohorts::ActiveModel::from(cohorts::Model {
            id,
            organisation_id: self.organisation,
            certification_id: self.published.id,
            name: kept.name.clone(),
            starts_on: kept.starts_on,
            ends_on: kept.ends_on,
            version: 1,
            created_at: self.db.ambient.now(),
        }))
        .exec_without_returning(self.write)
        .await?;
        Ok(Some(id))
    }

    async fn evidence(&self, enrolment: Uuid, kept: &KeptEvidence) -> Result<()> {
        let Self { db, write, organisation, .. } = *self;
        let KeptEvidence { evidence: there, revisions, messages } = kept;
        let id = self.id(there.id);
        let handed_in = revisions.last().map(|last| last.content.searched());
        evidence::Entity::insert(evidence::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation),
            enrolment_id: Set(enrolment),
            status: Set(convert::text(there.status)),
            deliverable_of: Set(there.deliverable_of.clone()),
            searched_handed_in: Set(handed_in.unwrap_or_default()),
            revision: Set(i32::try_from(there.revision).unwrap_or(i32::MAX)),
            version: Set(there.version),
            created_at: Set(there.created_at),
            updated_at: Set(there.updated_at),
            ..of_evidence::columns(&there.content)
        })
        .exec_without_returning(write)
        .await?;
        of_evidence::link(write, organisation, enrolment, id, &there.content.competencies).await?;
        self.files(id, kept).await?;
        let rows = revisions.iter().map(|revision| {
            let mine = |file: &FileInfo| FileInfo { id: self.id(file.id), ..file.clone() };
            let files: Vec<FileInfo> = revision.files.iter().map(mine).collect();
            Ok(evidence_revisions::ActiveModel {
                evidence_id: Set(id),
                number: Set(i32::try_from(revision.number).unwrap_or(i32::MAX)),
                organisation_id: Set(organisation),
                submitted_by: Set(self.user(revision.submitted_by.id)?),
                submitted_at: Set(revision.submitted_at),
                content: Set(convert::json(&revision.content)),
                files: Set(convert::json(&files)),
            })
        });
        let rows = rows.collect::<Result<_>>()?;
        insert_all::<evidence_revisions::Entity, _>(write, rows).await?;
        let events = in_order(db, there.history.len()).into_iter().zip(&there.history);
        let rows = events.map(|(event_id, event)| {
            Ok(evidence_events::ActiveModel {
                id: Set(event_id),
                organisation_id: Set(organisation),
                evidence_id: Set(id),
                action: Set(convert::text(event.action)),
                comment: Set(event.comment.clone()),
                by_id: Set(self.user(event.by.id)?),
                at: Set(event.at),
                revision: Set(i32::try_from(event.revision).unwrap_or(i32::MAX)),
            })
        });
        let rows = rows.collect::<Result<_>>()?;
        insert_all::<evidence_events::Entity, _>(write, rows).await?;
        let rows = messages.iter().map(|message| {
            Ok(evidence_messages::ActiveModel {
                id: Set(self.id(message.id)),
                organisation_id: Set(organisation),
                evidence_id: Set(id),
                by_id: Set(self.user(message.by.id)?),
                speaks_as: Set(convert::text(message.speaks_as)),
                text: Set(message.text.clone()),
                at: Set(message.at),
            })
        });
        let rows = rows.collect::<Result<_>>()?;
        insert_all::<evidence_messages::Entity, _>(write, rows).await
    }

    /// The files that stand on an evidence, and those that only a revision shows.
    async fn files(&self, evidence: Uuid, kept: &KeptEvidence) -> Result<()> {
        let standing: BTreeSet<Uuid> = kept.evidence.files.iter().map(|file| file.id).collect();
        let shown = kept.revisions.iter().flat_map(|revision| &revision.files);
        let all: BTreeMap<Uuid, &FileInfo> =
            shown.chain(&kept.evidence.files).map(|file| (file.id, file)).collect();
        let removed = Some(kept.evidence.updated_at);
        let rows = all.into_values().map(|file| files::ActiveModel {
            id: Set(self.id(file.id)),
            organisation_id: Set(self.organisation),
            evidence_id: Set(evidence),
            sha256: Set(file.sha256.clone()),
            name: Set(file.name.clone()),
            media_type: Set(file.media_type.clone()),
            size: Set(i64::try_from(file.size).unwrap_or(i64::MAX)),
            created_at: Set(file.created_at),
            removed_at: Set(removed.filter(|_| !standing.contains(&file.id))),
        });
        insert_all::<files::Entity, _>(self.write, rows.collect()).await
    }

    async fn assessment(&self, enrolment: Uuid, there: &Assessment) -> Result<()> {
        let (grid_id, certification) = self.grids.get(&there.grid).ok_or_else(|| {
            let reason = format!("an assessment stands on grid {}, which is missing", there.grid);
            Error::Corrupt(reason)
        })?;
        let signed_at = there.signed_at.unwrap_or(there.created_at);
        let content = &there.content;
        let considered: Vec<Uuid> = content.evidence.iter().map(|id| self.id(*id)).collect();
        let row = assessments::Model {
            id: self.id(there.id),
            organisation_id: self.organisation,
            enrolment_id: enrolment,
            block: there.block.clone(),
            kind: convert::text(there.kind),
            assessor_id: self.user(there.assessor.id)?,
            occasion: content.occasion.clone(),
            assessed_on: content.assessed_on,
            comment: content.comment.clone(),
            evidence: convert::json(&considered),
            status: convert::text(there.status),
            version: there.version,
            created_at: there.created_at,
            updated_at: signed_at,
            signed_at: there.signed_at,
            grid_id: *grid_id,
        };
        assessments::Entity::insert(assessments::ActiveModel::from(row.clone()))
            .exec_without_returning(self.write)
            .await?;
        assessment::write_ratings(self.write, &row, certification, &content.ratings).await?;
        assessment::supersede(self.write, &row, &content.ratings, signed_at).await
    }

    /// The text stays exactly as it was signed, with the ids that it had there.
    async fn visit(&self, enrolment: Uuid, kept: &KeptVisit) -> Result<()> {
        let KeptVisit { visit: there, signed_texts } = kept;
        let id = self.id(there.id);
        let last = |is_tutor: bool| -> Option<DateTime<Utc>> {
            let of = there.signatures.iter().filter(|one| (one.side != Side::Student) == is_tutor);
            of.map(|one| one.at).max()
        };
        let waits = matches!(there.status, VisitStatus::Draft | VisitStatus::Signing);
        visits::Entity::insert(visits::ActiveModel::from(visits::Model {
            id,
            organisation_id: self.organisation,
            enrolment_id: enrolment,
            author_id: self.user(there.author.id)?,
            corrects_id: there.corrects.map(|id| self.id(id)),
            held_on: there.content.held_on,
            content: convert::json(&there.content),
            content_hash: visit::hash(&there.content),
            tutors_signed_at: last(true).filter(|_| !waits),
            closed_at: last(false).filter(|_| there.status == VisitStatus::Signed),
            version: there.version,
            created_at: there.created_at,
            updated_at: there.updated_at,
        }))
        .exec_without_returning(self.write)
        .await?;
        let signatures = there.signatures.iter().zip(signed_texts);
        let rows = in_order(self.db, there.signatures.len()).into_iter().zip(signatures);
        let rows = rows.map(|(signature_id, (signature, text))| {
            Ok(visit_signatures::ActiveModel {
                id: Set(signature_id),
                organisation_id: Set(self.organisation),
                visit_id: Set(id),
                side: Set(convert::text(signature.side)),
                by_id: Set(self.user(signature.by.id)?),
                agreed: Set(signature.agreed),
                comment: Set(signature.comment.clone()),
                content_hash: Set(text.clone()),
                at: Set(signature.at),
            })
        });
        let rows = rows.collect::<Result<_>>()?;
        insert_all::<visit_signatures::Entity, _>(self.write, rows).await
    }

    /// Byte for byte as it was frozen.
    async fn dossier(&self, enrolment: Uuid, there: &KeptDossier) -> Result<()> {
        let Some(frozen) = &there.frozen else { return Ok(()) };
        let id = self.id(there.id);
        let reopened = there.reopened.as_ref();
        dossiers::Entity::insert(dossiers::ActiveModel::from(dossiers::Model {
            id,
            organisation_id: self.organisation,
            enrolment_id: enrolment,
            number: i32::try_from(there.number).unwrap_or(i32::MAX),
            blocks: convert::json(&there.blocks),
            status: convert::text(there.status.brought()),
            content: frozen.content.clone(),
            manifest: frozen.manifest.clone(),
            manifest_sha256: there.manifest_sha256.clone(),
            deposited_by: self.user(there.deposited_by.id)?,
            deposited_at: there.deposited_at,
            reopened_by: reopened.map(|one| self.user(one.by.id)).transpose()?,
            reopened_at: reopened.map(|one| one.at),
            reopen_reason: reopened.map(|one| one.reason.clone()),
            version: there.version,
        }))
        .exec_without_returning(self.write)
        .await?;
        let rows = frozen.files.iter().map(|file| dossier_files::ActiveModel {
            dossier_id: Set(id),
            path: Set(file.path.clone()),
            organisation_id: Set(self.organisation),
            evidence_id: Set(self.id(file.evidence)),
            file_id: Set(self.id(file.file)),
            sha256: Set(file.sha256.clone()),
            size: Set(i64::try_from(file.size).unwrap_or(i64::MAX)),
        });
        insert_all::<dossier_files::Entity, _>(self.write, rows.collect()).await
    }

    async fn records(&self, enrolment: Uuid, portfolio: &Portfolio) -> Result<()> {
        let student = self.user(portfolio.enrolment.student.id)?;
        let rows = portfolio.validated.iter().map(|one| validated_blocks::ActiveModel {
            id: Set(self.id(one.id)),
            organisation_id: Set(self.organisation),
            student_id: Set(student),
            enrolment_id: Set(enrolment),
            session_id: Set(None),
            block: Set(one.block.block.clone()),
            validated_on: Set(one.block.validated_on),
            transversal: Set(convert::json(&one.block.transversal)),
            created_at: Set(one.recorded_at),
        });
        insert_all::<validated_blocks::Entity, _>(self.write, rows.collect()).await?;
        let rows = portfolio.obtained.iter().map(|one| certifications_obtained::ActiveModel {
            enrolment_id: Set(enrolment),
            organisation_id: Set(self.organisation),
            student_id: Set(student),
            session_id: Set(None),
            obtained_on: Set(one.obtained_on),
            created_at: Set(one.recorded_at),
        });
        insert_all::<certifications_obtained::Entity, _>(self.write, rows.collect()).await
    }

    /// What has no rows here is kept as it came.
    async fn foreign(&self, enrolment: Uuid, portfolio: &Portfolio, archive: &str) -> Result<()> {
        let now = self.db.ambient.now();
        let mut origins = portfolio.origins.clone();
        origins.push(Origin {
            organisation: portfolio.organisation.name.clone(),
            exported_at: portfolio.exported_at,
            imported_at: now,
            archive_sha256: archive.to_owned(),
        });
        let renamed = portfolio.renamed.iter().map(|(older, there)| (*older, self.id(*there)));
        let given_anew = portfolio
            .evidence
            .iter()
            .map(|kept| (kept.evidence.id, self.id(kept.evidence.id)))
            .filter(|(there, here)| there != here);
        let sessions = portfolio.validated.iter();
        let kept = Foreign {
            deliberations: portfolio.deliberations.clone(),
            journal: portfolio.journal.clone(),
            origins,
            sessions: sessions.filter_map(|one| Some((self.id(one.id), one.session?))).collect(),
            obtained: portfolio.obtained.as_ref().and_then(|one| one.session),
            held: portfolio.validated.iter().map(|one| self.id(one.id)).collect(),
            is_obtained: portfolio.obtained.is_some(),
            renamed: renamed.chain(given_anew).collect(),
        };
        imported_portfolios::Entity::insert(imported_portfolios::ActiveModel {
            enrolment_id: Set(enrolment),
            organisation_id: Set(self.organisation),
            origin_id: Set(portfolio.enrolment.id),
            archive_sha256: Set(archive.to_owned()),
            kept: Set(convert::json(&kept)),
            imported_at: Set(now),
        })
        .exec_without_returning(self.write)
        .await?;
        Ok(())
    }
}

/// Inserts rows, of which there may be none, a few at a time: a statement holds only so many values.
async fn insert_all<E, A>(write: &DatabaseTransaction, rows: Vec<A>) -> Result<()>
where
    E: EntityTrait,
    A: sea_orm::ActiveModelTrait<Entity = E> + Clone + Send,
{
    for rows in rows.chunks(500) {
        E::insert_many(rows.to_vec()).exec_without_returning(write).await?;
    }
    Ok(())
}
