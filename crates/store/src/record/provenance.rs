//! Where validations come from whose minutes were not sealed here.

use std::collections::BTreeMap;

use domain::{
    ambient::day_in_france,
    portfolio::Origin,
    record::{Provenance, Record},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    Db, Result,
    entity::{audit_entries, validated_blocks},
    people, portfolio,
};

/// What the audit calls the moment at which blocks that were validated before came here.
pub(super) const TRANSCRIBED: &str = "blocks.transcribed";
/// The same, with the whole portfolio.
const IMPORTED: &str = "enrolment.imported";

/// How the validations of a record came here that no jury of this school gave as far as its minutes
/// say, by their ids; a fixed number of statements.
pub async fn provenance(db: &Db, record: &Record) -> Result<BTreeMap<Uuid, Provenance>> {
    let foreign = || record.validated.iter().filter(|held| held.session_id.is_none());
    let rows = validated_blocks::Entity::find()
        .filter(validated_blocks::Column::Id.is_in(foreign().map(|held| held.id)))
        .all(db.read())
        .await?;
    let enrolments: Vec<Uuid> = foreign().map(|held| held.enrolment_id).collect();
    let brought = portfolio::foreign(db.read(), &enrolments).await?;
    let acts = audit_entries::Entity::find()
        .filter(audit_entries::Column::SubjectId.is_in(enrolments))
        .filter(audit_entries::Column::Action.is_in([TRANSCRIBED, IMPORTED]))
        .order_by_asc(audit_entries::Column::Seq)
        .all(db.read())
        .await?;
    let users = people::users(db.read(), acts.iter().filter_map(|act| act.actor_id)).await?;
    let by = |act: &audit_entries::Model| {
        let user = users.get(&act.actor_id?)?;
        Some(format!("{} {}", user.given_name, user.family_name))
    };
    let of = |row: &validated_blocks::Model| {
        let mut acts = acts.iter().filter(|act| act.subject_id == row.enrolment_id);
        let kept = brought.get(&row.enrolment_id);
        let origin = kept.and_then(|kept| kept.origins.last());
        if let (Some(kept), Some(Origin { organisation, imported_at, .. })) = (kept, origin)
            && kept.held.contains(&row.id)
        {
            let session = kept.sessions.get(&row.id);
            let jury = kept.deliberations.iter().find(|one| Some(&one.session) == session);
            let school = jury.map(|jury| &jury.organisation).filter(|name| !name.is_empty());
            return Provenance {
                school: Some(school.unwrap_or(organisation).clone()),
                recorded_on: day_in_france(*imported_at),
                recorded_by: acts.find(|act| act.action == IMPORTED).and_then(by),
            };
        }
        // Each transcription leaves its entry right after its rows.
        let mut acts = acts.filter(|act| act.action == TRANSCRIBED && act.at >= row.created_at);
        Provenance {
            school: None,
            recorded_on: day_in_france(row.created_at),
            recorded_by: acts.next().and_then(by),
        }
    };
    Ok(rows.iter().map(|row| (row.id, of(row))).collect())
}
