import { once } from 'node:events';
import { type IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** A socket to nobody that keeps what is written to it. */
class CaptureSocket extends Socket {
  readonly chunks: Buffer[] = [];

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  override _writev(
    parts: { chunk: Buffer | string; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ) {
    for (const { chunk, encoding } of parts) this._write(chunk, encoding, () => undefined);
    done();
  }
}

/** Lets a call be answered to nobody; returns the bytes that its client would have got, head and body. */
export async function captureAnswer(
  request: IncomingMessage,
  answer: (response: ServerResponse) => Promise<void>,
): Promise<Buffer> {
  const socket = new CaptureSocket();
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  const finished = once(response, 'finish');
  await answer(response);
  await finished;
  response.detachSocket(socket);
  socket.destroy();
  return Buffer.concat(socket.chunks);
}

/** The head and half of the body; of an answer without body, most of the head. */
export function truncated(answer: Buffer): Buffer {
  const bodyAt = answer.indexOf('\r\n\r\n') + 4;
  const bodyLength = answer.length - bodyAt;
  return answer.subarray(0, bodyLength > 0 ? bodyAt + Math.floor(bodyLength / 2) : bodyAt - 4);
}
