import type { CoreV1Event } from "@kubernetes/client-node";

/** The events of one object, the newest first. */
export function eventsOf(
  events: readonly CoreV1Event[],
  { metadata }: { readonly metadata?: { readonly uid?: string } },
): CoreV1Event[] {
  return events
    .filter(({ involvedObject }) => involvedObject.uid !== undefined && involvedObject.uid === metadata?.uid)
    .sort((a, b) => eventTime(b) - eventTime(a));
}

/** When an event was seen last, in milliseconds. */
function eventTime({ lastTimestamp, eventTime, series, metadata }: CoreV1Event): number {
  const time = lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? metadata.creationTimestamp;
  return time === undefined || time === null ? 0 : new Date(time).getTime();
}
