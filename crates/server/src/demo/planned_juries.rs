//! The juries that are planned: one complies and is convened, the other does not yet.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ambient::{Clock, ManualClock},
    certification::RouteKind,
    dossier::DossierStatus,
    jury::{
        AccessWindow, Employment,
        session::{Answer, CandidateTerms, MemberProfile, SessionTerms},
    },
};
use store::{
    Db,
    certification::Published,
    jury::{Sitting, Who},
};
use uuid::Uuid;

use super::{
    calendar::{after, before, working_day},
    people::{Name, identity},
};

/// Who sits beside the two jurors of the demonstration, whom its sign-in page offers.
const OTHERS: [Name; 3] =
    [("Salima", "Hamdaoui", true), ("Erwan", "Le Bihan", false), ("Patricia", "Cognard", true)];
/// The people and the day of the story.
pub struct Office<'a> {
    pub db: &'a Db,
    pub clock: &'a ManualClock,
    pub today: NaiveDate,
    pub organisation: Uuid,
    pub manager: Uuid,
    pub jurors: [Uuid; 2],
}

impl Office<'_> {
    /// Plans the juries of two certifications, whose apprentices these are. The evening goes on.
    pub async fn plan_all(
        &self,
        (first, apprentices): (&Published, &[Uuid]),
        (second, others): (&Published, &[Uuid]),
    ) -> Result<()> {
        let (waiting, _) = self.by_dossier(apprentices).await?;
        let session =
            self.plan(first, "Jury d’architecture logicielle, seconde session", 12).await?;
        self.seat_five(session).await?;
        self.list(session, &waiting).await?;
        // The chair has answered; the others still have to.
        self.convene(session, 1).await?;

        // Two employers and no employee, nobody for the certifier, and a dossier that is missing.
        let session = self.plan(second, "Jury d’ingénierie informatique", 26).await?;
        let employer = || professional(Employment::Employer);
        let chair = MemberProfile { chair: true, ..employer() };
        self.seat(session, Who::Known(self.jurors[1]), chair).await?;
        self.seat(session, of(OTHERS[0]), employer()).await?;
        let (waiting, missing) = self.by_dossier(others).await?;
        let both: Vec<Uuid> = waiting.into_iter().chain(missing).take(2).collect();
        self.list(session, &both).await
    }

    /// Those whose dossier waits, and the others.
    async fn by_dossier(&self, enrolments: &[Uuid]) -> Result<(Vec<Uuid>, Vec<Uuid>)> {
        let (mut waiting, mut missing) = (Vec::new(), Vec::new());
        for enrolment in enrolments {
            let dossiers = store::dossier::of_enrolment(self.db, *enrolment).await?;
            let waits = dossiers.iter().any(|one| one.status == DossierStatus::Deposited);
            if waits { &mut waiting } else { &mut missing }.push(*enrolment);
        }
        Ok((waiting, missing))
    }

    async fn plan(&self, published: &Published, title: &str, days: u64) -> Result<Uuid> {
        let day = working_day(after(self.today, days));
        let at = |day: NaiveDate, hour| -> Result<DateTime<Utc>> {
            Ok(day.and_hms_opt(hour, 0, 0).context("an hour of the day")?.and_utc())
        };
        let terms = SessionTerms {
            title: title.to_owned(),
            starts_at: at(day, 12)?,
            place: "Salle des conseils, bâtiment B".to_owned(),
            link: None,
            statement: String::new(),
            window: AccessWindow {
                opens_at: at(before(day, 7), 6)?,
                closes_at: at(after(day, 3), 20)?,
            },
        };
        self.pass();
        let route = RouteKind::Apprenticeship;
        Ok(store::jury::create(self.db, self.manager, published, route, terms, None).await?)
    }

    /// Three external professionals, the first of whom chairs, and two for the certifier.
    async fn seat_five(&self, session: Uuid) -> Result<()> {
        let [chair, juror] = self.jurors;
        let certifier =
            || MemberProfile { voting: true, represents_certifier: true, ..Default::default() };
        for (who, profile) in [
            (
                Who::Known(chair),
                MemberProfile { chair: true, ..professional(Employment::Employer) },
            ),
            (Who::Known(juror), professional(Employment::Employee)),
            (of(OTHERS[0]), professional(Employment::Employee)),
            (of(OTHERS[1]), certifier()),
            (of(OTHERS[2]), certifier()),
        ] {
            self.seat(session, who, profile).await?;
        }
        Ok(())
    }

    async fn seat(&self, session: Uuid, who: Who, profile: MemberProfile) -> Result<()> {
        let sitting = self.found(session).await?;
        store::jury::add_member(self.db, self.manager, &sitting, who, profile, None).await?;
        self.pass();
        Ok(())
    }

    async fn list(&self, session: Uuid, enrolments: &[Uuid]) -> Result<()> {
        let candidate = |enrolment: &Uuid| CandidateTerms {
            enrolment_id: *enrolment,
            starts_at: None,
            presentation_minutes: Some(20),
            interview_minutes: Some(20),
            trainers: Vec::new(),
            links: Vec::new(),
        };
        let candidates = enrolments.iter().map(candidate).collect();
        let sitting = self.found(session).await?;
        let version = sitting.session.version;
        store::jury::set_candidates(self.db, self.manager, &sitting, version, candidates).await?;
        self.pass();
        Ok(())
    }

    /// Convenes everybody, of whom so many accept.
    async fn convene(&self, session: Uuid, accept: usize) -> Result<()> {
        let sitting = self.found(session).await?;
        let version = sitting.session.version;
        store::jury::convene(self.db, self.manager, &sitting, version).await?;
        let sitting = self.found(session).await?;
        for sat in sitting.members.iter().take(accept) {
            self.pass();
            let answer = Answer { accepts: true, conflicts: Vec::new() };
            store::jury::answer(self.db, sat.user.id, &sitting, sat.version, answer).await?;
        }
        Ok(())
    }

    async fn found(&self, session: Uuid) -> Result<Sitting> {
        let scope = BTreeSet::from([self.organisation]);
        store::jury::find(self.db, &scope, session).await?.context("the session exists")
    }

    fn pass(&self) {
        self.clock.set(self.clock.now() + TimeDelta::minutes(1));
    }
}

fn professional(employment: Employment) -> MemberProfile {
    MemberProfile {
        voting: true,
        external: true,
        professional: true,
        employment: Some(employment),
        experience_years: Some(9),
        qualification_level: Some(7),
        ..MemberProfile::default()
    }
}

fn of(name: Name) -> Who {
    Who::Address(identity(name, "jury.example"))
}
