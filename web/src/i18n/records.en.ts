import type { fr } from './records.fr';

export const en: typeof fr = {
  deposit: {
  },

  records: {
    title: 'Validated blocks',
    titleOf: (name) => `Validated blocks of ${name}`,
    obtained: (day) => `Certification obtained on ${day}.`,
    obtainedHelp: 'It is yours for good, even when one of its blocks is no longer valid.',
    allMet: 'All blocks are in force and all requirements are met. This is recorded within the hour.',
    nothing: 'This certification is a draft: no jury can validate its blocks yet.',
    held: (held, all) => `${held} block${held === 1 ? '' : 's'} in force of ${all}`,
    partial: 'Partial validation: the blocks that you hold stay yours as long as they are valid.',
    missing: 'What is missing for the certification',
    neverValidated: (code, title) => `Block ${code}, ${title}: to be validated by a jury`,
    expiredBlock: (code, title, day) => `Block ${code}, ${title}: expired since ${day}, to be validated again`,
    requirement: (label) => `Requirement: ${label}`,
    transversal: (text) => `Transversal competency: ${text}`,
    notIssuable: {
      after_last_issue: (day) => `The certification can no longer be issued since ${day}.`,
      started_after_registration: (day) =>
        `The registration of the certification ended on ${day}, before this course started: it cannot be issued.`,
    },
    blocks: 'Blocks of the certification',
    states: {
      in_force: 'In force',
      expires_soon: 'Expires soon',
      expired: 'Expired',
      not_yet: 'To come',
      none: 'Not validated yet',
    },
    validatedOn: (day) => `Validated on ${day}`,
    until: (day) => `valid until ${day} included`,
    ended: (day) => `valid until ${day}`,
    unlimited: 'without limit',
    unknown: 'the source does not say for how long',
    soon: (day) => `This block expires on ${day}. All blocks must be in force on one day: ask when the next jury sits.`,
    earlier: 'Validated in an earlier course.',
    elsewhere: 'Validated outside this school, or brought from an archive.',
    attestation: 'Attestation (PDF)',
    attestationOf: (code) => `Attestation of block ${code} (PDF)`,
    certificate: 'Certificate (PDF)',
    noCertificate:
      'The certificate cannot be printed: it must name the day of the decision to register the certification, which this version does not give.',
    paperHelp: 'The school signs these documents; room is left for the signature.',
    letterhead: 'Letterhead and signature of documents',
    juries: 'Juries',
    noJury: 'No jury has decided anything on this course yet.',
    juryOn: (title, day) => `${title}, ${day}`,
    verdicts: { validated: 'Validated', partial: 'Partly validated', refused: 'Refused', postponed: 'Postponed' },
    missingCompetencies: 'What is missing:',
    motive: 'Motive:',
    waived: (label, by) => `Waiver granted by ${by}: ${label}.`,
    obtainedThen: 'Certification obtained at this session.',
    letter: 'Result letter (PDF)',
    letterOf: (title) => `Result letter, ${title} (PDF)`,
    head: {
      title: 'Letterhead and signature of documents',
      intro:
        'What the school prints on attestations, result letters and certificates. What is left blank leaves room to be filled in by hand.',
      legal_name: 'Legal name',
      legalNameHelp: (name) => `Without it, documents bear “${name}”.`,
      trade_name: 'Trade name',
      address: 'Postal address',
      addressHelp: 'One line each.',
      place: 'Made out in (town)',
      signatory: 'Name of who signs',
      signatory_quality: 'Their function',
      qualityHelp: 'For example: Head of studies.',
      appeals: 'Ways and delays of appeal',
      appealsHelp: 'This text stands on result letters.',
      save: 'Save',
      saved: 'Documents that are downloaded from now on have this letterhead.',
    },
  },

  archive: {
  },

  badges: {
  },
};
