import { type Database } from '../../platform/database/database';
import { type Query } from '../../platform/database/query';
import { type RawRequest } from '../provider.kinds';
import { keptRequest, keptText } from './kept-request.rules';
import { type Seal } from './seal';

/** The requests of messages that were mended, kept for good. */
export class RawStore {
  constructor(
    private readonly database: Database,
    private readonly seal: Seal,
  ) {}

  /** Keeps one request beside the messages that it brought. */
  async keep(
    query: Query,
    messageIds: readonly number[],
    { providerId, request, secrets }: { providerId: string; request: RawRequest; secrets: readonly string[] },
  ): Promise<void> {
    const [holder] = messageIds;
    if (holder === undefined) return;
    const { text, keyId } = this.seal.seal(keptText(request, secrets), providerId);
    const row = '(?, ?, ?, ?, ?)';
    await query(
      `insert into intake_raws (message_id, provider_id, held_by, request, key_id)
        values ${messageIds.map(() => row).join(', ')}`,
      messageIds.flatMap(id => [
        id,
        providerId,
        holder,
        id === holder ? text : null,
        id === holder ? keyId : null,
      ]),
    );
  }

  /**
   * The request by which a message came; undefined where nothing of it was mended, and so nothing kept.
   * @throws WrongKey
   */
  async find(messageId: number): Promise<RawRequest | undefined> {
    const [row] = await this.database.readFresh<{
      providerId: string;
      request: string;
      keyId: string | null;
    }>(
      `select holder.provider_id as "providerId", holder.request as "request", holder.key_id as "keyId"
        from intake_raws join intake_raws as holder on holder.message_id = intake_raws.held_by
        where intake_raws.message_id = ?`,
      [messageId],
    );
    if (row === undefined) return undefined;
    return keptRequest(this.seal.open({ text: row.request, keyId: row.keyId }, row.providerId));
  }
}
