import { type RawHttpAnswer, type RawHttpRequest, type RawRoutes } from '../../platform/server/raw-route';
import { restOf } from '../raws/kept-request.rules';
import { type HookIntake } from './hook.intake';

/** Where services call us: `/providers/ID`, and what their kind puts behind that. */
const PROVIDERS_PATH = '/providers';

/** With it everything is done, and taken back. */
export const TEST_HEADER = 'heliograph-test';

/** Of the answer to that: how many messages would have been stored. */
export const WOULD_STORE_HEADER = 'heliograph-would-store';

/** Stands for the address of a gateway that was told none; no kind that asks for one runs there. */
const NO_ADDRESS = 'http://localhost';

/** @param publicUrl by which services reach us; null where the settings do not say. */
export function intakeRoutes(hooks: HookIntake, publicUrl: string | null): RawRoutes {
  return {
    path: PROVIDERS_PATH,
    methodsOf: id => hooks.find(id)?.kind.methods ?? null,
    async answer(id, http): Promise<RawHttpAnswer> {
      const provider = hooks.find(id);
      if (provider === undefined) throw new Error('A provider is gone that was there when its request came.');
      const { wouldStore, ...reply } = await hooks.answer(provider, {
        request: rawRequest(http, publicUrl ?? NO_ADDRESS),
        requestId: http.requestId,
        deadline: http.deadline,
        isTest: http.headers.get(TEST_HEADER)?.[0] === '1',
      });
      if (wouldStore === null) return reply;
      return { ...reply, headers: { ...reply.headers, [WOULD_STORE_HEADER]: String(wouldStore) } };
    },
  };
}

function rawRequest({ method, target, headers, body }: RawHttpRequest, publicUrl: string) {
  return { method, url: `${publicUrl}${target}`, rest: restOf(target), headers, body };
}
