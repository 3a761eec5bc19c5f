// Owns: the story of a task run as lines for people.

import type { StoryCause, StoryLine } from "./explanation.js";

const WORDS: Readonly<Record<StoryCause, string>> = {
  sent: "was sent",
  value: "gave its value",
  structure: "was settled by the graph",
  expanded: "has its children",
  skip: "called skip()",
  loop: "called loop()",
  failed: "failed",
  retry: "failed, and is tried again",
  timedOut: "took longer than its timeout",
  died: "what ran it died",
  givenBack: "came back before it had begun",
  inputLost: "an input was lost",
  upstream: "its upstream decided it",
  cancelled: "was cancelled",
  remade: "its value was lost, and is made again",
};

/** Without a date: `12:00:01.250 Running -> Retrying: failed, and is tried again (attempt 1)`. */
export function storyText({ atMs, from, to, cause, attempt }: StoryLine): string {
  const time = new Date(atMs).toISOString().slice(11, 23);
  const states = from === to ? from : `${from} -> ${to}`;
  const which = attempt === 0 ? "" : ` (attempt ${attempt})`;
  return `${time} ${states}: ${WORDS[cause]}${which}`;
}

/** As an illegal transition tells it. */
export const stepText = ({ from, to }: StoryLine): string => `${from} -> ${to}`;
