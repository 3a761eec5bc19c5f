// Owns: the states and events of both sides of a session, and which pairs of them there are: docs/SESSIONS.md shows them.

export const LISTENING_STATES = ["none", "greeting", "open", "waiting"] as const;
export const LISTENING_EVENTS = [
  "linkOpened",
  "hello",
  "resume",
  "messages",
  "heartbeat",
  "bad",
  "linkClosed",
  "send",
  "end",
  "bye",
  "late",
] as const;
export const DIALLED_STATES = ["dialling", "greeting", "open", "waiting", "over"] as const;
export const DIALLED_EVENTS = [
  "linkOpened",
  "welcome",
  "resumed",
  "refused",
  "messages",
  "ack",
  "bad",
  "linkClosed",
  "send",
  "end",
  "bye",
  "late",
] as const;

export type ListeningState = (typeof LISTENING_STATES)[number];
export type ListeningEvent = (typeof LISTENING_EVENTS)[number];
export type DialledState = (typeof DIALLED_STATES)[number];
export type DialledEvent = (typeof DIALLED_EVENTS)[number];

const NO_LINK = "nothing comes where there is no link";
const NOBODY = "nobody is known yet to whom it could be said";

/** What cannot be, and why. */
export const NEVER_LISTENING: Readonly<Record<string, string>> = {
  ...all(["none"], ["hello", "resume", "messages", "heartbeat", "bad", "linkClosed", "bye", "late"], NO_LINK),
  ...all(["greeting"], ["linkOpened"], "a link opens once"),
  ...all(["greeting"], ["messages", "heartbeat", "bye"], "what is not a hello is `bad` there"),
  ...all(["greeting"], ["send", "end"], NOBODY),
  ...all(["open"], ["linkOpened"], "a link opens with nobody behind it: `none`"),
  ...all(["waiting"], ["linkOpened"], "a link opens with nobody behind it: `none`"),
  ...all(["waiting"], ["messages", "heartbeat", "bad", "bye", "linkClosed"], NO_LINK),
};

export const NEVER_DIALLED: Readonly<Record<string, string>> = {
  ...all(["dialling", "waiting"], ["welcome", "resumed", "refused", "messages", "ack", "bad", "bye"], NO_LINK),
  ...all(["waiting"], ["linkOpened", "linkClosed"], "nothing was dialled yet"),
  ...all(["greeting", "open"], ["linkOpened"], "one link at a time is dialled"),
  ...all(["greeting"], ["messages", "ack", "bye"], "what is not a welcome is `bad` there, or of an older link"),
  ...all(["open"], ["welcome", "resumed", "refused"], "it is `bad` there, or of an older link"),
};

function all(states: readonly string[], events: readonly string[], why: string): Readonly<Record<string, string>> {
  return Object.fromEntries(states.flatMap((state) => events.map((event) => [`${state}/${event}`, why])));
}
