//! The school's own grids: one that was published again during the year, and one that gives a
//! competency without a block a place.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use domain::{
    certification::{Certification, Criterion},
    grid::{GridContent, Mapping},
};
use store::{Db, certification::Published, grid::Start};
use uuid::Uuid;

use super::{
    calendar::{Calendar, after, working_day},
    places::french,
};

/// A publication of the year.
#[derive(Clone, Copy)]
pub struct Publication {
    pub code: &'static str,
    /// In days: after the opening, or before today where it is negative.
    day: i64,
    content: fn(&Certification) -> GridContent,
}

/// By certification, each in its order.
pub const PUBLICATIONS: [Publication; 3] = [
    Publication { code: "RNCP21947", day: 3, content: first },
    Publication { code: "RNCP42008", day: 3, content: mapped },
    Publication { code: "RNCP21947", day: -27, content: second },
];

impl Publication {
    pub fn at(&self, calendar: &Calendar) -> DateTime<Utc> {
        let day = match u64::try_from(self.day) {
            Ok(days) => after(calendar.opening, days),
            Err(_) => calendar.ago(self.day.unsigned_abs()),
        };
        working_day(day).and_hms_opt(13, 20, 0).expect("a time of the day").and_utc()
    }
}

/// The certification as the school's last grid makes it in the end, which portfolios are planned
/// for: what was assessed before stands on what was in force then.
pub fn planned(certification: &Certification) -> Certification {
    let last = PUBLICATIONS.iter().rev().find(|one| one.code == certification.code);
    match last {
        Some(publication) => (publication.content)(certification).apply(certification),
        None => certification.clone(),
    }
}

/// The manager drafts it, writes it down and publishes it.
pub async fn publish(db: &Db, by: Uuid, published: &Published, index: usize) -> Result<()> {
    let publication = PUBLICATIONS.get(index).context("a publication is planned")?;
    let content = (publication.content)(&published.certification);
    let id = store::grid::create(db, by, published, Start::InForce, None).await?;
    store::grid::update(db, by, published, id, 1, &content).await?;
    store::grid::publish(db, by, published, id, 2).await?;
    Ok(())
}

/// The scale of a certification whose source gives none, which both of these use.
const LEVELS: [&str; 4] = ["non_acquis", "en_cours", "acquis", "maitrise"];

/// Key of a criterion, and what is seen at each level.
type Described = (&'static str, [&'static str; 4]);

const ARCHITECTURE: [Described; 2] = [
    (
        "1",
        [
            "Propose une architecture proche des normes sans la justifier",
            "Applique l'architecture de l'équipe, avec de l'aide pour les cas nouveaux",
            "Choisit une architecture et ses outils, et en donne les raisons",
            "Compare plusieurs architectures, mesure leurs limites et convainc l'équipe",
        ],
    ),
    (
        "2",
        [
            "Le code s'écarte des normes de l'équipe",
            "Suit les normes quand une relecture les rappelle",
            "Suit les normes et les fait suivre à la relecture",
            "Fait évoluer les normes et outille leur vérification",
        ],
    ),
];

const ANALYSIS: [Described; 1] = [(
    "1",
    [
        "Le dossier décrit l'existant sans méthode visible",
        "Le dossier suit une méthode ; des choix restent sans raison",
        "Le dossier est complet, chaque choix a sa raison et sa norme",
        "Le dossier sert de modèle à l'équipe",
    ],
)];

const NEED: (&str, &str, [&str; 4]) = (
    "besoin",
    "Faire valider le besoin par les utilisateurs avant de concevoir",
    [
        "Le besoin vient d'une seule personne",
        "Le besoin est recueilli ; il n'est pas validé",
        "Les utilisateurs ont validé le besoin par écrit",
        "Le besoin est validé, ordonné par valeur et suivi jusqu'à la livraison",
    ],
);

/// Descriptors for the first block.
fn first(certification: &Certification) -> GridContent {
    let mut content = GridContent::of(certification);
    describe(&mut content, "BC01-CE1", &ANALYSIS);
    describe(&mut content, "BC01-CE2", &ARCHITECTURE);
    content
}

/// One more criterion after half a year, with weights.
fn second(certification: &Certification) -> GridContent {
    let mut content = first(certification);
    let (key, text, levels) = NEED;
    for given in content.competencies.iter_mut().filter(|it| it.competency == "BC01-CE1") {
        given.criteria.iter_mut().for_each(|criterion| criterion.weight = Some(3));
        given.criteria.push(Criterion {
            weight: Some(1),
            descriptors: descriptors(levels),
            ..Criterion::plain(key, text)
        });
    }
    content
}

/// Data and artificial intelligence are assessed where the projects that need them are.
fn mapped(certification: &Certification) -> GridContent {
    let mut content = GridContent::of(certification);
    content.mappings =
        vec![Mapping { competency: "C4".to_owned(), block: "RNCP42008BC05".to_owned() }];
    content
}

fn describe(content: &mut GridContent, competency: &str, described: &[Described]) {
    for given in content.competencies.iter_mut().filter(|it| it.competency == competency) {
        for (key, levels) in described {
            for criterion in given.criteria.iter_mut().filter(|criterion| criterion.key == *key) {
                criterion.descriptors = descriptors(*levels);
            }
        }
    }
}

fn descriptors(levels: [&str; 4]) -> std::collections::BTreeMap<String, String> {
    LEVELS.into_iter().zip(levels).map(|(key, text)| (key.to_owned(), french(text))).collect()
}
