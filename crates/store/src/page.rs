//! Lists in pages: ordered by id, continued after the last one seen.

use uuid::Uuid;

/// Which part of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// Part of a list.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    pub items: Vec<T>,
    /// Where the list goes on, if it does.
    pub next: Option<Uuid>,
}

impl Page {
    /// One more than asked for tells whether the list goes on.
    pub(crate) fn fetch(self) -> u64 {
        self.limit + 1
    }

    pub(crate) fn cut<T>(self, mut items: Vec<T>, id: impl Fn(&T) -> Uuid) -> Paged<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let next = if items.len() > limit {
            items.truncate(limit);
            items.last().map(id)
        } else {
            None
        };
        Paged { items, next }
    }
}
