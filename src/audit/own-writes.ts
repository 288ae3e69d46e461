import { SCOPE_WRITES } from '../auth/scope.kinds';
import { type Viewer } from '../auth/viewer';
import { type Database } from '../platform/database/database';
import { actorOf } from './actor';

/** Tells who must be shown the store itself, because a copy that lags behind may not have what they wrote. */
export class OwnWrites {
  constructor(private readonly database: Database) {}

  /**
   * Whether somebody has written something that the record tells of after its entry `mark`, through whichever process.
   * Callers without a token who may write are one caller here: the record holds no addresses.
   */
  async areAfter(viewer: Viewer, mark: number): Promise<boolean> {
    if (![...viewer.scopes].some(scope => SCOPE_WRITES[scope])) return false;
    // The actor stands in the text: only then is it plain that the index, which leaves operators out, has them all.
    const { kind, tokenId } = actorOf(viewer, '');
    const whose = tokenId === null ? 'token_id is null' : 'token_id = ?';
    // They are counted, few as they are: to find just one, the planner might walk through everybody's.
    const [row] = await this.database.readFresh<{ count: number }>(
      `select count(*) as "count" from audit_entries where actor = '${kind}' and ${whose} and id > ?`,
      tokenId === null ? [mark] : [tokenId, mark],
    );
    return row === undefined || row.count > 0;
  }
}
