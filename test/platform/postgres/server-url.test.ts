import { describe, expect, test } from '@jest/globals';
import { databaseUrlProblem, placeOf } from '../../../src/platform/database/place';
import { shownServerUrl } from '../../../src/platform/database/postgres/server-url';

describe('the address of a server', () => {
  test.each([
    ['postgres://localhost/heliograph', 'postgres://localhost/heliograph'],
    ['postgresql://ada:p%40ss@db.example:6432/heliograph', 'postgres://db.example:6432/heliograph'],
    ['POSTGRES://ada@[::1]:5432/heliograph?sslmode=disable', 'postgres://[::1]:5432/heliograph'],
    ['postgres://db/heliograph?sslmode=verify-full&sslrootcert=/ca.pem', 'postgres://db/heliograph'],
    ['postgres://db/heliograph?application_name=a&options=-c%20search_path%3Da', 'postgres://db/heliograph'],
    ['postgres:///heliograph?host=/run/postgresql&user=ada', 'postgres:///run/postgresql/heliograph'],
  ])('%s is welcome, and shown as %s', (url, shown) => {
    expect(databaseUrlProblem(url)).toBeUndefined();
    expect(shownServerUrl(url)).toBe(shown);
  });

  test.each([
    ['postgres:', /must be postgres:/],
    ['postgres://ada:se/cret@db/heliograph', /must be|names no/],
    ['postgres://ada:sec%ret@db/heliograph', /begins no %XX/],
    ['postgres:///heliograph', /names no server/],
    ['postgres://ada:secret@db', /names no database/],
    ['postgres://ada:secret@db/', /names no database/],
    ['postgres://ada:secret@one,two/heliograph', /several servers/],
    ['postgres://ada:secret@db/heliograph?schema=foo', /a parameter that nothing reads: schema$/],
    ['postgres://ada:secret@db/heliograph?sslmode=require&connect_timeout=5', /reads: connect_timeout$/],
    ['postgres://ada:1/2?secret&x@db/heliograph', /a parameter that nothing reads$/],
    ['postgres://ada:secret@db/heliograph?sslmode=bogus', /an sslmode that is none of disable, prefer/],
  ])('%s is refused with a reason that repeats nothing of it', (url, reason) => {
    const problem = databaseUrlProblem(url);
    expect(problem).toMatch(reason);
    expect(problem).not.toMatch(/secret|sec%ret|se\/cret|ada/);
  });

  test('is told of without whoever enters', () => {
    const { file, name } = placeOf('postgres://ada:secret@db/heliograph');
    expect([file, name]).toEqual([null, 'postgres://db/heliograph']);
  });
});
