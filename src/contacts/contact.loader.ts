import DataLoader from 'dataloader';
import { type Contact } from './contact.entity';
import { type ContactMerges } from './contact.merges';
import { type ContactStore } from './contact.store';

/** Contacts by their ids, gathered: however many are asked for at once, one statement finds them, or a few the merged ones. */
export interface ContactLoaders {
  /** The contact of an id; of one that is merged the contact that stands for it. */
  readonly shown: DataLoader<string, Contact | null>;
  /** The contacts that are merged into one that stands for itself, directly or not. */
  readonly merged: DataLoader<string, readonly Contact[]>;
  /** Forgets what has been read: a mutation calls it after it has written. */
  forget(): void;
}

/** @param forgetOthers makes those forget who remember what hangs on contacts. */
export function createContactLoaders(
  store: ContactStore,
  merges: ContactMerges,
  forgetOthers: () => void,
): ContactLoaders {
  const shown = new DataLoader<string, Contact | null>(async ids => {
    const found = await store.findByIds(ids);
    const merged = [...found.values()].filter(({ mergedInto }) => mergedInto !== null).map(({ id }) => id);
    if (merged.length === 0) return ids.map(id => found.get(id) ?? null);
    const roots = await merges.rootsOf(merged);
    const standing = await store.findByIds([...roots.values()]);
    return ids.map(id => standing.get(roots.get(id) ?? '') ?? found.get(id) ?? null);
  });
  const merged = new DataLoader<string, readonly Contact[]>(async ids => {
    const groups = await merges.groupsOf(ids);
    const others = [...groups.values()].filter(group => group.length > 1).flat();
    const found = others.length === 0 ? new Map<string, Contact>() : await store.findByIds(others);
    return ids.map(id =>
      (groups.get(id) ?? [])
        .map(each => found.get(each))
        .filter(contact => contact !== undefined)
        .filter(contact => contact.mergedInto !== null && contact.id !== id),
    );
  });
  return {
    shown,
    merged,
    forget: () => {
      shown.clearAll();
      merged.clearAll();
      forgetOthers();
    },
  };
}
