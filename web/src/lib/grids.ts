// What a school's grid changes, and what its weights say.
import type { Certification, Competency, GridChanges, Rating } from '../api/types';
import { more } from '../i18n/more.svelte';
import { language } from '../i18n/index.svelte';
import { criteriaOf } from './certification';

/** « grille n° 2 », or the certification's own. */
export const gridName = (number: number): string => (number === 0 ? more.grids.original : more.grids.numbered(number));

export const hasWeights = (competency: Competency): boolean => competency.criteria.some(({ weight }) => weight !== null);

/** Mean place in the scale by the weights, in hundredths, 100 being the lowest level; nothing while a level or a weight is missing. */
export function weightedPosition(certification: Certification, competency: Competency, rating: Rating): number | null {
  let sum = 0;
  let weights = 0;
  for (const { key, weight } of criteriaOf(competency)) {
    const level = rating.criteria.find(({ criterion }) => criterion === key)?.level;
    const rank = certification.levels.findIndex((one) => one.key === level);
    if (rank < 0 || weight === null) return null;
    sum += weight * (rank + 1) * 100;
    weights += weight;
  }
  return Math.round(sum / weights);
}

/** « position pondérée : 2,35 » */
export function positionWords(hundredths: number): string {
  const format = new Intl.NumberFormat(language(), { maximumFractionDigits: 2 });
  return more.grids.position(format.format(hundredths / 100));
}

/** One sentence for each thing that differs. */
export function changesWords(changes: GridChanges): string[] {
  return Object.entries(changes).flatMap(([name, value]) => {
    const words = more.grids.changes[name as keyof GridChanges];
    if (!value) return [];
    return typeof words === 'function' ? [words(value as number)] : [words];
  });
}
