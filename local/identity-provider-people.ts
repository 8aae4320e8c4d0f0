/** Somebody to log in as. There is no password: this provider is for one machine. */
export interface LocalPerson {
  /** Stable id, the `sub` claim. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** A line under the name on the login page. */
  readonly about: string;
}

/** Three of the company, and one from outside, whom a policy on the company's domain keeps out. */
export const LOCAL_PEOPLE: readonly LocalPerson[] = [
  { id: "ada", name: "Ada Okafor", email: "ada@acme.example", about: "Analyst" },
  { id: "grace", name: "Grace Lindqvist", email: "grace@acme.example", about: "Admin" },
  { id: "sam", name: "Sam Rivera", email: "sam@acme.example", about: "Support" },
  {
    id: "olive",
    name: "Olive Byrne",
    email: "olive@elsewhere.example",
    about: "From another company, not let in",
  },
];
