import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requestHeaders, responseHeaders } from "../../../gateway/src/proxy/headers.ts";

const names = (raw: readonly string[]) => raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());

describe("headers on their way to the origin", () => {
  test("keep their order, spelling and repetitions", () => {
    const received = ["Host", "a.example", "X-One", "1", "x-one", "2", "Accept", "*/*"];
    expect(requestHeaders(received, ["cf-ray", "r"])).toEqual([...received, "cf-ray", "r"]);
  });

  test.each([
    "Cf-Access-Jwt-Assertion",
    "CF_Access_Jwt_Assertion",
    "cf.access.jwt.assertion",
    "Cf-Access_Authenticated.User-Email",
    "cf-access-client-secret",
    "CF_ACCESS_TOKEN",
    "cf-access-anything-new",
    "X-Forwarded-For",
    "X_Forwarded_Uri",
    "Forwarded",
    "X-Real-IP",
    "X-Original-URL",
    "X-Rewrite-Url",
    "CF-Ray",
    "CF~Ray",
    "Connection",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Proxy-Authorization",
    "Proxy-Connection",
    "HTTP2-Settings",
  ])("%s of a client goes no further", (name) => expect(requestHeaders([name, "x"], [])).toEqual([]));

  test("what Connection lists is for this hop, and cannot take ours away", () => {
    const received = ["Connection", "close, X-Secret,Cf-Access-Jwt-Assertion", "X-Secret", "1", "X-Other", "2"];
    expect(requestHeaders(received, ["cf-access-jwt-assertion", "jwt"])).toEqual([
      "X-Other",
      "2",
      "cf-access-jwt-assertion",
      "jwt",
    ]);
  });

  test.each([
    ["CF_Authorization=a", []],
    ["a=1; CF_Authorization=b; c=3", ["Cookie", "a=1; c=3"]],
    ["a=1;CF_AppSession_x=b", ["Cookie", "a=1"]],
    ["cf.authorization=b; a=1", ["Cookie", "a=1"]],
    ["CF%5FAuthorization=b; a=1", ["Cookie", "a=1"]],
    ['a="x; CF_Authorization=b; y"', ["Cookie", 'a="x; y"']],
    ["CF_AuthorizationX=1", ["Cookie", "CF_AuthorizationX=1"]],
  ])("of the cookies %s ours are cut out", (value, expected) =>
    expect(requestHeaders(["Cookie", value], [])).toEqual(expected),
  );

  test("no spelling of a name that we own gets through, and ours is there once", () => {
    const owned = fc.constantFrom(
      "cf-access-jwt-assertion",
      "cf-access-authenticated-user-email",
      "x-forwarded-for",
      "cf-ray",
    );
    const spelling = fc.tuple(
      owned,
      fc.infiniteStream(fc.constantFrom("-", "_", ".", "~", "!")),
      fc.infiniteStream(fc.boolean()),
    );
    const respelled = spelling.map(([name, separators, upper]) =>
      [...name]
        .map((letter) =>
          letter === "-" ? separators.next().value : upper.next().value ? letter.toUpperCase() : letter,
        )
        .join(""),
    );
    fc.assert(
      fc.property(fc.array(respelled, { maxLength: 5 }), (spelled) => {
        const received = spelled.flatMap((name) => [name, "theirs"]);
        const sent = requestHeaders(received, ["cf-access-jwt-assertion", "ours"]);
        expect(sent).toEqual(["cf-access-jwt-assertion", "ours"]);
      }),
    );
  });

  test("any other header survives", () => {
    const other = fc.stringMatching(/^z[A-Za-z0-9_.-]{0,20}$/);
    fc.assert(
      fc.property(fc.array(other), (list) => {
        expect(
          names(
            requestHeaders(
              list.flatMap((name) => [name, "1"]),
              [],
            ),
          ),
        ).toEqual(list.map((name) => name.toLowerCase()));
      }),
    );
  });
});

describe("headers on their way back", () => {
  test("lose what is for the hop and what is in our name, and keep repeated cookies apart", () => {
    const received = [
      "Set-Cookie",
      "a=1",
      "Set-Cookie",
      "CF_Authorization=evil",
      "Set-Cookie",
      "b=2",
      "Keep-Alive",
      "timeout=5",
    ];
    received.push(
      "Cf-Ray",
      "x",
      "Cf-Access-Aud",
      "y",
      "Connection",
      "X-Hop",
      "X-Hop",
      "1",
      "Content-Type",
      "text/plain",
    );
    expect(responseHeaders(received, ["cf-ray", "ours"])).toEqual([
      "Set-Cookie",
      "a=1",
      "Set-Cookie",
      "b=2",
      "Content-Type",
      "text/plain",
      "cf-ray",
      "ours",
    ]);
  });
});
