import { expect, it } from 'vitest';
import type { Certification } from '../api/types';
import { blankFor, blank, countries, toSend } from './evidence';

it('sends only the fields that the kind has', () => {
  const content = { ...blank(), title: ' Projet ', country: 'DE', language: 'en', cefr_level: 'B2' as const };
  expect(toSend(content)).toMatchObject({
    title: 'Projet',
    country: null,
    in_company: false,
    language: null,
    cefr_level: null,
  });
  expect(toSend({ ...content, kind: 'stay_abroad' }).country).toBe('DE');
  expect(toSend({ ...content, kind: 'internship' }).in_company).toBe(true);
  expect(toSend({ ...content, kind: 'language_certificate' })).toMatchObject({ language: 'en', cefr_level: 'B2' });
});

it('drops a link without an address and names one without a label', () => {
  const links = [
    { label: 'vide', url: ' ' },
    { label: '', url: 'https://example.org' },
  ];
  expect(toSend({ ...blank(), links }).links).toEqual([{ label: 'https://example.org', url: 'https://example.org' }]);
});

it('starts from the requirement that the person came from', () => {
  const certification = {
    requirements: [
      { key: 'abroad', label: '', text: '', rule: { kind: 'weeks', of: 'abroad', minimum: { student: 16 } } },
      { key: 'report', label: '', text: '', rule: { kind: 'document' } },
    ],
  } as unknown as Certification;
  const about = (requirement: string) => blankFor(certification, new URLSearchParams({ requirement }));
  expect(about('abroad').kind).toBe('stay_abroad');
  expect(about('report').requirements).toEqual(['report']);
});

it('knows every country once', () => {
  expect(countries).toHaveLength(249);
  expect(new Set(countries).size).toBe(249);
});
