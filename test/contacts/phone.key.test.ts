import { describe, expect, test } from '@jest/globals';
import examples from 'libphonenumber-js/examples.mobile.json';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { contactKey } from '../../src/contacts/contact.key.rules';

/** A mobile number of each region, as the library's own collection has it. */
const MOBILES = new Map(
  getCountries().flatMap(region => {
    const number = getExampleNumber(region, examples);
    return number === undefined ? [] : [[region, number] as const];
  }),
);

/** As short as codes of a service, and taken for such: numbers of a few islands. */
const MIN_DIGITS = 7;

describe('the key of a mobile number', () => {
  test('is one for all ways to write it where its region is set', () => {
    expect(MOBILES.size).toBeGreaterThan(240);
    for (const [region, mobile] of MOBILES) {
      const national = mobile.formatNational();
      const digits = national.replace(/\D/g, '');
      const written = [
        ...[mobile.number, mobile.number.slice(1), `00${mobile.number.slice(1)}`],
        ...[mobile.formatInternational(), ...(digits.length < MIN_DIGITS ? [] : [national, digits])],
      ];
      const keys = written.map(address => [region, address, contactKey('PHONE', address, region)]);
      expect(keys).toEqual(written.map(address => [region, address, mobile.number]));
    }
  });

  // Of 245 regions; with the region's own reading first it was a hundred and more of them in AT, DE and PK.
  test.each([
    ...([
      ['KE', 0],
      ['GB', 0],
      ['IT', 2],
      ['DE', 6],
      ['BR', 6],
      ['ID', 6],
      ['IN', 8],
      ['US', 10],
    ] as const),
    ...([
      ['CN', 16],
      ['MX', 18],
      ['AT', 22],
    ] as const),
  ])(
    'of another country without the plus is its own, but where it is a mobile of %s as well: %d',
    (region, count) => {
      const mistaken = [...MOBILES.values()].filter(({ number }) => {
        expect(contactKey('PHONE', number, region)).toBe(number);
        return contactKey('PHONE', number.slice(1), region) !== number;
      });
      for (const { number } of mistaken) {
        const local = parsePhoneNumberFromString(number.slice(1), region);
        expect(['MOBILE', 'FIXED_LINE_OR_MOBILE']).toContain(local?.getType());
      }
      expect(mistaken).toHaveLength(count);
    },
  );
});

describe('the key of a phone number', () => {
  test.each([
    ['4915123456789', 'DE', '+4915123456789'],
    ['254700000001', 'AT', '+254700000001'],
    ['254700000001', 'DE', '+254700000001'],
    ['030 1234567', 'DE', '+49301234567'],
    ['49301234567', 'DE', '+49301234567'],
  ])('%s with the region %s is %s', (address, region, key) => {
    expect(contactKey('PHONE', address, region)).toBe(key);
  });
});
