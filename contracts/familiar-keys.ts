/**
 * Keys that people set because another chart has them, and what has their effect in this one. The nearest spelling would name
 * the same key of a subchart, where it has another effect.
 *
 * By path, which stands for all that is below it.
 */
export type FamiliarKeys = { readonly [path: string]: string };
