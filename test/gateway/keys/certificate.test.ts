import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { selfSignedCertificate } from "../../../gateway/src/keys/certificate.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const certify = (notBefore: string) =>
  new X509Certificate(selfSignedCertificate(privateKey, { commonName: "a key", notBeforeMs: Date.parse(notBefore) }));

test("a certificate names its key, signs itself, and has the dates it was given", () => {
  const certificate = certify("2026-11-23T10:20:30Z");
  expect(certificate.publicKey.equals(publicKey)).toBe(true);
  expect(certificate.verify(publicKey)).toBe(true);
  expect(certificate.subject).toBe("CN=a key");
  expect(certificate.issuer).toBe("CN=a key");
  expect(certificate.validFromDate.toISOString()).toBe("2026-11-23T10:20:30.000Z");
});

test("dates before and after 2050 are both written as they must be", () => {
  expect(certify("2049-12-31T23:59:59Z").validFromDate.getUTCFullYear()).toBe(2049);
  expect(certify("2050-01-01T00:00:00Z").validFromDate.getUTCFullYear()).toBe(2050);
});

test("no two certificates have the same serial number", () => {
  expect(certify("2026-11-23T10:20:30Z").serialNumber).not.toBe(certify("2026-11-23T10:20:30Z").serialNumber);
});
