import type { fr } from './records.fr';

export const en: typeof fr = {
  deposit: {
  },

  records: {
  },

  archive: {
  },

  badges: {
    title: 'Digital badges',
    what: 'A badge attests a block or the certification. Anybody who has its address can verify it, without an account.',
    none: 'No badge yet.',
    noneYet: 'No badge yet. The school issues them once a jury has validated a block.',
    states: { valid: 'In force', expired: 'Expired', revoked: 'Revoked' },
    block: (code: string) => `Block ${code}`,
    whole: 'Whole certification',
    awarded: 'Jury’s decision',
    lastDay: 'In force until',
    noLastDay: 'Without time limit',
    issued: 'Badge issued on',
    page: 'Public page',
    download: 'Download the badge (JWT)',
    picture: 'Download the picture (SVG)',
    downloadHelp: 'The JWT file goes into a wallet of badges (Open Badges 3.0); the picture holds it too.',
    shown: 'What the public page shows',
    shownAlways: 'It always shows the title, the school and the dates. Never your e-mail address.',
    showHolder: 'My name',
    showCompetencies: 'The competencies',
    saved: 'Saved.',
    stale: 'This badge has changed meanwhile. Here is how it stands now: please do it again.',
    holderShown: 'The holder shows their name.',
    holderHidden: 'The holder does not show their name.',
    issuable: 'To be issued',
    issue: 'Issue the badge',
    issuedNow: 'The badge is issued.',
    revoke: 'Revoke',
    revokeHelp: 'The public page will say at once that this badge is revoked, and that cannot be undone. The holder will read the reason, nobody else.',
    reason: 'Reason of the revocation',
    reasonNeeded: 'Say why this badge is revoked.',
    revokedNow: 'The badge is revoked.',
    revokedBy: (day: string, name: string) => `Revoked on ${day} by ${name}`,

    verifyTitle: 'Verification of a badge',
    says: {
      valid: 'This badge is authentic and in force.',
      expired: 'This badge is authentic, but what it attests is no longer in force.',
      revoked: 'The school has revoked this badge: it no longer attests anything.',
    },
    holder: 'Holder',
    holderUnknown: 'The holder chose not to show their name.',
    of: 'Block of competencies',
    certification: 'Certification',
    school: 'School',
    revokedOn: 'Revoked on',
    competencies: 'Attested competencies',
    trust: 'The signature of the badge has just been verified. Make sure that the address of this page is the school’s own.',
    unknownTitle: 'No badge at this address',
    unknown: 'The address may be incomplete. Ask whoever gave it to you for it again.',
  },
};
