import { type FastifyInstance } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { HttpRefusal } from './http-answer';

const FORBIDDEN_NAME = new HttpRefusal(
  400,
  'The body holds a name that is not taken: __proto__, or prototype within constructor.',
);
const NOT_UTF8 = new HttpRefusal(400, 'The body is not UTF-8.');

/**
 * Reads bodies of JSON, and of nothing else: what is not JSON is refused by its type, not read as text and then refused
 * for its content. Bytes that are no UTF-8 would be read as U+FFFD, and a message be kept with its letters lost.
 */
export function readJsonBodies(app: FastifyInstance): void {
  // A name such as __proto__ is refused as well: what copies an object could take it for the object's prototype.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(body)) {
      done(NOT_UTF8);
      return;
    }
    const text = body.toString('utf8');
    void parse(request, text, (error, value) => done(error && isJson(text) ? FORBIDDEN_NAME : error, value));
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
