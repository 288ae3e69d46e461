import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConfigError } from '../../src/platform/config';
import { checkProviders, readProviders } from '../../src/providers/setup/providers-file';

const SECRET = 'a-secret-of-ours-for-tests';
const ENVIRONMENT = { SECRET, REGION: 'KE', OFF: 'false', EMPTY: '' };

describe('the providers file', () => {
  test('sets up providers in its order, with defaults where it is silent', () => {
    const text = `
      providers:
        - { id: app, kind: generic, secret: "\${SECRET}" }
        - id: ward_2
          kind: generic
          name: The ward's \${REGION} desk, $\${5}
          enabled: \${OFF}
          channel: SMS
          type: COMMENT
          region: \${REGION}
          feed: "+254700000099"
          secret: [ "\${SECRET}", "another-\${SECRET}" ]
        - { id: open, kind: generic, insecure: true }`;
    expect(read(text).map(({ provider, enabled }) => ({ ...provider, enabled }))).toEqual([
      {
        ...{ id: 'app', name: 'app', enabled: true, channel: 'OTHER', type: null, region: null },
        ...{ feed: null, secrets: [SECRET], options: {} },
      },
      {
        ...{
          id: 'ward_2',
          name: "The ward's KE desk, ${5}",
          enabled: false,
          channel: 'SMS',
          type: 'COMMENT',
        },
        ...{ region: 'KE', feed: '+254700000099', secrets: [SECRET, `another-${SECRET}`], options: {} },
      },
      {
        ...{ id: 'open', name: 'open', enabled: true, channel: 'OTHER', type: null, region: null },
        ...{ feed: null, secrets: [], options: {} },
      },
    ]);
  });

  test.each([
    ['a secret that is missing', '{ id: a, kind: generic }', 'providers.0.secret is missing: '],
    [
      'a secret that is short',
      '{ id: a, kind: generic, secret: fifteen-letters }',
      'providers.0.secret must have at least 16',
    ],
    [
      'a secret that is a number',
      '{ id: a, kind: generic, secret: 12345678901234567890 }',
      'providers.0.secret must be a text',
    ],
    [
      'three secrets',
      `{ id: a, kind: generic, secret: [${SECRET}1, ${SECRET}2, ${SECRET}3] }`,
      'providers.0.secret must be a text, or a list of one or two',
    ],
    [
      'a key that is no base64',
      '{ id: a, kind: generic, secret: "whsec_§§§§§§§§§§§§" }',
      'providers.0.secret must ',
    ],
    [
      'a key that is short',
      '{ id: a, kind: generic, secret: "whsec_c2hvcnRzaG9ydA==" }',
      'providers.0.secret must hold at least 16 bytes',
    ],
    [
      'both a secret and none',
      `{ id: a, kind: generic, secret: ${SECRET}, insecure: true }`,
      'providers.0.secret goes with',
    ],
    ['insecure: false', '{ id: a, kind: generic, insecure: false }', 'providers.0.insecure can only be true'],
    [
      'a variable that is not set',
      '{ id: a, kind: generic, secret: "${NOT_SET}" }',
      'providers.0.secret needs the variable NOT_SET',
    ],
    [
      'a variable that is empty',
      '{ id: a, kind: generic, secret: "${EMPTY}" }',
      'providers.0.secret needs the variable EMPTY',
    ],
    [
      'a name that is none',
      '{ id: a, kind: generic, secret: "${not a name}" }',
      'providers.0.secret holds ${ without',
    ],
    ['an id in capitals', `{ id: App, kind: generic, secret: ${SECRET} }`, 'providers.0.id must have'],
    [
      'an unknown kind',
      `{ id: a, kind: pigeon, secret: ${SECRET} }`,
      'providers.0.kind must be one of generic',
    ],
    [
      'an unknown setting',
      `{ id: a, kind: generic, secret: ${SECRET}, colour: red }`,
      'providers.0.colour is no setting of this kind',
    ],
    [
      'an unknown channel',
      `{ id: a, kind: generic, secret: ${SECRET}, channel: FAX }`,
      'providers.0.channel must be one of',
    ],
    [
      'an unknown country',
      `{ id: a, kind: generic, secret: ${SECRET}, region: XX }`,
      'providers.0.region must be a country',
    ],
    ['what is no provider', 'generic', 'providers.0 '],
  ])('is refused for %s, in one line', (_, provider, line) => {
    expect(linesOf(`providers:\n  - ${provider}`)).toEqual([
      expect.stringContaining(`PROVIDERS_FILE: ${line}`),
    ]);
  });

  test('is refused with everything that is wrong, ids that come twice among it', () => {
    const good = `{ id: a, kind: generic, secret: ${SECRET} }`;
    const bad = '{ id: a, kind: generic, enabled: maybe, sceret: x }';
    expect(linesOf(`providers: [${good}, ${bad}]`).map(line => line.split(' ')[1])).toEqual([
      'providers.1.enabled',
      'providers.1.sceret',
    ]);
    expect(linesOf(`providers: [${good}, ${good}]`)).toEqual([
      'PROVIDERS_FILE: providers.1.id is that of another provider above',
    ]);
  });

  test.each([
    ['nothing', ''],
    ['a list', '- { id: a }'],
    ['more than providers', 'providers: []\nchannels: []'],
    ['no YAML', 'providers: }'],
    ['a name twice', 'providers: []\nproviders: []'],
    ['names that refer to themselves without end', billionLaughs()],
    ['a list that holds itself', 'providers: &p [*p]'],
    ['an object that holds itself', 'providers: [&p { id: a, kind: generic, more: *p }]'],
  ])('is refused if it holds %s', (_, text) => {
    expect(linesOf(text)).toEqual([expect.stringMatching(/^PROVIDERS_FILE: \S/)]);
  });

  test('is never echoed in what is wrong with it', () => {
    const place = fc.constantFrom(
      'id',
      'kind',
      'name',
      'enabled',
      'channel',
      'type',
      'region',
      'feed',
      'secret',
      'insecure',
    );
    fc.assert(
      fc.property(place, fc.uuid(), (name, value) => {
        const lines = linesOf(
          `providers: [{ id: a, kind: generic, ${name}: ["${value} §\u0007", { x: "${value}" }] }]`,
        );
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.join()).not.toContain(value);
        expect(linesOf(`providers: [{ ${name}: "${value}`).join()).not.toContain(value);
      }),
    );
  });

  test('that cannot be read stops the start, and none at all sets up nothing', () => {
    expect(() => readProviders({ providersFile: __dirname, publicUrl: null }, {})).toThrow(ConfigError);
    expect(() => readProviders({ providersFile: '/nowhere/x.yaml', publicUrl: null }, {})).toThrow('ENOENT');
    expect(readProviders({ providersFile: null, publicUrl: null }, {})).toEqual([]);
  });
});

function read(text: string) {
  return checkProviders(text, null, ENVIRONMENT);
}

function linesOf(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

function billionLaughs(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? '"ha"' : `*l${level - 1}`;
    return `- &l${level} [${Array(10).fill(inner).join(', ')}]`;
  });
  return `providers:\n${levels.join('\n')}`;
}
