//! Credentials of what was obtained: what anybody can verify, and what its holder shows.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    enrolment::CertificationRef,
    fault::{Fault, Faults},
    person::User,
};

/// Longest reason of a revocation, in characters.
const REASON_MAX: usize = 1_000;

/// What a credential is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Awarded {
    /// A block that a jury validated.
    Block {
        /// The validation, of which a person may have several for one block.
        validated_block: Uuid,
    },
    /// The whole certification.
    Certification,
}

/// What was obtained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Award {
    pub subject: Awarded,
    pub certification: CertificationRef,
    /// Absent where it is the whole certification.
    pub block: Option<BlockName>,
    /// Day of the jury.
    pub awarded_on: NaiveDate,
    /// The last day on which it is in force, where it has one.
    pub last_day: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockName {
    pub code: String,
    pub title: String,
}

/// What the holder lets the public page show beside the award, its school and its date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shown {
    /// The holder's name.
    pub holder: bool,
    /// What the award is made of.
    pub competencies: bool,
}

/// Where a credential stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    Valid,
    /// What it is of is no more in force.
    Expired,
    /// Its issuer took it back.
    Revoked,
}

impl CredentialState {
    /// A revocation outlasts everything else.
    pub fn of(revoked: bool, last_day: Option<NaiveDate>, today: NaiveDate) -> Self {
        if revoked {
            Self::Revoked
        } else if last_day.is_some_and(|last_day| last_day < today) {
            Self::Expired
        } else {
            Self::Valid
        }
    }
}

/// Who took a credential back, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revocation {
    pub at: DateTime<Utc>,
    pub by: User,
    pub reason: String,
}

/// A credential as its holder and the school's managers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credential {
    pub id: Uuid,
    /// What the address of the public page ends with.
    pub token: String,
    pub award: Award,
    pub state: CredentialState,
    /// Day of a later validation of the same block, which took the place of this one; what was
    /// attested stays true.
    pub renewed_on: Option<NaiveDate>,
    pub issued_at: DateTime<Utc>,
    pub revocation: Option<Revocation>,
    pub shown: Shown,
    pub version: i32,
}

/// A credential as anybody sees it who has its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicCredential {
    pub state: CredentialState,
    pub award: PublicAward,
    pub school: String,
    pub issued_on: NaiveDate,
    pub revoked_on: Option<NaiveDate>,
    /// Given name and family name, where the holder shows it.
    pub holder: Option<String>,
    /// What the award is made of, where the holder shows it.
    pub competencies: Option<Vec<PublicCompetency>>,
}

/// An award without what leads further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicAward {
    pub certification_code: String,
    pub certification_title: String,
    /// Absent where it is the whole certification.
    pub block: Option<BlockName>,
    /// Day of the jury.
    pub awarded_on: NaiveDate,
    /// The last day on which it is in force, where it has one.
    pub last_day: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicCompetency {
    pub code: String,
    pub text: String,
}

/// A revocation says why.
pub fn check_reason(reason: &str) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    faults.text("reason", reason, REASON_MAX);
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_lasts_as_long_as_what_it_is_of_unless_it_is_taken_back() {
        use CredentialState::{Expired, Revoked, Valid};
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2031-03-10");
        for (revoked, last_day, state) in [
            (false, None, Valid),
            (false, Some("2031-03-10"), Valid),
            (false, Some("2031-03-09"), Expired),
            (true, None, Revoked),
            (true, Some("2031-03-09"), Revoked),
        ] {
            assert_eq!(CredentialState::of(revoked, last_day.map(day), today), state);
        }
    }
}
