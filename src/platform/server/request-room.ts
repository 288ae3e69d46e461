import { BodyRoom } from './body-room';
import { Deliveries, type DeliveryPatience } from './delivery';
import { Gate, type GateLimits } from './gate';

/** The room that all requests share, whichever address they came to. */
export interface RequestRoom {
  readonly gate: Gate;
  readonly bodies: BodyRoom;
  readonly deliveries: Deliveries;
}

export function requestRoom(
  limits: GateLimits & { readonly maxBodyBytes: number },
  patience: DeliveryPatience,
): RequestRoom {
  return {
    gate: new Gate(limits),
    bodies: new BodyRoom(limits.maxBodyBytes),
    deliveries: new Deliveries(patience),
  };
}
