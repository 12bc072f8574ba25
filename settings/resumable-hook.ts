/**
 * Annotation of a hook of Helm that may be stopped at any moment, since the next goes on where it was. Others may be moving data, and
 * are waited for.
 */
export const resumableAnnotation = "llm-platform/resumable";
