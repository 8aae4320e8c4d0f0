/** The package ships no types. https://github.com/nodejs/amaro */
declare module "amaro" {
  export function transformSync(source: string, options: { mode: "strip-only" }): { code: string };
}
