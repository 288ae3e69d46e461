import { type Actor } from '../../audit/actor';
import { type AuditContext } from '../../audit/audit.resolver';
import { type Viewer } from '../../auth/viewer';
import { type ContactContext } from '../../contacts/api/contact.resolver';
import { type ScheduleContext } from '../../schedules/schedule.resolver';
import { type MessageBatches } from '../writes/message.batch';
import { type MessageLoaders } from '../lists/message.loader';
import { type MessagePages } from '../lists/message.pages';
import { type MessageService } from '../writes/message.service';
import { type MessageStore } from '../message.store';

/** What the message resolvers need from a request. */
export interface MessageContext extends ScheduleContext, AuditContext, ContactContext {
  readonly viewer: Viewer;
  /** The viewer in this request, as the audit record knows them. */
  readonly actor: Actor;
  readonly messages: MessageService;
  readonly batches: MessageBatches;
  readonly store: MessageStore;
  readonly pages: MessagePages;
  /** Made anew for each request. */
  readonly loaders: MessageLoaders;
}
