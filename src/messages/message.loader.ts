import DataLoader from 'dataloader';
import { Connection } from '../platform/database/page';
import { type PageArguments } from '../platform/database/page-window';
import { groupBy } from '../platform/grouping';
import { type Schedule } from '../schedules/schedule.entity';
import { type Message } from './message.entity';
import { type MessagePages, type MessageWindow } from './message.pages';
import { type MessageStore } from './message.store';

/**
 * What hangs on messages, gathered: however many messages ask for theirs at once, each kind of answer costs one
 * statement. A set remembers what it has read, so there is one for each request.
 */
export interface MessageLoaders {
  readonly message: DataLoader<number, Message | null>;
  readonly schedule: DataLoader<number, Schedule | null>;
  /** @throws Refusal BAD_USER_INPUT with every issue of the page arguments. */
  replies(parentId: number, args: PageArguments): Connection<Message>;
  /** Forgets what has been read: a mutation calls it after it has written. */
  forget(): void;
}

export function createMessageLoaders(store: MessageStore, pages: MessagePages): MessageLoaders {
  const message = new DataLoader<number, Message | null>(async ids => {
    const found = await store.findByIds(ids);
    return ids.map(id => found.get(id) ?? null);
  });
  const schedule = new DataLoader<number, Schedule | null>(async ids => {
    const found = await store.findSchedules(ids);
    return ids.map(id => found.get(id) ?? null);
  });
  const replies = new ReplyLoader(pages);
  return {
    message,
    schedule,
    replies: (parentId, args) => replies.connection(parentId, args),
    forget: () => {
      message.clearAll();
      schedule.clearAll();
      replies.forget();
    },
  };
}

interface RowsKey {
  readonly parentId: number;
  readonly window: MessageWindow;
}

interface BehindKey {
  readonly parentId: number;
  readonly forward: boolean;
  readonly edge: Message | null;
}

class ReplyLoader {
  private readonly rows: DataLoader<RowsKey, readonly Message[], string>;
  private readonly behind: DataLoader<BehindKey, boolean, string>;
  private readonly counts: DataLoader<number, number>;

  constructor(private readonly pages: MessagePages) {
    this.rows = new DataLoader<RowsKey, readonly Message[], string>(keys => this.loadRows(keys), {
      cacheKeyFn: ({ parentId, window }) => `${parentId} ${windowKey(window)}`,
    });
    this.behind = new DataLoader<BehindKey, boolean, string>(keys => this.loadBehind(keys), {
      cacheKeyFn: ({ parentId, forward, edge }) => `${parentId} ${forward} ${edge?.id ?? 'empty'}`,
    });
    this.counts = new DataLoader<number, number>(async ids => {
      const counts = await pages.replyCounts(ids);
      return ids.map(id => counts.get(id) ?? 0);
    });
  }

  connection(parentId: number, args: PageArguments): Connection<Message> {
    const window = this.pages.replyWindow(args);
    return new Connection(window, {
      rows: () => this.rows.load({ parentId, window }),
      hasRowsBehind: edge => this.behind.load({ parentId, forward: window.forward, edge }),
      count: () => this.counts.load(parentId),
      cursorOf: reply => this.pages.replyCursor(reply),
    });
  }

  forget(): void {
    this.rows.clearAll();
    this.behind.clearAll();
    this.counts.clearAll();
  }

  /** One statement for each window: a query asks for as many as it has fields named `replies`, whatever they hang on. */
  private async loadRows(keys: readonly RowsKey[]): Promise<readonly (readonly Message[])[]> {
    const groups = groupBy(keys, ({ window }) => windowKey(window));
    const found = new Map<string, ReadonlyMap<number, readonly Message[]>>();
    for (const [name, group] of groups) {
      const parentIds = group.map(({ parentId }) => parentId);
      found.set(name, await this.pages.replies(parentIds, group[0].window));
    }
    return keys.map(({ parentId, window }) => found.get(windowKey(window))?.get(parentId) ?? []);
  }

  private async loadBehind(keys: readonly BehindKey[]): Promise<readonly boolean[]> {
    const [forward, backward] = await Promise.all(
      [true, false].map(async way => {
        const edges = keys.filter(key => key.forward === way);
        return edges.length === 0 ? [] : this.pages.hasRepliesBehind(edges, way);
      }),
    );
    const answers = { forward: (forward ?? []).values(), backward: (backward ?? []).values() };
    return keys.map(key => answers[key.forward ? 'forward' : 'backward'].next().value ?? false);
  }
}

function windowKey({ forward, size, offset, from }: MessageWindow): string {
  return JSON.stringify([forward, size, offset, from?.value ?? null, from?.id ?? null]);
}
