import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { continueTrace, startTrace } from "../../service/src/index.ts";

describe("continueTrace", () => {
  const received = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  test("keeps the trace id and flags and makes a new span id", () => {
    const { traceId, traceparent } = continueTrace(received);
    expect(traceId).toBe("4bf92f3577b34da6a3ce929d0e0e4736");
    expect(traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
    expect(traceparent).not.toBe(received);
  });

  test.each([
    ["an all-zero trace id", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"],
    ["an all-zero span id", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"],
    ["the forbidden version ff", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
    ["upper-case hex", received.toUpperCase()],
    ["a header sent twice", [received, received]],
  ])("starts a new trace for %s", (_case, value) => {
    expect(continueTrace(value).traceId).not.toBe("4bf92f3577b34da6a3ce929d0e0e4736");
  });

  test("whatever arrives, what goes on is a valid header", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(continueTrace(value).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
      }),
    );
  });

  test("two new traces differ", () => {
    expect(startTrace().traceId).not.toBe(startTrace().traceId);
  });
});
