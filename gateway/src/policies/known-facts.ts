/** What can be known of requests in this gateway: a rule on anything else would never be what it says. */
export interface KnownFacts {
  /** Whether a trusted proxy tells the country. */
  readonly hasCountry: boolean;
  /** Whether client certificates are verified here. */
  readonly hasClientCertificate: boolean;
}

interface FrontSettings {
  readonly countryHeader?: string;
  readonly tls?: { readonly clientCaFile: string | null };
}

export function knownFacts({ countryHeader, tls }: FrontSettings): KnownFacts {
  return { hasCountry: countryHeader !== undefined, hasClientCertificate: (tls?.clientCaFile ?? null) !== null };
}
