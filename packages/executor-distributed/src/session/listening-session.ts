// Owns: one session on the side that listens: its line, the link that carries it, how long it may still be silent.

import { Line, type Message, type Ways } from "./line.js";

export class ListeningSession<Out extends Message, In extends Message> {
  readonly id: string;
  readonly name: string;
  readonly line: Line<Out, In>;
  /** Undefined: it waits to be resumed. */
  link: number | undefined;
  /** Of the last hello. */
  nonce = 0;
  /** Links in a row that ended with a bad frame. */
  badLinks = 0;
  /** When its link, or without one the session itself, is given up. */
  untilMs = 0;

  constructor(id: string, name: string, ways: Ways<Out, In>) {
    this.id = id;
    this.name = name;
    this.line = new Line(ways);
  }
}
