import { startTrace, type Trace } from "@gatehouse/service";
import type { Reply } from "../delivery/reply.ts";
import { BotError } from "../errors.ts";
import { answerMessages } from "../messages/answer.ts";
import { doubtMessage } from "../messages/candidates.ts";
import { helpMessage, metricsMessage } from "../messages/help.ts";
import { problemMessage } from "../messages/problem.ts";
import type { Parts } from "../question/parts.ts";
import { readQuestion } from "../question/read-question.ts";
import type { Reading } from "../question/reading.ts";
import { topicOf } from "../question/topic.ts";
import type { Catalogue } from "../stats-api.ts";
import { threadKey } from "../thread-memory.ts";
import type { Services } from "./services.ts";

export type Surface = "command" | "mention" | "message" | "button" | "select" | "home" | "report";

export interface Asked {
  readonly surface: Surface;
  readonly userId: string;
  readonly channelId: string;
  readonly text: string;
  /** The conversation that a follow-up continues; see thread-memory.ts. */
  readonly thread?: string | undefined;
  /** A sentence that `text` follows up, in place of what was asked last in the thread: a select continues its own message. */
  readonly follows?: string;
  /** mrkdwn, shown under the answer. */
  readonly note?: string;
}

/** What the log says about a question, one line each. */
interface QuestionRecord {
  outcome: Reading["kind"] | "answer" | "help" | "admin" | "failed";
  metric?: string;
  code?: string;
  readMs?: number;
  queryMs?: number;
}

/**
 * From words to a posted answer. The one boundary for failures: whatever is thrown inside is logged with its reason and
 * told to the asker with what to do and the request id. Never throws.
 */
export async function answerQuestion(asked: Asked, reply: Reply, services: Services): Promise<void> {
  const trace = startTrace();
  const startedMs = services.now();
  const record: QuestionRecord = { outcome: "failed" };
  try {
    await attempt(asked, reply, services, trace, record);
  } catch (error) {
    await reportFailure(error, { reply, services, trace, record });
  }
  const { surface, userId, channelId } = asked;
  const { outcome, ...rest } = record;
  const line = {
    traceId: trace.traceId,
    surface,
    userId,
    channelId,
    outcome,
    ...rest,
    totalMs: services.now() - startedMs,
  };
  services.logger.info(line, "question");
}

async function attempt(
  asked: Asked,
  reply: Reply,
  services: Services,
  trace: Trace,
  record: QuestionRecord,
): Promise<void> {
  const { catalogue: cache, memory, now } = services;
  const startedMs = now();
  const topic = topicOf(asked.text);
  if (topic === "admin") {
    record.outcome = "admin";
    return reply.whisper(await services.admin.answer(asked.userId));
  }
  const catalogue = await cache.get(trace);
  if (topic !== undefined) {
    record.outcome = "help";
    await reply.say(topic === "metrics" ? metricsMessage(catalogue) : helpMessage(catalogue));
    return;
  }
  const before = asked.follows === undefined ? memory.recall(asked.thread) : partsOf(asked.follows, catalogue, now());
  const reading = readQuestion(asked.text, { catalogue, nowMs: now(), before });
  record.readMs = now() - startedMs;
  record.outcome = reading.kind;
  if (reading.kind !== "query") return reply.say(doubtMessage(reading, asked.text));
  record.metric = reading.query.metric;
  await answerReading(reading, asked, { reply, services, catalogue, trace, record });
}

/** The canonical sentence with the metric as people call it. */
function spokenQuestion({ question, query }: Extract<Reading, { kind: "query" }>, { metrics }: Catalogue): string {
  const title = metrics.find(({ name }) => name === query.metric)?.title ?? query.metric;
  return `${title}${question.slice(query.metric.length)}`;
}

function partsOf(question: string, catalogue: Catalogue, nowMs: number): Parts | undefined {
  const reading = readQuestion(question, { catalogue, nowMs });
  return reading.kind === "query" ? reading.parts : undefined;
}

async function answerReading(
  reading: Extract<Reading, { kind: "query" }>,
  asked: Asked,
  using: { reply: Reply; services: Services; catalogue: Catalogue; trace: Trace; record: QuestionRecord },
): Promise<void> {
  const { reply, services, catalogue, trace, record } = using;
  reply.working(spokenQuestion(reading, catalogue));
  const askedMs = services.now();
  const answer = await services.stats.query(reading.query, trace);
  record.queryMs = services.now() - askedMs;
  const { question, unread, parts } = reading;
  const ts = await reply.answer(
    answerMessages(answer, { catalogue, question, unread, ...(asked.note && { asked: asked.note }) }),
  );
  record.outcome = "answer";
  services.memory.keep(asked.thread, parts);
  if (ts !== undefined) services.memory.keep(threadKey(asked.channelId, ts), parts);
}

async function reportFailure(
  error: unknown,
  { reply, services, trace, record }: { reply: Reply; services: Services; trace: Trace; record: QuestionRecord },
): Promise<void> {
  const { logger } = services;
  const { traceId } = trace;
  record.outcome = "failed";
  if (error instanceof BotError) record.code = error.code;
  logger.error({ traceId, err: error }, "question failed");
  await reply.whisper(problemMessage(error, traceId)).catch((cause: unknown) => {
    logger.error({ traceId, err: cause }, "the asker could not be told");
  });
}
