/** A pair as a bot's developer needs it. */
interface Pair {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Snippet {
  readonly title: string;
  readonly text: (pair: Pair) => string;
}

export const SNIPPETS: readonly Snippet[] = [
  {
    title: "Environment",
    text: ({ clientId, clientSecret }) =>
      `CLOUDFLARE_ACCESS_CLIENT_ID=${clientId}\nCLOUDFLARE_ACCESS_CLIENT_SECRET=${clientSecret}`,
  },
  {
    title: "Headers",
    text: ({ clientId, clientSecret }) => `CF-Access-Client-Id: ${clientId}\nCF-Access-Client-Secret: ${clientSecret}`,
  },
  {
    title: "curl",
    text: ({ clientId, clientSecret }) =>
      `curl -H 'CF-Access-Client-Id: ${clientId}' \\\n     -H 'CF-Access-Client-Secret: ${clientSecret}' \\\n     https://app.example.com/`,
  },
];
