//! What the members of a jury propose, and what its chair records.
//!
//! Each write locks the session, so that what it is checked against stays as it is: who is there,
//! and what the others propose. It takes the version that its author has seen, 0 where there is
//! nothing yet: nobody writes over words that they have not read. What goes into the minutes moves
//! the session's own version on, which closing takes.

use std::{collections::HashMap, sync::Arc};

use domain::{
    certification::Certification,
    decision::{
        Proposal, Recorded, Ruling,
        matter::{Bench, Kept, Matter},
    },
    jury::{JuryMember, JurySession, SessionAction, minutes::MinutesDossier},
    requirement,
    waiver::Waiver,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::OnConflict,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Db, Error, Result, audit, convert, dossier,
    entity::{
        dossiers, enrolments, jury_candidates, jury_decisions, jury_proposals, jury_sessions,
        jury_waivers,
    },
    jury::{self, Sitting},
    people, progress,
};

/// What is on the table of an opened session, candidate by candidate in their order: a fixed number
/// of statements.
pub async fn of_session(db: &Db, session: &JurySession) -> Result<Vec<Matter>> {
    let judged = Judged::read(db, session.id, None).await?;
    matters(db, db.read(), session.id, &judged).await
}

/// The same for one candidate of it.
pub async fn of_candidate(
    db: &Db,
    session: &JurySession,
    candidate: Uuid,
) -> Result<Option<Matter>> {
    let judged = Judged::read(db, session.id, Some(candidate)).await?;
    Ok(matters(db, db.read(), session.id, &judged).await?.pop())
}

/// What the dossiers before a jury froze, of all candidates or of one. They are large, and do not
/// change once the session has opened, so they are read before a transaction.
pub(crate) struct Judged {
    candidate: Option<Uuid>,
    /// By dossier.
    certifications: HashMap<Uuid, Arc<Certification>>,
}

impl Judged {
    pub(crate) async fn read(db: &Db, session: Uuid, candidate: Option<Uuid>) -> Result<Self> {
        let mut seats = jury_candidates::Entity::find()
            .select_only()
            .column(jury_candidates::Column::DossierId)
            .filter(jury_candidates::Column::SessionId.eq(session));
        if let Some(candidate) = candidate {
            seats = seats.filter(jury_candidates::Column::EnrolmentId.eq(candidate));
        }
        let sums: Vec<(Uuid, String)> = dossiers::Entity::find()
            .select_only()
            .columns([dossiers::Column::Id, dossiers::Column::ManifestSha256])
            .filter(dossiers::Column::Id.in_subquery(seats.into_query()))
            .into_tuple()
            .all(db.read())
            .await?;
        let mut certifications = HashMap::new();
        for (id, sum) in sums {
            certifications.insert(id, dossier::certification(db, id, &sum).await?);
        }
        Ok(Self { candidate, certifications })
    }

    pub(crate) fn dossiers(&self) -> impl Iterator<Item = Uuid> {
        self.certifications.keys().copied()
    }
}

/// What a dossier is called, without what it froze.
#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
    number: i32,
    blocks: Value,
    manifest_sha256: String,
}

/// The same within a transaction that goes on.
pub(crate) async fn matters(
    db: &Db,
    connection: &impl ConnectionTrait,
    session: Uuid,
    judged: &Judged,
) -> Result<Vec<Matter>> {
    use dossiers::Column::{Blocks, Id, ManifestSha256, Number};

    let mut seats = jury_candidates::Entity::find()
        .filter(jury_candidates::Column::SessionId.eq(session))
        .order_by_asc(jury_candidates::Column::Position)
        .order_by_asc(jury_candidates::Column::EnrolmentId);
    if let Some(candidate) = judged.candidate {
        seats = seats.filter(jury_candidates::Column::EnrolmentId.eq(candidate));
    }
    let seats = seats.all(connection).await?;
    let ids: Vec<Uuid> = seats.iter().map(|seat| seat.enrolment_id).collect();
    let enrolments: HashMap<Uuid, enrolments::Model> = enrolments::Entity::find()
        .filter(enrolments::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let students = people::users(connection, enrolments.values().map(|row| row.student_id)).await?;
    let mut dossiers: HashMap<Uuid, Named> = dossiers::Entity::find()
        .select_only()
        .columns([Id, Number, Blocks, ManifestSha256])
        .filter(Id.is_in(seats.iter().filter_map(|seat| seat.dossier_id)))
        .into_model::<Named>()
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let evidence = progress::evidence_of(connection, &ids).await?;
    let mut said = Said::read(connection, session, &ids).await?;
    let today = db.ambient.today();

    let mut matters = Vec::with_capacity(seats.len());
    for seat in seats {
        let id = seat.enrolment_id;
        // A session that has opened has frozen which dossier it reads.
        let dossier = seat.dossier_id.and_then(|id| dossiers.remove(&id)).ok_or_else(closed)?;
        let enrolment = enrolments.get(&id).ok_or(Error::NotFound)?;
        let certification = judged.certifications.get(&dossier.id).ok_or_else(closed)?;
        let status = convert::from_text(&enrolment.status)?;
        let evidence = evidence.get(&id).map(Vec::as_slice).unwrap_or_default();
        matters.push(Matter {
            candidate: id,
            student: students.get(&enrolment.student_id).cloned().ok_or(Error::NotFound)?,
            requirements: requirement::evaluate(certification, status, evidence, today),
            certification: certification.clone(),
            deposited: convert::from_json(dossier.blocks)?,
            dossier: MinutesDossier {
                id: dossier.id,
                number: u32::try_from(dossier.number).unwrap_or_default(),
                manifest_sha256: dossier.manifest_sha256,
            },
            proposals: said.proposals.remove(&id).unwrap_or_default(),
            decisions: said.decisions.remove(&id).unwrap_or_default(),
            waivers: said.waivers.remove(&id).unwrap_or_default(),
        });
    }
    Ok(matters)
}

fn closed() -> Error {
    domain::jury::WrongSessionStep::NotOpen.into()
}

/// What was said, by candidate.
struct Said {
    proposals: HashMap<Uuid, Vec<Kept<Proposal>>>,
    decisions: HashMap<Uuid, Vec<Kept<Recorded>>>,
    waivers: HashMap<Uuid, Vec<Kept<Waiver>>>,
}

impl Said {
    async fn read(
        connection: &impl ConnectionTrait,
        session: Uuid,
        candidates: &[Uuid],
    ) -> Result<Self> {
        let ids = || candidates.iter().copied();
        let mut said =
            Self { proposals: HashMap::new(), decisions: HashMap::new(), waivers: HashMap::new() };
        let rows = jury_proposals::Entity::find()
            .filter(jury_proposals::Column::SessionId.eq(session))
            .filter(jury_proposals::Column::EnrolmentId.is_in(ids()))
            .order_by_asc(jury_proposals::Column::MemberId)
            .all(connection)
            .await?;
        for row in rows {
            let proposal =
                Proposal { member: row.member_id, ruling: convert::from_json(row.ruling)? };
            let kept = Kept { said: proposal, version: row.version, updated_at: row.updated_at };
            said.proposals.entry(row.enrolment_id).or_default().push(kept);
        }
        let rows = jury_decisions::Entity::find()
            .filter(jury_decisions::Column::SessionId.eq(session))
            .filter(jury_decisions::Column::EnrolmentId.is_in(ids()))
            .all(connection)
            .await?;
        for row in rows {
            let recorded = Recorded {
                ruling: convert::from_json(row.ruling)?,
                chair: row.member_id,
                present: row.present.map(convert::from_json).transpose()?,
            };
            let kept = Kept { said: recorded, version: row.version, updated_at: row.updated_at };
            said.decisions.entry(row.enrolment_id).or_default().push(kept);
        }
        let rows = jury_waivers::Entity::find()
            .filter(jury_waivers::Column::SessionId.eq(session))
            .filter(jury_waivers::Column::EnrolmentId.is_in(ids()))
            .order_by_asc(jury_waivers::Column::Requirement)
            .all(connection)
            .await?;
        for row in rows {
            let (candidate, version, updated_at) = (row.enrolment_id, row.version, row.updated_at);
            let kept = Kept { said: waiver(row), version, updated_at };
            said.waivers.entry(candidate).or_default().push(kept);
        }
        Ok(said)
    }
}

/// The accommodations that the jury of a session granted, by candidate, with what is behind each: for
/// those who set them up. It is in no minutes, and is kept as long as the session.
pub async fn accommodations(db: &Db, session: Uuid) -> Result<Vec<(Uuid, Waiver)>> {
    let rows = jury_waivers::Entity::find()
        .filter(jury_waivers::Column::SessionId.eq(session))
        .filter(jury_waivers::Column::Accommodation.eq(true))
        .order_by_asc(jury_waivers::Column::EnrolmentId)
        .order_by_asc(jury_waivers::Column::Requirement)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.enrolment_id, waiver(row))).collect())
}

fn waiver(row: jury_waivers::Model) -> Waiver {
    Waiver {
        requirement: row.requirement,
        motive: row.motive,
        granted_by: row.granted_by,
        accommodation: row.accommodation,
        restricted_reason: row.restricted_reason,
    }
}

/// A member at the table, and the candidate that they speak of.
#[derive(Debug, Clone, Copy)]
pub struct Speaking<'a> {
    /// The person.
    pub by: Uuid,
    pub sitting: &'a Sitting,
    /// Id of the enrolment.
    pub candidate: Uuid,
    /// What they have seen; 0 where there was nothing.
    pub version: i32,
}

/// What holds for as long as the session is locked.
struct Locked {
    write: DatabaseTransaction,
    session: jury_sessions::Model,
    members: Vec<JuryMember>,
    speaker: JuryMember,
    matter: Matter,
}

impl Speaking<'_> {
    /// Locks the session, which is open, and reads what is on the table. Whoever is not there any
    /// more says nothing.
    async fn lock(&self, db: &Db) -> Result<Locked> {
        let Self { by, sitting, candidate, .. } = *self;
        let id = sitting.session.id;
        let judged = Judged::read(db, id, Some(candidate)).await?;
        let write = db.write().await?;
        let session = jury::lock(&write, id).await?;
        jury::status(&session)?.apply(SessionAction::Close)?;
        let members: Vec<JuryMember> =
            jury::members(&write, id).await?.into_iter().map(|sat| sat.member).collect();
        let matter = matters(db, &write, id, &judged).await?.pop();
        let matter = matter.ok_or(Error::NotFound)?;
        let speaker = members.iter().find(|member| member.person == Some(by)).cloned();
        let speaker = speaker.filter(JuryMember::deliberates).ok_or(Error::NotFound)?;
        Ok(Locked { write, session, members, speaker, matter })
    }

    fn seen(&self, current: Option<i32>) -> Result<()> {
        let current = current.unwrap_or(0);
        if self.version == current { Ok(()) } else { Err(Error::Stale { current }) }
    }

    /// Ends with the entry that says what was done, and nothing of what was said.
    async fn record(&self, db: &Db, locked: Locked, action: &str, after: Value) -> Result<()> {
        audit::append(
            db,
            &locked.write,
            audit::Entry {
                organisation: locked.session.organisation_id,
                actor: Some(self.by),
                action,
                subject: ("jury_session", self.sitting.session.id),
                before: (self.version > 0)
                    .then(|| json!({ "candidate": self.candidate, "version": self.version })),
                after: Some(after),
            },
        )
        .await?;
        locked.write.commit().await?;
        Ok(())
    }
}

impl Locked {
    /// Whoever left the room says nothing of the candidate.
    fn judging(self, candidate: Uuid) -> Result<Self> {
        if self.speaker.judges(candidate) {
            return Ok(self);
        }
        Err(Error::conflict(
            "out_of_the_room",
            "Vous n’êtes pas de ce jury pour ce candidat : vous avez quitté la salle.",
        ))
    }

    /// The chair may have been handed over on the way.
    fn presiding(self) -> Result<Self> {
        if self.speaker.chair {
            return Ok(self);
        }
        Err(Error::conflict(
            "not_in_the_chair",
            "La présidence a été confiée à un autre membre : lui seul enregistre les décisions.",
        ))
    }

    fn bench<'a>(&'a self, speaking: &Speaking<'_>) -> Bench<'a> {
        Bench { route: speaking.sitting.session.route, members: &self.members }
    }

    /// What the minutes will say changes: who closes has to have seen it.
    async fn touch(&self, db: &Db) -> Result<()> {
        let session = self.session.clone();
        let version = session.version;
        jury::touch(db, &self.write, session.into(), version).await?;
        Ok(())
    }
}

/// A voting member says, or says anew, what they would decide on a block.
pub async fn propose(db: &Db, speaking: &Speaking<'_>, ruling: Ruling) -> Result<()> {
    use jury_proposals::Column::{
        Block, EnrolmentId, MemberId, Ruling as Said, SessionId, UpdatedAt, Version,
    };

    let locked = speaking.lock(db).await?.judging(speaking.candidate)?;
    let member = locked.speaker.id;
    let earlier = locked
        .matter
        .proposals
        .iter()
        .find(|one| one.said.member == member && one.said.ruling.block == ruling.block);
    speaking.seen(earlier.map(|one| one.version))?;
    locked.matter.check_proposal(&ruling)?;
    let version = speaking.version + 1;
    let block = ruling.block.clone();
    jury_proposals::Entity::insert(jury_proposals::ActiveModel {
        session_id: Set(speaking.sitting.session.id),
        enrolment_id: Set(speaking.candidate),
        member_id: Set(member),
        block: Set(ruling.block.clone()),
        organisation_id: Set(locked.session.organisation_id),
        ruling: Set(convert::json(&ruling)),
        version: Set(version),
        updated_at: Set(db.ambient.now()),
    })
    .on_conflict(
        OnConflict::columns([SessionId, EnrolmentId, MemberId, Block])
            .update_columns([Said, Version, UpdatedAt])
            .to_owned(),
    )
    .exec_without_returning(&locked.write)
    .await?;
    // Whoever thinks again after the decision changes what its chair has read.
    if locked.matter.decision_on(&block).is_some() {
        locked.touch(db).await?;
    }
    // Who proposed what is in the minutes, if the rule keeps it, and nowhere else.
    let after = json!({ "candidate": speaking.candidate, "block": block, "version": version });
    speaking.record(db, locked, "jury.proposed", after).await
}

/// The chair records, or records anew, what the jury decided on a block; who left the room for the
/// candidate can still postpone it, so that the session ends.
pub async fn decide(db: &Db, speaking: &Speaking<'_>, ruling: Ruling) -> Result<()> {
    use jury_decisions::Column::{
        Block, EnrolmentId, MemberId, Present, Ruling as Said, SessionId, UpdatedAt, Version,
    };

    let locked = speaking.lock(db).await?.presiding()?;
    let earlier = locked.matter.decision_on(&ruling.block);
    speaking.seen(earlier.map(|one| one.version))?;
    locked.matter.check_decision(locked.bench(speaking), &ruling)?;
    let at_the_table = locked.members.iter().filter(|member| member.deliberates());
    let present: Vec<Uuid> = at_the_table.map(|member| member.id).collect();
    let version = speaking.version + 1;
    jury_decisions::Entity::insert(jury_decisions::ActiveModel {
        session_id: Set(speaking.sitting.session.id),
        enrolment_id: Set(speaking.candidate),
        block: Set(ruling.block.clone()),
        organisation_id: Set(locked.session.organisation_id),
        member_id: Set(locked.speaker.id),
        present: Set(Some(convert::json(&present))),
        ruling: Set(convert::json(&ruling)),
        version: Set(version),
        updated_at: Set(db.ambient.now()),
    })
    .on_conflict(
        OnConflict::columns([SessionId, EnrolmentId, Block])
            .update_columns([MemberId, Present, Said, Version, UpdatedAt])
            .to_owned(),
    )
    .exec_without_returning(&locked.write)
    .await?;
    locked.touch(db).await?;
    let after = json!({
        "candidate": speaking.candidate,
        "block": ruling.block,
        "verdict": ruling.verdict,
        "version": version,
    });
    speaking.record(db, locked, "jury.decided", after).await
}

/// The jury does not insist on a requirement that is not met.
pub async fn waive(db: &Db, speaking: &Speaking<'_>, waiver: Waiver) -> Result<()> {
    use jury_waivers::Column::{
        Accommodation, EnrolmentId, GrantedBy, MemberId, Motive, Requirement, RestrictedReason,
        SessionId, UpdatedAt, Version,
    };

    let locked = speaking.lock(db).await?.presiding()?.judging(speaking.candidate)?;
    let earlier =
        locked.matter.waivers.iter().find(|one| one.said.requirement == waiver.requirement);
    speaking.seen(earlier.map(|one| one.version))?;
    waiver.check(&locked.matter.requirements)?;
    let version = speaking.version + 1;
    let Waiver { requirement, motive, granted_by, accommodation, restricted_reason } = waiver;
    jury_waivers::Entity::insert(jury_waivers::ActiveModel {
        session_id: Set(speaking.sitting.session.id),
        enrolment_id: Set(speaking.candidate),
        requirement: Set(requirement.clone()),
        organisation_id: Set(locked.session.organisation_id),
        member_id: Set(locked.speaker.id),
        motive: Set(motive),
        granted_by: Set(granted_by),
        accommodation: Set(accommodation),
        restricted_reason: Set(restricted_reason),
        version: Set(version),
        updated_at: Set(db.ambient.now()),
    })
    .on_conflict(
        OnConflict::columns([SessionId, EnrolmentId, Requirement])
            .update_columns([
                MemberId,
                Motive,
                GrantedBy,
                Accommodation,
                RestrictedReason,
                Version,
                UpdatedAt,
            ])
            .to_owned(),
    )
    .exec_without_returning(&locked.write)
    .await?;
    locked.touch(db).await?;
    let after = json!({
        "candidate": speaking.candidate, "requirement": requirement, "version": version,
    });
    speaking.record(db, locked, "jury.waived", after).await
}

/// Takes a waiver back.
pub async fn insist(db: &Db, speaking: &Speaking<'_>, requirement: &str) -> Result<()> {
    let locked = speaking.lock(db).await?.presiding()?.judging(speaking.candidate)?;
    let earlier = locked.matter.waivers.iter().find(|one| one.said.requirement == requirement);
    speaking.seen(Some(earlier.ok_or(Error::NotFound)?.version))?;
    let key = (speaking.sitting.session.id, speaking.candidate, requirement.to_owned());
    jury_waivers::Entity::delete_by_id(key).exec(&locked.write).await?;
    locked.touch(db).await?;
    let after = json!({ "candidate": speaking.candidate, "requirement": requirement });
    speaking.record(db, locked, "jury.waiver_withdrawn", after).await
}
