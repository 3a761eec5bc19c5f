// Owns: where a source reaches for files beside it: such files are there on the same machine only.
// A1. By the text: a mention in a string counts, one in a comment of its own line does not. `import.meta.url` alone is no
//     reach: it often says only whether the file is the program's main one.

export type Asset = { readonly file: string; readonly line: number; readonly text: string };

const reach =
  /new\s+URL\(\s*[^,()]*,\s*import\.meta\.url\s*\)|import\.meta\.(?:dirname|filename)\b|import\.meta\.resolve\(\s*["'`]\.[^)]*\)|(?<![\w$.])__(?:dirname|filename)\b/g;

export function assetsIn(file: string, text: string): readonly Asset[] {
  return text.split("\n").flatMap((line, row) => {
    if (/^\s*(?:\/\/|\*)/.test(line)) return [];
    return [...line.matchAll(reach)].map(([found]) => ({ file, line: row + 1, text: found }));
  });
}
