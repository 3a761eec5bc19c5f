// Owns: what the expressions of the value table may name beside the language: classes that are registered, and `transfer`.

import { MillraceTaskError, registerType, transfer } from "@millrace/core";

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}
class Wrapped {
  value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
class Throwing {}

registerType(Money, { encode: ({ cents }) => cents, decode: (cents) => new Money(cents) });
registerType(Wrapped, { encode: ({ value }) => value, decode: (value) => new Wrapped(value) });
registerType(Throwing, {
  encode: () => {
    throw new Error("not today");
  },
  decode: () => new Throwing(),
});

export const registeredClasses = { MillraceTaskError, Money, Throwing, transfer, Wrapped };
