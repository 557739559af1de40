/** What was done, in words; by the name of the action. The thing's name follows. */
export const ACTION: Record<string, string> = {
  'customer.create': 'Added customer',
  'customer.update': 'Changed customer',
  'customer.archive': 'Archived customer',
  'customer.restore': 'Restored customer',
  'customer.erase': 'Erased the history of customer',
  'service.create': 'Added service',
  'service.update': 'Changed service',
  'service.archive': 'Archived service',
  'service.restore': 'Restored service',
  'plan.create': 'Added plan',
  'plan.update': 'Changed plan',
  'plan.archive': 'Archived plan',
  'plan.restore': 'Restored plan',
  'router.create': 'Added router',
  'router.update': 'Changed router',
  'router.archive': 'Archived router',
  'router.restore': 'Restored router',
  'router.token': 'Made a new webhook token for router',
  'router.script': 'Read the script of router',
  'router.test': 'Tested router',
  'member.add': 'Invited',
  'member.role': 'Changed the role of',
  'member.remove': 'Removed',
  'member.reset': 'Made a password link for',
  'member.password': 'Set the password of',
  'key.create': 'Created API key',
  'key.rename': 'Renamed API key',
  'key.revoke': 'Revoked API key',
  'tenant.settings': 'Changed the settings',
  'tenant.setup': 'Set up the provider',
};

/** An action in words; one that is new here by its own name. */
export const actionInWords = (action: string): string =>
  Object.hasOwn(ACTION, action) ? (ACTION[action] ?? action) : action;

/** `{"name":"Office","role":"admin"}` as `name: Office, role: admin`. */
export function detailInWords(detail: string): string {
  try {
    const words = Object.entries(JSON.parse(detail) as Record<string, unknown>).map(
      ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    return words.join(', ');
  } catch {
    return detail;
  }
}
