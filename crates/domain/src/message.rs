//! What a student and their tutors say to each other about an evidence.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    fault::{Fault, Faults},
    person::User,
};

pub const MESSAGE_MAX: usize = 4_000;

/// As what a person speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Student,
    CompanyTutor,
    SchoolTutor,
}

/// Said once, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub by: User,
    /// What the person was to the student at that moment.
    pub speaks_as: Speaker,
    pub text: String,
}

/// What a message must satisfy.
pub fn check_message(text: &str) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    faults.text("text", text, MESSAGE_MAX);
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::wrong;

    #[test]
    fn a_message_says_something_and_not_too_much() {
        let long = "é".repeat(MESSAGE_MAX + 1);
        for (text, faults) in [
            ("Où est l’annexe ?", &[][..]),
            ("  \n", &["text: required"]),
            (&long, &["text: too_long"]),
            (&long[2..], &[]),
            ("a\u{7}", &["text: bad_character"]),
        ] {
            assert_eq!(wrong(check_message(text)), faults);
        }
    }
}
