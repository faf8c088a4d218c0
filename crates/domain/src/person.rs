//! What people are in an organisation.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fault::{Fault, Faults};

/// A person, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub given_name: String,
    pub family_name: String,
}

/// A person by name alone, for readers who have no need of their address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonName {
    pub id: Uuid,
    pub given_name: String,
    pub family_name: String,
}

impl From<User> for PersonName {
    fn from(User { id, given_name, family_name, .. }: User) -> Self {
        Self { id, given_name, family_name }
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.given_name, self.family_name)
    }
}

/// A school or training centre: the tenant that every row belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organisation {
    pub id: Uuid,
    pub name: String,
}

/// What a person is in one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    pub organisation: Organisation,
    pub roles: Vec<Role>,
}

/// A person of an organisation, as its managers see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    #[serde(flatten)]
    pub user: User,
    pub organisation_id: Uuid,
    pub roles: Vec<Role>,
    /// Whether they have chosen a password yet.
    pub has_password: bool,
    /// Stands for their name and address as they are now: who corrects them names it.
    pub version: i32,
}

/// A role held in one organisation. A person may hold several, in several organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Apprentice,
    CompanyTutor,
    SchoolTutor,
    Manager,
    Jury,
    Administrator,
}

impl Role {
    pub const ALL: [Self; 6] = [
        Self::Apprentice,
        Self::CompanyTutor,
        Self::SchoolTutor,
        Self::Manager,
        Self::Jury,
        Self::Administrator,
    ];

    /// Whether it opens other people's accounts and data: its holder gets no link that nobody asked
    /// for.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Manager | Self::Administrator)
    }

    /// Whether its holder comes so seldom that a link by mail is the way in, and a password none.
    pub fn enters_by_link(self) -> bool {
        matches!(self, Self::CompanyTutor | Self::Jury)
    }
}

/// Shortest password; NIST SP 800-63B, section 5.1.1.2, asks for 8 and advises more.
pub const PASSWORD_MIN: usize = 12;
/// Longest password, so that hashing it costs no more than a sentence.
pub const PASSWORD_MAX: usize = 200;

/// Length in characters; no rule on classes of characters (NIST SP 800-63B, section 5.1.1.2).
pub fn check_password(field: &str, password: &str, faults: &mut Faults) {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        faults.add(
            field,
            "too_short",
            format!("Choisissez un mot de passe d’au moins {PASSWORD_MIN} caractères."),
        );
    }
    faults.at_most(field, password, PASSWORD_MAX);
}

/// An address in the form that is stored and compared: trimmed and in lower case.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An address is whole, as far as can be told without writing to it.
pub(crate) fn check_email(field: &str, email: &str, faults: &mut Faults) {
    faults.at_most(field, email, 254);
    let well_formed = email.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
            && !email.contains(char::is_whitespace)
    });
    if !well_formed {
        faults.add(
            field,
            "bad_email",
            "Cette adresse n’est pas une adresse électronique, par exemple prenom.nom@ecole.fr.",
        );
    }
}

/// Who a person is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub email: String,
    pub given_name: String,
    pub family_name: String,
}

impl Identity {
    /// Names are trimmed and the address normalised.
    pub fn parse(email: &str, given_name: &str, family_name: &str) -> Result<Self, Vec<Fault>> {
        let identity = Self {
            email: normal_email(email),
            given_name: given_name.trim().to_owned(),
            family_name: family_name.trim().to_owned(),
        };
        let mut faults = Faults::default();
        faults.text("given_name", &identity.given_name, 100);
        faults.text("family_name", &identity.family_name, 100);
        check_email("email", &identity.email, &mut faults);
        faults.into_result().map(|()| identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::wrong;

    #[test]
    fn an_address_is_normalised_or_refused() {
        for (email, stored) in [
            ("lea.martin@ecole.fr", Some("lea.martin@ecole.fr")),
            ("  Lea.Martin@Ecole.FR\n", Some("lea.martin@ecole.fr")),
            ("lea+stage@info.ecole.fr", Some("lea+stage@info.ecole.fr")),
            ("", None),
            ("lea", None),
            ("@ecole.fr", None),
            ("lea@", None),
            ("lea@ecole", None),
            ("lea@.fr", None),
            ("lea@ecole.", None),
            ("lea@ecole@fr.fr", None),
            ("lea martin@ecole.fr", None),
        ] {
            let parsed = Identity::parse(email, "Léa", "Martin");
            match stored {
                Some(stored) => assert_eq!(parsed.expect(email).email, stored),
                None => assert_eq!(wrong(parsed), ["email: bad_email"], "{email:?}"),
            }
        }
        let long = format!("{}@ecole.fr", "a".repeat(250));
        assert_eq!(wrong(Identity::parse(&long, "Léa", "Martin")), ["email: too_long"]);
    }

    #[test]
    fn a_person_has_two_names() {
        let long = "a".repeat(101);
        for (given, family, faults) in [
            (" Léa ", "Martin", &[][..]),
            (" ", "Martin", &["given_name: required"]),
            ("Léa", "", &["family_name: required"]),
            (long.as_str(), "Martin", &["given_name: too_long"]),
        ] {
            assert_eq!(wrong(Identity::parse("lea@ecole.fr", given, family)), faults);
        }
    }

    #[test]
    fn a_password_is_measured_in_characters() {
        for (password, faults) in [
            ("é".repeat(PASSWORD_MIN - 1), &["password: too_short"][..]),
            ("é".repeat(PASSWORD_MIN), &[]),
            ("a".repeat(PASSWORD_MAX), &[]),
            ("a".repeat(PASSWORD_MAX + 1), &["password: too_long"]),
        ] {
            let mut found = Faults::default();
            check_password("password", &password, &mut found);
            assert_eq!(wrong(found.into_result()), faults, "{}", password.len());
        }
    }
}
