import type { UseFormReturnType } from '@mantine/form';
import { Problem } from '../api/problem';
import { toast } from '../ui/toast';

/** Where in a form something is said that the server calls otherwise: its field, or the code of its refusal. */
export type Places<V> = Partial<Record<string, keyof V & string>>;

type Form<V> = Pick<UseFormReturnType<V>, 'setErrors' | 'setSubmitting' | 'getValues' | 'getInputNode'>;

/**
 * Sends a form: messages about fields go beside the fields, anything else is said in the corner. Gives what the server
 * answered, or `undefined` when it refused.
 */
export async function submit<V extends object, T>(
  form: Form<V>,
  send: () => Promise<T>,
  places: Places<V> = {},
): Promise<T | undefined> {
  form.setSubmitting(true);
  try {
    return await send();
  } catch (error) {
    const { fields, rest } = placed(error as Error, Object.keys(form.getValues()), places);
    form.setErrors(fields);
    const [first] = Object.keys(fields);
    if (first) form.getInputNode(first as Parameters<typeof form.getInputNode>[0])?.focus();
    if (rest) void toast(rest, 'bad');
    return undefined;
  } finally {
    form.setSubmitting(false);
  }
}

/** What is said beside which field, and what is left to say elsewhere. */
export function placed(
  error: Error,
  known: string[],
  places: Places<Record<string, unknown>> = {},
): { fields: Record<string, string>; rest?: string } {
  if (!(error instanceof Problem)) return { fields: {}, rest: error.message };
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const [name, message] of Object.entries(error.fields)) {
    const place = places[name] ?? name;
    if (known.includes(place)) fields[place] = sentence(message);
    else rest.push(`${name} ${message}`);
  }
  const place = places[error.code];
  if (place) fields[place] = error.message;
  else if (Object.keys(error.fields).length === 0) rest.push(error.message);
  return { fields, ...(rest.length > 0 ? { rest: rest.map(sentence).join('. ') } : {}) };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
