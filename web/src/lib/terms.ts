// How a student is enrolled, as a form holds it.
import type { Enrolment, EnrolmentChange, LearnerStatus, RouteKind } from '../api/types';
import { t } from '../i18n/index.svelte';
import { more } from '../i18n/more.svelte';

export interface Terms {
  cohort_id: string;
  route: RouteKind;
  status: LearnerStatus;
  profile: string;
  starts_on: string;
  ends_on: string;
}

export const termsOf = ({ cohort, route, status, profile, starts_on, ends_on }: Enrolment): Terms => ({
  cohort_id: cohort?.id ?? '',
  route,
  status,
  profile: profile ?? '',
  starts_on,
  ends_on: ends_on ?? '',
});

/** As the server takes them: what is left empty is none. */
export const sent = (terms: Terms): EnrolmentChange => ({
  ...terms,
  cohort_id: terms.cohort_id || null,
  profile: terms.profile || null,
  ends_on: terms.ends_on || null,
});

export const checksOf = ({ starts_on, ends_on }: Terms) => ({
  starts_on: !starts_on && t.common.required,
  ends_on: !!ends_on && ends_on < starts_on && more.form.datesOrder,
});
