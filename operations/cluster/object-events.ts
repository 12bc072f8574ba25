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
export function eventTime({ lastTimestamp, eventTime, series, metadata }: CoreV1Event): number {
  return time(lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? metadata.creationTimestamp);
}

/** A time of the API in milliseconds; 0 where there is none. */
export function time(date: Date | string | null | undefined): number {
  return date === undefined || date === null ? 0 : new Date(date).getTime();
}
