//! Who is in the demonstration. All invented, at addresses that cannot exist.

use domain::person::Identity;

use super::places::{COMPANIES, SCHOOL_DOMAIN};

/// A given and a family name, and whether the person is spoken of in the feminine.
pub type Name = (&'static str, &'static str, bool);

pub const ADMINISTRATOR: Name = ("Solenn", "Kervadec", true);
pub const MANAGER: Name = ("Abdelkader", "Rahmouni", false);
pub const JURY: [Name; 2] = [("Bénédicte", "Vauquelin", true), ("Thierry", "Massamba", false)];

pub const SCHOOL_TUTORS: [Name; 8] = [
    ("Maëlle", "Guivarc'h", true),
    ("Pascal", "Thibaudeau", false),
    ("Yamina", "Ferhat", true),
    ("Loïc", "Abgrall", false),
    ("Catarina", "Moreira", true),
    ("Étienne", "Lavergne", false),
    ("Nguyet", "Pham-Delmas", true),
    ("Gaëtan", "Rousselot", false),
];

/// One in each company, in their order.
pub const COMPANY_TUTORS: [Name; COMPANIES.len()] = [
    ("Delphine", "Cariou", true),
    ("Karim", "Bensalah", false),
    ("Josiane", "Pouliquen", true),
    ("Mathieu", "Trividic", false),
    ("Séverine", "Morvan-Leroux", true),
    ("Hervé", "Chauvineau", false),
    ("Fatoumata", "Camara-Brunet", true),
    ("Olivier", "Durasse", false),
    ("Priya", "Ramanathan", true),
    ("Yannick", "Lebreuilly", false),
    ("Corinne", "Beaussant", true),
    ("Tiago", "Vasconcelos", false),
    ("Nadège", "Rolleau", true),
    ("Frédéric", "Zanetti", false),
    ("Anne-Lise", "Kermorgant", true),
    ("Mehdi", "Ouazzani", false),
    ("Stéphanie", "Gillouard", true),
    ("Grégory", "Woźniak", false),
    ("Aurore", "Tessandier", true),
    ("Jean-Noël", "Quéméneur", false),
];

/// Twelve for each of the five cohorts.
pub const STUDENTS: [[Name; 12]; 5] = [
    [
        ("Inès", "Belhadj", true),
        ("Théo", "Marchadour", false),
        ("Awa", "Ndiaye-Petit", true),
        ("Lucas", "Ferronnière", false),
        ("Manon", "Le Guennec", true),
        ("Rayan", "Chouikhi", false),
        ("Clara", "Vandamme", true),
        ("Duc Anh", "Tran", false),
        ("Jade", "Poupard", true),
        ("Mathis", "Goasguen", false),
        ("Sofia", "Ribeiro", true),
        ("Yanis", "Haddouche", false),
    ],
    [
        ("Camille", "Ollivaud", true),
        ("Ibrahima", "Sow", false),
        ("Léa", "Champenois", true),
        ("Enzo", "Gallinari", false),
        ("Nour", "El Amrani", true),
        ("Baptiste", "Rouxel", false),
        ("Anaïs", "Kouassi", true),
        ("Tom", "Desvignes", false),
        ("Zoé", "Harnois", true),
        ("Kévin", "Mouanda", false),
        ("Elif", "Yıldırım", true),
        ("Florian", "Cadoret", false),
    ],
    [
        ("Gabriel", "Ollichon", false),
        ("Sarah", "Benchetrit", true),
        ("Hugo", "Taillandeau", false),
        ("Mariam", "Diarra", true),
        ("Nathan", "Le Floc'h", false),
        ("Lina", "Mokhtari", true),
        ("Adrien", "Bouguenec", false),
        ("Chloé", "Sarrazin", true),
        ("Aboubacar", "Touré-Lenoir", false),
        ("Éva", "Mallard", true),
        ("Paul", "Guéguen", false),
        ("Thi Mai", "Nguyen-Roy", true),
    ],
    [
        ("Océane", "Tanguy-Roux", true),
        ("Samuel", "Abitbol", false),
        ("Romane", "Jolivet", true),
        ("Moussa", "Keïta", false),
        ("Alice", "Brossier", true),
        ("Quentin", "Ménoret", false),
        ("Assia", "Zeroual", true),
        ("Dylan", "Payet", false),
        ("Louise", "Hémon", true),
        ("Antoine", "Szymański", false),
        ("Maïssa", "Guerfi", true),
        ("Evan", "Rio", false),
    ],
    [
        ("Noé", "Lamandé", false),
        ("Amina", "Bouchareb", true),
        ("Jules", "Pasquereau", false),
        ("Juliette", "Thoraval", true),
        ("Malo", "Quintric", false),
        ("Fanta", "Cissokho", true),
        ("Arthur", "Vrignaud", false),
        ("Emma", "Dos Reis", true),
        ("Sacha", "Lévêquot", false),
        ("Agathe", "Monnereau", true),
        ("Ilyes", "Ben Amor", false),
        ("Margaux", "Kerneis", true),
    ],
];

pub fn identity((given, family, _): Name, domain: &str) -> Identity {
    Identity {
        email: format!("{}.{}@{domain}", plain(given), plain(family)),
        given_name: given.replace('\'', "’"),
        family_name: family.replace('\'', "’"),
    }
}

pub fn at_school(name: Name) -> Identity {
    identity(name, SCHOOL_DOMAIN)
}

/// A name in the letters of an address.
pub fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            'à' | 'â' | 'ä' => Some('a'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'î' | 'ï' | 'ı' => Some('i'),
            'ô' | 'ö' => Some('o'),
            'ù' | 'û' | 'ü' => Some('u'),
            'ç' => Some('c'),
            'ń' | 'ñ' => Some('n'),
            'ź' => Some('z'),
            ' ' => Some('-'),
            letter if letter.is_ascii_alphanumeric() || letter == '-' => Some(letter),
            _ => None,
        })
        .collect()
}
