/**
 * Text that Terraform takes as it is. It reads `${…}` and `%{…}` in every string of a configuration, and values may hold
 * the like for others: an application's own configuration may read environment variables as `${NAME}`.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(text: string): string {
  return text.replace(/[$%]\{/g, (start) => start.charAt(0) + start);
}
