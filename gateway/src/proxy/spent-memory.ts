/** Smaller ones come from memory that many share. */
const MIN_BYTES = 16 * 1_024;

/**
 * Gives back the memory of a piece of a body once it is written. Left to the garbage collector, which sees only a small object
 * that points to it, tens of megabytes would wait for the next full collection during a long stream.
 */
export function free(piece: Buffer): void {
  const { buffer } = piece;
  const isAllItsOwn = piece.byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
  if (isAllItsOwn && piece.byteLength >= MIN_BYTES) buffer.transfer(0);
}
