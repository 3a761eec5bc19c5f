// Owns: an error as the command line prints it.

import { CodeError, codeFrame, hostFolders, placeOfStack, shownPlace } from "@millrace/code";
import { MillraceError } from "@millrace/core";
import { host } from "./open-flow.js";

/** Something that ended a command before anything ran. */
export function errorText(error: unknown): string {
  if (error instanceof CodeError) return `${error.code}: ${error.message}`;
  if (error instanceof MillraceError) return withPlace(`${error.code}: ${error.message}`, error);
  return withPlace(nameAndMessage(error), error);
}

export function nameAndMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** With the line of the user's source that it came from, where that is known. */
export function withPlace(text: string, error: unknown): string {
  const place = error instanceof Error ? placeOfStack(error.stack, hostFolders(host)) : undefined;
  if (place === undefined) return text;
  return [text, `  at ${shownPlace(place)}`, codeFrame(place).replace(/^/gm, "  ")].join("\n").trimEnd();
}
