// Owns: an error as the command line prints it.
// E1. User code throws what it likes: of an error nothing is read but the texts that `errorTexts` or the core made of it.

import {
  CodeError,
  type ErrorTexts,
  codeFrame,
  errorTexts,
  hostFolders,
  placeOfStack,
  shownPlace,
} from "@millrace/code";
import { MillraceError } from "@millrace/core";
import { host } from "./open-flow.js";

/** Something that ended a command before anything ran. */
export function errorText(error: unknown): string {
  const texts = errorTexts(error);
  if (!isOwn(error)) return withPlace(nameAndMessage(texts), texts);
  const text = `${texts.code ?? texts.name}: ${texts.message}`;
  return error instanceof CodeError ? text : withPlace(text, texts);
}

function isOwn(error: unknown): boolean {
  try {
    return error instanceof MillraceError;
  } catch {
    return false; // a proxy
  }
}

/** With its code, as Node writes it, where the message does not begin with it anyway. */
export function nameAndMessage({ name, message, code }: ErrorTexts): string {
  const isSaid = code === undefined || message.startsWith(code) || name === code;
  return `${isSaid ? name : `${name} [${code}]`}: ${message}`;
}

/** With the line of the user's source that it came from, where that is known. */
export function withPlace(text: string, { stack }: ErrorTexts): string {
  const place = placeOfStack(stack, hostFolders(host));
  if (place === undefined) return text;
  return [text, `  at ${shownPlace(place)}`, codeFrame(place).replace(/^/gm, "  ")].join("\n").trimEnd();
}
