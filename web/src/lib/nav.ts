import { t } from '../i18n/index.svelte';
import { paths } from './paths';
import { hasRole, session } from './session.svelte';

export type Icon = 'portfolio' | 'evidence' | 'map' | 'queue' | 'people' | 'cohort' | 'book' | 'jury' | 'path';

export interface Entry {
  href: string;
  label: string;
  icon: Icon;
}

/** Every entry that the person's roles open, the most useful first: it is also what `/` shows. */
export function navigation(): Entry[] {
  const entries: Entry[] = [];
  const add = (href: string, label: string, icon: Icon) => entries.push({ href, label, icon });
  const own = session.me?.enrolments ?? [];

  if (hasRole('apprentice') || own.length > 0) {
    add('/portfolio', t.nav.portfolio, 'portfolio');
    if (own.length === 1) {
      add(paths.evidenceList(own[0]!.id), t.nav.evidence, 'evidence');
      add(paths.map(own[0]!.id), t.nav.map, 'map');
    }
  }
  if (hasRole('company_tutor', 'school_tutor')) {
    add('/a-traiter', t.nav.queue, 'queue');
    add('/apprentis', t.nav.students, 'people');
  }
  if (hasRole('manager')) add('/promotions', t.nav.cohorts, 'cohort');
  if (hasRole('manager', 'administrator')) add('/personnes', t.nav.people, 'people');
  if (hasRole('manager')) add('/parcours', t.nav.enrolments, 'path');
  // A manager who sits too finds their own sessions from there.
  if (hasRole('manager')) add(paths.juries, t.nav.jury, 'jury');
  else if (hasRole('jury')) add('/jury', t.nav.jury, 'jury');
  if (hasRole('manager', 'jury', 'school_tutor', 'administrator')) add('/certifications', t.nav.certifications, 'book');
  return entries;
}
