/** What Terraform says in one line: it draws a frame around its errors and breaks lines inside sentences. */
export function inOneLine(text: string): string {
  return text.replace(/[│╷╵\s]+/g, " ").trim();
}
