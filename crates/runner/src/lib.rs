//! What happens by itself: mail leaves, reminders are written, what is dead is swept.
//!
//! Every server runs one; they share the work through the database, where each mail is taken once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use mail::{Failure, Links, Mail, Mailer, WayIn};
use store::{
    Db,
    mail::{Claimed, Outcome},
    one_time_link::Purpose,
};
use tokio::{sync::watch, time::sleep};

/// How often the outbox is looked at when nobody says that something is in it.
const PAUSE: Duration = Duration::from_secs(30);
/// How often reminders are written and dead things are swept.
const ROUND: TimeDelta = TimeDelta::hours(1);
/// Mails put off in a row, after which the relay is left alone until the next look.
const PATIENCE: u32 = 3;

/// One server's part of the work.
pub struct Runner {
    db: Db,
    mailer: Mailer,
    /// Address of the server, without a slash at its end.
    public_url: String,
    last_round: Option<DateTime<Utc>>,
    stop: watch::Receiver<bool>,
}

/// Asks a runner to stop after the mail it has in hand.
pub struct Stop(watch::Sender<bool>);

impl Stop {
    pub fn ask(&self) {
        self.0.send_replace(true);
    }
}

impl Runner {
    pub fn new(db: Db, mailer: Mailer, public_url: &str) -> (Self, Stop) {
        let (sender, stop) = watch::channel(false);
        let public_url = public_url.trim_end_matches('/').to_owned();
        (Self { db, mailer, public_url, last_round: None, stop }, Stop(sender))
    }

    /// Works until it is asked to stop.
    pub async fn run(mut self) {
        let mut stop = self.stop.clone();
        if let Err(failure) = self.mailer.check().await {
            tracing::warn!(%failure, "the mail relay does not take mail; it will be tried again");
        }
        while !*stop.borrow() {
            if let Err(error) = self.tick().await {
                tracing::error!(%error, "background work failed; it will be tried again");
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = sleep(PAUSE) => {}
                () = store::mail::poked(&self.db) => {}
            }
        }
    }

    /// Does what there is to do now, by the database's clock.
    pub async fn tick(&mut self) -> store::Result<()> {
        let now = self.db.ambient.now();
        if self.last_round.is_none_or(|last| now - last >= ROUND) {
            self.last_round = Some(now);
            self.round().await;
        }
        self.deliver().await
    }

    /// What is done every hour. What fails holds up neither the rest of it nor the mail.
    async fn round(&self) {
        let db = &self.db;
        let done = [
            ("recovering mails", store::mail::recover(db).await.map(warn_of_lost)),
            ("obtaining certifications", store::record::settle_due(db).await),
            ("reminders", store::reminder::write(db).await),
            ("sweeping mails", store::mail::sweep(db).await),
            ("sweeping links", store::one_time_link::sweep(db).await),
            ("sweeping sessions", store::session::sweep(db).await),
            ("sweeping idempotency keys", store::idempotency::sweep(db).await.map(drop)),
            ("sweeping files", store::file::sweep(db).await.map(drop)),
        ];
        for (what, outcome) in done {
            if let Err(error) = outcome {
                tracing::error!(what, %error, "failed; it is tried again in an hour");
            }
        }
    }

    /// Sends what waits, until nothing does or the relay has had enough.
    async fn deliver(&self) -> store::Result<()> {
        let mut round = self.mailer.round();
        let mut put_off = 0;
        while put_off < PATIENCE && !*self.stop.borrow() {
            let Some(claimed) = store::mail::claim(&self.db).await? else { break };
            let outcome = match round.hand_over(&self.compose(&claimed)).await {
                Ok(()) => Outcome::Sent,
                Err(Failure::NotNow(reason)) => Outcome::NotNow(reason),
                Err(Failure::Refused(reason)) => Outcome::Refused(reason),
                Err(Failure::Unknown(reason)) => Outcome::Unknown(reason),
            };
            match &outcome {
                Outcome::Sent => put_off = 0,
                Outcome::NotNow(reason) => {
                    tracing::warn!(mail = %claimed.id, reason, "mail put off");
                    put_off += 1;
                }
                Outcome::Refused(reason) | Outcome::Unknown(reason) => {
                    tracing::warn!(mail = %claimed.id, reason, "mail not delivered");
                }
            }
            store::mail::settle(&self.db, &claimed, outcome).await?;
        }
        round.end().await;
        Ok(())
    }

    fn compose(&self, claimed: &Claimed) -> Mail {
        let Claimed { id, to, message, way_in, mute, .. } = claimed;
        let way_in = match way_in {
            Some((Purpose::Invitation, token)) => WayIn::FirstPassword(token.clone()),
            Some((Purpose::Reset, token)) => WayIn::NewPassword(token.clone()),
            Some((_, token)) => WayIn::Link(token.clone()),
            None => WayIn::SignIn,
        };
        let links = Links { base: &self.public_url, way_in, mute: mute.clone() };
        let name = format!("{} {}", to.given_name, to.family_name);
        Mail {
            id: *id,
            letter: mail::write(message, &name, self.db.ambient.today(), &links),
            name,
            address: to.email.clone(),
            at: self.db.ambient.now(),
        }
    }
}

fn warn_of_lost(lost: u64) {
    if lost > 0 {
        tracing::warn!(lost, "mails may have arrived or not: a server stopped in the middle");
    }
}
