// Failures as data (U1): made of anything that may be thrown, sent, and made an error again.
import { MillraceError, MillraceTaskError, registerType } from "@millrace/core";
import { decodeValue, encodeValue, errorOfFailure, failureDataOf, travelling } from "@millrace/core/internal";
import { expect, test } from "vitest";

/** What another process would get: the failure as data through the codec, and the error made of it. */
function sent(thrown: unknown): Error {
  const failure = travelling(failureDataOf(thrown));
  const arrived = decodeValue(encodeValue(failure));
  expect(arrived).toEqual(failure);
  return errorOfFailure(failure);
}

class HttpError extends TypeError {
  readonly status: number;
  readonly headers = new Map([["retry-after", "3"]]);
  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

test("an error arrives with name, class, message, code, stack and its own properties", () => {
  const thrown = Object.assign(new HttpError("no such page", 404), { code: "E_HTTP" });
  const error = sent(thrown);
  expect(error).toBeInstanceOf(MillraceTaskError);
  expect(error).not.toBeInstanceOf(HttpError);
  expect(error).toMatchObject({ name: "TypeError", className: "HttpError", message: "no such page", code: "E_HTTP" });
  expect(error).toMatchObject({ status: 404, headers: new Map([["retry-after", "3"]]) });
  expect(error.stack).toBe(thrown.stack);
  expect(Object.keys(error).sort()).toEqual(["code", "headers", "status"]);
  expect(String(error)).toBe("TypeError: no such page");
});

test("a code that is a number stays one", () => {
  expect(sent(Object.assign(new Error("x"), { code: 11_000 }))).toMatchObject({ code: 11_000 });
});

test("causes and members of an AggregateError arrive, each with its own properties", () => {
  const inner = new HttpError("inner", 500);
  const thrown = new AggregateError([inner, "text", new Error("outer", { cause: inner })], "all failed", { cause: 7 });
  const error = sent(thrown);
  expect(error.name).toBe("AggregateError");
  expect(error.cause).toMatchObject({ name: "ThrownValue", code: "THREW_NO_ERROR", thrown: 7 });
  const members: unknown = Reflect.get(error, "errors");
  expect(members).toMatchObject([
    { message: "inner", status: 500 },
    { code: "THREW_NO_ERROR", thrown: "text" },
    { message: "outer", cause: { message: "inner", status: 500 } },
  ]);
});

test.each([
  ["null", null],
  ["undefined", undefined],
  ["a number", 3],
  ["a text", "x".repeat(100_000)],
  ["a symbol", Symbol("s")],
  ["a function", () => 1],
  ["a frozen object", Object.freeze({ a: 1 })],
])("what is no error arrives as one that says what it was: %s", (_, thrown) => {
  expect(sent(thrown)).toMatchObject({ name: "ThrownValue", code: "THREW_NO_ERROR" });
});

test("hostile errors arrive: proxies, getters that throw, endless members, huge texts", () => {
  const refusing = new Proxy(new Error("x"), {
    get: () => {
      throw new Error("no");
    },
    getPrototypeOf: () => Error.prototype,
  });
  expect(sent(refusing)).toBeInstanceOf(MillraceTaskError);
  const getter = Object.defineProperty(new Error("g"), "detail", {
    enumerable: true,
    get: () => {
      throw new Error("never read");
    },
  });
  expect(sent(getter)).toMatchObject({ message: "g", detail: "(an accessor, which could not leave the process)" });
  const endless = new AggregateError([], "again");
  endless.errors.push(...Array.from({ length: 30 }, () => endless));
  expect(sent(endless)).toMatchObject({ message: "again" });
  expect(sent(new Error("m".repeat(1_000_000))).message).toHaveLength(10_000);
});

test("a property that cannot travel, or is too large, is replaced by a text that says so [STATE-5]", () => {
  const big = new Uint8Array(100_000);
  const error = sent(Object.assign(new Error("x"), { big, retry: () => 1, socket: new WeakMap(), kept: [1, 2] }));
  expect(error).toMatchObject({
    big: "(an object, which could not leave the process)",
    retry: "(a function, which could not leave the process)",
    socket: "(an object, which could not leave the process)",
    kept: [1, 2],
  });
});

test("properties of a class that the other side does not know are named, and the failure still arrives", () => {
  class Amount {
    cents = 1;
  }
  registerType(Amount, {
    name: "failures-test-amount",
    encode: () => 1,
    decode: () => {
      throw new Error("not here");
    },
  });
  const error = sent(Object.assign(new Error("x"), { amount: new Amount() }));
  expect(error.message).toBe("x");
  expect(Reflect.get(error, "fields")).toContain("not here");
});

test("an error that arrived can be sent on: as a value and as a failure", () => {
  const first = sent(new HttpError("m", 502, { cause: new MillraceError("C", "why") }));
  const value = decodeValue(encodeValue({ error: first }));
  expect(value).toMatchObject({ error: { message: "m", status: 502, className: "HttpError", stack: first.stack } });
  expect(Reflect.get(Object(value), "error")).toBeInstanceOf(MillraceTaskError);
  expect(sent(first)).toMatchObject({ message: "m", status: 502, cause: { code: "C", message: "why" } });
});

test("in the user's process the error itself is given", () => {
  const thrown = new HttpError("m", 1);
  expect(errorOfFailure(failureDataOf(thrown))).toBe(thrown);
});
