// The typed rules of a certification, in words.
import type { Certification, JuryRule, LearnerStatus, Requirement } from '../api/types';
import { t } from '../i18n/index.svelte';
import { languageName } from './format';

export function juryWords(rule: JuryRule): string[] {
  const { seats, ...others } = rule;
  const words = Object.entries(others).flatMap(([name, value]) => {
    const wording = t.certifications.jury[name as Exclude<keyof JuryRule, 'seats'>];
    if (value === null || value === false) return [];
    return typeof wording === 'function' ? [wording(value as number)] : [wording];
  });
  return seats.length > 0 ? [...words, t.certifications.jury.seats(seats.join(', '))] : words;
}

export function requirementRule({ rule }: Requirement): string[] {
  switch (rule.kind) {
    case 'weeks':
      return Object.entries(rule.minimum).map(([who, weeks]) =>
        t.certifications.ruleWeeks[rule.of](
          weeks,
          (t.enrolment.statuses[who as LearnerStatus] ?? t.certifications.everyStatus).toLowerCase(),
        ),
      );
    case 'company_period':
      return [t.certifications.ruleCompany];
    case 'language':
      return [t.certifications.ruleLanguage(languageName(rule.language), rule.minimum)];
    case 'document':
      return [t.certifications.ruleDocument];
  }
}

export function validationWords({ validation }: Certification): string[] {
  const { block_validity, partial, transversal_required } = validation;
  const words = [
    block_validity.kind === 'years'
      ? t.certifications.validityYears(block_validity.years)
      : block_validity.kind === 'unlimited'
        ? t.certifications.validityUnlimited
        : t.certifications.validityUnknown,
  ];
  if (partial) words.push(t.certifications.partial(partial.min_blocks, partial.max_blocks));
  if (transversal_required) words.push(t.certifications.transversalRequired);
  return words;
}
