//! A thousand students in a moment: one is made over HTTP, the others are copies of their rows.

use crate::support::TestApp;

/// Copies an enrolment with its student, its tutors, its evidence and what has been said of it, until
/// there are `copies` more of them. Every column goes along, whichever there are.
pub async fn copy_enrolment(app: &TestApp, enrolment: &str, copies: usize, first: usize) {
    let copy = Copy::new(app, enrolment).await;
    let mut statements = vec!["BEGIN".to_owned()];
    for number in first..first + copies {
        statements.extend(copy.statements(number));
    }
    statements.push("COMMIT".to_owned());
    app.tamper(&statements.join(";\n")).await;
}

/// The rows to copy, as the tables and columns that they stand in.
struct Copy {
    is_postgres: bool,
    enrolment: String,
    student: String,
    evidence: Vec<String>,
    assessments: Vec<String>,
    visits: Vec<String>,
    signatures: Vec<(String, String)>,
    columns: Vec<(&'static str, Vec<String>)>,
}

const TABLES: [&str; 10] = [
    "users",
    "memberships",
    "enrolments",
    "enrolment_tutors",
    "evidence",
    "evidence_competencies",
    "assessments",
    "assessment_ratings",
    "visits",
    "visit_signatures",
];

impl Copy {
    async fn new(app: &TestApp, enrolment: &str) -> Self {
        let is_postgres = app.is_postgres();
        let mut columns = Vec::new();
        for table in TABLES {
            let names = if is_postgres {
                format!(
                    "SELECT column_name::text AS text FROM information_schema.columns WHERE table_name = '{table}'"
                )
            } else {
                format!("SELECT name AS text FROM pragma_table_info('{table}')")
            };
            columns.push((table, app.texts(&names).await));
        }
        let mut copy = Self {
            is_postgres,
            enrolment: enrolment.to_owned(),
            student: String::new(),
            evidence: Vec::new(),
            assessments: Vec::new(),
            visits: Vec::new(),
            signatures: Vec::new(),
            columns,
        };
        let here = copy.literal(enrolment);
        let ids = |column: &str, table: &str, by: &str| {
            let text =
                if is_postgres { format!("{column}::text") } else { format!("hex({column})") };
            format!("SELECT {text} AS text FROM {table} WHERE {by} = {here}")
        };
        copy.student = app.texts(&ids("student_id", "enrolments", "id")).await.remove(0);
        copy.evidence = app.texts(&ids("id", "evidence", "enrolment_id")).await;
        copy.assessments = app.texts(&ids("id", "assessments", "enrolment_id")).await;
        copy.visits = app.texts(&ids("id", "visits", "enrolment_id")).await;
        for visit in &copy.visits {
            let text = if is_postgres { "id::text" } else { "hex(id)" };
            let of_visit = copy.literal(visit);
            let query =
                format!("SELECT {text} AS text FROM visit_signatures WHERE visit_id = {of_visit}");
            let found = app.texts(&query).await;
            copy.signatures.extend(found.into_iter().map(|id| (id, visit.clone())));
        }
        copy
    }

    fn literal(&self, id: &str) -> String {
        if self.is_postgres {
            format!("'{id}'::uuid")
        } else {
            format!("X'{}'", id.replace('-', ""))
        }
    }

    /// The id that stands for this one in the copy of that number.
    fn copied(&self, id: &str, number: usize) -> String {
        let digits = id.replace('-', "");
        // The last digits of a UUIDv7 are random.
        self.literal(&format!(
            "{}-{}-{}-{}-{}{number:08x}",
            &digits[..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
            &digits[20..24],
        ))
    }

    fn statements(&self, number: usize) -> Vec<String> {
        let enrolment = ("enrolment_id", &self.enrolment);
        let mut statements = vec![
            self.copy("users", "id", &self.student, &[("id", &self.student)], number),
            self.copy(
                "memberships",
                "user_id",
                &self.student,
                &[("user_id", &self.student)],
                number,
            ),
            self.copy(
                "enrolments",
                "id",
                &self.enrolment,
                &[("id", &self.enrolment), ("student_id", &self.student)],
                number,
            ),
            self.copy("enrolment_tutors", "enrolment_id", &self.enrolment, &[enrolment], number),
        ];
        for id in &self.evidence {
            statements.push(self.copy("evidence", "id", id, &[("id", id), enrolment], number));
            let ids = [("evidence_id", id), enrolment];
            statements.push(self.copy("evidence_competencies", "evidence_id", id, &ids, number));
        }
        for id in &self.assessments {
            statements.push(self.copy("assessments", "id", id, &[("id", id), enrolment], number));
            let ids = [("assessment_id", id), enrolment];
            statements.push(self.copy("assessment_ratings", "assessment_id", id, &ids, number));
        }
        for id in &self.visits {
            statements.push(self.copy("visits", "id", id, &[("id", id), enrolment], number));
        }
        for (id, visit) in &self.signatures {
            let ids = [("id", id), ("visit_id", visit)];
            statements.push(self.copy("visit_signatures", "id", id, &ids, number));
        }
        statements
    }

    fn copy(
        &self,
        table: &str,
        key: &str,
        id: &str,
        new: &[(&str, &String)],
        number: usize,
    ) -> String {
        let (_, columns) = self.columns.iter().find(|(name, _)| *name == table).expect("a table");
        let value = |column: &String| match new.iter().find(|(name, _)| name == column) {
            Some((_, old)) => self.copied(old, number),
            None if column == "email" => format!("'copie{number}@ecole.fr'"),
            None => format!("\"{column}\""),
        };
        let quoted: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let values: Vec<String> = columns.iter().map(value).collect();
        format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE {key} = {}",
            quoted.join(", "),
            values.join(", "),
            self.literal(id),
        )
    }
}
