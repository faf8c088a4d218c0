//! People and their enrolments as a table lists them: which column is which, what each line asks
//! for, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;

use crate::{
    certification::RouteKind,
    enrolment::{LearnerStatus, TutorKind},
    fault::{Fault, Faults},
    person::{Identity, Role, normal_email},
};

/// Most lines of one file.
pub const LINES_MAX: usize = 5_000;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Column {
    GivenName,
    FamilyName,
    Email,
    Role,
    Cohort,
    Certification,
    Route,
    Status,
    Profile,
    StartsOn,
    EndsOn,
    CompanyTutor,
    SchoolTutor,
}

impl Column {
    /// In the order of the template, each by the names that are recognised, the template's first.
    const NAMES: [(Self, &'static [&'static str]); 13] = [
        (Self::GivenName, &["prénom", "first name", "given name", "firstname"]),
        (Self::FamilyName, &["nom", "nom de famille", "last name", "family name", "surname"]),
        (
            Self::Email,
            &["courriel", "email", "e-mail", "mail", "adresse électronique", "adresse e-mail"],
        ),
        (Self::Role, &["rôle", "rôles", "role", "roles"]),
        (Self::Cohort, &["promotion", "promo", "groupe", "cohort", "class"]),
        (Self::Certification, &["certification", "code rncp", "rncp", "fiche"]),
        (Self::Route, &["voie", "voie d’accès", "route", "access route"]),
        (Self::Status, &["statut", "status"]),
        (Self::Profile, &["profil", "profile"]),
        (Self::StartsOn, &["début", "date de début", "start", "start date", "starts on"]),
        (Self::EndsOn, &["fin", "date de fin", "end", "end date", "ends on"]),
        (
            Self::CompanyTutor,
            &["tuteur entreprise", "maître d’apprentissage", "company tutor", "tutrice entreprise"],
        ),
        (
            Self::SchoolTutor,
            &["tuteur école", "tutrice école", "school tutor", "tuteur pédagogique"],
        ),
    ];

    /// The column's name in the template.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(column, _)| *column == self).map_or("", |(_, names)| names[0])
    }

    /// The names of the template, in its order.
    pub fn template() -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().map(|(_, names)| names[0])
    }

    fn called(name: &str) -> Option<Self> {
        let name = plain(name);
        Self::NAMES
            .iter()
            .find(|(_, names)| names.iter().any(|known| plain(known) == name))
            .map(|(column, _)| *column)
    }
}

/// Lower case, without accents, one space between words: how names and words are compared.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'á' | 'â' | 'ä' | 'ã' => plain.push('a'),
            'ç' => plain.push('c'),
            'è' | 'é' | 'ê' | 'ë' => plain.push('e'),
            'ì' | 'í' | 'î' | 'ï' => plain.push('i'),
            'ñ' => plain.push('n'),
            'ò' | 'ó' | 'ô' | 'ö' => plain.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => plain.push('u'),
            'œ' => plain.push_str("oe"),
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    plain.trim().to_owned()
}

/// One line of a file, by its number there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: usize,
    pub cells: Vec<String>,
}

/// What a line asks for, as far as it can be told without looking at what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub number: usize,
    /// As written, to name the line to people.
    pub name: String,
    pub email: String,
    pub identity: Option<Identity>,
    pub roles: BTreeSet<Role>,
    pub enrolment: Option<Wanted>,
    pub tutors: BTreeMap<TutorKind, String>,
    pub faults: Vec<Fault>,
}

/// The enrolment that a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Name of the cohort.
    pub cohort: Option<String>,
    /// Code of the certification; the cohort's if absent.
    pub certification: Option<String>,
    pub route: RouteKind,
    pub status: LearnerStatus,
    pub profile: Option<String>,
    /// The cohort's if absent.
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
}

/// What importing a line does, or what keeps it from being imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedLine {
    /// The line's number in the file.
    pub line: usize,
    /// As written.
    pub name: String,
    pub email: String,
    /// The name that the person already has here, where it is another one: it is kept.
    pub known_as: Option<String>,
    /// Empty where the line changes nothing.
    pub steps: Vec<Step>,
    /// The field of each is the name of a column.
    pub faults: Vec<Fault>,
}

/// One thing that importing a line does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportStep))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Step {
    /// The person joins the organisation.
    AddPerson {
        roles: Vec<Role>,
    },
    /// The person is here already, and gets these roles too.
    AddRoles {
        roles: Vec<Role>,
    },
    Enrol {
        /// Code of the certification.
        certification: String,
        /// Name of the cohort.
        cohort: Option<String>,
    },
    AddTutor {
        tutor_kind: TutorKind,
        email: String,
    },
}

/// Reads a table whose first row names its columns. The faults of the header concern the whole.
pub fn read(rows: &[Row]) -> Result<Vec<Line>, Vec<Fault>> {
    let Some((header, rows)) = rows.split_first() else {
        return Err(vec![Fault::new("file", "empty_file", "Ce fichier est vide.")]);
    };
    let columns = columns(header)?;
    if rows.is_empty() {
        let detail = "Ce fichier n’a que sa ligne de titres : ajoutez une ligne par personne.";
        return Err(vec![Fault::new("file", "empty_file", detail)]);
    }
    if rows.len() > LINES_MAX {
        let detail = format!(
            "Ce fichier a {} lignes ; la limite est de {LINES_MAX}. Partagez-le en plusieurs.",
            rows.len()
        );
        return Err(vec![Fault::new("file", "too_many_lines", detail)]);
    }
    let mut lines: Vec<Line> = rows.iter().map(|row| line(row, &columns)).collect();
    compare(&mut lines);
    Ok(lines)
}

fn columns(header: &Row) -> Result<HashMap<Column, usize>, Vec<Fault>> {
    let mut columns = HashMap::new();
    let mut faults = Faults::default();
    for (index, name) in header.cells.iter().enumerate() {
        if name.trim().is_empty() {
            continue;
        }
        match Column::called(name) {
            None => faults.add(
                name.trim(),
                "unknown_column",
                format!(
                    "La colonne « {} » n’est pas connue. Colonnes possibles : {}.",
                    name.trim(),
                    Column::template().collect::<Vec<_>>().join(", ")
                ),
            ),
            Some(column) => {
                if columns.insert(column, index).is_some() {
                    faults.add(
                        column.name(),
                        "repeated_column",
                        format!("La colonne « {} » est là deux fois.", column.name()),
                    );
                }
            }
        }
    }
    for column in [Column::GivenName, Column::FamilyName, Column::Email] {
        if !columns.contains_key(&column) {
            faults.add(
                column.name(),
                "missing_column",
                format!(
                    "La colonne « {} » manque. La première ligne du fichier nomme les colonnes.",
                    column.name()
                ),
            );
        }
    }
    faults.into_result().map(|()| columns)
}

fn line(row: &Row, columns: &HashMap<Column, usize>) -> Line {
    let cell = |column: Column| -> &str {
        columns.get(&column).and_then(|index| row.cells.get(*index)).map_or("", |cell| cell.trim())
    };
    let some = |column: Column| Some(cell(column)).filter(|cell| !cell.is_empty());
    let mut faults = Faults::default();

    let (given, family, email) =
        (cell(Column::GivenName), cell(Column::FamilyName), cell(Column::Email));
    let identity = match Identity::parse(email, given, family) {
        Ok(identity) => Some(identity),
        Err(found) => {
            for Fault { field, code, detail } in found {
                let column = match field.as_str() {
                    "given_name" => Column::GivenName,
                    "family_name" => Column::FamilyName,
                    _ => Column::Email,
                };
                faults.add(column.name(), code, detail);
            }
            None
        }
    };

    let wants_enrolment = some(Column::Cohort).or(some(Column::Certification)).is_some();
    let roles = roles(cell(Column::Role), wants_enrolment, &mut faults);
    let enrolment = if wants_enrolment {
        wanted(&cell, &mut faults)
    } else {
        for column in [
            Column::Route,
            Column::Status,
            Column::Profile,
            Column::StartsOn,
            Column::EndsOn,
            Column::CompanyTutor,
            Column::SchoolTutor,
        ] {
            if some(column).is_some() {
                faults.add(
                    column.name(),
                    "without_enrolment",
                    "Cette information va avec une promotion ou une certification, qui manque.",
                );
            }
        }
        None
    };

    let tutors = if wants_enrolment { tutors(&cell, &mut faults) } else { BTreeMap::new() };

    Line {
        number: row.number,
        name: format!("{given} {family}").trim().to_owned(),
        email: normal_email(email),
        identity,
        roles,
        enrolment,
        tutors,
        faults: faults.into_result().err().unwrap_or_default(),
    }
}

/// The roles that a line names; a student's where it only enrols.
fn roles(text: &str, wants_enrolment: bool, faults: &mut Faults) -> BTreeSet<Role> {
    let mut roles = BTreeSet::new();
    for word in text.split([',', ';', '/', '+', '|']).map(plain) {
        match role(&word) {
            Some(role) => {
                roles.insert(role);
            }
            None if word.is_empty() => {}
            None => faults.add(
                Column::Role.name(),
                "unknown_role",
                "Ce rôle n’est pas connu : apprenti, tuteur entreprise, tuteur école, \
                 responsable, jury ou administration.",
            ),
        }
    }
    match (text.is_empty(), wants_enrolment) {
        (true, true) => {
            roles.insert(Role::Apprentice);
        }
        (true, false) => faults.add(
            Column::Role.name(),
            "required",
            "Indiquez un rôle, ou une promotion pour inscrire un apprenti.",
        ),
        (false, true) if !roles.contains(&Role::Apprentice) => faults.add(
            Column::Role.name(),
            "not_a_student",
            "Seul un apprenti est inscrit dans une promotion ou une certification.",
        ),
        (false, _) => {}
    }
    roles
}

/// The addresses of the tutors that a line assigns.
fn tutors<'a>(
    cell: &dyn Fn(Column) -> &'a str,
    faults: &mut Faults,
) -> BTreeMap<TutorKind, String> {
    let mut tutors = BTreeMap::new();
    for (column, kind) in
        [(Column::CompanyTutor, TutorKind::Company), (Column::SchoolTutor, TutorKind::School)]
    {
        let address = normal_email(cell(column));
        if address.is_empty() {
            continue;
        }
        if !address.contains('@') {
            faults.add(
                column.name(),
                "bad_email",
                "Le tuteur est désigné par son adresse électronique.",
            );
        } else if address == normal_email(cell(Column::Email)) {
            faults.add(column.name(), "own_tutor", "Une personne n’est pas son propre tuteur.");
        } else {
            tutors.insert(kind, address);
        }
    }
    tutors
}

fn wanted<'a>(cell: &dyn Fn(Column) -> &'a str, faults: &mut Faults) -> Option<Wanted> {
    let some =
        |column: Column| Some(cell(column)).filter(|cell| !cell.is_empty()).map(str::to_owned);
    let route_word = plain(cell(Column::Route));
    let route = route(&route_word);
    if route.is_none() {
        faults.add(
            Column::Route.name(),
            if route_word.is_empty() { "required" } else { "unknown_route" },
            "Indiquez la voie : étudiant, apprentissage, formation continue, \
             professionnalisation, individuelle ou VAE.",
        );
    }
    let status_word = plain(cell(Column::Status));
    let status = if status_word.is_empty() {
        route.map(usual_status)
    } else {
        let status = status(&status_word);
        if status.is_none() {
            faults.add(
                Column::Status.name(),
                "unknown_status",
                "Ce statut n’est pas connu : étudiant, apprenti, stagiaire, salarié ou candidat.",
            );
        }
        status
    };
    let mut day = |column: Column| {
        let text = some(column)?;
        let found = date(&text);
        if found.is_none() {
            faults.add(
                column.name(),
                "bad_date",
                format!("« {text} » n’est pas une date, par exemple 01/09/2026."),
            );
        }
        found
    };
    let (starts_on, ends_on) = (day(Column::StartsOn), day(Column::EndsOn));
    if some(Column::Cohort).is_none() && some(Column::StartsOn).is_none() {
        faults.add(Column::StartsOn.name(), "required", "Sans promotion, la date de début manque.");
    }
    Some(Wanted {
        cohort: some(Column::Cohort),
        certification: some(Column::Certification),
        route: route?,
        status: status?,
        profile: some(Column::Profile),
        starts_on,
        ends_on,
    })
}

fn role(word: &str) -> Option<Role> {
    Some(match word {
        "apprenti" | "apprentie" | "apprenant" | "apprenante" | "etudiant" | "etudiante"
        | "eleve" | "apprentice" | "student" => Role::Apprentice,
        "tuteur entreprise" | "tutrice entreprise" | "maitre d apprentissage" | "company tutor" => {
            Role::CompanyTutor
        }
        "tuteur ecole"
        | "tutrice ecole"
        | "tuteur pedagogique"
        | "tutrice pedagogique"
        | "school tutor" => Role::SchoolTutor,
        "responsable" | "responsable de formation" | "manager" => Role::Manager,
        "jury" | "membre de jury" => Role::Jury,
        "administration" | "administrateur" | "administratrice" | "administrator" => {
            Role::Administrator
        }
        _ => return None,
    })
}

fn route(word: &str) -> Option<RouteKind> {
    Some(match word {
        "etudiant" | "formation initiale" | "initiale" | "student" => RouteKind::Student,
        "apprentissage" | "contrat d apprentissage" | "alternance" | "apprenticeship" => {
            RouteKind::Apprenticeship
        }
        "formation continue" | "continue" | "continuing" => RouteKind::Continuing,
        "professionnalisation" | "contrat de professionnalisation" | "professionalisation" => {
            RouteKind::Professionalisation
        }
        "individuelle" | "candidature individuelle" | "individual" => RouteKind::Individual,
        "vae" | "experience" => RouteKind::Experience,
        _ => return None,
    })
}

fn status(word: &str) -> Option<LearnerStatus> {
    Some(match word {
        "etudiant" | "etudiante" | "eleve" | "student" => LearnerStatus::Student,
        "apprenti" | "apprentie" | "apprentice" => LearnerStatus::Apprentice,
        "stagiaire" | "stagiaire de la formation" | "trainee" => LearnerStatus::Trainee,
        "salarie" | "salariee" | "employee" => LearnerStatus::Employee,
        "candidat" | "candidate" => LearnerStatus::Candidate,
        _ => return None,
    })
}

/// The status that goes with a route where the line does not name one.
fn usual_status(route: RouteKind) -> LearnerStatus {
    match route {
        RouteKind::Student => LearnerStatus::Student,
        RouteKind::Apprenticeship => LearnerStatus::Apprentice,
        RouteKind::Continuing => LearnerStatus::Trainee,
        RouteKind::Professionalisation => LearnerStatus::Employee,
        RouteKind::Individual | RouteKind::Experience => LearnerStatus::Candidate,
    }
}

/// A day as people and spreadsheets write it: `2026-09-01`, `01/09/2026` with `/`, `.` or `-`, or a
/// spreadsheet's serial number (days since 30 December 1899, ECMA-376 part 1, 18.17.4).
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if text.len() == 5
        && let Ok(serial) = text.parse::<i64>()
    {
        return NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(TimeDelta::days(serial));
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A person who is on several lines has one name.
fn compare(lines: &mut [Line]) {
    let mut names: HashMap<String, (usize, Identity)> = HashMap::new();
    for line in lines {
        let Some(identity) = &line.identity else { continue };
        match names.get(&line.email) {
            None => {
                names.insert(line.email.clone(), (line.number, identity.clone()));
            }
            Some((first, known)) if known != identity => line.faults.push(Fault::new(
                Column::Email.name(),
                "other_name",
                format!(
                    "La ligne {first} donne la même adresse à {} {}.",
                    known.given_name, known.family_name
                ),
            )),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{day, wrong};

    fn table(lines: &[&str]) -> Vec<Row> {
        let row = |(index, line): (usize, &&str)| Row {
            number: index + 1,
            cells: line.split(';').map(str::to_owned).collect(),
        };
        lines.iter().enumerate().map(row).collect()
    }

    fn faults(line: &Line) -> Vec<String> {
        wrong::<()>(Err(line.faults.clone()))
    }

    #[test]
    fn columns_are_found_by_their_names_in_any_order() {
        for header in [
            "prénom;nom;courriel;rôle",
            "PRENOM;Nom de famille;E-Mail;Rôles",
            " First name ;Last_Name;email;Role",
        ] {
            let lines = read(&table(&[header, "Léa;Martin;Lea@Ecole.fr;apprentie"])).expect(header);
            let identity = lines[0].identity.as_ref().expect("a person");
            assert_eq!(identity.email, "lea@ecole.fr", "{header}");
            assert_eq!(lines[0].roles, BTreeSet::from([Role::Apprentice]));
            assert_eq!(lines[0].faults, []);
        }
        let lines = read(&table(&["Mail;;Nom;Prénom;Role", "a@b.fr;x;Martin;Léa;jury"])).unwrap();
        assert_eq!(lines[0].name, "Léa Martin");
    }

    #[test]
    fn a_header_that_is_not_understood_is_refused() {
        for (lines, expected) in [
            (&[][..], &["file: empty_file"][..]),
            (&["prénom;nom;courriel;rôle"], &["file: empty_file"]),
            (&["prénom;nom", "Léa;Martin"], &["courriel: missing_column"]),
            (&["prénom;nom;courriel;âge", "Léa;Martin;a@b.fr;20"], &["âge: unknown_column"]),
            (
                &["prénom;nom;courriel;mail", "Léa;Martin;a@b.fr;a@b.fr"],
                &["courriel: repeated_column"],
            ),
        ] {
            assert_eq!(wrong(read(&table(lines))), expected, "{lines:?}");
        }
        let many = vec!["prénom;nom;courriel"; LINES_MAX + 2];
        assert_eq!(wrong(read(&table(&many))), ["file: too_many_lines"]);
    }

    #[test]
    fn what_is_wrong_with_a_line() {
        const HEADER: &str = "prénom;nom;courriel;rôle;promotion;certification;voie;statut;début;\
                              fin;tuteur entreprise;tuteur école";
        for (line, expected) in [
            ("Léa;Martin;a@b.fr;;Promo;;apprentissage;;;;;", &[][..]),
            ("Léa;Martin;a@b.fr;apprentie;Promo;;VAE;candidat;;;;", &[]),
            ("Léa;Martin;a@b.fr;apprenti, tuteur école;;;;;;;;", &[]),
            ("Léa;Martin;a@b.fr;;;RNCP1;apprentissage;;01/09/2026;;c@d.fr;e@f.fr", &[]),
            ("Léa;;pas une adresse;jury;;;;;;;;", &["nom: required", "courriel: bad_email"]),
            ("Léa;Martin;a@b.fr;;;;;;;;;", &["rôle: required"]),
            ("Léa;Martin;a@b.fr;chef;;;;;;;;", &["rôle: unknown_role"]),
            ("Léa;Martin;a@b.fr;jury;Promo;;VAE;;;;;", &["rôle: not_a_student"]),
            ("Léa;Martin;a@b.fr;;Promo;;;;;;;", &["voie: required"]),
            ("Léa;Martin;a@b.fr;;Promo;;métro;;;;;", &["voie: unknown_route"]),
            ("Léa;Martin;a@b.fr;;Promo;;VAE;roi;;;;", &["statut: unknown_status"]),
            (
                "Léa;Martin;a@b.fr;;Promo;;VAE;;31/02/2026;hier;;",
                &["début: bad_date", "fin: bad_date"],
            ),
            ("Léa;Martin;a@b.fr;;;RNCP1;VAE;;;;;", &["début: required"]),
            (
                "Léa;Martin;a@b.fr;jury;;;VAE;;;;c@d.fr;",
                &["voie: without_enrolment", "tuteur entreprise: without_enrolment"],
            ),
            (
                "Léa;Martin;a@b.fr;;Promo;;VAE;;;;Paul;A@B.fr",
                &["tuteur entreprise: bad_email", "tuteur école: own_tutor"],
            ),
        ] {
            let lines = read(&table(&[HEADER, line])).expect("a header");
            assert_eq!(faults(&lines[0]), expected, "{line}");
        }
    }

    #[test]
    fn what_a_line_leaves_open_has_a_usual_value() {
        let lines = read(&table(&[
            "prénom;nom;courriel;promotion;voie;début",
            "Léa;Martin;a@b.fr;Promo;Contrat d’apprentissage;1/9/2026",
        ]))
        .unwrap();
        let wanted = lines[0].enrolment.as_ref().expect("an enrolment");
        assert_eq!(wanted.status, LearnerStatus::Apprentice);
        assert_eq!((wanted.starts_on, wanted.ends_on), (Some(day("2026-09-01")), None));
        assert_eq!(wanted.cohort.as_deref(), Some("Promo"));
    }

    #[test]
    fn one_address_is_one_person() {
        let lines = read(&table(&[
            "prénom;nom;courriel;rôle",
            "Léa;Martin;a@b.fr;apprenti",
            "Léa;Martin;A@b.fr;jury",
            "Paul;Martin;a@b.fr;jury",
        ]))
        .unwrap();
        let found: Vec<_> = lines.iter().map(faults).collect();
        assert_eq!(found, [vec![], vec![], vec!["courriel: other_name".to_owned()]]);
    }

    #[test]
    fn dates_as_people_and_spreadsheets_write_them() {
        for (text, expected) in [
            ("2026-09-01", Some("2026-09-01")),
            ("01/09/2026", Some("2026-09-01")),
            (" 1.9.2026 ", Some("2026-09-01")),
            ("31-12-2026", Some("2026-12-31")),
            ("46266", Some("2026-09-01")),
            ("31/02/2026", None),
            ("09/2026", None),
            ("01/09/26", None),
            ("demain", None),
            ("", None),
        ] {
            assert_eq!(date(text), expected.map(day), "{text:?}");
        }
    }
}
