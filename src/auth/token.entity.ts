import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { instantColumn, jsonColumn } from '../platform/database/columns';
import { type Scope } from './scope.kinds';
import { type TokenLife } from './token.rules';

/** A token as it lies in the store, which never learns the token itself. */
@Entity({ name: 'api_tokens' })
@Check('api_tokens_hash_length', 'length(hash) = 64')
@Index('api_tokens_hash', ['hash'], { unique: true })
export class ApiToken implements TokenLife {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  @Column({ type: 'text' })
  readonly name!: string;

  @Column(jsonColumn)
  readonly scopes!: readonly Scope[];

  @Column({ ...instantColumn, name: 'created_at' })
  readonly createdAt!: Date;

  @Column({ ...instantColumn, name: 'expires_at', nullable: true })
  readonly expiresAt!: Date | null;

  /** To the minute: writing it at every request would make a write of every read. */
  @Column({ ...instantColumn, name: 'last_used_at', nullable: true })
  readonly lastUsedAt!: Date | null;

  @Column({ ...instantColumn, name: 'revoked_at', nullable: true })
  readonly revokedAt!: Date | null;

  /** SHA-256 in hexadecimal. It is looked up by and never read back, so that no answer can carry it. */
  @Column({ type: 'text', select: false })
  readonly hash!: string;

  static of(state: Pick<ApiToken, 'name' | 'scopes' | 'createdAt' | 'expiresAt' | 'hash'>): ApiToken {
    return Object.assign(new ApiToken(), { ...state, lastUsedAt: null, revokedAt: null });
  }
}
