import { type Issue } from '../../platform/errors';
import { cleanContent } from './content.rules';
import {
  type GivenContent,
  type MessageContent,
  type MessageDraft,
  type MessageState,
} from '../message.kinds';
import { CLOCK_TOLERANCE_MS, planTiming } from './timing.rules';

/** What a reply answers: the parent's id, with what the reply takes from it where it says nothing itself. */
export interface Parent extends Pick<MessageState, InheritedField> {
  readonly id: number;
}

export const INHERITED_FIELDS = ['type', 'channels', 'contactId', 'dataFeedId', 'dataProviderId'] as const;
type InheritedField = (typeof INHERITED_FIELDS)[number];

export interface PlannedMessage {
  readonly state: MessageState;
  readonly issues: readonly Issue[];
}

/** Makes an OUTGOING message that waits to be sent from what a caller gave; with issues, it must not be stored. */
export function planDraft(draft: MessageDraft, parent: Parent | null, now: Date): PlannedMessage {
  const { content, issues } = planContent(draft, parent, 'ALERT');
  const earliest = new Date(now.getTime() - CLOCK_TOLERANCE_MS);
  const {
    schedule,
    sendAt,
    issues: timingIssues,
  } = planTiming(draft, { schedule: null, sendAt: null }, earliest);
  const state: MessageState = {
    ...content,
    direction: 'OUTGOING',
    status: 'PENDING',
    parentId: parent?.id ?? null,
    schedule,
    sendAt,
    sentAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return { state, issues: [...issues, ...timingIssues] };
}

/**
 * The whole content of a new message: what was given, else what its parent has, else the defaults. Null keeps a
 * reply from taking over what its parent has.
 */
export function planContent(
  given: GivenContent,
  parent: Parent | null,
  defaultType: MessageContent['type'],
): { content: MessageContent; issues: readonly Issue[] } {
  const whole: Record<keyof MessageContent, unknown> = { ...EMPTY_CONTENT };
  if (parent !== null) for (const field of INHERITED_FIELDS) whole[field] = parent[field];
  for (const field of CONTENT_FIELDS) if (given[field] !== undefined) whole[field] = given[field];
  whole.type ??= defaultType;
  const { content, issues } = cleanContent(whole as GivenContent);
  return { content: content as MessageContent, issues };
}

const EMPTY_CONTENT: { readonly [F in keyof MessageContent]: MessageContent[F] | null } = {
  message: null,
  title: null,
  type: null,
  channels: [],
  recipientIds: [],
  contactId: null,
  postId: null,
  dataFeedId: null,
  dataProviderId: null,
  dataProviderMessageId: null,
  additionalData: null,
};

const CONTENT_FIELDS = Object.keys(EMPTY_CONTENT) as readonly (keyof MessageContent)[];
