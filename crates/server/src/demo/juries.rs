//! Two juries of the last evening: one has closed, and its minutes are sealed; the other deliberates.

use anyhow::{Context, Result};
use chrono::TimeDelta;
use domain::{
    ambient::{Clock, ManualClock},
    certification::{Block, RouteKind},
    decision::{Ruling, Verdict, matter::Matter},
    dossier::DossierStatus,
    jury::{
        AccessWindow, Employment,
        session::{Answer, CandidateTerms, MemberProfile, SessionTerms},
    },
};
use store::{
    Db,
    deliberation::Speaking,
    jury::{self, Sitting, Who},
};
use uuid::Uuid;

use super::{people, students::Student};

/// Cohort whose jury has closed, and cohort whose jury deliberates; the other dossiers still wait.
const CLOSED: (usize, &str) = (3, "SYSNUM");
const OPEN: (usize, &str, usize) = (0, "RNCP38822", 2);
const STATEMENT: &str = "Règlement des études, article 12 : deux professionnels extérieurs à \
                         l’école au moins, dont la présidence.";
/// What the closed jury decided, block after block.
const DECIDED: [Verdict; 5] = [
    Verdict::Validated,
    Verdict::Partial,
    Verdict::Validated,
    Verdict::Refused,
    Verdict::Postponed,
];
/// What the three first members of the open one propose on the first candidate.
const PROPOSED: [Verdict; 3] = [Verdict::Validated, Verdict::Partial, Verdict::Validated];

pub struct Juries<'a> {
    pub db: &'a Db,
    pub clock: &'a ManualClock,
    pub organisation: Uuid,
    pub manager: Uuid,
    /// Those whom the sign-in page offers: the first one chairs.
    pub jurors: [Uuid; 2],
}

impl Juries<'_> {
    pub async fn hold(&self, enrolled: &[(&Student, Uuid)]) -> Result<()> {
        let (cohort, code) = CLOSED;
        let candidates = self.waiting(enrolled, cohort, usize::MAX).await?;
        let third = Who::Address(people::identity(("Odile", "Carpentier", true), "jury.example"));
        let seats = vec![
            (Who::Known(self.jurors[0]), professional(true, Employment::Employer)),
            (Who::Known(self.jurors[1]), professional(false, Employment::Employee)),
            (third, MemberProfile { voting: true, ..MemberProfile::default() }),
        ];
        let short = Some((10, 5));
        let sitting =
            self.open((code, STATEMENT), "Jury de fin de parcours", seats, short, &candidates);
        self.close(&sitting.await?).await?;

        let (cohort, code, size) = OPEN;
        let candidates = self.waiting(enrolled, cohort, size).await?;
        let known = |name, domain| Who::Address(people::identity(name, domain));
        let certifier = || MemberProfile {
            voting: true,
            represents_certifier: true,
            ..MemberProfile::default()
        };
        let seats = vec![
            (Who::Known(self.jurors[0]), professional(true, Employment::Employer)),
            (Who::Known(self.jurors[1]), professional(false, Employment::Employee)),
            (
                known(("Salomé", "Kerdraon", true), "jury.example"),
                professional(false, Employment::Employee),
            ),
            (known(("Régis", "Aumont", false), "certificateur.example"), certifier()),
            (known(("Faïza", "Belkacem", true), "certificateur.example"), certifier()),
        ];
        let sitting =
            self.open((code, ""), "Jury d’architecture logicielle", seats, None, &candidates);
        self.propose(&sitting.await?).await
    }

    /// Apprentices of a cohort whose dossiers wait for a jury, and who still have something to obtain.
    async fn waiting(
        &self,
        enrolled: &[(&Student, Uuid)],
        cohort: usize,
        most: usize,
    ) -> Result<Vec<Uuid>> {
        let mut found = Vec::new();
        for (student, enrolment) in enrolled {
            if student.cohort != cohort || student.route != RouteKind::Apprenticeship {
                continue;
            }
            let scope = [self.organisation].into();
            let enrolled = store::enrolment::find(self.db, &scope, *enrolment).await?;
            let record =
                store::record::of_enrolment(self.db, &enrolled.context("an enrolment")?).await?;
            let dossiers = store::dossier::of_enrolment(self.db, *enrolment).await?;
            if found.len() < most
                && record.obtained_on.is_none()
                && dossiers.first().is_some_and(|one| one.status == DossierStatus::Deposited)
            {
                found.push(*enrolment);
            }
        }
        anyhow::ensure!(!found.is_empty(), "somebody of cohort {cohort} has deposited");
        Ok(found)
    }

    /// Plans a session, convenes its members and opens it; they all come at its hour. The minutes
    /// are those of a presentation and of an interview, the certification's where there are none.
    async fn open(
        &self,
        (code, statement): (&str, &str),
        title: &str,
        seats: Vec<(Who, MemberProfile)>,
        minutes: Option<(u32, u32)>,
        candidates: &[Uuid],
    ) -> Result<Sitting> {
        let Self { db, manager, organisation, .. } = *self;
        let published = store::certification::find(db, &[organisation].into(), code, None).await?;
        let published = published.context("the certification is there")?;
        let now = self.pass(15);
        let terms = SessionTerms {
            title: title.to_owned(),
            starts_at: now + TimeDelta::minutes(20),
            place: "Salle du conseil".to_owned(),
            link: None,
            statement: statement.to_owned(),
            window: AccessWindow {
                opens_at: now - TimeDelta::hours(2),
                closes_at: now + TimeDelta::days(30),
            },
        };
        let route = RouteKind::Apprenticeship;
        let id = jury::create(db, manager, &published, route, terms, None).await?;
        for (who, profile) in seats {
            jury::add_member(db, manager, &self.at(id).await?, who, profile, None).await?;
        }
        let candidates = candidates.iter().map(|enrolment| CandidateTerms {
            enrolment_id: *enrolment,
            starts_at: None,
            presentation_minutes: minutes.map(|(presentation, _)| presentation),
            interview_minutes: minutes.map(|(_, interview)| interview),
            trainers: Vec::new(),
            links: Vec::new(),
        });
        let sitting = self.at(id).await?;
        let version = sitting.session.version;
        jury::set_candidates(db, manager, &sitting, version, candidates.collect()).await?;
        let sitting = self.at(id).await?;
        jury::convene(db, manager, &sitting, sitting.session.version).await?;
        let sitting = self.at(id).await?;
        for sat in &sitting.members {
            self.pass(2);
            let answer = Answer { accepts: true, conflicts: Vec::new() };
            jury::answer(db, sat.user.id, &sitting, sat.version, answer).await?;
        }
        let sitting = self.at(id).await?;
        jury::open(db, manager, &sitting, sitting.session.version).await?;
        let sitting = self.at(id).await?;
        self.clock.set(sitting.session.starts_at);
        let present: Vec<Uuid> = sitting.members.iter().map(|sat| sat.member.id).collect();
        jury::roll_call(db, manager, &sitting, &present, sitting.session.version).await?;
        self.at(id).await
    }

    async fn at(&self, id: Uuid) -> Result<Sitting> {
        let found = jury::find(self.db, &[self.organisation].into(), id).await?;
        found.context("the session exists")
    }

    /// Everything is proposed and decided, and the chair closes.
    async fn close(&self, sitting: &Sitting) -> Result<()> {
        let matters = store::deliberation::of_session(self.db, &sitting.session).await?;
        let on_table: Vec<(&Matter, &Block)> = matters
            .iter()
            .flat_map(|matter| deposited(matter).into_iter().map(move |block| (matter, block)))
            .collect();
        for ((matter, block), verdict) in on_table.into_iter().zip(DECIDED.into_iter().cycle()) {
            self.pass(3);
            let ruling = ruling(block, verdict);
            for member in 0..sitting.members.len() {
                let speaking = speaking(sitting, member, matter);
                store::deliberation::propose(self.db, &speaking, ruling.clone()).await?;
            }
            store::deliberation::decide(self.db, &speaking(sitting, 0, matter), ruling).await?;
        }
        let heard = jury::candidates(self.db, sitting.session.id).await?;
        let heard = heard.iter().map(|candidate| candidate.slot.ends_at()).max();
        self.clock.set(heard.context("a candidate")?.max(self.clock.now()));
        self.pass(10);
        let chair = self.jurors[0];
        let sitting = &self.at(sitting.session.id).await?;
        store::minutes::close(self.db, chair, sitting, sitting.session.version).await?;
        self.pass(5);
        let text = "Madame Carpentier a quitté la séance après la dernière décision.";
        store::minutes::amend(self.db, chair, sitting, None, text, None).await?;
        Ok(())
    }

    /// Three members have spoken on the first candidate; the chair has decided nothing yet.
    async fn propose(&self, sitting: &Sitting) -> Result<()> {
        let matters = store::deliberation::of_session(self.db, &sitting.session).await?;
        let matter = matters.first().context("a candidate")?;
        for block in deposited(matter) {
            for (member, verdict) in PROPOSED.into_iter().enumerate() {
                self.pass(1);
                let speaking = speaking(sitting, member, matter);
                store::deliberation::propose(self.db, &speaking, ruling(block, verdict)).await?;
            }
        }
        Ok(())
    }

    fn pass(&self, minutes: i64) -> chrono::DateTime<chrono::Utc> {
        let now = self.clock.now() + TimeDelta::minutes(minutes);
        self.clock.set(now);
        now
    }
}

fn deposited(matter: &Matter) -> Vec<&Block> {
    let blocks = matter.certification.blocks.iter();
    blocks.filter(|block| matter.deposited.contains(&block.code)).collect()
}

fn professional(chair: bool, employment: Employment) -> MemberProfile {
    MemberProfile {
        chair,
        voting: true,
        external: true,
        professional: true,
        employment: Some(employment),
        experience_years: Some(12),
        qualification_level: Some(7),
        ..MemberProfile::default()
    }
}

fn speaking<'a>(sitting: &'a Sitting, member: usize, matter: &Matter) -> Speaking<'a> {
    let by = sitting.members[member].user.id;
    Speaking { by, sitting, candidate: matter.candidate, version: 0 }
}

fn ruling(block: &Block, verdict: Verdict) -> Ruling {
    let motive = match verdict {
        Verdict::Validated => "Les preuves sont solides et bien commentées.",
        Verdict::Partial => {
            "Une compétence n’est montrée que par un travail de groupe, sans part propre."
        }
        Verdict::Refused => {
            "Les livrables ne permettent pas de juger du travail du candidat lui-même."
        }
        Verdict::Postponed => {
            "Une pièce annoncée manquait au dossier\u{a0}: le candidat la présentera à la session suivante."
        }
    };
    let first = block.assessed().next().map(str::to_owned);
    Ruling {
        block: block.code.clone(),
        verdict,
        missing: first.filter(|_| verdict == Verdict::Partial).into_iter().collect(),
        transversal: if verdict == Verdict::Validated {
            block.transversal.clone()
        } else {
            Vec::new()
        },
        motive: motive.to_owned(),
    }
}
