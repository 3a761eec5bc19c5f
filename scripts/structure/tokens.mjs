// Owns: where comments, strings and regular expressions stand in TypeScript or JavaScript text. No parser: TypeScript 7
// ships none, and the checks here need no more than "is this word code?".

const closers = { '"': /(?:\\[\s\S]|[^"\\\n])*"?/y, "'": /(?:\\[\s\S]|[^'\\\n])*'?/y };
const comment = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const templatePart = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(`|\$\{|$)/y;
const regex = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;

// A slash after one of these begins a regular expression; after a name, a number or a closing bracket it divides.
const beforeRegex = /(?:^|[=(,:;[!&|?{}+\-*%~^<>\n]|\b(?:return|typeof|case|in|of|do|else|void|delete))\s*$/;

/** The text from `from` on that `pattern` takes there, or undefined. */
function matchAt(pattern, text, from) {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0];
}

/** Yields { kind: "comment" | "string" | "regex", start, end }; quotes and backticks are not part of a string. */
export function* tokens(text) {
  const open = []; // one entry a `${` that is not closed yet: how many braces are open inside it
  let at = 0;

  function* template() {
    const part = matchAt(templatePart, text, at);
    const goesOn = part.endsWith("${");
    const end = at + part.length;
    yield { kind: "string", start: at, end: goesOn ? end - 2 : end - 1 };
    at = end;
    if (goesOn) open.push(0);
  }

  while (at < text.length) {
    const char = text[at];
    if (char === "/") {
      const found = matchAt(comment, text, at);
      const kind = found === undefined ? "regex" : "comment";
      const mayBeRegex = found === undefined && beforeRegex.test(text.slice(Math.max(0, at - 20), at));
      const length = (found ?? (mayBeRegex ? matchAt(regex, text, at) : undefined))?.length;
      if (length !== undefined) yield { kind, start: at, end: at + length };
      at += length ?? 1;
    } else if (char in closers) {
      const length = matchAt(closers[char], text, at + 1).length;
      yield { kind: "string", start: at + 1, end: at + length };
      at += 1 + length;
    } else if (char === "`") {
      at += 1;
      yield* template();
    } else if (char === "}" && open.at(-1) === 0) {
      open.pop();
      at += 1;
      yield* template();
    } else {
      if (open.length > 0 && char === "{") open[open.length - 1] += 1;
      if (open.length > 0 && char === "}") open[open.length - 1] -= 1;
      at += 1;
    }
  }
}

/** The same text with everything that is not code as blanks: offsets and lines stay. */
export function codeOnly(text) {
  let code = "";
  let end = 0;
  for (const token of tokens(text)) {
    code += text.slice(end, token.start) + text.slice(token.start, token.end).replace(/[^\n]/g, " ");
    end = token.end;
  }
  return code + text.slice(end);
}
