import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** Answers are data: a browser that is made to show one runs, loads and frames nothing. */
const NO_CONTENT = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

/**
 * What every answer tells browsers. Helmet writes it for each answer anew, and asks for a middleware to do so; here it is
 * the same for all, so it is written once, on an answer that nobody gets.
 */
export function securityHeaders(): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  const write = helmet({
    hsts: false,
    contentSecurityPolicy: { useDefaults: false, directives: NO_CONTENT },
  });
  write(request, answer, () => undefined);
  return Object.fromEntries(
    Object.entries(answer.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}
