//! What a competency is about, told from its official wording.

use domain::certification::Competency;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Theme {
    Architecture,
    Change,
    Communication,
    Data,
    Database,
    Deployment,
    Development,
    Embedded,
    English,
    Green,
    Initiative,
    Legal,
    Maths,
    Needs,
    Network,
    Operations,
    Quality,
    Security,
    Steering,
    Strategy,
    Team,
    Testing,
    Watch,
}

/// Parts of words that tell a theme, in lower case, by how surely they do.
const WORDS: [(Theme, i32, &[&str]); 46] = [
    (Theme::Architecture, 5, &["architecture", "urbanisation", "proposer des solutions adaptées"]),
    (Theme::Architecture, 3, &["modélis", "conception de produits", "conceptualiser", "concevoir"]),
    (Theme::Change, 6, &["conduite de changement", "sensibiliser", "support et d'assistance"]),
    (Theme::Change, 3, &["accompagner les équipes", "former ", "correctifs ou palliatifs"]),
    (
        Theme::Communication,
        6,
        &["communiquer", "communication efficace", "documentation technique"],
    ),
    (Theme::Communication, 3, &["interlocuteurs", "rédaction", "présenter les résultats"]),
    (Theme::Data, 6, &["données massives", "business intelligence", "data science", "big data"]),
    (
        Theme::Data,
        4,
        &[
            "valorisant les données",
            "exploitation et sécurisation de l'information",
            "d'ia",
            "collecte",
            "tableaux de bord",
        ],
    ),
    (Theme::Database, 8, &["sgbd/", "surveiller l'activité du système"]),
    (Theme::Database, 3, &["bases de données", "base à de données"]),
    (
        Theme::Deployment,
        8,
        &[
            "déploiement continu",
            "mise en production",
            "mettre en production",
            "intégration continue",
            "mises à jour logicielles",
        ],
    ),
    (Theme::Deployment, 4, &["déploiement", "opérations continues", "orchestration", "déploy"]),
    (
        Theme::Development,
        6,
        &["front-end", "back-end", "programmation", "systèmes logiciels", "développer des"],
    ),
    (
        Theme::Development,
        3,
        &["prototypes", "langage", "développement et déploiement", "développement de solutions"],
    ),
    (
        Theme::Embedded,
        7,
        &["embarqué", "temps réel", "signal", "internet des objets", "mécaniques"],
    ),
    (Theme::Embedded, 2, &["systèmes numériques complexes"]),
    (Theme::English, 9, &["maîtriser l'anglais", "langues étrangères"]),
    (Theme::English, 3, &["en français et en anglais"]),
    (
        Theme::Green,
        8,
        &["écoconception", "économie verte", "développement durable", "approche responsable"],
    ),
    (Theme::Green, 3, &["environnementa", "sociétaux"]),
    (
        Theme::Initiative,
        7,
        &["entrepreneuriat", "auto-évaluation", "capacité d'intégration", "incertitude"],
    ),
    (Theme::Initiative, 2, &["innov"]),
    (Theme::Legal, 7, &["risques juridiques", "valeurs éthiques", "conformité aux cadres légaux"]),
    (Theme::Legal, 3, &["rgpd", "réglementaires et éthiques", "éthique", "juridiques"]),
    (
        Theme::Maths,
        7,
        &[
            "simulation numérique",
            "mathémati",
            "statistique",
            "calcul numérique",
            "connaissances scientifiques",
        ],
    ),
    (
        Theme::Maths,
        5,
        &[
            "calculs intensifs",
            "démarches expérimentales",
            "évaluer leur comportement",
            "problématiser",
        ],
    ),
    (
        Theme::Needs,
        6,
        &[
            "besoins réels",
            "faisabilité",
            "cahier des charges",
            "besoins de l'organisation",
            "recueillir et analyser les besoins",
        ],
    ),
    (
        Theme::Needs,
        4,
        &[
            "formalis",
            "situations techniques complexes",
            "spécifications",
            "analyser les besoins",
            "besoins des utilisateurs",
        ],
    ),
    (
        Theme::Network,
        8,
        &[
            "typologie des réseaux",
            "architecture réseau",
            "réseau informatique",
            "bande passante",
            "équipement réseau",
            "réseaux filaires",
        ],
    ),
    (
        Theme::Network,
        6,
        &[
            "administration de réseaux",
            "dysfonctionnements des réseaux",
            "performances des réseaux",
            "systèmes et réseaux",
        ],
    ),
    (
        Theme::Operations,
        7,
        &[
            "superviser un système",
            "maintenance",
            "continuité d'activité",
            "optimisation des applications",
            "exploitation des systèmes",
        ],
    ),
    (
        Theme::Operations,
        4,
        &["disponibilité", "infrastructures", "alertes", "performance opérationnelle"],
    ),
    (
        Theme::Quality,
        7,
        &["paq", "référentiels et normes", "intégrité du code", "mode d'organisation"],
    ),
    (Theme::Quality, 3, &["qualité", "qualification", "amélioration continue", "choix d'outils"]),
    (
        Theme::Security,
        8,
        &[
            "audit de risques",
            "menaces",
            "mesures de sécurité",
            "procédures de sécurité",
            "sécuriser le réseau",
            "plan de reprise",
        ],
    ),
    (Theme::Security, 5, &["cyber", "sécurisation", "sécurisés"]),
    (
        Theme::Steering,
        7,
        &[
            "cycle de vie et les étapes",
            "feuille de route",
            "risques du projet",
            "projets informatiques complexes",
            "management des projets",
            "gestion proactive",
            "périmètre d'un projet",
        ],
    ),
    (
        Theme::Steering,
        5,
        &[
            "projet de développement logiciel",
            "management de projets",
            "mener les projets",
            "conduire les projets",
            "pilotant le projet",
        ],
    ),
    (
        Theme::Strategy,
        7,
        &[
            "business plan",
            "sdi",
            "enjeux économiques",
            "économiques et financières",
            "valeur métier",
        ],
    ),
    (Theme::Strategy, 3, &["budget", "stratégi", "justifier des choix"]),
    (
        Theme::Team,
        9,
        &[
            "l'équipe du projet",
            "compétences nécessaires",
            "esprit d'équipe",
            "travailler en équipe",
        ],
    ),
    (Theme::Team, 4, &["multidisciplinaires", "animer", "équipes techniques"]),
    (
        Theme::Testing,
        8,
        &[
            "test unitaire",
            "plan de tests",
            "qualification et test",
            "procédures de test",
            "des tests",
        ],
    ),
    (Theme::Testing, 5, &["dysfonctionnements afin de développer", "tester les"]),
    (Theme::Watch, 9, &["une veille", "de veille"]),
    (Theme::Watch, 2, &["évolution technologique"]),
];

/// The themes of a competency, the surest first; two at most.
pub fn of(competency: &Competency) -> Vec<Theme> {
    let found = ranked(&competency.text);
    if !found.is_empty() {
        return found;
    }
    let criteria: Vec<&str> =
        competency.criteria.iter().map(|criterion| criterion.text.as_str()).collect();
    ranked(&criteria.join(" "))
}

fn ranked(text: &str) -> Vec<Theme> {
    let text = text.to_lowercase().replace('’', "'").replace('\u{a0}', " ");
    let mut scores: Vec<(i32, Theme)> = Vec::new();
    for (theme, weight, words) in WORDS {
        let found = words.iter().filter(|word| text.contains(*word)).count();
        let score = weight * i32::try_from(found).unwrap_or(i32::MAX);
        match scores.iter_mut().find(|(_, known)| *known == theme) {
            Some(known) => known.0 += score,
            None => scores.push((score, theme)),
        }
    }
    scores.retain(|(score, _)| *score > 0);
    scores.sort_by_key(|(score, theme)| (-score, *theme));
    let best = scores.first().map_or(0, |(score, _)| *score);
    scores.retain(|(score, _)| 2 * score >= best);
    scores.into_iter().take(2).map(|(_, theme)| theme).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_competency_of_the_catalogue_has_a_theme() {
        for builtin in catalog::builtin() {
            for competency in &builtin.certification.competencies {
                assert!(!of(competency).is_empty(), "{} {}", builtin.file, competency.text);
            }
        }
    }
}
