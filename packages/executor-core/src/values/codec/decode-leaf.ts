// Owns: making again what has no parts, and instances of registered classes.

import { BUFFER_CODE, VIEW_CLASSES } from "./constructors.js";
import type { Decoder } from "./decoder.js";
import { TAG } from "./format.js";
import { asBuffer } from "./native.js";
import { typeNamed } from "./type-registry.js";
import { BadValue, malformed } from "./value-errors.js";

export function readLeaf(decoder: Decoder, tag: number): object {
  switch (tag) {
    case TAG.date:
      return new Date(decoder.f64());
    case TAG.regexp:
      return readRegExp(decoder);
    case TAG.url:
      return readUrl(decoder.text());
    case TAG.urlSearchParams:
      return new URLSearchParams(decoder.text());
    case TAG.boxed:
      return Object(decoder.value());
    case TAG.arrayBuffer:
      return readBuffer(decoder);
    case TAG.view:
      return readView(decoder);
    case TAG.registered:
      return readRegistered(decoder);
    default:
      throw malformed(`it has an unknown tag (${tag})`);
  }
}

function readRegExp(decoder: Decoder): RegExp {
  const source = decoder.text();
  const flags = decoder.text();
  const lastIndex = decoder.value();
  const regexp = made(() => new RegExp(source, flags), "a regular expression");
  return Object.assign(regexp, { lastIndex });
}

const readUrl = (href: string): URL => made(() => new URL(href), "a URL");

function made<T>(make: () => T, what: string): T {
  try {
    return make();
  } catch {
    throw malformed(`${what} is none`);
  }
}

function readBuffer(decoder: Decoder): object {
  const { buffer, from, length } = decoder.region();
  if (from !== 0 || length !== buffer.byteLength) throw malformed("a buffer is cut short");
  return buffer;
}

function readView(decoder: Decoder): ArrayBufferView {
  const code = decoder.u8();
  const { buffer, from, length } = decoder.region();
  if (code === BUFFER_CODE) return asBuffer(buffer, from, length);
  const View = VIEW_CLASSES[code];
  if (View === undefined) throw malformed("a view is of no known kind");
  const width = View.BYTES_PER_ELEMENT ?? 1;
  if (from % width !== 0 || length % width !== 0) throw malformed("a view does not fit its buffer");
  return new View(buffer, from, length / width);
}

function readRegistered(decoder: Decoder): object {
  const name = decoder.text();
  const version = decoder.varint();
  const data = decoder.value();
  const type = typeNamed(name);
  if (type === undefined)
    throw new BadValue(
      "UNKNOWN_TYPE",
      `no class is registered as ${JSON.stringify(name)} here: call registerType in a module that the task imports`,
    );
  if (version > type.version)
    throw new BadValue(
      "UNKNOWN_TYPE",
      `an instance of "${name}" was encoded as version ${version}, but here is version ${type.version}: update this side`,
    );
  try {
    return Object(type.decode(data, version));
  } catch (error) {
    throw new BadValue(
      "TYPE_DECODE_FAILED",
      `the decode of the class registered as "${name}" threw: ${error instanceof Error ? error.message : "no Error"}`,
      { cause: error },
    );
  }
}
