/** A part of an answer that is JSON already: it is sent as it is, where anything else would be made into text. */
export class JsonText {
  constructor(readonly text: string) {}
}
