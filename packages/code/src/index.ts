export { type CodeErrorCode, CodeError } from "./code-error.js";
export { codeFrame } from "./code-frame.js";
export { type ErrorTexts, errorTexts, isError } from "./error-texts.js";
export { type Host, hostFolders } from "./host.js";
export { type LoadedFlow, loadFlow } from "./load-flow.js";
export { type SourcePlace, placeOfStack, shownPlace } from "./source-place.js";
