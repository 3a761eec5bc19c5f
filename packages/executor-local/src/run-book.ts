// Owns: what the runner knows of one run: its number, its facts as they travel, its lanes.

import { fileOfOrigin, placeOfMade, type TaskPlace } from "@millrace/code";
import { failureDataOf, type FailureData, InternalError, type RunFacts, type WorkTemplate } from "@millrace/core/seam";
import type { Duration, Durations } from "./durations.js";
import { type Held, heldOf } from "./held.js";
import { host } from "./host.js";
import type { FactsMessage, TemplateMessage } from "./wire.js";
import { WaitingWorks } from "./works.js";

/** Works of one template that wait for a thread. */
export class Lane {
  readonly number: number;
  readonly book: RunBook;
  readonly template: WorkTemplate;
  readonly duration: Duration;
  readonly waiting = new WaitingWorks();
  /** Undefined: still looked for. */
  place: TaskPlace | undefined;
  /** Why there is no place. */
  failure: FailureData | undefined;
  isQueued = false;
  /** Its last works took memory that was given up (N2 in `next-batch`). */
  givesUp = false;

  constructor(number: number, book: RunBook, template: WorkTemplate, duration: Duration) {
    this.number = number;
    this.book = book;
    this.template = template;
    this.duration = duration;
  }

  /** As threads are told of the template. */
  get message(): TemplateMessage {
    const { name, tags, slugPrefix, retry } = this.template;
    if (this.place === undefined) throw new InternalError(`the code of "${name}" has no place`);
    return { name, tags, slugPrefix, retry, place: this.place };
  }
}

export class RunBook {
  readonly number: number;
  readonly facts: RunFacts;
  private readonly durations: Durations;
  private readonly lanes = new Map<WorkTemplate, Lane>();
  private message: FactsMessage | undefined;

  constructor(number: number, facts: RunFacts, durations: Durations) {
    this.number = number;
    this.facts = facts;
    this.durations = durations;
  }

  get factsMessage(): FactsMessage {
    this.message ??= factsMessage(this.facts);
    return this.message;
  }

  find(template: WorkTemplate): Lane | undefined {
    return this.lanes.get(template);
  }

  all(): Iterable<Lane> {
    return this.lanes.values();
  }

  /** `found` is called when its code was found, or was not. */
  add(number: number, template: WorkTemplate, found: (lane: Lane) => void): Lane {
    const lane = new Lane(number, this, template, this.durations.of(template.made.origin));
    this.lanes.set(template, lane);
    placeOf(template, this.facts).then(
      (place) => {
        lane.place = place;
        found(lane);
      },
      (error: unknown) => {
        lane.failure = failureDataOf(error);
        found(lane);
      },
    );
    return lane;
  }
}

/** By definition and the flow's file. What was bundled stays what this process runs. */
const places = new WeakMap<object, Map<string | undefined, Promise<TaskPlace>>>();

function placeOf({ made }: WorkTemplate, { origin }: RunFacts): Promise<TaskPlace> {
  const flowFile = origin === undefined ? undefined : fileOfOrigin(origin);
  const byFlow = places.get(made.origin) ?? new Map<string | undefined, Promise<TaskPlace>>();
  places.set(made.origin, byFlow);
  let place = byFlow.get(flowFile);
  if (place === undefined) {
    place = placeOfMade(made, host, flowFile);
    byFlow.set(flowFile, place);
    // What could not be bundled may have been mended by the next run.
    place.catch(() => byFlow.delete(flowFile));
  }
  return place;
}

function factsMessage({ id, flow, name, parameters }: RunFacts): FactsMessage {
  return {
    id,
    flow,
    name,
    parameters: Object.entries(parameters).map(([key, value]) => [key, parameter(value, key)] as const),
  };
}

function parameter(value: unknown, name: string): Held | { readonly refused: string } {
  try {
    return heldOf(value, `parameters.${name}`);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}
