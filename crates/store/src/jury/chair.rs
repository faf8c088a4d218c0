//! Handing over the chair of an open session.

use domain::jury::{
    JuryMember, SessionStatus, WrongSessionStep,
    chair::{Handover, check_handover},
    session::MemberProfile,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;
use uuid::Uuid;

use super::{Sitting, entry, handovers, lock_at, member::lock_member, members, status, touch};
use crate::{
    Db, Result, audit, convert,
    entity::{jury_members, jury_sessions},
};

/// A manager has another member preside, who is there and votes; the reason is kept.
pub async fn hand_over(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    version: i32,
    to: Uuid,
    reason: &str,
) -> Result<()> {
    let reason = reason.trim();
    let write = db.write().await?;
    let row = lock_at(&write, sitting.session.id, version).await?;
    if status(&row)? != SessionStatus::Open {
        return Err(WrongSessionStep::NotOpen.into());
    }
    let sat = members(&write, row.id).await?;
    let seats: Vec<JuryMember> = sat.iter().map(|sat| sat.member.clone()).collect();
    check_handover(&seats, to, reason)?;
    let from = seats.iter().find(|member| member.chair).map(|member| member.id);
    for seat in sat.iter().filter(|sat| sat.member.chair || sat.member.id == to) {
        let id = seat.member.id;
        let profile = MemberProfile { chair: id == to, ..MemberProfile::of(&seat.member) };
        let member = lock_member(&write, row.id, id, seat.version).await?;
        jury_members::ActiveModel {
            profile: Set(convert::json(&profile)),
            version: Set(seat.version + 1),
            ..member.into()
        }
        .update(&write)
        .await?;
    }
    let mut all = handovers(&row)?;
    all.push(Handover { from, to, at: db.ambient.now(), reason: reason.to_owned() });
    let handed =
        jury_sessions::ActiveModel { handovers: Set(Some(convert::json(&all))), ..row.into() };
    let row = touch(db, &write, handed, version).await?;
    let before = json!({ "version": version, "chair": from });
    // The reason may tell of somebody's health: it stays with the session.
    let after = json!({ "version": row.version, "chair": to });
    let action = "jury_session.chair_handed_over";
    audit::append(db, &write, entry(&row, by, action, Some(before), Some(after))).await?;
    write.commit().await?;
    Ok(())
}
