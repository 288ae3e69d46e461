import { type RegisteredKind } from './kind';
import { africastalking } from './kinds/africastalking/africastalking.kind';
import { email } from './kinds/email/email';
import { frontlinesms } from './kinds/frontlinesms/frontlinesms.kind';
import { generic } from './kinds/generic/generic';
import { httpsms } from './kinds/httpsms/httpsms.kind';
import { infobip } from './kinds/infobip/infobip.kind';
import { smssync } from './kinds/smssync/smssync.kind';
import { telegram } from './kinds/telegram/telegram.kind';
import { twilio } from './kinds/twilio/twilio.kind';
import { vonage } from './kinds/vonage/vonage.kind';

/** Every kind of data provider there is. */
export const KINDS: readonly RegisteredKind[] = [
  generic,
  twilio,
  vonage,
  africastalking,
  infobip,
  httpsms,
  smssync,
  frontlinesms,
  telegram,
  email,
];
