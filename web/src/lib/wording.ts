/** Official wordings run to six hundred characters: the first clause names a competency in a list, the whole text stands on its page. */
export function short(text: string, limit = 110): string {
  const clean = text.trim().replace(/\s+/g, ' ');
  if (clean.length <= limit) return clean.replace(/\s*[.;]$/, '');
  const clause = /^.{24,}?(?=\s*[,;:(]|\s+afin d)/.exec(clean)?.[0];
  if (clause && clause.length <= limit) return `${clause.trim()}…`;
  return `${clean.slice(0, limit).replace(/\s+\S*$/, '')}…`;
}

/** « RNCP38822BC02 » is read as « Bloc 2 ». */
export function blockNumber(code: string): string {
  const digits = /BC?0*(\d+)$/i.exec(code)?.[1] ?? /0*(\d+)$/.exec(code)?.[1];
  return digits ?? code;
}

/** Text without case or accents, to search in. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
