import { type FastifyInstance } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { HttpRefusal } from './http-answer';

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
    if (isUtf8(body)) return void parse(request, body.toString('utf8'), done);
    done(NOT_UTF8);
  });
}
