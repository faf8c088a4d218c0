//! The minutes of a session.

use domain::{
    capitalisation::Term,
    jury::{
        Attendance, JuryMember,
        minutes::{
            MinutesCandidate, MinutesContent, MinutesDecision, MinutesWaiver, NamedCompetency,
            Sealed,
        },
    },
};
use uuid::Uuid;

use super::words;
use crate::{
    Amendment, CandidateDecisions, Decision, Handover, Member, Minutes, Seal, Vote, Waiver,
};

/// As a reader who left the room for so many candidates reads them.
pub fn minutes(sealed: &Sealed, left_out: usize) -> Minutes {
    let content = &sealed.content;
    let closing = content.closing.as_ref().map(|check| &check.rules);
    Minutes {
        school: super::named(&content.organisation),
        certification: super::certification(&content.certification),
        route: words::route(content.route).to_owned(),
        session: content.title.clone(),
        date: super::moment(content.held_at()).date(),
        opened_at: super::moment(content.opened_at),
        closed_at: super::moment(content.closed_at),
        place: place(content),
        statement: super::non_empty(&content.statement),
        members: content.members.iter().map(member).collect(),
        composition: content.opening.rules.iter().map(words::rule).collect(),
        closing: closing
            .filter(|rules| **rules != content.opening.rules)
            .map(|rules| rules.iter().map(words::rule).collect())
            .unwrap_or_default(),
        handovers: content
            .handovers
            .iter()
            .map(|one| Handover {
                at: super::moment(one.at),
                from: one.from.clone(),
                to: one.to.clone(),
            })
            .collect(),
        left_out,
        candidates: content.candidates.iter().map(|one| candidate(content, one)).collect(),
        seal: Seal {
            at: super::moment(sealed.sealed_at),
            by: sealed.sealed_by.to_string(),
            sha256: sealed.sha256.clone(),
        },
        amendments: sealed
            .amendments
            .iter()
            .map(|one| Amendment {
                about: one.about.and_then(|candidate| name(content, candidate)),
                ..amendment(one)
            })
            .collect(),
    }
}

pub(super) fn amendment(amendment: &domain::jury::minutes::Amendment) -> Amendment {
    Amendment {
        at: super::moment(amendment.at),
        about: None,
        by: amendment.by.to_string(),
        text: amendment.text.clone(),
        sha256: amendment.sha256.clone(),
    }
}

fn name(content: &MinutesContent, candidate: Uuid) -> Option<String> {
    let found = content.candidates.iter().find(|one| one.id == candidate)?;
    Some(format!("{} {}", found.given_name, found.family_name))
}

fn place(content: &MinutesContent) -> String {
    match (super::non_empty(&content.place), content.remote) {
        (Some(place), true) => format!("{place}, et à distance"),
        (Some(place), false) => place,
        (None, _) => "À distance".to_owned(),
    }
}

fn member(member: &JuryMember) -> Member {
    Member {
        name: member.name.clone(),
        quality: words::quality(member),
        organisation: member.company.clone(),
        chair: member.chair,
        voting: member.voting,
        present: member.attendance == Attendance::Present,
    }
}

fn candidate(content: &MinutesContent, candidate: &MinutesCandidate) -> CandidateDecisions {
    let check = content.closing.as_ref().unwrap_or(&content.opening);
    let checks = check.candidates.iter().find(|one| one.candidate == candidate.id);
    let left = |member: &&JuryMember| candidate.recused.contains(&member.id);
    CandidateDecisions {
        holder: super::holder(&candidate.given_name, &candidate.family_name),
        dossier_version: candidate.dossier.number,
        manifest_sha256: candidate.dossier.manifest_sha256.clone(),
        recused: content.members.iter().filter(left).map(|one| one.name.clone()).collect(),
        quorum: candidate.quorum.iter().map(words::rule).collect(),
        independence: checks
            .iter()
            .flat_map(|checks| &checks.independence)
            .map(|check| words::independence(check, &content.members))
            .collect(),
        decisions: candidate.decisions.iter().map(decision).collect(),
        waivers: candidate.waivers.iter().map(waiver).collect(),
        certification_obtained: candidate.certification_obtained,
    }
}

fn decision(decision: &MinutesDecision) -> Decision {
    Decision {
        code: decision.block.clone(),
        title: decision.title.clone(),
        outcome: words::outcome(decision.verdict),
        motive: super::non_empty(&decision.motive),
        missing: lines(&decision.missing),
        transversal: lines(&decision.transversal),
        expires_on: last_day(decision),
        votes: decision
            .votes
            .iter()
            .map(|vote| Vote { member: vote.name.clone(), outcome: words::outcome(vote.verdict) })
            .collect(),
        casting_vote: decision.casting_vote_used,
    }
}

/// Competencies, one a line.
pub(super) fn lines(competencies: &[NamedCompetency]) -> Option<String> {
    let lines: Vec<String> = competencies
        .iter()
        .map(|one| match &one.code {
            Some(code) => format!("{code}, {}", one.text),
            None => one.text.clone(),
        })
        .collect();
    super::non_empty(&lines.join("\n"))
}

fn last_day(decision: &MinutesDecision) -> Option<chrono::NaiveDate> {
    match decision.term {
        Some(Term::Until { last_day }) => Some(last_day),
        _ => None,
    }
}

fn waiver(waiver: &MinutesWaiver) -> Waiver {
    Waiver {
        requirement: waiver.label.clone(),
        by: waiver.granted_by.clone(),
        motive: waiver.motive.clone(),
    }
}
