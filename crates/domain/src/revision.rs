//! What an evidence was each time it was handed in, and what changed from one time to the next.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::{
    evidence::{EvidenceContent, FileInfo},
    person::User,
};

/// What was submitted once. Never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    pub number: u32,
    pub submitted_at: DateTime<Utc>,
    pub submitted_by: User,
    pub content: EvidenceContent,
    pub files: Vec<FileInfo>,
    /// Since the submission before; absent of the first.
    pub changes: Option<Changes>,
}

/// What differs between two submissions. The values themselves are in both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// Everything but the text, the competencies and the files, which are told below.
    pub fields: Vec<ContentField>,
    /// The text in parts that read on from one another; empty where it did not change.
    pub text: Vec<TextPart>,
    /// Keys of competencies.
    pub competencies_added: Vec<String>,
    pub competencies_removed: Vec<String>,
    /// Those whose justification is not the same.
    pub competencies_reworded: Vec<String>,
    pub files_added: Vec<FileInfo>,
    pub files_removed: Vec<FileInfo>,
}

/// A field of the content, by the name that it has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContentField {
    Kind,
    Title,
    StartsOn,
    EndsOn,
    Organisation,
    Siret,
    Country,
    InCompany,
    SupervisorName,
    SupervisorFunction,
    SupervisorEmail,
    Language,
    CefrLevel,
    IssuedOn,
    ValidUntil,
    Links,
    Requirements,
    Modality,
    Visibility,
}

/// A stretch of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextPart {
    pub kind: TextPartKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TextPartKind {
    Same,
    Added,
    Removed,
}

/// Content and files of one submission.
pub type Submitted<'a> = (&'a EvidenceContent, &'a [FileInfo]);

/// What changed from one submission to the next.
pub fn changes(before: Submitted, after: Submitted) -> Changes {
    let ((old, old_files), (new, new_files)) = (before, after);
    let mut changes = Changes {
        fields: changed_fields(old, new),
        text: if old.text == new.text { Vec::new() } else { text_parts(&old.text, &new.text) },
        files_added: without(new_files, old_files),
        files_removed: without(old_files, new_files),
        ..Changes::default()
    };
    let reasons = |content: &EvidenceContent| -> BTreeMap<String, String> {
        let links = content.competencies.iter();
        links.map(|link| (link.competency.clone(), link.justification.clone())).collect()
    };
    let mut earlier = reasons(old);
    for link in &new.competencies {
        match earlier.remove(&link.competency) {
            None => changes.competencies_added.push(link.competency.clone()),
            Some(reason) if reason != link.justification => {
                changes.competencies_reworded.push(link.competency.clone());
            }
            Some(_) => {}
        }
    }
    changes.competencies_removed = earlier.into_keys().collect();
    changes
}

/// The files of one submission that the other does not have. The same content under the same name
/// is the same file, even when it was sent anew.
fn without(files: &[FileInfo], others: &[FileInfo]) -> Vec<FileInfo> {
    let same = |a: &FileInfo, b: &FileInfo| a.sha256 == b.sha256 && a.name == b.name;
    files.iter().filter(|file| !others.iter().any(|other| same(file, other))).cloned().collect()
}

fn changed_fields(old: &EvidenceContent, new: &EvidenceContent) -> Vec<ContentField> {
    let EvidenceContent {
        kind,
        title,
        text: _,
        starts_on,
        ends_on,
        organisation,
        siret,
        country,
        in_company,
        supervisor_name,
        supervisor_function,
        supervisor_email,
        language,
        cefr_level,
        issued_on,
        valid_until,
        links,
        competencies: _,
        requirements,
        modality,
        visibility,
    } = old;
    [
        (ContentField::Kind, *kind != new.kind),
        (ContentField::Title, *title != new.title),
        (ContentField::StartsOn, *starts_on != new.starts_on),
        (ContentField::EndsOn, *ends_on != new.ends_on),
        (ContentField::Organisation, *organisation != new.organisation),
        (ContentField::Siret, *siret != new.siret),
        (ContentField::Country, *country != new.country),
        (ContentField::InCompany, *in_company != new.in_company),
        (ContentField::SupervisorName, *supervisor_name != new.supervisor_name),
        (ContentField::SupervisorFunction, *supervisor_function != new.supervisor_function),
        (ContentField::SupervisorEmail, *supervisor_email != new.supervisor_email),
        (ContentField::Language, *language != new.language),
        (ContentField::CefrLevel, *cefr_level != new.cefr_level),
        (ContentField::IssuedOn, *issued_on != new.issued_on),
        (ContentField::ValidUntil, *valid_until != new.valid_until),
        (ContentField::Links, *links != new.links),
        (ContentField::Requirements, *requirements != new.requirements),
        (ContentField::Modality, *modality != new.modality),
        (ContentField::Visibility, *visibility != new.visibility),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}

/// Word by word, with neighbours of one kind joined.
fn text_parts(old: &str, new: &str) -> Vec<TextPart> {
    let mut parts: Vec<TextPart> = Vec::new();
    for change in TextDiff::from_words(old, new).iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => TextPartKind::Same,
            ChangeTag::Insert => TextPartKind::Added,
            ChangeTag::Delete => TextPartKind::Removed,
        };
        match parts.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => parts.push(TextPart { kind, text: change.value().to_owned() }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        certification::CefrLevel,
        evidence::{EvidenceKind, Link, Visibility},
        fixtures::{day, moment, project, shows},
    };

    fn file(id: u128, name: &str, content: &str) -> FileInfo {
        FileInfo {
            id: Uuid::from_u128(id),
            name: name.to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 1,
            sha256: content.to_owned(),
            created_at: moment("2026-03-02T10:00:00Z"),
        }
    }

    #[test]
    fn nothing_changes_between_two_that_are_alike() {
        let files = [file(1, "a.pdf", "aa")];
        let again = [file(2, "a.pdf", "aa")];
        let one = project();
        assert_eq!(changes((&one, &files), (&one, &again)), Changes::default());
    }

    #[test]
    fn each_field_is_named_when_it_changes() {
        type Change = fn(&mut EvidenceContent);
        let table: [(Change, ContentField); 19] = [
            (|e| e.kind = EvidenceKind::Report, ContentField::Kind),
            (|e| e.title.push('s'), ContentField::Title),
            (|e| e.starts_on = Some(day("2026-01-05")), ContentField::StartsOn),
            (|e| e.ends_on = Some(day("2026-01-05")), ContentField::EndsOn),
            (|e| e.organisation = Some("A".to_owned()), ContentField::Organisation),
            (|e| e.siret = Some("A".to_owned()), ContentField::Siret),
            (|e| e.country = Some("DE".to_owned()), ContentField::Country),
            (|e| e.in_company = true, ContentField::InCompany),
            (|e| e.supervisor_name = Some("A".to_owned()), ContentField::SupervisorName),
            (|e| e.supervisor_function = Some("A".to_owned()), ContentField::SupervisorFunction),
            (|e| e.supervisor_email = Some("A".to_owned()), ContentField::SupervisorEmail),
            (|e| e.language = Some("en".to_owned()), ContentField::Language),
            (|e| e.cefr_level = Some(CefrLevel::B2), ContentField::CefrLevel),
            (|e| e.issued_on = Some(day("2026-01-05")), ContentField::IssuedOn),
            (|e| e.valid_until = Some(day("2026-01-05")), ContentField::ValidUntil),
            (
                |e| e.links = vec![Link { label: String::new(), url: String::new() }],
                ContentField::Links,
            ),
            (|e| e.requirements = vec!["CV".to_owned()], ContentField::Requirements),
            (|e| e.modality = Some("B1-M".to_owned()), ContentField::Modality),
            (|e| e.visibility = Visibility::School, ContentField::Visibility),
        ];
        for (change, field) in table {
            let mut after = project();
            change(&mut after);
            let expected = Changes { fields: vec![field], ..Changes::default() };
            assert_eq!(changes((&project(), &[]), (&after, &[])), expected);
            assert_eq!(changes((&after, &[]), (&project(), &[])), expected, "and back");
        }
    }

    #[test]
    fn competencies_come_go_and_are_reworded() {
        let mut old = project();
        old.competencies = vec![shows("alone"), shows("shared"), shows("team")];
        let mut new = project();
        new.competencies = vec![shows("apart"), shows("team"), shows("alone")];
        new.competencies[2].justification = "J’ai mesuré.".to_owned();
        let changes = changes((&old, &[]), (&new, &[]));
        assert_eq!(changes.competencies_added, ["apart"]);
        assert_eq!(changes.competencies_removed, ["shared"]);
        assert_eq!(changes.competencies_reworded, ["alone"]);
        assert!(changes.fields.is_empty(), "their order says nothing");
    }

    #[test]
    fn a_file_is_told_by_its_name_and_its_content() {
        let old = [file(1, "a.pdf", "aa"), file(2, "b.pdf", "bb")];
        let new = [file(1, "a.pdf", "aa"), file(3, "b.pdf", "cc"), file(4, "c.pdf", "bb")];
        let one = project();
        let changes = changes((&one, &old), (&one, &new));
        let names = |files: &[FileInfo]| -> Vec<String> {
            files.iter().map(|file| format!("{} {}", file.name, file.sha256)).collect()
        };
        assert_eq!(names(&changes.files_added), ["b.pdf cc", "c.pdf bb"]);
        assert_eq!(names(&changes.files_removed), ["b.pdf bb"]);
    }

    #[test]
    fn the_words_of_a_text_are_marked() {
        let marked = |old: &str, new: &str| -> String {
            text_parts(old, new)
                .iter()
                .map(|part| match part.kind {
                    TextPartKind::Same => part.text.clone(),
                    TextPartKind::Added => format!("+[{}]", part.text),
                    TextPartKind::Removed => format!("-[{}]", part.text),
                })
                .collect()
        };
        for (old, new, expected) in [
            ("J’ai livré.", "J’ai livré le service.", "J’ai -[livré.]+[livré le service.]"),
            ("un deux trois", "un trois", "un -[deux ]trois"),
            ("", "Voilà", "+[Voilà]"),
            ("Voilà", "", "-[Voilà]"),
            ("a\n\nb", "a\n\nc", "a\n\n-[b]+[c]"),
        ] {
            assert_eq!(marked(old, new), expected, "{old:?} → {new:?}");
        }
    }

    #[test]
    fn the_parts_of_a_text_hold_both_texts_whole() {
        let (old, new) = ("Un texte,\nécrit  ici.", "Un autre texte,\n\nécrit là.");
        let without = |kind| -> String {
            let parts = text_parts(old, new).into_iter().filter(move |part| part.kind != kind);
            parts.map(|part| part.text).collect()
        };
        assert_eq!(without(TextPartKind::Added), old);
        assert_eq!(without(TextPartKind::Removed), new);
    }
}
