//! The companies of the demonstration, all invented, and the words that templates take from them.

use super::dice::Dice;

/// A company, or the school seen as the place of a project.
pub struct Place {
    pub name: &'static str,
    /// Domain of its addresses.
    pub domain: &'static str,
    /// Applications that people work on there.
    pub apps: [&'static str; 3],
    /// Who uses them.
    pub users: &'static str,
    /// A department, in the singular.
    pub service: &'static str,
    /// What is measured or recorded there, in the plural.
    pub data: &'static str,
}

const fn place(
    name: &'static str,
    domain: &'static str,
    apps: [&'static str; 3],
    users: &'static str,
    service: &'static str,
    data: &'static str,
) -> Place {
    Place { name, domain, apps, users, service, data }
}

/// One company tutor comes from each.
pub const COMPANIES: [Place; 20] = [
    place(
        "Transports Ker Avel",
        "keravel.example",
        ["le suivi des tournées", "le planning des chauffeurs", "la facturation des affrètements"],
        "les exploitants",
        "le service exploitation",
        "les relevés de livraison",
    ),
    place(
        "Mutuelle du Sillon",
        "mutuelle-sillon.example",
        ["l'espace adhérent", "la gestion des devis optiques", "le suivi des remboursements"],
        "les gestionnaires",
        "le service prestations",
        "les demandes de remboursement",
    ),
    place(
        "Laiteries du Bocage Vert",
        "bocagevert.example",
        [
            "le suivi des livraisons de lait",
            "la traçabilité des lots",
            "le portail des producteurs",
        ],
        "les producteurs",
        "le service qualité",
        "les analyses de lait",
    ),
    place(
        "Noroît Maintenance Éolienne",
        "noroit-eolien.example",
        [
            "le carnet de maintenance des éoliennes",
            "le suivi des pièces détachées",
            "la planification des interventions",
        ],
        "les équipes d'intervention",
        "le centre de conduite",
        "les mesures de vibration",
    ),
    place(
        "Charpentes Morvan-Leroux",
        "morvan-leroux.example",
        ["le suivi des chantiers", "la gestion des bons de commande", "le planning de l'atelier"],
        "les conducteurs de travaux",
        "le bureau d'études",
        "les relevés de chantier",
    ),
    place(
        "Clinique des Trois Rives",
        "clinique-3rives.example",
        ["la prise de rendez-vous", "le suivi des dispositifs médicaux", "le planning des blocs"],
        "les équipes soignantes",
        "le secrétariat médical",
        "les délais d'attente",
    ),
    place(
        "Sextant Assurances",
        "sextant-assur.example",
        ["la déclaration de sinistre", "le suivi des expertises", "l'extranet des courtiers"],
        "les courtiers",
        "le service sinistres",
        "les déclarations de sinistre",
    ),
    place(
        "Librairies Grand Vent",
        "librairies-grandvent.example",
        ["la gestion des stocks", "le retrait en magasin", "le programme de fidélité"],
        "les libraires",
        "la logistique",
        "les ventes par rayon",
    ),
    place(
        "Logis Santé Logiciels",
        "logis-sante.example",
        ["le dossier de soins", "le carnet de vaccination", "l'agenda partagé"],
        "les cabinets médicaux",
        "le support client",
        "les tickets du support",
    ),
    place(
        "Communauté de communes d'Erdre-et-Sillon",
        "erdre-et-sillon.example",
        ["le guichet des familles", "la réservation des salles", "le cadastre solaire"],
        "les agents",
        "l'accueil du public",
        "les demandes des usagers",
    ),
    place(
        "Fonderies de l'Authion",
        "fonderies-authion.example",
        ["la supervision des fours", "le suivi des rebuts", "la gestion des moules"],
        "les équipes de coulée",
        "l'atelier",
        "les températures de coulée",
    ),
    place(
        "Studio Marée Haute",
        "maree-haute.example",
        [
            "le site d'un réseau de campings",
            "la boutique d'une brasserie",
            "l'extranet d'un syndicat mixte",
        ],
        "les clients de l'agence",
        "l'équipe projet",
        "les statistiques de visite",
    ),
    place(
        "Vérins de l'Estuaire",
        "verins-estuaire.example",
        [
            "le suivi des ordres de fabrication",
            "la gestion des non-conformités",
            "le banc d'essai des vérins",
        ],
        "les régleurs",
        "le service méthodes",
        "les mesures du banc d'essai",
    ),
    place(
        "Banque des Deux Rives",
        "banque-2rives.example",
        ["l'ouverture de compte", "le simulateur de prêt", "le suivi des virements"],
        "les conseillers",
        "la conformité",
        "les opérations signalées",
    ),
    place(
        "Régie des Eaux de l'Ognon-Mer",
        "eaux-ognonmer.example",
        ["la télérelève des compteurs", "le suivi des fuites", "la planification des astreintes"],
        "les agents de terrain",
        "le centre technique",
        "les relevés de compteurs",
    ),
    place(
        "Vigie Sécurité Informatique",
        "vigie-si.example",
        ["le portail des vulnérabilités", "le suivi des alertes", "la gestion des certificats"],
        "les analystes",
        "le centre de supervision",
        "les journaux d'événements",
    ),
    place(
        "Rocade Hébergement",
        "rocade-hebergement.example",
        [
            "le portail de commande des serveurs",
            "la supervision des hyperviseurs",
            "le suivi des sauvegardes",
        ],
        "les équipes d'exploitation",
        "l'équipe d'astreinte",
        "les mesures de charge",
    ),
    place(
        "Le Courrier des Marais",
        "courrier-marais.example",
        ["la régie des annonces", "l'abonnement en ligne", "le gestionnaire d'articles"],
        "les journalistes",
        "la rédaction",
        "les audiences du site",
    ),
    place(
        "Sillage Robotique",
        "sillage-robotique.example",
        ["la télémétrie des robots", "la carte des parcelles", "la mise à jour des automates"],
        "les maraîchers",
        "le laboratoire d'essais",
        "les trames des capteurs",
    ),
    place(
        "Comptoir de la Marée",
        "comptoir-maree.example",
        ["la criée en ligne", "l'étiquetage des lots", "le suivi de la chaîne du froid"],
        "les mareyeurs",
        "la salle des ventes",
        "les relevés de température",
    ),
];

pub const SCHOOL_NAME: &str = "Institut des métiers du numérique de Nantes";
pub const SCHOOL_DOMAIN: &str = "imn.example";

pub const SCHOOL: Place = place(
    "l'école",
    SCHOOL_DOMAIN,
    ["le prêt de matériel", "le covoiturage du campus", "l'annuaire des anciens"],
    "les étudiants",
    "la scolarité",
    "les mesures de la station",
);

/// The words of one evidence: the same wherever it speaks.
pub struct Words(Vec<(String, String)>);

impl Words {
    pub fn new(place: &Place, dice: &mut Dice) -> Self {
        let app = dice.pick(&place.apps);
        let mut words = Vec::new();
        for (name, phrase) in
            [("app", app), ("users", place.users), ("service", place.service), ("data", place.data)]
        {
            words.push((format!("{{{name}}}"), phrase.to_owned()));
            words.push((format!("{{{}}}", capital(name)), capital(phrase)));
            for (article, word) in
                [("du", of(phrase)), ("des", of(phrase)), ("au", to(phrase)), ("aux", to(phrase))]
            {
                words.push((format!("{{{article} {name}}}"), word));
            }
        }
        words.push(("{firm}".to_owned(), place.name.to_owned()));
        words.push(("{Firm}".to_owned(), capital(place.name)));
        words.push(("{de firm}".to_owned(), of(place.name)));
        for (name, low, high) in [("n", 3, 8), ("d", 12, 44), ("p", 22, 68)] {
            let number = dice.between(low, high).to_string();
            words.push((format!("{{{}}}", capital(name)), number.clone()));
            words.push((format!("{{{name}}}"), number));
        }
        Self(words)
    }

    /// The text with its words, as French is printed.
    pub fn fill(&self, text: &str) -> String {
        let filled =
            self.0.iter().fold(text.to_owned(), |text, (name, word)| text.replace(name, word));
        debug_assert!(!filled.contains(['{', '}']), "a word is missing: {filled}");
        french(&filled)
    }
}

/// « de » before a noun phrase.
pub fn of(phrase: &str) -> String {
    if phrase == "Le Courrier des Marais" {
        // The article of a newspaper's name contracts in speech.
        return "du Courrier des Marais".to_owned();
    }
    match phrase.split_once(' ') {
        Some(("le", rest)) => format!("du {rest}"),
        Some(("les", rest)) => format!("des {rest}"),
        _ if phrase.starts_with(['A', 'E', 'I', 'O', 'U', 'É']) => format!("d'{phrase}"),
        _ => format!("de {phrase}"),
    }
}

/// « à » before a noun phrase.
fn to(phrase: &str) -> String {
    match phrase.split_once(' ') {
        Some(("le", rest)) => format!("au {rest}"),
        Some(("les", rest)) => format!("aux {rest}"),
        _ => format!("à {phrase}"),
    }
}

pub fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Apostrophes and non-breaking spaces as French printing has them.
pub fn french(text: &str) -> String {
    let mut text = text.replace('\'', "’").replace("« ", "«\u{a0}").replace(" »", "\u{a0}»");
    for mark in [":", ";", "!", "?", "%"] {
        text = text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    text
}
