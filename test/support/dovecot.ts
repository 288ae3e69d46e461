import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port';

/** Debian's Dovecot; DOVECOT_PATH names another. Tests that need it are skipped where it is not there. */
const DOVECOT = process.env['DOVECOT_PATH'] ?? '/usr/sbin/dovecot';

/** Its configuration has another language from 2.4 on. */
export const hasDovecot =
  existsSync(DOVECOT) && execFileSync(DOVECOT, ['--version'], { encoding: 'utf8' }).startsWith('2.3.');
if (!hasDovecot) {
  process.stderr.write(
    `Skipped: what is tested with a mail server, as there is no Dovecot 2.3 at ${DOVECOT} (DOVECOT_PATH names another).\n`,
  );
}

/** A mail server with one user, whose mailbox is a folder of files. */
export interface Dovecot {
  /** In the clear, with STARTTLS for whoever wants it. */
  readonly port: number;
  /** With TLS from the start. */
  readonly tlsPort: number;
  readonly user: string;
  readonly password: string;
  /** A PEM file with the certificate that it has made for itself, good for `localhost`. */
  readonly certificate: string;
  /** Puts mails into the inbox, in their order, as a delivering program does. */
  deliver(...mails: readonly (Buffer | string)[]): void;
  /** Ends the server with all its connections, and starts it again on the same port. */
  restart(): Promise<void>;
  /** The same, and the inbox has another UIDVALIDITY then, as after a move or a repair. */
  renumber(): Promise<void>;
  stop(): Promise<void>;
}

/** It serves nobody's mail as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** @param capability what it says that it can do; by default all that it can. */
export async function startDovecot(capability?: string): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-dovecot-'));
  const port = await freePort();
  const tlsPort = await freePort();
  const user = 'help@example.org';
  const password = 'correct-horse-battery';
  chmodSync(folder, 0o755);
  const certificate = makeCertificate(folder);
  for (const name of ['', 'cur', 'new', 'tmp']) ownedFolder(join(folder, 'mail', name));
  writeFileSync(join(folder, 'users'), `${user}:{PLAIN}${password}\n`);
  const file = join(folder, 'dovecot.conf');
  writeFileSync(
    file,
    configuration(folder, port, tlsPort) +
      (capability === undefined ? '' : `imap_capability = ${capability}\n`),
  );
  let server = await serve(file, port);
  let delivered = 0;
  return {
    port,
    tlsPort,
    user,
    password,
    certificate,
    deliver(...mails) {
      for (const mail of mails) {
        delivered += 1;
        // Names sort as they were delivered: the server gives UIDs in that order.
        const name = `1700000000.M${String(delivered).padStart(9, '0')}.example`;
        const temporary = join(folder, 'mail/tmp', name);
        writeFileSync(temporary, mail);
        if (isRoot) chownSync(temporary, NOBODY, NOBODY);
        renameSync(temporary, join(folder, 'mail/new', name));
      }
    },
    async restart() {
      await server.end();
      server = await serve(file, port);
    },
    async renumber() {
      await server.end();
      for (const name of readdirSync(join(folder, 'mail'))) {
        // The file that makes each UIDVALIDITY greater than the last one stays.
        if (/^dovecot(?!-uidvalidity)/.test(name)) rmSync(join(folder, 'mail', name));
      }
      server = await serve(file, port);
    },
    async stop() {
      await server.end();
      rmSync(folder, { recursive: true });
    },
  };
}

async function serve(file: string, port: number): Promise<{ end(): Promise<void> }> {
  // A process group of its own: asked politely, its helpers take seconds to leave.
  const child = spawn(DOVECOT, ['-F', '-c', file], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
  const ended = once(child, 'close');
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`Dovecot does not start: ${said}`);
    await delay(20);
  }
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  // No terminal reaches its group: a run that is broken off must not leave it behind.
  process.once('exit', kill);
  return {
    end: async () => {
      process.removeListener('exit', kill);
      kill();
      await ended;
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function ownedFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  if (isRoot) chownSync(path, NOBODY, NOBODY);
}

function makeCertificate(folder: string): string {
  const file = join(folder, 'certificate.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      ...subject,
    ].concat(['-keyout', join(folder, 'key.pem'), '-out', file]),
    { stdio: 'ignore' },
  );
  return file;
}

function configuration(folder: string, port: number, tlsPort: number): string {
  const { uid, gid } = isRoot
    ? { uid: NOBODY, gid: NOBODY }
    : { uid: process.getuid?.(), gid: process.getgid?.() };
  return `
protocols = imap
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <${folder}/certificate.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
${isRoot ? '' : `default_internal_user = ${process.env['USER'] ?? 'nobody'}\ndefault_login_user = ${process.env['USER'] ?? 'nobody'}\n`}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail
}
first_valid_uid = 1
mail_location = maildir:${folder}/mail
namespace inbox {
  inbox = yes
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
  }
  ${isRoot ? '' : 'chroot ='}
}
service anvil {
  ${isRoot ? '' : 'chroot ='}
}
`;
}
