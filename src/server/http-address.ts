import { err, ok, type Result } from '../core/result.ts';

export interface HttpAddress {
  readonly host: string;
  readonly port: number;
  /** `http://host:port`, to be opened. */
  readonly url: string;
}

/** Reads `http.address`: `http://host:port` or `host:port`. Whoever is not on this machine needs a token to be asked for. */
export function parseHttpAddress(text: string, token: string | undefined): Result<HttpAddress, string> {
  const written = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(written)) return err(`"${text}" is no address such as http://127.0.0.1:4200`);
  const { protocol, hostname, port, pathname, search } = new URL(written);
  if (protocol !== 'http:') return err(`"${text}" is not http: TLS ends at what stands before it`);
  if (pathname !== '/' || search !== '') return err(`"${text}" has a path: only host and port can be chosen`);
  if (!isLoopback(hostname) && token === undefined) {
    return err(`"${text}" can be reached from other machines, and there is no http.token (SLIPWAY_HTTP_TOKEN)`);
  }
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return ok({ host, port: port === '' ? 80 : Number(port), url: `http://${hostname}${port === '' ? '' : `:${port}`}` });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
