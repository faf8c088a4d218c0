//! The credential itself (Open Badges 3.0, sections 5 and 8).

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::StatusEntry;

pub(crate) const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// What was achieved, by whom, and who says so.
#[derive(Debug)]
pub struct Badge<'a> {
    /// Address of the page that verifies it.
    pub id: &'a str,
    pub issuer: Issuer<'a>,
    pub recipient: Recipient<'a>,
    pub achievement: Achievement,
    /// When the jury decided.
    pub awarded_at: DateTime<Utc>,
    /// When it was issued.
    pub valid_from: DateTime<Utc>,
    /// The first moment at which it is no more in force.
    pub valid_until: Option<DateTime<Utc>>,
    pub status: StatusEntry<'a>,
}

/// A school that issues.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    /// Address of its profile.
    pub id: &'a str,
    pub name: &'a str,
    /// Address of its site.
    pub url: &'a str,
}

/// Who holds it: recognised by who knows the address already, and told to nobody else.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    pub email: &'a str,
    /// Random, one for each credential, so that two of them do not tell of the same person.
    pub salt: &'a str,
}

#[derive(Debug)]
pub struct Achievement {
    pub id: String,
    pub kind: AchievementKind,
    pub code: String,
    /// Label of the version of its certification.
    pub version: String,
    pub name: String,
    pub description: String,
    /// How it is earned.
    pub criteria: String,
    pub alignments: Vec<Alignment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AchievementKind {
    /// A block of competencies, which is kept for itself.
    Block,
    Certification,
}

/// What an achievement answers to in a framework.
#[derive(Debug)]
pub struct Alignment {
    pub kind: TargetKind,
    pub name: String,
    pub code: String,
    pub framework: String,
    /// Where it is described.
    pub url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    Competency,
    Certification,
}

impl Issuer<'_> {
    /// As it stands in credentials.
    fn to_json(self) -> Value {
        let Self { id, name, url } = self;
        json!({ "id": id, "type": ["Profile"], "name": name, "url": url })
    }

    /// As it is served at its own address.
    pub fn to_profile(self) -> Value {
        let mut profile = self.to_json();
        profile["@context"] = json!([CREDENTIALS_V2, OPEN_BADGES]);
        profile
    }
}

impl Recipient<'_> {
    /// Open Badges 3.0, section B.4.3 (`IdentityObject`).
    fn to_json(self) -> Value {
        let Self { email, salt } = self;
        let hash = hex::encode(Sha256::digest(format!("{email}{salt}")));
        json!({
            "type": "IdentityObject",
            "hashed": true,
            "identityHash": format!("sha256${hash}"),
            "identityType": "emailAddress",
            "salt": salt,
        })
    }
}

impl Achievement {
    fn to_json(&self) -> Value {
        let Self { id, kind, code, version, name, description, criteria, alignments } = self;
        let kind = match kind {
            AchievementKind::Block => "Certificate",
            AchievementKind::Certification => "Certification",
        };
        json!({
            "id": id,
            "type": ["Achievement"],
            "achievementType": kind,
            "humanCode": code,
            "version": version,
            "inLanguage": "fr",
            "name": name,
            "description": description,
            "criteria": { "narrative": criteria },
            "alignment": alignments.iter().map(Alignment::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Alignment {
    fn to_json(&self) -> Value {
        let Self { kind, name, code, framework, url } = self;
        let kind = match kind {
            TargetKind::Competency => "ceasn:Competency",
            TargetKind::Certification => "ceterms:Credential",
        };
        json!({
            "type": ["Alignment"],
            "targetType": kind,
            "targetName": name,
            "targetCode": code,
            "targetFramework": framework,
            "targetUrl": url,
        })
    }
}

impl Badge<'_> {
    /// The credential, to be signed by its issuer.
    pub fn to_json(&self) -> Value {
        let Self { id, issuer, recipient, achievement, .. } = self;
        let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut credential = json!({
            "@context": [CREDENTIALS_V2, OPEN_BADGES],
            "id": id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": achievement.name,
            "description": achievement.description,
            "issuer": issuer.to_json(),
            "awardedDate": time(self.awarded_at),
            "validFrom": time(self.valid_from),
            "credentialSubject": {
                // Another one for each credential: it names nobody.
                "id": format!("{id}#titulaire"),
                "type": ["AchievementSubject"],
                "identifier": [recipient.to_json()],
                "achievement": achievement.to_json(),
            },
            "credentialStatus": self.status.to_json(),
            "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
        });
        if let Some(until) = self.valid_until {
            credential["validUntil"] = time(until).into();
        }
        credential
    }
}
