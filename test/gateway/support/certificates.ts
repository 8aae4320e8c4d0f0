import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Identity {
  /** A certificate for `localhost`, of a server or a client; its subject is a list such as `[["CN", "laptop-7"]]`. */
  issue(subject: Subject): Identity;
}

type Subject = readonly (readonly ["CN" | "O", string])[];

const DAY_MS = 24 * 3_600_000;
const ATTRIBUTES = { CN: "550403", O: "55040a" } as const;
const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const BASIC_CONSTRAINTS = "551d13";
const SUBJECT_ALTERNATIVE_NAME = "551d11";

/** A certificate authority of the test's own (RFC 5280). */
export function createAuthority(name = "Test CA"): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = nameOf([["CN", name]]);
  const isAuthority = extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.from([0xff]))));
  const issueTo = (subject: Buffer, publicKey: KeyObject, extensions: Buffer) => {
    const validity = sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS));
    const key = publicKey.export({ type: "spki", format: "der" });
    const version = der(0xa0, der(0x02, Buffer.from([2])));
    const serial = der(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(8)]));
    const parts = [version, serial, ECDSA_WITH_SHA256, issuer, validity, subject, key, der(0xa3, sequence(extensions))];
    const signature = sign("sha256", sequence(...parts), own.privateKey);
    return pem("CERTIFICATE", sequence(sequence(...parts), ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature)));
  };
  return {
    cert: issueTo(issuer, own.publicKey, isAuthority),
    key: pemOf(own.privateKey),
    issue(subject) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const localhost = extension(SUBJECT_ALTERNATIVE_NAME, sequence(der(0x82, Buffer.from("localhost"))));
      return { cert: issueTo(nameOf(subject), publicKey, localhost), key: pemOf(privateKey) };
    },
  };
}

function nameOf(subject: Subject): Buffer {
  return sequence(
    ...subject.map(([kind, text]) => der(0x31, sequence(oid(ATTRIBUTES[kind]), der(0x0c, Buffer.from(text))))),
  );
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function time(ms: number): Buffer {
  return der(
    0x17,
    Buffer.from(
      new Date(ms)
        .toISOString()
        .replace(/\.\d+|[-:T]/g, "")
        .slice(2),
    ),
  );
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const long = body.length > 0xff ? [0x82, body.length >> 8, body.length & 0xff] : [0x81, body.length];
  const length = body.length < 0x80 ? [body.length] : long;
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function pemOf(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
