/** What stands one a line, or between commas or spaces. */
export const lines = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);
