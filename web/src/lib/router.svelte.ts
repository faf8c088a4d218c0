// A router of our own: the ones that exist for Svelte 5 are larger than all of this and leave the focus to the page.

const state = $state({ path: location.pathname, query: location.search, moved: false });

export const router = {
  get path() {
    return state.path;
  },
  get query() {
    return new URLSearchParams(state.query);
  },
  /** True once a person has gone from one page to another: a page then takes the focus to its title. */
  get moved() {
    return state.moved;
  },
};

export function go(to: string, how: 'push' | 'replace' = 'push') {
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', to);
  const samePage = location.pathname === state.path;
  read();
  if (!samePage) scrollTo(0, 0);
}

/** An address of this site that a query names; the first page for any other: `//elsewhere` would leave it. */
export const ownPath = (named: string | null): string => (named && /^\/(?![/\\])/.test(named) ? named : '/');

/** Changes the address without leaving the page: a new draft that has just received its own address. */
export function renamePage(to: string) {
  history.replaceState(null, '', to);
}

function read() {
  if (location.pathname !== state.path) state.moved = true;
  state.path = location.pathname;
  state.query = location.search;
}

function followLink(event: MouseEvent) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest('a');
  if (!link?.getAttribute('href') || link.target || link.hasAttribute('download')) return;
  if (link.origin !== location.origin || link.pathname.startsWith('/api/')) return;
  const anchorHere = link.hash && link.pathname === location.pathname && link.search === location.search;
  if (anchorHere) return;
  event.preventDefault();
  go(link.href);
}

export function startRouter() {
  addEventListener('popstate', read);
  document.addEventListener('click', followLink);
}

export type Params = Record<string, string>;

/** `/preuves/:id` against `/preuves/12` gives `{ id: '12' }`; undefined when they differ. */
export function match(pattern: string, path: string): Params | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Params = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index]!;
    if (part.startsWith(':')) {
      if (!value) return undefined;
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return undefined;
      }
    } else if (part !== value) return undefined;
  }
  return params;
}
