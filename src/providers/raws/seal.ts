import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** A text as it lies in the store. */
export interface Sealed {
  readonly text: string;
  /** Which key it is encrypted under, in hexadecimal; null where it is not. */
  readonly keyId: string | null;
}

/** The store holds something that the key of the settings does not open. */
export class WrongKey extends Error {
  constructor(isSet: boolean) {
    super(
      isSet
        ? 'It is encrypted under another key than INTAKE_KEY now holds, or it was changed.'
        : 'It is encrypted; set INTAKE_KEY to the key that it was encrypted under.',
    );
    this.name = 'WrongKey';
  }
}

const ALGORITHM = 'aes-256-gcm';
/** Bytes, as GCM has them. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what is kept raw, where the settings hold a key for it. What was kept without one stays readable. */
export class Seal {
  private readonly keyId: string | null;

  constructor(private readonly key: Uint8Array | null) {
    this.keyId = key === null ? null : createHmac('sha256', key).update('key id').digest('hex').slice(0, 16);
  }

  /** @param owner whose it is: as that of another it cannot be opened. */
  seal(text: string, owner: string): Sealed {
    if (this.key === null) return { text, keyId: null };
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv).setAAD(contextOf(owner));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return { text: Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64'), keyId: this.keyId };
  }

  /** @throws WrongKey */
  open({ text, keyId }: Sealed, owner: string): string {
    if (keyId === null) return text;
    if (this.key === null || keyId !== this.keyId) throw new WrongKey(this.key !== null);
    const bytes = Buffer.from(text, 'base64');
    const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(contextOf(owner)).setAuthTag(tag);
      return Buffer.concat([
        decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString('utf8');
    } catch {
      throw new WrongKey(true);
    }
  }

  /** The same for the same parts; with a key it tells nothing of them to whoever has the store alone. */
  digest(parts: readonly (string | Buffer)[]): string {
    const hash = this.key === null ? createHash('sha256') : createHmac('sha256', this.key);
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
    return hash.digest('hex');
  }
}

function contextOf(owner: string): Buffer {
  return Buffer.from(`heliograph intake\0${owner}`);
}
