import { longestPhrase, textAt, type Word } from "./words.ts";

/** Phrases that carry no meaning for us; read before single words, so that "show us" is not about the United States. */
const FILLER_PHRASES = [
  "show us",
  "give us",
  "tell us",
  "let us",
  "get us",
  "number of",
  "amount of",
  "total of",
  "how many",
  "how much",
  "how did",
  "how do",
  "how is",
  "how are",
  "how was",
  "how were",
  "what is",
  "what are",
  "what was",
  "what were",
  "what about",
  "how about",
  "can you",
  "could you",
  "can i",
  "may i",
  "may we",
  "i want",
  "i need",
  "id like",
  "thank you",
  "over time",
  "so far",
  "as well",
];

const FILLERS = new Set(
  `a an the please pls plz show me give tell get find fetch see look list display want need like know you your i im we us our my it its
  is are was were be been do does did have has had there here this that these those what whats which who how many much
  and or also then so just only well ok okay hey hi hello thanks thx cheers
  of in on at for from to with by per over across during within since until each every all
  total totals overall count counts number numbers figure figures stat stats statistic statistics metric metrics data report reports
  chart graph plot table trend trends development compare compared comparison change changes growth
  , : & - .. = ==`.split(/\s+/),
);

/** Words that, standing before an unknown word, show that it was meant to say something. */
const STRUCTURAL = new Set(
  `by per in on at for from to with of over during within since until till before after between excluding except without not minus no but
  is are isnt equals vs versus against where than only top bottom last next first this past previous coming = == != : , and or`.split(
    /\s+/,
  ),
);

/** Little words that are also codes of places (Italy, India, Norway): only as a value when typed in capitals. */
const SHORT_WORDS = new Set(
  `a an am as at be by do go he hi i id if in is it la me my no of oh ok on or pa so to up us we the and all not for per new how who max min`.split(
    /\s+/,
  ),
);

/** How many words at `index` say nothing. */
export function fillerLength(words: readonly Word[], index: number): number {
  return longestPhrase(words, index, FILLER_PHRASES) || (FILLERS.has(textAt(words, index)) ? 1 : 0);
}

export function isStructural(word: Word | undefined): boolean {
  return word !== undefined && STRUCTURAL.has(word.text);
}

/** What makes "us" a country however it is typed: "in us", "from the us". */
const PLACE_LEADS = new Set(["in", "from", "the", "outside"]);

/** Whether a bare word may stand for a value of a dimension; `before` is the word that leads up to it. */
export function mayBeValue(word: Word, before?: Word): boolean {
  if (word.kind === "quoted") return true;
  if (word.text === "us" && before !== undefined && PLACE_LEADS.has(before.text)) return true;
  return !SHORT_WORDS.has(word.text) || (word.raw === word.raw.toUpperCase() && word.raw.length > 1);
}
