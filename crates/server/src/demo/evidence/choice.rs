//! Which projects a student logs, so that they show what the stage asks for.

use super::{Fate, Mode, On, Planner};
use crate::demo::{dice::Dice, students::Stage, templates::Template, themes::Theme};

impl Planner<'_> {
    /// The competencies that the student works on: of each block what its mode asks for, then some
    /// of those that are in no block.
    pub(super) fn targets(&mut self) -> Vec<String> {
        let certification = self.certification;
        let mut targets: Vec<String> = Vec::new();
        let mut add = |keys: &[&str], share: usize| {
            let count = (keys.len() * share).div_ceil(100);
            for key in &keys[..count] {
                if !targets.iter().any(|known| known == key) {
                    targets.push((*key).to_owned());
                }
            }
        };
        for (block, mode) in certification.blocks.iter().zip(&self.modes) {
            let mut keys: Vec<&str> = block.assessed().collect();
            let share = match mode {
                Mode::Full => 100,
                Mode::Mixed => 75,
                Mode::Started => 40,
                Mode::Empty => 0,
            };
            if *mode != Mode::Full {
                self.dice.shuffle(&mut keys);
            }
            add(&keys, share);
        }
        let mut outside: Vec<&str> = certification
            .competencies
            .iter()
            .map(|competency| competency.key.as_str())
            .filter(|key| !certification.is_in_a_block(key))
            .collect();
        self.dice.shuffle(&mut outside);
        let share = match self.student.stage {
            Stage::Newcomer => 0,
            Stage::Beginning => 20,
            Stage::Underway => 45,
            Stage::Advanced => 80,
            Stage::Complete => 100,
        };
        add(&outside, share);
        targets
    }

    /// Accepted projects until each target is shown, and a believable number of them.
    pub(super) fn cover(&mut self, targets: &[String]) {
        let least = match self.student.stage {
            Stage::Newcomer | Stage::Beginning => 2,
            Stage::Underway => 4,
            Stage::Advanced => 6,
            Stage::Complete => 8,
        };
        let mut wanted = targets.to_vec();
        let mut chosen = Vec::new();
        while !wanted.is_empty() || chosen.len() < least {
            let Some((template, links)) = self.choose(&wanted, targets) else { break };
            wanted.retain(|key| !links.iter().any(|(linked, _)| linked == key));
            chosen.push((template, links));
        }
        self.dice.shuffle(&mut chosen);
        let count = chosen.len();
        for (index, (template, links)) in chosen.into_iter().enumerate() {
            let day = self.spread(index, count);
            let may_be_mended = day < self.calendar.ago(80);
            let fate =
                if may_be_mended && self.dice.percent(18) { Fate::Mended } else { Fate::Accepted };
            self.log(template, &links, fate, day);
        }
    }

    /// The template that shows the most of what is wanted, with what it shows.
    fn choose(
        &mut self,
        wanted: &[String],
        allowed: &[String],
    ) -> Option<(&'static Template, Vec<(String, Theme)>)> {
        let (index, links) = self
            .templates
            .iter()
            .enumerate()
            .map(|(index, template)| (index, self.links(template, wanted, allowed)))
            .filter(|(_, links)| !links.is_empty())
            .max_by_key(|(index, links)| {
                let new = links.iter().filter(|(key, _)| wanted.contains(key)).count();
                (new, usize::MAX - index)
            })?;
        Some((self.templates.remove(index), links))
    }

    /// What a template shows: first what is wanted, then what may be shown again; no more than two
    /// competencies for one theme, and four in all.
    fn links(
        &self,
        template: &Template,
        wanted: &[String],
        allowed: &[String],
    ) -> Vec<(String, Theme)> {
        let mut links: Vec<(String, Theme)> = Vec::new();
        for (keys, most) in [(wanted, 4), (allowed, 2)] {
            for (theme, _) in template.shows {
                for (key, themes) in &self.themes {
                    let of_theme = links.iter().filter(|(_, known)| known == theme).count();
                    if links.len() < most
                        && of_theme < 2
                        && themes.contains(theme)
                        && keys.iter().any(|wanted| wanted == key)
                        && !links.iter().any(|(known, _)| known == key)
                    {
                        links.push(((*key).to_owned(), *theme));
                    }
                }
            }
        }
        links
    }

    /// One more project: on what is not among these, if a template shows it, or on these alone.
    pub(super) fn project(&mut self, targets: &[String], on: On, fate: Fate, days_ago: u64) {
        let every: Vec<String> = self.themes.iter().map(|(key, _)| (*key).to_owned()).collect();
        let (wanted, allowed) = match on {
            On::New => {
                (every.iter().filter(|key| !targets.contains(key)).cloned().collect(), every)
            }
            On::Known => (Vec::new(), targets.to_vec()),
        };
        let Some((template, mut links)) = self.choose(&wanted, &allowed) else { return };
        links.truncate(if fate == Fate::Draft { 1 } else { 3 });
        let day = match fate {
            Fate::Draft => self.calendar.ago(u64::try_from(self.dice.between(1, 12)).unwrap_or(1)),
            _ => self.calendar.ago(days_ago),
        };
        self.log(template, &links, fate, day);
    }

    /// What is new: waiting for a tutor, returned, or still a draft.
    pub(super) fn latest(&mut self, targets: &[String]) {
        let (waiting, returned, drafts) = match (self.student.stage, self.student.place) {
            (Stage::Newcomer, _) => (0, 0, 2),
            (Stage::Beginning, _) => (1, 0, 2),
            (Stage::Underway, _) => (1, usize::from(self.dice.percent(40)), 1),
            (Stage::Advanced, 0) => (2, 1, 1),
            (Stage::Advanced, _) => (1, usize::from(self.dice.percent(50)), 1),
            (Stage::Complete, _) => (1, 0, 0),
        };
        for index in 0..waiting {
            let days = match (index, self.student.closely) {
                (0, true) => self.dice.between(15, 20),
                (0, false) => self.dice.between(4, 26),
                _ => self.dice.between(2, 9),
            };
            // What is new opens a block to assess; tutors who keep up to date have few of them.
            let is_new = index == 0
                && self.student.stage != Stage::Complete
                && (self.student.place.is_multiple_of(3) || !self.student.closely);
            let on = if is_new { On::New } else { On::Known };
            self.project(targets, on, Fate::Waiting, u64::try_from(days).unwrap_or_default());
        }
        for _ in 0..returned {
            let days = self.dice.between(17, 30);
            self.project(targets, On::New, Fate::Returned, u64::try_from(days).unwrap_or_default());
        }
        for _ in 0..drafts {
            self.project(targets, On::New, Fate::Draft, 0);
        }
    }
}

pub(super) fn modes(stage: Stage, blocks: usize, dice: &mut Dice) -> Vec<Mode> {
    use Mode::{Empty, Full, Mixed, Started};
    let pattern: &[Mode] = match stage {
        Stage::Newcomer => &[],
        Stage::Beginning => &[Started],
        Stage::Underway => &[Mixed, Started, Started],
        Stage::Advanced => &[Full, Full, Mixed, Started, Started],
        Stage::Complete => &[Full, Full, Full, Full, Full, Full],
    };
    let mut modes: Vec<Mode> =
        (0..blocks).map(|index| pattern.get(index).copied().unwrap_or(Empty)).collect();
    dice.shuffle(&mut modes);
    modes
}
