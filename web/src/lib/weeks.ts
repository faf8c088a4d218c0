// Weeks of a period, as the server counts them: whole, both ends included. Days are those of the calendar, in UTC,
// so that no change of clocks makes a day longer.

export interface Period {
  starts_on: string | null;
  ends_on: string | null;
}

const number = (day: string) => Math.round(Date.parse(day) / 86_400_000);

function* days({ starts_on, ends_on }: Period) {
  if (!starts_on || !ends_on) return;
  const last = number(ends_on);
  // A mistyped year costs nothing.
  if (last - number(starts_on) > 3_660) return;
  for (let day = number(starts_on); day <= last; day++) yield day;
}

export const weeksOf = (period: Period) => Math.floor([...days(period)].length / 7);

/** Days of the period that one of the others has too, each once. */
export function sharedDays(period: Period, others: Period[]): number {
  const taken = new Set(others.flatMap((other) => [...days(other)]));
  return [...days(period)].filter((day) => taken.has(day)).length;
}
