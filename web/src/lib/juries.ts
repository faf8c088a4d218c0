// What is checked on a jury, in words, and where each thing is mended.
import type {
  Conflict,
  JuryCandidate,
  JuryMemberView,
  MemberProfile,
  Obstacle,
  OpeningCheck,
  RuleCheck,
} from '../api/types';
import { j } from '../i18n/jury.svelte';
import { addMinutes } from './paris';

/** What a form of the planning page asks, by the id of the control. */
export type Target =
  | { part: 'identity'; field: 'title' | 'statement' }
  | { part: 'candidates' }
  | { part: 'members' }
  /** A member by their id, or a new one. */
  | { part: 'member'; member: string | 'new'; field: string };

export function ruleWords({ rule, met }: RuleCheck): string {
  const words = j.sessions.check.ruleWords;
  switch (rule.kind) {
    case 'chair':
    case 'no_trainer':
      return words[rule.kind](rule.have);
    case 'seat':
      return words.seat(rule.have, rule.seat);
    case 'professional_voting_chair':
      return words.professional_voting_chair(met);
    case 'external_share':
      return words.external_share(rule.have, rule.of, rule.percent);
    case 'teaching_experts':
      return words.teaching_experts(rule.have, rule.of);
    case 'experience':
      return words.experience(rule.have, rule.of, rule.years);
    case 'qualification':
      return words.qualification(rule.have, rule.of, rule.level);
    default:
      return words[rule.kind](rule.have, rule.need);
  }
}

/** What is asked of each professional, and which of them do not show: the field where they would. */
export function missingField({ rule }: RuleCheck): 'experience_years' | 'qualification_level' | undefined {
  if (rule.kind === 'experience') return 'experience_years';
  return rule.kind === 'qualification' ? 'qualification_level' : undefined;
}

/** Somebody more is asked for, rather than a change of who sits. */
export function lacksPeople({ rule }: RuleCheck): boolean {
  if (rule.kind === 'size') return rule.have < rule.need;
  return !['chair', 'professional_voting_chair', 'no_trainer'].includes(rule.kind);
}

/** Where an obstacle is mended, on this page; elsewhere where there is nothing. */
export function mendObstacle(obstacle: Obstacle): Target | undefined {
  switch (obstacle) {
    case 'no_statement':
      return { part: 'identity', field: 'statement' };
    case 'no_candidate':
      return { part: 'candidates' };
    case 'repeated_member':
      return { part: 'members' };
    case 'closed_route':
      return { part: 'identity', field: 'title' };
    case 'draft':
    case 'no_block':
      return undefined;
  }
}

/** The member may not judge the candidate and has not left. */
export const stands = (conflict: Conflict): boolean => conflict.severity === 'blocks' && !conflict.recused;

/** How many things stand between the session and its opening. */
export function unsettled({ obstacles, rules, candidates }: OpeningCheck): number {
  const unmet = (checks: RuleCheck[]) => checks.filter(({ met }) => !met).length;
  return candidates.reduce(
    (sum, one) => sum + (one.has_dossier ? 0 : 1) + unmet(one.rules) + one.conflicts.filter(stands).length,
    obstacles.length + unmet(rules),
  );
}

/** All that the rules ask about a member; of a new one, what is most often so. */
export const profileOf = (member?: JuryMemberView): MemberProfile => ({
  chair: member?.chair ?? false,
  voting: member?.voting ?? true,
  external: member?.external ?? false,
  professional: member?.professional ?? false,
  employment: member?.employment ?? null,
  represents_certifier: member?.represents_certifier ?? false,
  expert: member?.expert ?? false,
  teaches_speciality: member?.teaches_speciality ?? false,
  seat: member?.seat ?? null,
  experience_years: member?.experience_years ?? null,
  qualification_level: member?.qualification_level ?? null,
  company: member?.company ?? null,
});

export const endOf = ({ starts_at, presentation_minutes, interview_minutes }: JuryCandidate): string =>
  addMinutes(starts_at, presentation_minutes + interview_minutes);

/** A place in the order of a session, in minutes. */
export interface Turn {
  /** After the candidate before. */
  pause: number | null;
  presentation: number | null;
  interview: number | null;
}

/** When each is heard: the first at `start` and its pause, the others one after another. */
export function slots(start: string, turns: Turn[]): { starts: string; ends: string }[] {
  let free = start;
  return turns.map(({ pause, presentation, interview }) => {
    const starts = addMinutes(free, pause ?? 0);
    free = addMinutes(starts, (presentation ?? 0) + (interview ?? 0));
    return { starts, ends: free };
  });
}
