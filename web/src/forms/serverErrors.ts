import type { UseFormReturnType } from '@mantine/form';
import { Problem } from '../api/problem';
import { toast } from '../ui/toast';

/**
 * Sends a form: messages about fields go beside the fields, anything else is said in the corner. Gives what the server
 * answered, or `undefined` when it refused.
 */
export async function submit<V extends object, T>(
  form: Pick<UseFormReturnType<V>, 'setErrors' | 'setSubmitting' | 'getValues'>,
  send: () => Promise<T>,
): Promise<T | undefined> {
  form.setSubmitting(true);
  try {
    return await send();
  } catch (error) {
    const fields = error instanceof Problem ? error.fields : {};
    const known = Object.keys(fields).filter((field) => field in form.getValues());
    form.setErrors(fields);
    if (known.length === 0) void toast((error as Error).message, 'bad');
    return undefined;
  } finally {
    form.setSubmitting(false);
  }
}
