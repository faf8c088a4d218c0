// The typed rules of a certification, in words.
import type { Certification, JuryRule, LearnerStatus, Requirement } from '../api/types';
import { more } from '../i18n/more.svelte';
import { languageName } from './format';

export function juryWords(rule: JuryRule): string[] {
  const { seats, ...others } = rule;
  const words = Object.entries(others).flatMap(([name, value]) => {
    const wording = more.certifications.jury[name as Exclude<keyof JuryRule, 'seats'>];
    if (value === null || value === false) return [];
    return typeof wording === 'function' ? [wording(value as number)] : [wording];
  });
  return seats.length > 0 ? [...words, more.certifications.jury.seats(seats.join(', '))] : words;
}

export function requirementRule({ rule }: Requirement): string[] {
  switch (rule.kind) {
    case 'weeks':
      return Object.entries(rule.minimum).map(([who, weeks]) =>
        more.certifications.ruleWeeks[rule.of](
          weeks,
          (more.enrolment.statuses[who as LearnerStatus] ?? more.certifications.everyStatus).toLowerCase(),
        ),
      );
    case 'company_period':
      return [more.certifications.ruleCompany];
    case 'language':
      return [more.certifications.ruleLanguage(languageName(rule.language), rule.minimum)];
    case 'document':
      return [more.certifications.ruleDocument];
  }
}

export function validationWords({ validation }: Certification): string[] {
  const { block_validity, partial, transversal_required } = validation;
  const words = [
    block_validity.kind === 'years'
      ? more.certifications.validityYears(block_validity.years)
      : block_validity.kind === 'unlimited'
        ? more.certifications.validityUnlimited
        : more.certifications.validityUnknown,
  ];
  if (partial) words.push(more.certifications.partial(partial.min_blocks, partial.max_blocks));
  if (transversal_required) words.push(more.certifications.transversalRequired);
  return words;
}
