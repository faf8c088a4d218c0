//! Whether a session complies, opening it, and the roll call.

use std::collections::BTreeSet;

use domain::{
    certification::Certification,
    dossier::DossierStatus,
    fault::Fault,
    jury::{
        Attendance, Candidate, JuryMember, JurySession, SessionAction, SessionStatus,
        WrongSessionStep,
        opening::{OpeningCheck, SessionPlan, check_opening},
        refusal,
        session::SessionCandidate,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Sat, Sitting, candidate, convocation::Occasion, entry, hearing, lock_at, members, state,
    status, touch,
};
use crate::{
    Db, Error, Result, audit, certification, convert, dossier,
    entity::{dossiers, jury_candidates, jury_members, jury_sessions},
    mail,
};

/// Every rule, met or not, as things stand now.
pub async fn check(db: &Db, sitting: &Sitting) -> Result<OpeningCheck> {
    let session = &sitting.session;
    let published = certification::load(db, session.certification.id).await?;
    let candidates = candidate::of_session(db.read(), session.id).await?;
    Ok(Facts::new(&sitting.members, &candidates).check(&published.certification, session))
}

/// What was checked when the session opened; nothing before.
pub async fn opened_with(db: &Db, session: Uuid) -> Result<Option<OpeningCheck>> {
    let row = jury_sessions::Entity::find_by_id(session).one(db.read()).await?;
    row.and_then(|row| row.opening).map(convert::from_json).transpose()
}

/// All that the rules ask about.
pub(crate) struct Facts {
    pub(crate) members: Vec<JuryMember>,
    pub(crate) candidates: Vec<Candidate>,
}

impl Facts {
    pub(super) fn new(sat: &[Sat], candidates: &[SessionCandidate]) -> Self {
        Self {
            members: sat.iter().map(|sat| sat.member.clone()).collect(),
            candidates: candidates.iter().map(SessionCandidate::candidate).collect(),
        }
    }

    /// As they stand in a transaction that goes on.
    pub(crate) async fn read(write: &DatabaseTransaction, session: Uuid) -> Result<Self> {
        let candidates = candidate::of_session(write, session).await?;
        Ok(Self::new(&members(write, session).await?, &candidates))
    }

    pub(crate) fn check(
        &self,
        certification: &Certification,
        session: &JurySession,
    ) -> OpeningCheck {
        check_opening(&SessionPlan {
            certification,
            route: session.route,
            members: &self.members,
            candidates: &self.candidates,
            statement: &session.statement,
        })
    }
}

/// Opens a session that complies; one that does not is refused with everything that is not met.
/// From here on, each candidate is read by the dossier that waited; those who were not convened are
/// now.
pub async fn open(db: &Db, by: Uuid, sitting: &Sitting, version: i32) -> Result<()> {
    let session = &sitting.session;
    if session.version != version {
        return Err(Error::Stale { current: session.version });
    }
    let published = certification::load(db, session.certification.id).await?;
    let write = db.write().await?;
    // Dossiers are locked before the session. What is read here is the session's at this version,
    // or the lock below finds another one.
    let candidates = candidate::of_session(&write, session.id).await?;
    let waiting: Vec<(Uuid, Uuid)> = candidates
        .iter()
        .filter_map(|one| Some((one.enrolment, one.dossier.as_ref()?.id)))
        .collect();
    let dossiers: Vec<Uuid> = waiting.iter().map(|(_, dossier)| *dossier).collect();
    if session.status == SessionStatus::Planned {
        dossier::present(&write, &dossiers).await?;
    }
    let row = lock_at(&write, session.id, version).await?;
    let next = status(&row)?.apply(SessionAction::Open)?;
    let facts = Facts::new(&members(&write, row.id).await?, &candidates);
    let found = facts.check(&published.certification, session);
    let mut reasons = refusal::reasons(&found, &facts.members, &facts.candidates);
    reasons.extend(undecided(&write, &candidates).await?);
    if !reasons.is_empty() {
        return Err(Error::Invalid(reasons));
    }
    freeze(&write, row.id, &waiting).await?;
    let before = Some(state(&row));
    let is_first = row.convened_at.is_none();
    let now = Some(db.ambient.now());
    let opened = jury_sessions::ActiveModel {
        status: Set(convert::text(next)),
        convened_at: Set(row.convened_at.or(now)),
        opened_at: Set(now),
        opening: Set(Some(convert::json(&found))),
        ..row.into()
    };
    let row = touch(db, &write, opened, version).await?;
    if is_first {
        hearing::tell_all(db, &write, &row, Occasion::Convened).await?;
    }
    let mut after = state(&row);
    after["dossiers"] = json!(dossiers);
    audit::append(db, &write, entry(&row, by, "jury_session.opened", before, Some(after))).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}

/// Candidates of whom a dossier waits beside the one that was just presented: nobody has said which
/// of them the jury reads.
async fn undecided(
    write: &DatabaseTransaction,
    candidates: &[SessionCandidate],
) -> Result<Vec<Fault>> {
    let others: Vec<Uuid> = dossiers::Entity::find()
        .select_only()
        .column(dossiers::Column::EnrolmentId)
        .filter(dossiers::Column::EnrolmentId.is_in(candidates.iter().map(|one| one.enrolment)))
        .filter(dossiers::Column::Status.eq(convert::text(DossierStatus::Deposited)))
        .into_tuple()
        .all(write)
        .await?;
    let faults = candidates.iter().enumerate().filter(|(_, one)| others.contains(&one.enrolment));
    let faults = faults.map(|(place, one)| {
        let detail = format!(
            "{} a plusieurs dossiers déposés : rouvrez ceux que le jury ne doit pas lire.",
            one.name()
        );
        Fault::new(format!("candidates[{place}]"), "several_dossiers", detail)
    });
    Ok(faults.collect())
}

/// Each candidate's dossier is what the jury reads from here on.
async fn freeze(
    write: &DatabaseTransaction,
    session: Uuid,
    waiting: &[(Uuid, Uuid)],
) -> Result<()> {
    for (enrolment, dossier) in waiting {
        jury_candidates::ActiveModel {
            session_id: Set(session),
            enrolment_id: Set(*enrolment),
            dossier_id: Set(Some(*dossier)),
            ..Default::default()
        }
        .update(write)
        .await?;
    }
    Ok(())
}

/// Who is there, while the session is open: those who are named are present, the others absent,
/// those who declined apart.
pub async fn roll_call(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    present: &[Uuid],
    version: i32,
) -> Result<()> {
    let write = db.write().await?;
    let row = lock_at(&write, sitting.session.id, version).await?;
    if status(&row)? != SessionStatus::Open {
        return Err(WrongSessionStep::NotOpen.into());
    }
    let sat = members(&write, row.id).await?;
    let present: BTreeSet<Uuid> = present.iter().copied().collect();
    let mut faults = domain::fault::Faults::default();
    for (index, id) in present.iter().enumerate() {
        if sat.iter().all(|sat| sat.member.id != *id) {
            faults.add(
                format!("present[{index}]"),
                "unknown_member",
                "Cette personne n’est pas membre de ce jury.",
            );
        }
    }
    faults.into_result()?;
    for attendance in [Attendance::Present, Attendance::Absent] {
        let called: Vec<Uuid> = sat
            .iter()
            .map(|sat| &sat.member)
            .filter(|member| match attendance {
                Attendance::Present => present.contains(&member.id),
                _ => !present.contains(&member.id) && member.attendance != Attendance::Declined,
            })
            .map(|member| member.id)
            .collect();
        jury_members::Entity::update_many()
            .col_expr(jury_members::Column::Attendance, Expr::value(convert::text(attendance)))
            .filter(jury_members::Column::Id.is_in(called))
            .exec(&write)
            .await?;
    }
    let row = touch(db, &write, row.into(), version).await?;
    let after = json!({ "version": row.version, "present": present });
    let action = "jury_session.roll_called";
    audit::append(db, &write, entry(&row, by, action, None, Some(after))).await?;
    write.commit().await?;
    Ok(())
}
