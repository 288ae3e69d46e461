/** The options of an argument that makes a call safe to repeat. */
export const KEY_OPTIONS = {
  nullable: true,
  description:
    'A key of your choice, 1 to 255 characters, that makes the call safe to repeat: within 24 hours the same key with the ' +
    'same input gives the stored answer and writes nothing. With another input it is refused (IDEMPOTENCY_KEY_REUSED), ' +
    'and while the first call is still running (CONFLICT). A call that wrote nothing is not kept.',
};
