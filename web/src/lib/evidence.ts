import type { Certification, Evidence, EvidenceInput, EvidenceKind } from '../api/types';

export const kinds: EvidenceKind[] = [
  'project',
  'report',
  'company_period',
  'internship',
  'stay_abroad',
  'language_certificate',
  'other',
];

export const cefrLevels = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;
export const languages = ['en', 'de', 'es', 'it', 'pt', 'nl', 'ar', 'zh', 'ja', 'ko', 'ru', 'fr'];

// ISO 3166-1 alpha-2; their names come from the browser, in the language of the interface.
const codes =
  'ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZ' +
  'DEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJP' +
  'KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOM' +
  'PAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ' +
  'UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW';
export const countries = codes.match(/../g)!;

/** What the list of evidence asks for while nothing narrows it. */
export const newestEvidence = { order: 'newest', limit: '50' };

/** Which fields a kind has: the others are neither shown nor sent. */
export const isPeriod = (kind: EvidenceKind) =>
  kind === 'internship' || kind === 'company_period' || kind === 'stay_abroad';
export const hasCountry = isPeriod;
export const hasSiret = (kind: EvidenceKind) =>
  kind === 'internship' || kind === 'company_period' || kind === 'project';
export const mayBeDeliverable = (kind: EvidenceKind) => kind === 'project' || kind === 'report' || kind === 'other';
export const visibilities = ['open', 'company', 'school'] as const;

export const blank = (): EvidenceInput => ({
  kind: 'project',
  title: '',
  text: '',
  starts_on: null,
  ends_on: null,
  organisation: null,
  siret: null,
  country: null,
  in_company: true,
  supervisor_name: null,
  supervisor_function: null,
  supervisor_email: null,
  language: null,
  cefr_level: null,
  issued_on: null,
  valid_until: null,
  links: [],
  competencies: [],
  requirements: [],
  modality: null,
  visibility: 'open',
});

export function contentOf(evidence: Evidence): EvidenceInput {
  const names = Object.keys(blank()) as (keyof EvidenceInput)[];
  return Object.fromEntries(names.map((name) => [name, structuredClone(evidence[name])])) as unknown as EvidenceInput;
}

/** What is sent: only the fields that the kind has, and no empty text where the contract says null. */
export function toSend(content: EvidenceInput): EvidenceInput {
  const certificate = content.kind === 'language_certificate';
  const period = isPeriod(content.kind);
  return {
    ...content,
    title: content.title.trim(),
    starts_on: (!certificate && content.starts_on) || null,
    ends_on: (!certificate && content.ends_on) || null,
    organisation: content.organisation?.trim() || null,
    country: hasCountry(content.kind) ? content.country || null : null,
    siret: (hasSiret(content.kind) && content.siret?.replace(/\s/g, '')) || null,
    in_company: content.kind === 'internship' && content.in_company,
    supervisor_name: (period && content.supervisor_name?.trim()) || null,
    supervisor_function: (period && content.supervisor_function?.trim()) || null,
    supervisor_email: (period && content.supervisor_email?.trim()) || null,
    issued_on: (certificate && content.issued_on) || null,
    valid_until: (certificate && content.valid_until) || null,
    language: certificate ? content.language || null : null,
    cefr_level: certificate ? content.cefr_level || null : null,
    links: content.links
      .filter((link) => link.url.trim())
      .map((link) => ({ label: link.label.trim() || link.url.trim(), url: link.url.trim() })),
    modality: (mayBeDeliverable(content.kind) && content.modality) || null,
  };
}

/** A new evidence made for something: the competency, the requirement or the assessment that the person came from. */
export function blankFor(certification: Certification, about: URLSearchParams): EvidenceInput {
  return addPurpose(blank(), certification, about);
}

export function addPurpose(
  content: EvidenceInput,
  certification: Certification,
  about: URLSearchParams,
): EvidenceInput {
  const competency = about.get('competency');
  if (competency && !content.competencies.some((link) => link.competency === competency)) {
    content.competencies.push({ competency, justification: '' });
  }
  const modality = about.get('modality');
  if (modality) Object.assign(content, { modality, kind: 'report' });
  const requirement = certification.requirements.find(({ key }) => key === about.get('requirement'));
  if (!requirement) return content;
  const { rule } = requirement;
  if (rule.kind === 'weeks') content.kind = rule.of === 'abroad' ? 'stay_abroad' : 'internship';
  if (rule.kind === 'company_period') content.kind = 'company_period';
  if (rule.kind === 'language') Object.assign(content, { kind: 'language_certificate', language: rule.language });
  if (rule.kind === 'document') {
    content.kind = 'report';
    if (!content.requirements.includes(requirement.key)) content.requirements.push(requirement.key);
  }
  return content;
}
