// The closing lines of a test run: what was skipped, then `N passed, N failed, N skipped` alone on the last line.

const isSkipped = (test) => test.result().state === "skipped";

export default class PlainReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter(isSkipped);
    // The title carries the reason, so it is all there is to print.
    for (const test of skipped) console.log(`skipped: ${test.module.relativeModuleId}: ${test.fullName}`);

    const passed = tests.filter((test) => test.result().state === "passed").length;
    // A file that does not load has no tests, and an error between tests belongs to none: each still counts as one.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const failed = tests.length - passed - skipped.length + broken + unhandledErrors.length;
    console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}
