import { createHash } from "node:crypto";
import type * as http from "node:http";
import type { Duplex } from "node:stream";

/** Answers a request for a websocket, as the API server does. */
export function accept(request: http.IncomingMessage, socket: Duplex): void {
  const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const [protocol] = (request.headers["sec-websocket-protocol"] ?? "").split(",");
  socket.write(
    [
      ...["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"],
      `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`,
      ...[`Sec-WebSocket-Protocol: ${protocol}`, "", ""],
    ].join("\r\n"),
  );
}
