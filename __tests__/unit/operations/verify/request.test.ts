import { below } from "../../../../operations/verify/request";

test.each([
  ["http://a.example", "/api/tags", "http://a.example/api/tags"],
  ["https://a.example/chat/", "/health", "https://a.example/chat/health"],
  ["https://a.example/?team=a", "/api/tags", "https://a.example/api/tags?team=a"],
  [
    "https://a.example/chat?team=a/&key=b",
    "/login?next=c",
    "https://a.example/chat/login?next=c&team=a/&key=b",
  ],
  ["https://a.example/#top", "/health", "https://a.example/health"],
])("below %s, %s is %s", (address, path, whole) => {
  expect(below(address, path)).toBe(whole);
});
