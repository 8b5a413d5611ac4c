/** How a body came to its end: read to the last byte, given up by its reader, or broken. */
export type BodyEnd = "complete" | "cancelled" | "failed";

/**
 * The same answer, whose body tells its end and its bytes. What its reader asks for is passed on
 * piece by piece, so that neither pauses nor cancelling are lost.
 */
export function watchedBody(
  response: Response,
  onEnd: (bytes: number, how: BodyEnd) => void,
): Response {
  if (response.body === null) return response;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            controller.close();
            onEnd(bytes, "complete");
            return;
          }
          bytes += value.byteLength;
          controller.enqueue(value);
        } catch (error) {
          controller.error(error);
          onEnd(bytes, "failed");
        }
      },
      cancel(reason) {
        onEnd(bytes, "cancelled");
        return reader.cancel(reason);
      },
    },
    // Nothing is read that nobody asked for.
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}
